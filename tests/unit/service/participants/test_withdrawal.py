"""Leaving by degree: what ends, what goes on, and that nothing is deleted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR

from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.participants import actions, queries
from imara.service.participants.models import Withdrawal
from imara.service.studies import actions as studies
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.usefixtures("study")


@pytest.mark.parametrize(
    ("degree", "treated", "visited", "used"),
    [("treatment", False, True, True), ("follow-up", True, False, True), ("data", False, False, False)],
)
def test_each_degree_ends_what_it_says_and_no_more(degree: str, treated: bool, visited: bool, used: bool) -> None:
    found = harbour.consented()
    assert (queries.may_be_treated(found), queries.may_be_visited(found), queries.may_data_be_used(found)) == (
        True,
    ) * 3
    actions.withdraw(participant=found, degree=degree, on=harbour.today(), by=COORDINATOR)
    assert queries.has_left(found) == (degree,)
    assert queries.may_be_treated(found) is treated
    assert queries.may_be_visited(found) is visited
    assert queries.may_data_be_used(found) is used


def test_no_reason_is_needed_and_one_that_is_given_is_kept() -> None:
    found = harbour.consented()
    silent = actions.withdraw(participant=found, degree="treatment", on=harbour.today(), by=COORDINATOR)
    telling = actions.withdraw(participant=found, degree="data", on=harbour.today(), reason="Moves", by=COORDINATOR)
    assert (silent.reason, telling.reason) == ("", "Moves")
    assert Event.objects.latest("sequence").reason == "Moves"


def test_people_can_leave_at_any_time_of_the_study() -> None:
    found = harbour.consented()
    for step in ("close", "lock"):
        studies.take_step(study=harbour.NAME, name=step, by=ADMINISTRATOR)
    assert actions.withdraw(participant=found, degree="data", on=harbour.today(), by=COORDINATOR).pk


def test_people_can_change_their_mind_and_the_record_keeps_both() -> None:
    found = harbour.consented()
    left = actions.withdraw(participant=found, degree="follow-up", on=harbour.in_days(-3), by=COORDINATOR)
    for day in (harbour.in_days(-4), harbour.in_days(1)):
        with pytest.raises(RefusedError):
            actions.resume(withdrawal=left, on=day, reason="Wants to", by=COORDINATOR)
    actions.resume(withdrawal=left, on=harbour.today(), reason="Wants to", by=COORDINATOR)
    assert queries.may_be_visited(found)
    assert Withdrawal.objects.get().ended_on == harbour.today()
    with pytest.raises(RefusedError):
        actions.resume(withdrawal=left, on=harbour.today(), reason="Wants to", by=COORDINATOR)
    actions.withdraw(participant=found, degree="follow-up", on=harbour.today(), by=COORDINATOR)
    assert Withdrawal.objects.count() == 2


@pytest.mark.parametrize(
    ("degree", "days", "code"),
    [("everything", 0, "no-such-degree"), ("data", 1, "day-to-come"), ("treatment", 0, "left-already")],
)
def test_what_cannot_be_is_refused(degree: str, days: int, code: str) -> None:
    found = harbour.consented()
    actions.withdraw(participant=found, degree="treatment", on=harbour.today(), by=COORDINATOR)
    with pytest.raises(RefusedError) as refused:
        actions.withdraw(participant=found, degree=degree, on=harbour.in_days(days), by=COORDINATOR)
    assert refused.value.codes == (code,)


def test_the_database_itself_knows_one_withdrawal_of_a_degree() -> None:
    found = harbour.consented()
    actions.withdraw(participant=found, degree="data", on=harbour.today(), by=COORDINATOR)
    for wrong in (
        {"degree": "data"},
        {"degree": "everything"},
        {"degree": "treatment", "ended_on": harbour.in_days(-1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
            Withdrawal(participant=found, on=harbour.today(), by="p", **wrong).save()
