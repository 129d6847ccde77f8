"""Whether someone's consent holds today: the study's versions of the information held against what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from imara.study.people import Consent

Giver = Literal["participant", "assent", "guardian"]
"""The person; the person's assent, which needs a guardian's consent beside it; the guardian."""


@dataclass(frozen=True)
class Decision:
    """What someone decided."""

    version: str
    """Version of the information, as the study file names it."""
    giver: Giver
    given: bool
    """False when they declined."""


class Standing(StrEnum):
    """Whether consent holds."""

    VALID = "valid"
    NOT_ASKED = "not-asked"
    """Nobody has decided anything yet."""
    DECLINED = "declined"
    """The person, or the guardian who consents for them, said no last."""
    ASK_AGAIN = "ask-again"
    """They said yes to a version that a later one replaces, and the later one asks everybody again."""
    GUARDIAN_MISSING = "guardian-missing"
    """The person assented; their guardian has not consented."""
    ASSENT_MISSING = "assent-missing"
    """The guardian consented; the person has not been asked whether they want to."""
    NO_PLAN = "no-plan"
    """The study file does not say how people consent."""


def standing(consent: Consent | None, decisions: Sequence[Decision]) -> Standing:
    """Say whether consent holds.

    The person's last word counts most: a no is a no, whatever a guardian says. A person's own consent needs nobody
    else; an assent needs a guardian's consent, where the study allows that.

    Args:
        consent: The study's `consent`.
        decisions: What was decided, oldest first; what was recorded in error left out.
    """
    if consent is None:
        return Standing.NO_PLAN
    person = _last(decisions, ("participant", "assent"))
    guardian = _last(decisions, ("guardian",)) if consent.guardian else None
    if person is None:
        if guardian is None:
            return Standing.NOT_ASKED
        return Standing.ASSENT_MISSING if guardian.given else Standing.DECLINED
    if not person.given:
        return Standing.DECLINED
    current = still_valid(consent)
    if person.giver == "participant":
        return Standing.VALID if person.version in current else Standing.ASK_AGAIN
    if guardian is None:
        return Standing.GUARDIAN_MISSING
    if not guardian.given:
        return Standing.DECLINED
    return Standing.VALID if {person.version, guardian.version} <= set(current) else Standing.ASK_AGAIN


def still_valid(consent: Consent) -> tuple[str, ...]:
    """Return the versions on which a consent still holds: from the last one that asks everybody again."""
    names = tuple(consent.versions)
    asking = [place for place, name in enumerate(names) if consent.versions[name].reconsent]
    return names[asking[-1] if asking else 0 :]


def latest(consent: Consent) -> str:
    """Return the version that people are asked to consent to now."""
    return tuple(consent.versions)[-1]


def _last(decisions: Sequence[Decision], givers: tuple[Giver, ...]) -> Decision | None:
    return next((decision for decision in reversed(decisions) if decision.giver in givers), None)
