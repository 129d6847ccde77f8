"""What is collected and when: visits, forms, and events that happen between visits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imara.study.vocabulary import Definition, Duration, Identifier, OneOrMore, Text

Respondent = Literal["participant", "assessor", "practitioner", "coordinator", "supporter"]


class Visit(Definition):
    """A planned point of assessment."""

    at: Duration
    """Time since allocation; baseline is `0 months`."""
    label: Text | None = None
    """Its name in tables and figures; the time is shown where there is none."""
    window: tuple[Duration, Duration] | None = None
    """Earliest and latest, relative to `at`: `[-4 weeks, +8 weeks]`."""


class Form(Definition):
    """An instrument used at some visits. The form's key is the name of its columns in data files."""

    instrument: Identifier
    """Which instrument folder."""
    visits: Annotated[tuple[Identifier, ...], OneOrMore] = Field(min_length=1)
    """At which visits it is answered."""
    by: Respondent
    """Who answers."""
    recorded_as: Literal["items", "scores"] = "scores"
    """Whether data hold the answers to each item or only the scores."""


class EventKind(Definition):
    """Something that can happen to a participant at any time, any number of times."""

    label: Text
    """Its name in tables and figures."""
    source: Literal["register", "participant", "staff"]
    """Where we learn of it."""
    has_duration: bool = False
    """Whether it has an end as well as a start (an admission does)."""
