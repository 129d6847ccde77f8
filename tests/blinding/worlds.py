"""Two worlds from one seed: the same people and the same acts, with every arm exchanged for the other."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TestCase, override_settings
from tests.blinding.fixed import START, Chance, Clock, held_still
from tests.blinding.recorder import Recorder

from imara.rules.allocation import allocate as drawing
from imara.rules.allocation.scheme import Factors, Scheme
from imara.service.allocation import actions as allocation
from imara.service.allocation import queries as allocations
from imara.service.allocation.models import Draw
from imara.service.allocation.models import Scheme as StoredScheme
from imara.service.allocation.records import records_of
from imara.service.ledger.recording import Actor, recorded
from imara.service.participants import actions as participants
from imara.service.participants.models import Participant
from imara.service.people import actions as people
from imara.service.people import identities
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.studies import actions as studies
from imara.study.fingerprint import fingerprint
from imara.study.folder import StudyFolder
from imara.study.intervention import Blinding
from imara.study.library import load_study
from imara.study.people import Consent, ConsentVersion, InformationPage

MAIN, OTHER = "imr-denmark", "all-blind"
"""The Danish study, and one like it in which everybody is blinded who can be."""
HERE, THERE, THIRD = "ballerup", "frederiksberg", "third-centre"
SITES = (HERE, THERE, THIRD)

Swap = Callable[[Factors], bool]
"""Whether somebody with these levels gets the other arm than the seed says."""


def nobody(_: Factors) -> bool:
    """Leave every arm as drawn."""
    return False


def everybody(_: Factors) -> bool:
    """Exchange every arm."""
    return True


def those_here(factors: Factors) -> bool:
    """Exchange the arms of one centre: people of the others must not notice."""
    return ("site", HERE) in factors


@dataclass(frozen=True)
class Story:
    """What happens to one person."""

    study: str
    site: str
    diagnosis: str
    until: str
    """How far they come: excluded, again, eligible, declined, consented or allocated."""
    then: str = ""
    """What happens afterwards: the name of an act below."""


# Odd numbers at every centre, so that no count is the same in both worlds. The order is that of screening.
STORIES = (
    Story(MAIN, HERE, "schizophrenia", "allocated"),
    Story(MAIN, HERE, "schizophrenia", "excluded", then="named"),
    Story(MAIN, THERE, "schizophrenia", "allocated"),
    Story(MAIN, HERE, "bipolar", "allocated", then="told"),
    Story(MAIN, HERE, "bipolar", "again"),
    Story(MAIN, HERE, "schizophrenia", "allocated", then="left"),
    Story(MAIN, THERE, "bipolar", "declined"),
    Story(MAIN, HERE, "schizophrenia", "eligible"),
    Story(MAIN, HERE, "bipolar", "allocated", then="error"),
    Story(MAIN, THIRD, "schizophrenia", "allocated"),
    Story(MAIN, THIRD, "bipolar", "excluded"),
    Story(MAIN, HERE, "schizophrenia", "allocated", then="asked"),
    Story(MAIN, THERE, "schizophrenia", "consented"),
    Story(MAIN, HERE, "bipolar", "consented"),
    Story(OTHER, HERE, "schizophrenia", "allocated", then="told"),
    Story(OTHER, HERE, "schizophrenia", "consented"),
    Story(OTHER, THERE, "bipolar", "allocated"),
    Story(OTHER, HERE, "bipolar", "allocated"),
    Story(OTHER, HERE, "bipolar", "eligible", then="reads"),
    Story(MAIN, HERE, "bipolar", "eligible", then="twice"),
    Story(OTHER, THIRD, "bipolar", "again"),
    Story(OTHER, THIRD, "schizophrenia", "allocated"),
)

SEED = 0
"""Which of the endless seeds; this one gives no two arms as many people, wherever one counts."""

CENTRAL = {Role.STATISTICIAN, Role.MONITOR, Role.BOARD}
"""Roles that are for the whole study, as they usually are."""
BLIND_ELSEWHERE = (Role.PARTICIPANT, Role.PRACTITIONER, Role.ASSESSOR, Role.COORDINATOR, Role.STATISTICIAN)
"""Roles that the second study has too: those that it blinds and the first does not, and those who work with them."""


@dataclass(frozen=True)
class Member:
    """Someone of the cast."""

    name: str
    role: Role | None
    study: str = ""
    site: str = ""

    def __str__(self) -> str:
        return self.name


def cast() -> tuple[Member, ...]:
    """Return everyone who opens pages: every role in both studies, colleagues at another centre, and strangers."""
    members = [Member("nobody signed in", None), Member("stranger", None, "none", "none")]
    for study, roles in ((MAIN, Role), (OTHER, BLIND_ELSEWHERE)):
        for role in roles:
            if role is Role.ADMINISTRATOR:
                continue
            site = "" if role in CENTRAL else HERE
            members.append(Member(f"{role.value} in {study}", role, study, site))
    members += [Member(f"{role.value} at {THERE}", role, MAIN, THERE) for role in (Role.COORDINATOR, Role.PRACTITIONER)]
    reader = Member("reader of the information", Role.PARTICIPANT, OTHER, HERE)
    return (*members, reader, Member("administrator", Role.ADMINISTRATOR))


def one_of_each() -> tuple[Member, ...]:
    """Return one for every role, in the study in which it is blinded, and strangers: enough to find a leak quickly."""
    blinded_there = {Role.PARTICIPANT, Role.PRACTITIONER, Role.STATISTICIAN}
    return tuple(
        member
        for member in cast()
        if member.site != THERE
        and (member.role is None or member.study == "" or (member.study == OTHER) == (member.role in blinded_there))
    )


@dataclass
class World:
    """A site with its people, in one transaction that is undone afterwards."""

    swap: Swap
    chance: Chance
    clock: Clock
    recorder: Recorder
    persons: dict[str, Person] = field(default_factory=dict)
    """Name in the cast to account."""
    keys: dict[Story, str] = field(default_factory=dict)
    """Story to participant's key."""

    @property
    def arms(self) -> dict[str, str]:
        """Participant's key to arm, for the tests alone."""
        return {record.unit: record.sealed.arm for one in StoredScheme.objects.all() for record in records_of(one)}

    def place_of(self, key: str) -> tuple[str, str]:
        """Return study and centre of a participant."""
        return next((story.study, story.site) for story, known in self.keys.items() if known == key)


