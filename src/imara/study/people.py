"""Who may take part, where, and what is recorded about them at the start."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from imara.study.vocabulary import Definition, Identifier, InOrder, LevelName, OneOrMore, Text


class Site(Definition):
    """A centre that takes part."""

    label: Text
    """Its name as shown to people."""
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """ISO 3166-1 code, `DK`."""


class Criterion(Definition):
    """One condition for taking part (or for not)."""

    id: Identifier
    """How screening logs and reports refer to it."""
    ask: Text
    """The question the person who screens answers."""
    rule: str | None = None
    """An expression over characteristics, such as `age >= 18`, when a computer can decide; otherwise a person answers
    yes or no."""
    until_resolved: bool = False
    """Whether a person excluded for this may be screened again later."""


class Eligibility(Definition):
    """Criteria: every `include` must hold and no `exclude` may."""

    include: tuple[Criterion, ...] = ()
    """Conditions that must all hold."""
    exclude: tuple[Criterion, ...] = ()
    """Conditions of which none may hold."""


class CheckQuestion(Definition):
    """A question that shows whether a page was clear; a wrong answer leads back to the page, never away."""

    ask: Text
    """The question."""
    right: Text
    """The answer that fits the page."""
    wrong: Annotated[tuple[Text, ...], OneOrMore] = Field(min_length=1)
    """Answers that do not; all are shown in an order that tells nothing."""


class InformationPage(Definition):
    """One thing a person should know before deciding, on a page of its own."""

    heading: Text
    """What the page is about."""
    text: Text
    """The words, in short sentences; an empty line begins a new paragraph."""
    check: CheckQuestion | None = None
    """A question about it, where the study wants to know whether it was clear."""


class ConsentVersion(Definition):
    """One approved version of the information and consent form."""

    approved: date | None = None
    """Date of ethical approval."""
    languages: tuple[Literal["en", "da"], ...] = ("en",)
    """Languages in which it exists."""
    reconsent: bool = False
    """Whether people who consented to an earlier version must be asked again."""
    pages: tuple[InformationPage, ...] = ()
    """What a person reads who consents on a screen, page by page; none for consent on paper only."""


class Consent(Definition):
    """How consent is given."""

    versions: Annotated[dict[str, ConsentVersion], InOrder()] = Field(min_length=1)
    """Version name to version, oldest first."""
    forms: tuple[Literal["paper", "electronic"], ...] = ("paper",)
    """Which forms of consent are accepted."""
    guardian: bool = False
    """Whether a guardian may consent (with the person's assent)."""


class Characteristic(Definition):
    """Something recorded once about each participant, usually at baseline."""

    label: Text
    """Its name in forms and tables."""
    kind: Literal["number", "category", "yes-no", "date"]
    """What an answer is."""
    unit: str | None = None
    """Unit of a number (`years`)."""
    minimum: float | None = None
    """Smallest number accepted."""
    maximum: float | None = None
    """Largest number accepted."""
    levels: Annotated[dict[LevelName, Text], InOrder()] = Field(default_factory=dict)
    """For a category: value in the data to label, in order; the first is the reference in models."""
    baseline_table: bool = True
    """Whether the report's baseline table shows it."""
