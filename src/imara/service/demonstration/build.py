"""Filling a demonstration: by the same actions that people at work use, so that all of it stands in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone

from imara.service.allocation import actions as allocation
from imara.service.demonstration.cast import CAST, SITES, STUDY, Member, names
from imara.service.ledger.recording import Actor
from imara.service.participants import actions as participants
from imara.service.participants.models import Participant
from imara.service.people import actions as people
from imara.service.people import identities
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.studies import actions as studies
from imara.study.library import load_study

SEED = 1361698
PEOPLE = 36
"""People screened at each centre, unless asked otherwise."""

INCLUDED = {"diagnosis": True, "attached": True, "danish": True, "consent": True}
EXCLUDED = (
    "guardian-or-forensic", "dementia-or-intellectual-disability", "substance-abuse", "supported-housing",
    "psycho-education",
)  # fmt: skip
FITS = INCLUDED | dict.fromkeys(EXCLUDED, False)
"""Answers of someone whom the study is for."""

# What becomes of people, as parts of a hundred: enough of each for every list to have something in it.
FATES: dict[str, int] = {
    "incomplete": 6,
    "excluded": 14,
    "screen_again": 8,
    "rescreened": 4,
    "asked": 6,
    "declined": 6,
    "consented": 12,
    "allocated": 34,
    "left_treatment": 6,
    "left_follow_up": 3,
    "left_data": 1,
}


class NotADemonstrationError(RuntimeError):
    """Made-up people were to be put among real ones."""


@dataclass(frozen=True)
class Filled:
    """What a demonstration holds."""

    screened: int
    allocated: int


def fill(*, people_a_centre: int = PEOPLE, seed: int = SEED, told: Callable[[int, int], None] | None = None) -> Filled:
    """Fill an empty site with the study, its cast and simulated people.

    Args:
        people_a_centre: How many are screened at each centre.
        seed: Of names, characteristics and fates; the sealed allocation has a secret seed of its own, as always.
        told: Is called with how many are done and how many there will be.

    Raises:
        NotADemonstrationError: The site is not a demonstration.
    """
    if not settings.IMARA_DEMO:
        raise NotADemonstrationError("made-up people belong to a demonstration (IMARA_DEMO=1) only")
    staff = _invite_cast()
    _open_study(staff)
    total = people_a_centre * len(SITES)
    draw = Random(seed)
    simulated = _Simulated(draw, staff)
    called = iter(names(total, seed))
    becomes = {site: fates(people_a_centre, draw) for site in SITES}
    # Centres take turns, as they would.
    for number in range(total):
        site = list(SITES)[number % len(SITES)]
        simulated.person(site, next(called), becomes[site][number // len(SITES)])
        if told is not None:
            told(number + 1, total)
    simulated.incidents()
    return Filled(total, simulated.allocated)


def _invite_cast() -> dict[str, Actor]:
    system = Actor.system("demonstration")
    actors = {}
    for member in CAST:
        person = people.invite(name=member.name, email=member.email, by=system)
        everywhere = member.role is Role.ADMINISTRATOR
        people.assign(person=person, role=member.role, study="" if everywhere else STUDY, site=member.site, by=system)
        actors[member.slug] = Actor(person.key, member.role.value)
    return actors


def _open_study(staff: dict[str, Actor]) -> None:
    studies.load(folder=load_study(STUDY), by=staff["administrator"])
    allocation.open_allocation(study=STUDY, by=staff["statistician"])
    studies.take_step(study=STUDY, name="open", by=staff["administrator"])


def fates(count: int, draw: Random) -> list[str]:
    """Return what becomes of the people of a centre: one of each where there is room, the rest by their shares."""
    chosen = [fate for fate, share in FATES.items() for _ in range(max(1, round(share * count / 100)))]
    short = count - len(chosen)
    chosen += ["allocated"] * max(0, short)
    for _ in range(-short):
        # Whatever there is most of gives way.
        chosen.remove(max(FATES, key=chosen.count))
    draw.shuffle(chosen)
    return chosen


class _Simulated:
    """Takes one simulated person after another as far as their fate goes."""

    def __init__(self, draw: Random, staff: dict[str, Actor]) -> None:
        self.draw = draw
        self.staff = staff
        self.coordinators = {
            member.site: staff[member.slug] for member in CAST if member.role is Role.COORDINATOR and member.site
        }
        self.allocated = 0
        self.last_allocated: dict[str, str] = {}
        self.seen: dict[str, list[Participant]] = {site: [] for site in SITES}

    def person(self, site: str, name: str, fate: str) -> None:
        """Screen someone, and go on from there."""
        by = self.coordinators[site]
        known = self._known()
        answers, again_on = self._answers(fate)
        screening = participants.screen(
            study=STUDY, site=site, characteristics=known, answers=answers, again_on=again_on, by=by
        )
        person: Participant = screening.participant
        self.seen[site].append(person)
        given, family = name.lower().split()
        who = identities.Who(name=name, email=f"{given}.{family}@example.org")
        identities.keep(participant=person.key, who=who, study=STUDY, site=site, by=by)
        if fate == "rescreened":
            participants.screen_again(participant=person, characteristics=known, answers=FITS, by=by)
        if fate in {"incomplete", "excluded", "screen_again", "asked"}:
            return
        self._decide(person, given=fate != "declined", by=by)
        if fate in {"declined", "consented"}:
            return
        allocation.allocate(participant=person.key, by=by)
        self.allocated += 1
        self.last_allocated[site] = person.key
        if fate.startswith("left_"):
            degree = fate.removeprefix("left_").replace("_", "-")
            participants.withdraw(participant=person, degree=degree, on=timezone.localdate(), by=by)

    def incidents(self) -> None:
        """Have something happen that does not happen every day: an emergency, a mistake, a person met twice."""
        assessor = self.staff["assessor"]
        key = self.last_allocated.get("ballerup")
        if key is not None:
            reason = "Admitted with a reaction to medicine; the ward asks what else the person is given."
            allocation.request_arm(participant=key, reason=reason, by=assessor)
        key = self.last_allocated.get("frederiksberg")
        if key is not None:
            allocation.report_error(
                participant=key,
                reason="not-eligible",
                account="It came to light that the person had moved into supported housing the week before.",
                by=self.coordinators["frederiksberg"],
            )
        met = self.seen["third-centre"]
        if len(met) > 1:
            participants.report_duplicate(
                later=met[-1],
                earlier=met[0],
                reason="Same date of birth, and the first name was spelt in two ways.",
                by=self.coordinators["third-centre"],
            )

    def _known(self) -> dict[str, float | str]:
        return {
            "age": float(self.draw.randint(21, 66)),
            "sex": self.draw.choice(["female", "male"]),
            "diagnosis": "schizophrenia" if self.draw.random() < 0.75 else "bipolar",
        }

    def _answers(self, fate: str) -> tuple[dict[str, bool | None], Any]:
        answers: dict[str, bool | None] = dict(FITS)
        again_on = None
        if fate == "incomplete":
            answers["danish"] = answers["consent"] = None
        elif fate == "excluded":
            answers[self.draw.choice(["guardian-or-forensic", "supported-housing"])] = True
        elif fate in {"screen_again", "rescreened"}:
            answers[self.draw.choice(["substance-abuse", "psycho-education"])] = True
            again_on = timezone.localdate() + timedelta(days=self.draw.randint(7, 60))
        elif fate == "asked":
            answers["consent"] = None
        elif fate == "declined":
            answers["consent"] = False
        return answers, again_on

    def _decide(self, person: Participant, *, given: bool, by: Actor) -> None:
        participants.record_paper_consent(
            participant=person,
            consent_version="1",
            on=timezone.localdate(),
            taken_by=next(member.name for member in CAST if self.staff[member.slug] == by),
            file_reference=f"Folder {person.key}" if given else "",
            given=given,
            by=by,
        )


def member_of(person: Person) -> Member | None:
    """Return who of the cast a person is, or None."""
    return next((member for member in CAST if member.email == person.email), None)