@lru_cache(maxsize=1)
def folders() -> dict[str, StudyFolder]:
    """Return both studies as they are loaded."""
    danish = load_study(MAIN)
    blinding = Blinding(participants=True, practitioners=True, assessors=True, analysts="until-lock")
    page = InformationPage(
        heading={"en": "It is up to you", "da": "Du bestemmer"},
        text={"en": "You may say no.", "da": "Du må sige nej."},
    )
    consent = Consent(
        versions={"1": ConsentVersion(languages=("en", "da"), pages=(page,))}, forms=("paper", "electronic")
    )
    study = danish.study.model_copy(update={"study": OTHER, "blinding": blinding, "consent": consent})
    version = fingerprint(study, danish.instruments, danish.programmes)
    return {MAIN: danish, OTHER: replace(danish, study=study, fingerprint=version)}


@contextmanager
def arms_exchanged(swap: Swap) -> Iterator[None]:
    """Exchange arms where they are drawn: all that comes after, down to stored bytes and hashes, is the service's own.

    Wherever the rule that draws is known by name it is replaced, so that a replay finds what was drawn.
    """
    true = drawing.draw

    def draw(scheme: Scheme, seed: Any, standing: Any, factors: Factors) -> Any:
        arm, slot = true(scheme, seed, standing, factors)
        if scheme.method != "permuted-blocks" or len(scheme.arms) != 2:
            raise NotImplementedError(
                "two arms in permuted blocks: their slots stay as they are when arms are exchanged"
            )
        return (1 - arm if swap(factors) else arm), slot

    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("imara.") and vars(module).get("draw") is true:
                stack.enter_context(patch.object(module, "draw", draw))
        yield


