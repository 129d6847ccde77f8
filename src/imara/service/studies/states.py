"""Where a study stands, and which steps lead on: a table, from which the documentation's drawing is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """Where a study stands."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    LOCKED = "locked"


STATE_LABELS: dict[State, str | Promise] = {
    State.DRAFT: _("Draft"),
    State.OPEN: _("Open"),
    State.PAUSED: _("Paused"),
    State.CLOSED: _("Closed"),
    State.LOCKED: _("Locked"),
}
STATE_WORDS: dict[State, str | Promise] = {
    State.DRAFT: _("The study is being set up. Nobody is screened yet."),
    State.OPEN: _("People are screened, asked for consent and allocated."),
    State.PAUSED: _("Nobody new is screened or allocated. Those who take part go on as before."),
    State.CLOSED: _("No more people are needed. Those who take part are followed to the end."),
    State.LOCKED: _("All data are in. Nothing more is recorded, except that somebody withdraws."),
}


@dataclass(frozen=True)
class Step:
    """A way from one state to another."""

    name: str
    """The verb, as in the address of its page."""
    label: str | Promise
    """What its button says."""
    words: str | Promise
    """What it brings about, in one sentence."""
    sources: frozenset[State]
    """Where it starts."""
    target: State
    """Where it leads."""
    event: str
    """What the ledger calls it."""
    right: str
    """The right it needs."""


def _step(name: str, label: str | Promise, words: str | Promise, sources: Iterable[State], target: State) -> Step:
    past = {"open": "opened", "pause": "paused", "resume": "resumed", "close": "closed", "lock": "locked"}[name]
    return Step(name, label, words, frozenset(sources), target, f"studies.{past}", "studies.open")


STEPS: tuple[Step, ...] = (
    _step("open", _("Open the study"), _("Centres can begin to screen people."), [State.DRAFT], State.OPEN),
    _step(
        "pause",
        _("Pause the study"),
        _("No new people until it is resumed; those who take part go on as before."),
        [State.OPEN],
        State.PAUSED,
    ),
    _step("resume", _("Resume the study"), _("Centres can screen people again."), [State.PAUSED], State.OPEN),
    _step(
        "close",
        _("Close the study to new people"),
        _("No new people for good; those who take part are followed to the end."),
        [State.OPEN, State.PAUSED],
        State.CLOSED,
    ),
    _step("lock", _("Lock the study"), _("Nothing more is recorded."), [State.CLOSED], State.LOCKED),
)
_BY_NAME = {step.name: step for step in STEPS}


def step(name: str) -> Step:
    """Return a step by name.

    Raises:
        KeyError: There is no such step.
    """
    return _BY_NAME[name]


def steps_from(state: State) -> tuple[Step, ...]:
    """Return the steps that can be taken from a state."""
    return tuple(step for step in STEPS if state in step.sources)


def drawing() -> str:
    """Return the table as a drawing in text, for the documentation: one arrow a line."""
    wide = max(len(state) for state in State)
    long = max(len(step.name) for step in STEPS)
    lines = [
        f"{source:>{wide}} ──{step.name:─^{long + 2}}──▶ {step.target}"
        for source in State
        for step in STEPS
        if source in step.sources
    ]
    return "\n".join(lines)
