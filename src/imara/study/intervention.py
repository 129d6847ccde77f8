"""What is compared: arms, the programmes behind them, how people are allocated and who is blinded."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imara.study.vocabulary import Definition, Duration, Identifier, OneOrMore, Text


class Arm(Definition):
    """One of the groups that people are allocated to."""

    label: Text
    """Its name in tables and figures."""
    description: Text | None = None
    """What people in this arm are offered, in a sentence or two."""
    programme: Identifier | None = None
    """The programme folder delivered in this arm, if it is one of ours."""
    grouped: bool = False
    """Whether the programme is delivered in groups, so that outcomes within a group may be alike."""
    reference: bool = False
    """Whether the other arms are compared with this one; exactly one arm is."""


class Allocation(Definition):
    """How people are allocated to arms."""

    method: Literal["permuted-blocks", "minimisation", "simple", "not-reported"]
    """`not-reported` is for trials done elsewhere, which can be analysed but not run."""
    ratio: dict[Identifier, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """Arm to its share; equal where left out."""
    strata: tuple[str, ...] = ()
    """`site` or characteristics within whose levels the allocation is balanced."""
    block_sizes: Annotated[tuple[Annotated[int, Field(ge=2)], ...], OneOrMore] = ()
    """Block sizes, drawn at random where there are several. Never shown to those who enrol."""
    random_element: float | None = Field(default=None, gt=0, lt=1)
    """For minimisation: probability of the arm that balances best."""
    assumed: Text | None = None
    """What of the above is assumed because no source gives it."""


class Blinding(Definition):
    """Who does not know the arm, and until when."""

    participants: bool = False
    """Whether participants are blinded."""
    practitioners: bool = False
    """Whether those who deliver the programme are blinded."""
    assessors: bool = False
    """Whether those who rate outcomes are blinded."""
    analysts: Literal["no", "until-lock"] = "no"
    """Whether statisticians learn the arms only after the database is locked."""
    confirm_within: int = Field(default=30, ge=0)
    """Minutes that a request for an arm in an emergency waits for a second person, before who asks may go on alone."""


class Unit(Definition):
    """A part of a programme, in outline."""

    id: Identifier
    """How sessions and reports refer to it."""
    title: Text
    """Its name."""
    summary: Text | None = None
    """What it is about, in a sentence or two for participants."""
    sessions: int | None = Field(default=None, ge=1)
    """How many sessions it takes, where a source says so."""
    source: str | None = None
    """Where number and content come from."""


class Programme(Definition):
    """A curriculum: what is delivered, in which parts, for how long."""

    programme: Identifier
    """Its name; also the folder's."""
    title: Text
    """Its full name."""
    summary: Text
    """What it is, in two or three sentences."""
    status: Literal["draft", "reviewed"] = "draft"
    """`draft` until a named clinician has signed it; shown wherever the text is."""
    reviewer: str | None = None
    """The clinician who signed."""
    length: Duration | None = None
    """Planned length."""
    session_every: Duration | None = None
    """How often sessions are held."""
    group_size: int | None = Field(default=None, ge=1)
    """Planned people in a group; left out for individual programmes."""
    facilitators: int | None = Field(default=None, ge=1)
    """Facilitators in a session."""
    modules: tuple[Unit, ...] = Field(min_length=1)
    """Its modules in order."""