@contextmanager
def world(swap: Swap = nobody, *, durations: bool = True) -> Iterator[World]:
    """Build a world, let it be looked at, and undo it.

    Args:
        swap: Whose arms are exchanged.
        durations: Whether clocks that measure durations are held still too.
    """
    chance, clock, recorder = Chance(), Clock(), Recorder()
    with (
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
            ADMINS=[("Operator", "operator@example.org")],
            STORAGES=_WITHOUT_MANIFEST,
            # Static files need not have been gathered for this.
            WHITENOISE_AUTOREFRESH=True,
        ),
        held_still(chance, clock, durations=durations),
        arms_exchanged(swap),
        recorder.listening(),
        transaction.atomic(),
    ):
        mail.outbox = []
        cache.clear()
        try:
            made = World(swap, chance, clock, recorder)
            with recorder.during("while the world was made"), TestCase.captureOnCommitCallbacks(execute=True):
                _Author(made).write()
            _is_worth_looking_at(made)
            yield made
        finally:
            transaction.set_rollback(True)
            _begin_numbers_anew()


_WITHOUT_MANIFEST = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def _is_worth_looking_at(made: World) -> None:
    """Refuse a world in which exchanging the arms would leave a count as it is."""
    for study in (MAIN, OTHER):
        counts = Counter(arm for key, arm in made.arms.items() if made.place_of(key)[0] == study)
        assert len(set(counts.values())) == 2, f"as many in each arm of {study}: counts could not tell"
    counts = Counter(made.arms.values())
    assert len(set(counts.values())) == 2, "as many in each arm of the whole site: counts could not tell"
    here = Counter(arm for key, arm in made.arms.items() if made.place_of(key) == (MAIN, HERE))
    assert len(set(here.values())) == 2, "as many in each arm at the centre: counts could not tell"


