"""The same person twice: found without telling more than where, reported, decided by another, and nothing deleted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests import harbour
from tests.harbour import COORDINATOR, EAST, WEST

from imara.service.ledger.recording import Actor, recorded
from imara.service.participants import actions, queries
from imara.service.participants.models import Duplicate, Participant
from imara.service.people import identities
from imara.service.people.identities import Who
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.usefixtures("study")
MONITOR = Actor("pmonitor", "monitor")
NUMBER = "0101801234"


def named(found: Participant, number: str = NUMBER) -> Participant:
    identities.keep(participant=found.key, who=Who("Ane", number), study=harbour.NAME, site=found.site, by=COORDINATOR)
    return found


def test_at_ones_own_centre_the_key_is_told_elsewhere_only_the_centre() -> None:
    here, there, new = named(harbour.person(EAST)), named(harbour.person(WEST)), named(harbour.person(EAST))
    keys = identities.same_number(NUMBER, but=new.key)
    assert keys == (here.key, there.key)
    told = queries.screened_before(keys, harbour.NAME, EAST)
    assert [(one.site, one.key) for one in told] == [(EAST, here.key), (WEST, "")]


def test_other_numbers_and_other_studies_are_not_told() -> None:
    named(harbour.person(EAST), "0202801234")
    assert identities.same_number(NUMBER) == ()
    assert identities.same_number("") == ()
    named(harbour.person(EAST))
    assert queries.screened_before(identities.same_number(NUMBER), "another", EAST) == []


def test_somebody_else_decides_and_the_first_key_counts() -> None:
    first, second = harbour.consented(), harbour.consented()
    found = actions.report_duplicate(later=first, earlier=second, reason="Same birthday", by=COORDINATOR)
    assert (found.later, found.earlier) == (second, first)
    with pytest.raises(RefusedError) as refused:
        actions.decide_duplicate(duplicate=found, same=True, reason="Asked", by=COORDINATOR)
    assert refused.value.codes == ("second-person",)
    actions.decide_duplicate(duplicate=found, same=True, reason="Asked", by=MONITOR)
    assert queries.participant(second.key).merged_into == first
    assert queries.ready_for_allocation(second.key).reasons[0].code == "merged"
    assert queries.ready_for_allocation(first.key).is_ready
    assert second.consents.count() == 1
    with pytest.raises(RefusedError):
        actions.screen_again(participant=second, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR)


def test_two_people_stay_two() -> None:
    first, second = harbour.consented(), harbour.consented()
    found = actions.report_duplicate(later=second, earlier=first, reason="Same name", by=COORDINATOR)
    actions.decide_duplicate(duplicate=found, same=False, reason="Two birthdays", by=MONITOR)
    assert queries.participant(second.key).merged_into is None
    assert queries.duplicates_waiting(harbour.NAME) == []
    with pytest.raises(RefusedError):
        actions.decide_duplicate(duplicate=found, same=True, reason="No", by=MONITOR)


def test_a_chain_of_merged_keys_leads_to_the_first_in_one_step() -> None:
    one, two, three = harbour.person(), harbour.person(), harbour.person()
    late = actions.report_duplicate(later=three, earlier=two, reason="Same", by=COORDINATOR)
    early = actions.report_duplicate(later=two, earlier=one, reason="Same", by=COORDINATOR)
    actions.decide_duplicate(duplicate=early, same=True, reason="Same", by=MONITOR)
    actions.decide_duplicate(duplicate=late, same=True, reason="Same", by=MONITOR)
    assert queries.participant(three.key).merged_into == one


@pytest.mark.parametrize("reason", ["", " "])
def test_a_report_has_a_reason_and_two_keys(reason: str) -> None:
    first = harbour.person()
    with pytest.raises(RefusedError) as refused:
        actions.report_duplicate(later=first, earlier=first, reason=reason, by=COORDINATOR)
    assert refused.value.codes == ("same-key", "no-reason")


def test_the_database_itself_wants_a_second_person() -> None:
    first, second = harbour.person(), harbour.person()
    found = actions.report_duplicate(later=second, earlier=first, reason="Same", by=COORDINATOR)
    found.decision, found.decided_by, found.decided_at = "same", COORDINATOR.key, found.reported_at
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
        found.save()
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
        Duplicate(later=first, earlier=first, reported_by="p", reason="x").save()
    first.merged_into = first
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
        first.save()
