"""Roles and what each may do: plain data, in words that a lawyer can read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """In which capacity someone uses the site."""

    PARTICIPANT = "participant"
    SUPPORTER = "supporter"
    PRACTITIONER = "practitioner"
    SUPERVISOR = "supervisor"
    ASSESSOR = "assessor"
    COORDINATOR = "coordinator"
    STATISTICIAN = "statistician"
    MONITOR = "monitor"
    BOARD = "board"
    ADMINISTRATOR = "administrator"


def gettext_noop(text: str) -> str:
    """Mark a text for translation where it is shown. Django's own would want a site's settings for it."""
    return text


ROLE_WORDS: dict[Role, str] = {
    Role.PARTICIPANT: gettext_noop("A person who takes part in a study or a programme."),
    Role.SUPPORTER: gettext_noop("A family member or friend whom a participant has invited."),
    Role.PRACTITIONER: gettext_noop("Someone who delivers a programme, such as a group facilitator or therapist."),
    Role.SUPERVISOR: gettext_noop("Someone who supervises practitioners or leads a centre."),
    Role.ASSESSOR: gettext_noop("Someone who rates outcomes, often without knowing the arm."),
    Role.COORDINATOR: gettext_noop("Someone who screens, takes consent, allocates and keeps visits on time."),
    Role.STATISTICIAN: gettext_noop("Someone who designs the study and analyses its data."),
    Role.MONITOR: gettext_noop("Someone who checks that what is recorded is right and complete."),
    Role.BOARD: gettext_noop("A member of the data and safety monitoring board."),
    Role.ADMINISTRATOR: gettext_noop("Someone who runs the site: people, roles, centres and studies."),
}


@dataclass(frozen=True)
class Right:
    """Something that may be done, and by whom."""

    name: str
    """Short name used by pages and actions."""
    words: str
    """What it allows, after "may"."""
    roles: frozenset[Role]
    """Roles that have it; nobody else does."""
    scope: str = "site"
    """`site`: for participants of the centres of one's role. `study`: for a whole study. `platform`: for all."""
    tells_arm: bool = False
    """Whether using it can tell someone an arm."""


def _right(name: str, words: str, *roles: Role, scope: str = "site", tells_arm: bool = False) -> Right:
    return Right(name, words, frozenset(roles), scope, tells_arm)


RIGHTS: tuple[Right, ...] = (
    _right("people.manage", "invite people and give or end their roles", Role.ADMINISTRATOR, scope="platform"),
    _right(
        "studies.read",
        "read the definition of a study",
        *(r for r in Role if r not in {Role.PARTICIPANT, Role.SUPPORTER}),
        scope="study",
    ),
    _right("studies.load", "load a study folder or an amendment", Role.ADMINISTRATOR, Role.STATISTICIAN, scope="study"),
    _right("studies.open", "open, pause and close a study", Role.ADMINISTRATOR, scope="study"),
    _right("screening.read", "read the screening log", Role.COORDINATOR, Role.MONITOR),
    _right("screening.write", "screen people and screen them again", Role.COORDINATOR),
    _right(
        "identity.read", "see a person's name, contact and national number; each look is recorded", Role.COORDINATOR
    ),
    _right("identity.write", "enter or correct a person's name, contact and national number", Role.COORDINATOR),
    _right("consent.read", "read consent records", Role.COORDINATOR, Role.MONITOR),
    _right("consent.write", "record consent on paper and invite to consent on screen", Role.COORDINATOR),
    _right(
        "consent.give",
        "read the information they were invited to, ask questions and decide; a guardian also does",
        Role.PARTICIPANT,
        Role.SUPPORTER,
    ),
    _right("withdrawal.write", "record that a person withdraws, and from what", Role.COORDINATOR),
    _right(
        "duplicates.decide",
        "decide whether two participants are the same person, when somebody else has reported it",
        Role.MONITOR,
        Role.ADMINISTRATOR,
        scope="study",
    ),
    _right(
        "participants.read",
        "see participants of the centre without their arm",
        Role.COORDINATOR,
        Role.ASSESSOR,
        Role.MONITOR,
        Role.SUPERVISOR,
    ),
    _right("allocation.draw", "allocate a participant and be told the arm", Role.COORDINATOR, tells_arm=True),
    _right(
        "allocation.open", "commit the seed and open allocation", Role.STATISTICIAN, Role.ADMINISTRATOR, scope="study"
    ),
    _right(
        "allocation.balance",
        "see how balanced the scheme is before anybody is allocated",
        Role.STATISTICIAN,
        Role.ADMINISTRATOR,
        scope="study",
    ),
    _right(
        "allocation.verify",
        "draw a study's allocation again and see whether every draw is as the seed gives it",
        Role.STATISTICIAN,
        Role.MONITOR,
        Role.ADMINISTRATOR,
        scope="study",
    ),
    _right(
        "allocation.reveal",
        "reveal the seed of a locked study and take away the file that tells every draw",
        Role.STATISTICIAN,
        Role.ADMINISTRATOR,
        scope="study",
        tells_arm=True,
    ),
    _right(
        "allocation.errors",
        "read who was allocated in error, without the arm",
        Role.COORDINATOR,
        Role.MONITOR,
        Role.ADMINISTRATOR,
    ),
    _right("allocation.report_error", "report that somebody was allocated in error", Role.COORDINATOR, Role.MONITOR),
    _right(
        "allocation.decide_error",
        "decide, without knowing the arm, whether somebody allocated in error stays in the analysis",
        Role.MONITOR,
        Role.ADMINISTRATOR,
    ),
    _right(
        "unblinding.read",
        "see requests for an arm, one's own or all of the centre, without the arm",
        Role.COORDINATOR,
        Role.PRACTITIONER,
        Role.ASSESSOR,
        Role.SUPERVISOR,
        Role.MONITOR,
        Role.ADMINISTRATOR,
    ),
    _right("unblinding.note", "look at an arm that one person asked for alone", Role.ADMINISTRATOR),
    _right(
        "unblinding.request",
        "ask for a participant's arm in an emergency",
        Role.COORDINATOR,
        Role.PRACTITIONER,
        Role.ASSESSOR,
        tells_arm=True,
    ),
    _right(
        "unblinding.confirm",
        "confirm another person's request for an arm",
        Role.COORDINATOR,
        Role.SUPERVISOR,
        Role.MONITOR,
    ),
    _right(
        "ledger.read",
        "read the history of a person, a record or a study",
        Role.COORDINATOR,
        Role.MONITOR,
        Role.ADMINISTRATOR,
    ),
    _right(
        "ledger.verify",
        "check the ledger and every table against it",
        Role.MONITOR,
        Role.ADMINISTRATOR,
        scope="platform",
    ),
)

_BY_NAME = {right.name: right for right in RIGHTS}


def right(name: str) -> Right:
    """Return a right by name.

    Raises:
        KeyError: There is no such right.
    """
    return _BY_NAME[name]