def _begin_numbers_anew() -> None:
    """Have PostgreSQL number rows from 1 again; unlike rows, numbers given are not taken back with a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT schemaname, sequencename FROM pg_sequences WHERE schemaname = current_schema()")
            for schema, name in cursor.fetchall():
                cursor.execute(f'ALTER SEQUENCE "{schema}"."{name}" RESTART WITH 100000')


class _Author:
    """Writes the world by the same actions that pages call."""

    def __init__(self, made: World) -> None:
        self.made = made
        self.system = Actor("system:test", "administrator")

    def write(self) -> None:
        self.step("the cast")
        for member in cast():
            if member.name != "nobody signed in":
                self.invite(member)
        for study, folder in folders().items():
            self.step(study)
            studies.load(folder=folder, by=self.by("administrator"))
            self.step(f"open {study}")
            studies.take_step(study=study, name="open", by=self.by("administrator"))
            self.step(f"seed {study} {SEED}")
            allocation.open_allocation(study=study, by=self.by(f"statistician in {study}"))
        for story in STORIES:
            self.step(f"screen {story}")
            self.screen(story)
        # Not in the order of screening: whoever came first may be allocated last.
        for story in reversed(STORIES):
            if story.until in {"declined", "consented", "allocated"}:
                self.step(f"consent {story}")
                self.consent(story)
            if story.until == "allocated":
                self.step(f"allocate {story}")
                allocation.allocate(
                    participant=self.made.keys[story], token=f"form {story}", by=self.coordinator(story)
                )
        for story in STORIES:
            if story.then:
                self.step(f"then {story}")
                getattr(self, f"then_{story.then.replace('-', '_')}")(story)

    def step(self, words: str) -> None:
        """Begin something new, a while later, with chance of its own."""
        self.made.clock.go_on(minutes=7)
        self.made.chance.begin(words)

    def invite(self, member: Member) -> None:
        address = member.name.replace(" ", ".") + "@example.org"
        person = people.invite(name=member.name.capitalize(), email=address, by=self.system)
        if member.role is not None:
            people.assign(person=person, role=member.role, study=member.study, site=member.site, by=self.system)
        self.made.persons[member.name] = person

    def by(self, name: str) -> Actor:
        role = next(member.role for member in cast() if member.name == name)
        assert role is not None
        return Actor(self.made.persons[name].key, role.value)

    def coordinator(self, story: Story) -> Actor:
        elsewhere = story.study == MAIN and story.site == THERE
        return self.by(f"coordinator at {THERE}" if elsewhere else f"coordinator in {story.study}")

    def screen(self, story: Story) -> None:
        criteria = folders()[story.study].study.eligibility
        answers: dict[str, bool | None] = {one.id: True for one in criteria.include if one.rule is None}
        answers |= {one.id: False for one in criteria.exclude if one.rule is None}
        again_on: date | None = None
        if story.until == "excluded":
            answers["dementia-or-intellectual-disability"] = True
        if story.until == "again":
            answers["substance-abuse"] = True
            again_on = START.date() + timedelta(days=90)
        characteristics = {"age": 40 + len(self.made.keys), "sex": "female", "diagnosis": story.diagnosis}
        done = participants.screen(
            study=story.study,
            site=story.site,
            characteristics=characteristics,
            answers=answers,
            again_on=again_on,
            by=self.coordinator(story),
        )
        self.made.keys[story] = done.participant.key
        name = f"participant in {story.study}"
        if story.site == HERE and not _has_account(story.study):
            # The first at the centre is the participant of the cast.
            self.give_account(done.participant, name)

    def give_account(self, participant: Participant, name: str) -> None:
        with recorded("test.account_given", by=self.system):
            participant.account = self.made.persons[name].key
            participant.save()

    def consent(self, story: Story) -> None:
        given = story.until != "declined"
        participants.record_paper_consent(
            participant=Participant.objects.get(key=self.made.keys[story]),
            consent_version="1",
            on=START.date(),
            taken_by="Dr Example" if given else "",
            file_reference="binder 1" if given else "",
            given=given,
            by=self.coordinator(story),
        )

    def withdraw(self, story: Story, degree: str) -> None:
        participant = Participant.objects.get(key=self.made.keys[story])
        participants.withdraw(participant=participant, degree=degree, on=START.date(), by=self.coordinator(story))

    def then_left(self, story: Story) -> None:
        self.withdraw(story, "treatment")

    def then_named(self, story: Story) -> None:
        """Their name is entered in the store of identities."""
        who = identities.Who(name="Ane Eksempel", phone="12 34 56 78")
        identities.keep(
            participant=self.made.keys[story], who=who, study=story.study, site=story.site, by=self.coordinator(story)
        )

    def then_reads(self, story: Story) -> None:
        """They are invited to decide on a screen, and ask something first."""
        participant = Participant.objects.get(key=self.made.keys[story])
        name = "reader of the information"
        self.give_account(participant, name)
        invitation, _ = participants.invite(participant=participant, by=self.coordinator(story))
        self.step(f"ask {story}")
        participants.ask(invitation=invitation, words="How long does it take?", by=self.by(name))

    def then_twice(self, story: Story) -> None:
        """They turn out to have been screened before, perhaps."""
        earlier = next(other for other in STORIES if other.then == "named")
        participants.report_duplicate(
            later=Participant.objects.get(key=self.made.keys[story]),
            earlier=Participant.objects.get(key=self.made.keys[earlier]),
            reason="The same birthday.",
            by=self.coordinator(story),
        )

    def then_error(self, story: Story) -> None:
        allocation.report_error(
            participant=self.made.keys[story],
            reason="not-eligible",
            account="The screening was of another person.",
            by=self.coordinator(story),
        )

    def then_asked(self, story: Story) -> None:
        allocation.request_arm(
            participant=self.made.keys[story], reason="Taken to a hospital.", by=self.coordinator(story)
        )

    def then_told(self, story: Story) -> None:
        """Somebody else than the cast learns an arm in an emergency."""
        other = Member(f"practitioner on call in {story.study}", Role.PRACTITIONER, story.study, story.site)
        self.invite(other)
        asks = Actor(self.made.persons[other.name].key, Role.PRACTITIONER.value)
        self.step(f"ask {story}")
        request = allocation.request_arm(participant=self.made.keys[story], reason="Taken to a hospital.", by=asks)
        self.step(f"confirm {story}")
        allocation.confirm_unblinding(request=request, by=self.coordinator(story))
        self.step(f"show {story}")
        allocation.show_arm(request=request, by=asks)


def _has_account(study: str) -> bool:
    return Participant.objects.filter(study_id=study).exclude(account="").exists()


def stored_arms() -> Mapping[str, bytes]:
    """Return what rests in the database about arms, to show that worlds differ there."""
    return {draw.participant: bytes(draw.sealed) + draw.hash.encode() for draw in Draw.objects.all()}


__all__ = [
    "World",
    "allocations",
    "arms_exchanged",
    "cast",
    "everybody",
    "nobody",
    "stored_arms",
    "those_here",
    "world",
]
