"""The study: everything that is fixed before the first person takes part."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from imara.study.collection import EventKind, Form, Visit
from imara.study.intervention import Allocation, Arm, Blinding
from imara.study.people import Characteristic, Consent, Eligibility, Site
from imara.study.plan import Analysis, Outcome
from imara.study.scenario import Scenario
from imara.study.vocabulary import Definition, Identifier, Text


class Registration(Definition):
    """Where the study is registered."""

    registry: str
    """The registry's name."""
    number: str
    """The study's number there."""
    other_numbers: tuple[str, ...] = ()
    """Numbers the same study has elsewhere: at the sponsor, the ethics committee, the data protection agency."""


class Publication(Definition):
    """Something published about the study."""

    citation: str
    """Authors, year, title, journal."""
    doi: str | None = None
    """Digital object identifier."""


class DataSource(Definition):
    """A data file and how its columns map to the study."""

    file: str
    """Path relative to the study folder."""
    layout: Literal["long", "wide"]
    """One row a participant and visit, or one row a participant."""
    source: Text
    """Where the data come from."""
    licence: str
    """Under which licence they may be used (SPDX where there is one)."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Our name to the file's column, where they differ. Our names: `participant`, `arm`, `site`, `visit`,
    characteristics, and for scores `form` (its `total`, or else its first score), `form.score` or `form.item`, in
    wide files followed by `@visit` (`bdi@month-2`)."""
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Our name of a column to {value in the file: our value}, where they differ."""
    missing: tuple[str, ...] = ("", "NA")
    """Texts that stand for a missing value."""


class ReportedFlow(Definition):
    """Numbers before allocation as published or logged, for the flow diagram."""

    assessed: int | None = Field(default=None, ge=0)
    """People assessed for eligibility."""
    excluded: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """Reason to number."""
    allocated: dict[Identifier, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """Arm to people allocated as published; counted from the data where there are data."""
    source: Text
    """Where the numbers come from, or why there are none."""


class Study(Definition):
    """A study folder's `study.yaml`."""

    study: Identifier
    """Its name; also the folder's."""
    title: Text
    """Its full title."""
    summary: Text
    """What it asks and how, in two or three plain sentences."""
    phase: Literal["planned", "running", "completed"] = "completed"
    """Where it stands."""
    registration: Registration | None = None
    """Trial registration."""
    publications: tuple[Publication, ...] = ()
    """What has been published about it."""
    dates: dict[Literal["start", "end"], date] = Field(default_factory=dict)
    """First and last day of the study."""
    target: int | None = Field(default=None, ge=2)
    """People planned to be allocated."""
    assumed: tuple[Text, ...] = ()
    """What in this file is assumed because no source gives it: shown in the report."""

    sites: dict[Identifier, Site] = Field(default_factory=dict)
    """Centres."""
    eligibility: Eligibility = Eligibility()
    """Who may take part."""
    consent: Consent | None = None
    """How consent is given."""
    characteristics: dict[Identifier, Characteristic] = Field(default_factory=dict)
    """What is recorded once about each participant."""

    arms: dict[Identifier, Arm] = Field(default_factory=dict)
    """What is compared; none for plain care."""
    allocation: Allocation | None = None
    """How people are allocated to arms."""
    blinding: Blinding = Blinding()
    """Who does not know the arm."""

    visits: dict[Identifier, Visit] = Field(min_length=1)
    """Planned assessments in time order; the first is the baseline."""
    forms: dict[Identifier, Form] = Field(default_factory=dict)
    """Instruments and when they are answered."""
    events: dict[Identifier, EventKind] = Field(default_factory=dict)
    """What may happen between visits."""

    outcomes: dict[Identifier, Outcome] = Field(default_factory=dict)
    """What success is measured by."""
    analyses: dict[Identifier, Analysis] = Field(default_factory=dict)
    """The statistical analysis plan."""
    scenarios: dict[Identifier, Scenario] = Field(default_factory=dict)
    """What simulations assume."""

    data: DataSource | None = None
    """Data that come with the folder, where they are public."""
    flow: ReportedFlow | None = None
    """Numbers before allocation."""

    @property
    def reference_arm(self) -> str:
        """Key of the arm that others are compared with."""
        return next(key for key, arm in self.arms.items() if arm.reference)

    @property
    def treatment_arms(self) -> tuple[str, ...]:
        """Keys of the other arms, in order."""
        return tuple(key for key, arm in self.arms.items() if not arm.reference)

    @property
    def baseline(self) -> str:
        """Key of the first visit."""
        return next(iter(self.visits))
