"""An instrument: what is asked, how answers are scored, and what may be shipped of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imara.study.vocabulary import Definition, Identifier, InOrder, OneOrMore, Text


class Licence(Definition):
    """What is known about the right to use and to reproduce the instrument."""

    status: Literal["public-domain", "free-to-use", "free-with-credit", "ask", "licensed", "unclear"]
    """In one word."""
    wording: Literal["may-ship", "site-supplied"]
    """Whether official wording may be passed on by anyone, or must be loaded by a site that has the right."""
    note: Text
    """What was found, and where."""
    holder: str | None = None
    """Who holds the rights, where known."""


class Option(Definition):
    """One possible answer."""

    value: int
    """The number that is scored."""
    label: Text | None = None
    """A label in our own words; none where only the number is meaningful."""


class Item(Definition):
    """One question or rating."""

    id: Identifier
    """Its name in data files, for instance `i1`."""
    topic: Text
    """What it is about, in our own words: never the published sentence."""
    minimum: int
    """Lowest answer."""
    maximum: int
    """Highest answer."""
    reverse: bool = False
    """Whether a high answer means the opposite of a high score."""
    alert: int | None = None
    """Answers at or above this need someone to look at once."""


class MissingItems(Definition):
    """What happens to a score when items are missing."""

    rule: Literal["forbid", "prorate"]
    """`forbid`: the score is missing too. `prorate`: mean of answered items times number of items."""
    allowed: int = Field(default=0, ge=0)
    """For `prorate`: how many items may be missing."""


class Score(Definition):
    """A number computed from items, or entered as it is where items may not be shipped."""

    label: Text
    """Its name in tables and figures."""
    method: Literal["sum", "mean", "entered"]
    """How it comes about."""
    items: tuple[Identifier, ...] = ()
    """Its items; all of the instrument's where left out."""
    minimum: float
    """Lowest possible score."""
    maximum: float
    """Highest possible score."""
    whole: bool = True
    """Whether only whole numbers are possible when it is entered."""
    missing: MissingItems = MissingItems(rule="forbid")
    """What missing items do."""


class Instrument(Definition):
    """A questionnaire or rating scale."""

    instrument: Identifier
    """Its name; also the folder's."""
    title: Text
    """Its full name."""
    short: str
    """The abbreviation used in tables."""
    family: Literal["clinical", "personal", "coping", "process"]
    """What it measures: clinical or personal recovery, coping, or the process of care."""
    respondent: Annotated[tuple[Literal["participant", "clinician"], ...], OneOrMore]
    """Who can answer it."""
    recall: Text | None = None
    """The period asked about."""
    better: Literal["higher", "lower", "neither"]
    """Which direction is good for people."""
    options: tuple[Option, ...] = ()
    """Answer options shared by the items, where they share them."""
    items: tuple[Item, ...] = ()
    """Its items; none for an instrument of which only scores are entered."""
    scores: Annotated[dict[Identifier, Score], InOrder()] = Field(min_length=1)
    """Its scores; `total` is the one used where a study names none, or else the first."""
    languages: tuple[Literal["en", "da"], ...] = ("en",)
    """Languages in which validated wording is known to exist."""
    cdisc: str | None = None
    """Prefix of CDISC QRS test codes, where there is one."""
    licence: Licence
    """Rights."""
    source: tuple[str, ...] = Field(min_length=1)
    """Publications that define items and scoring."""
    provisional: Text | None = None
    """What of the above is general knowledge, not yet confirmed in a source."""

    @property
    def usual_score(self) -> str:
        """The score that is meant where none is named."""
        return "total" if "total" in self.scores else next(iter(self.scores))
