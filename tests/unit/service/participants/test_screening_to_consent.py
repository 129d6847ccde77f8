"""Any order of screening, deciding, leaving and amending: a naive model agrees on who is ready for allocation."""

# ruff: noqa: D102  # the name of a rule says what it does, as a test's does

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR, EAST, NAME, WEST

from imara.service.ledger.recording import Actor
from imara.service.ledger.verify import verify
from imara.service.participants import actions, queries
from imara.service.participants.models import Participant
from imara.service.studies import actions as studies
from imara.service.studies import queries as studies_now
from imara.service.studies.refusal import RefusedError

MONITOR = Actor("pmonitor", "monitor")


@dataclass
class Known:
    """What the naive model knows of one person: plain facts, no rules of the service."""

    site: str
    eligible: bool
    asked: int
    """Version of the question that the last screening answered."""
    said: list[tuple[str, str, bool]] = field(default_factory=list)
    """Version, giver and yes or no, in order; mistakes taken out."""
    left: set[str] = field(default_factory=set)
    same_as: str = ""


class Enrolment(RuleBasedStateMachine):
    """Drives the actions and keeps a plain copy of what they should have come to."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        harbour.load()
        self.folder = harbour.folder()
        self.state = "open"
        self.known: dict[str, Known] = {}
        self.newest = "1"
        self.good_from = "1"
        self.question = 1

    def teardown(self) -> None:
        """Every event is where it was, and the tables are as the ledger tells."""
        try:
            assert verify() == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.screen(EAST, True)

    # Screening ---------------------------------------------------------------------------------------------------

    @rule(target=people, site=st.sampled_from([EAST, WEST]), well=st.booleans())
    def screen(self, site: str, well: bool) -> Any:
        try:
            found = harbour.screened(site, answers={"near": well}).participant
        except RefusedError:
            assert self.state != "open"
            return "nobody"
        assert self.state == "open"
        mates = [key for key, one in self.known.items() if one.site == site]
        assert found.key == f"{site[:3].upper()}-{len(mates) + 1:03d}"
        self.known[found.key] = Known(site, well, self.question)
        return found.key

    @rule(key=people, well=st.booleans())
    def screen_again(self, key: str, well: bool) -> None:
        if key not in self.known:
            return
        one = self.known[key]
        allowed = self.state == "open" and not one.same_as
        number = self.row(key).screenings.count()
        try:
            answers = {**harbour.WELL, "near": well}
            actions.screen_again(
                participant=self.row(key), characteristics=harbour.ADULT, answers=answers, by=COORDINATOR
            )
        except RefusedError:
            assert not allowed
        else:
            assert allowed
            assert self.row(key).screenings.count() == number + 1
            one.eligible, one.asked = well, self.question

    # Consent -----------------------------------------------------------------------------------------------------

    @rule(
        key=people, giver=st.sampled_from(["participant", "assent", "guardian"]), given=st.booleans(), old=st.booleans()
    )
    def on_paper(self, key: str, giver: str, given: bool, old: bool) -> None:
        if key not in self.known:
            return
        version = "1" if old else self.newest
        harbour.on_paper(self.row(key), giver=giver, given=given, consent_version=version)
        self.known[key].said.append((version, giver, given))

    @rule(key=people)
    def by_mistake(self, key: str) -> None:
        if key not in self.known or not self.known[key].said:
            return
        last = self.row(key).consents.filter(in_error=False).order_by("pk").last()
        assert last is not None
        actions.mark_in_error(consent=last, reason="Mistake", by=COORDINATOR)
        self.known[key].said.pop()

    @rule(key=people, yes=st.booleans())
    def on_screen(self, key: str, yes: bool) -> None:
        if key not in self.known:
            return
        reader = harbour.invited(self.row(key))
        if yes:
            for page in range(1, len(queries.pages_of(reader.invitation)) + 1):
                actions.answer_check(
                    invitation=reader.invitation, page=page, answer=0, by=reader.by
                ) if page == 1 else None
                actions.read_page(invitation=reader.invitation, page=page, by=reader.by)
            actions.sign(invitation=reader.invitation, name="Ane", by=reader.by)
        else:
            actions.refuse(invitation=reader.invitation, by=reader.by)
        self.known[key].said.append((self.newest, "participant", yes))

    # Leaving -----------------------------------------------------------------------------------------------------

    @rule(key=people, degree=st.sampled_from(["treatment", "follow-up", "data"]))
    def withdraw(self, key: str, degree: str) -> None:
        if key not in self.known:
            return
        try:
            actions.withdraw(participant=self.row(key), degree=degree, on=harbour.today(), by=COORDINATOR)
        except RefusedError:
            assert degree in self.known[key].left
        else:
            assert degree not in self.known[key].left
            self.known[key].left.add(degree)

    @rule(key=people)
    def resume(self, key: str) -> None:
        if key not in self.known or not self.known[key].left:
            return
        left = self.row(key).withdrawals.filter(ended_on__isnull=True).order_by("pk").first()
        assert left is not None
        actions.resume(withdrawal=left, on=harbour.today(), reason="Back", by=COORDINATOR)
        self.known[key].left.remove(left.degree)

    @rule(one=people, other=people, same=st.booleans())
    def twice(self, one: str, other: str, same: bool) -> None:
        if one not in self.known or other not in self.known:
            return
        allowed = one != other and not self.known[one].same_as and not self.known[other].same_as
        try:
            found = actions.report_duplicate(
                later=self.row(one), earlier=self.row(other), reason="Alike", by=COORDINATOR
            )
        except RefusedError:
            assert not allowed
            return
        assert allowed
        actions.decide_duplicate(duplicate=found, same=same, reason="Asked", by=MONITOR)
        if same:
            self.known[found.later.key].same_as = found.earlier.key

    # The study ---------------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(["open", "pause", "resume"]))
    def step(self, name: str) -> None:
        ways = {("open", "pause"): "paused", ("paused", "resume"): "open"}
        try:
            studies.take_step(study=NAME, name=name, by=ADMINISTRATOR)
        except RefusedError:
            assert (self.state, name) not in ways
        else:
            self.state = ways[self.state, name]

    @rule(again=st.booleans())
    def new_information(self, again: bool) -> None:
        if self.newest == "3":
            return
        name = str(int(self.newest) + 1)
        pages = self.folder.study.model_dump()["consent"]["versions"]["1"]["pages"]
        version = {"languages": ("en",), "reconsent": again, "pages": pages}
        self.amend(lambda fields: fields["consent"]["versions"].update({name: version}))
        self.newest = name
        if again:
            self.good_from = name

    @rule()
    def other_question(self) -> None:
        if self.question == 2:
            return
        self.amend(lambda fields: fields["eligibility"]["include"][1].update(ask="Is the person a neighbour?"))
        self.question = 2

    def amend(self, change: Any) -> None:
        self.folder = harbour.changed(change, self.folder)
        studies.amend(study=NAME, folder=self.folder, reason="Amendment", by=ADMINISTRATOR)

    # What must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def the_naive_model_agrees(self) -> None:
        assert studies_now.in_force(NAME).state == self.state
        for key, one in self.known.items():
            assert queries.ready_for_allocation(key).is_ready == self.is_ready(one), (key, one)
            row = self.row(key)
            assert queries.may_be_visited(row) == (not one.left & {"follow-up", "data"})
            assert queries.may_data_be_used(row) == ("data" not in one.left)
            assert (row.merged_into is not None) == bool(one.same_as)

    def is_ready(self, one: Known) -> bool:
        """Decide the long way round, by listing what is in the way."""
        own = [(version, yes) for version, giver, yes in one.said if giver != "guardian"]
        kinds = [giver for _, giver, _ in one.said if giver != "guardian"]
        guardian = [(version, yes) for version, giver, yes in one.said if giver == "guardian"]
        agreed = bool(own) and own[-1][1] and own[-1][0] >= self.good_from
        if agreed and kinds[-1] == "assent":
            agreed = bool(guardian) and guardian[-1][1] and guardian[-1][0] >= self.good_from
        asked = one.asked == self.question
        return self.state == "open" and one.eligible and asked and agreed and not one.left and not one.same_as

    @staticmethod
    def row(key: str) -> Participant:
        return queries.participant(key)


@pytest.mark.django_db
def test_enrolment_in_any_order() -> None:
    run_state_machine_as_test(Enrolment, settings=settings(max_examples=25, stateful_step_count=25))
