"""Who is blinded in a study, and until when: one small pure rule, read by the doors and by the tests that prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from imara.service.people.roles import RIGHTS, Right, Role
from imara.study.intervention import Blinding

IN_EMERGENCY = frozenset({"unblinding.request"})
"""Rights that tell an arm only after somebody asked, another confirmed and both were recorded: whoever holds one stays
blinded until then."""
AFTER_THE_LOCK = frozenset({"allocation.reveal"})
"""Rights that tell arms only once all data are in."""


@dataclass(frozen=True)
class Standing:
    """What the rule needs to know of a study."""

    blinding: Blinding
    """What the study file says."""
    locked: bool
    """Whether all data are in."""


def tells(right: Right, *, locked: bool) -> bool:
    """Whether using a right tells arms now, without anybody being asked first."""
    return right.tells_arm and right.name not in IN_EMERGENCY and (locked or right.name not in AFTER_THE_LOCK)


def blinded_by_study(study: Standing) -> frozenset[Role]:
    """Return the roles that the study file blinds, whatever rights they have elsewhere.

    Whoever stands beside a blinded person is blinded with them: supporters with participants, supervisors with
    practitioners. Monitors watch over a study and never need an arm. Only the statisticians' blinding ends with the
    lock, for the file says so of theirs alone.
    """
    blinding = study.blinding
    blind = {Role.MONITOR}
    if blinding.participants:
        blind |= {Role.PARTICIPANT, Role.SUPPORTER}
    if blinding.practitioners:
        blind |= {Role.PRACTITIONER, Role.SUPERVISOR}
    if blinding.assessors:
        blind.add(Role.ASSESSOR)
    if blinding.analysts == "until-lock" and not study.locked:
        blind.add(Role.STATISTICIAN)
    return frozenset(blind)


def blinded(study: Standing, rights: Iterable[Right] = RIGHTS) -> frozenset[Role]:
    """Return the roles that must not learn an arm: those the study blinds, and those without a right that tells one."""
    knowing = {role for right in rights if tells(right, locked=study.locked) for role in right.roles}
    return blinded_by_study(study) | (frozenset(Role) - knowing)


def keeps_from(study: Standing, held: Iterable[Role], right: Right) -> bool:
    """Whether blinding keeps someone from a right that another of their roles would give.

    Who rates outcomes and also coordinates the same study would know the arms of those they rate.

    Args:
        study: The study.
        held: All roles the person has in it.
        right: The right.
    """
    return tells(right, locked=True) and not blinded_by_study(study).isdisjoint(held)


Source = Callable[[str], Standing | None]
_sources: list[Source] = []


def is_told_by(source: Source) -> None:
    """Have a room above say how a study stands; None for a study it does not know."""
    if source not in _sources:
        _sources.append(source)


def standing_of(study: str) -> Standing | None:
    """Return how a study stands, or None where nobody knows it."""
    return next((found for source in _sources if (found := source(study)) is not None), None)
