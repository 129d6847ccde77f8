"""Whoever asks twice gets the draw that was made; whoever is not ready gets none."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests import island

from imara.service.allocation import actions, queries
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.verification import replay_all
from imara.service.ledger.models import Event
from imara.service.ledger.verify import verify
from imara.service.participants import actions as participants
from imara.service.participants.queries import participant
from imara.service.studies import actions as studies
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.django_db


def test_a_draw_is_made_and_leaves_its_event(opened: str) -> None:
    (key,) = island.ready()

    drawn = actions.allocate(participant=key, by=island.COORDINATOR)

    assert drawn.arm in island.ARMS
    assert not drawn.again
    event = Event.objects.get(kind="allocation.drawn")
    assert (event.actor, event.study, event.site) == ("pcoordinator", "island", "north")
    assert event.subject == f"participant:{key}"
    (change,) = json.loads(event.changes)
    assert change["after"]["participant"] == key
    assert change["after"]["sealed"].startswith("sealed:")
    assert verify() == []
    assert [replayed.findings for replayed in replay_all()] == [()]


def test_the_second_request_gets_the_same_draw_and_says_so(opened: str) -> None:
    (key,) = island.ready()
    first = actions.allocate(participant=key, token="t1", by=island.COORDINATOR)

    click = actions.allocate(participant=key, token="t1", by=island.COORDINATOR)
    later = actions.allocate(participant=key, token="t2", by=island.COORDINATOR)

    assert (click.arm, click.sequence, click.again, click.same_form) == (first.arm, 1, True, True)
    assert (later.arm, later.sequence, later.again, later.same_form) == (first.arm, 1, True, False)
    assert Draw.objects.count() == 1
    assert Event.objects.filter(kind="allocation.drawn").count() == 1
    assert Event.objects.filter(kind="allocation.told_again").count() == 2


def test_telling_again_draws_nothing_and_is_recorded(opened: str) -> None:
    (key,) = island.ready()
    first = actions.allocate(participant=key, by=island.COORDINATOR)

    again = actions.tell_again(participant=key, by=island.COORDINATOR)

    assert (again.arm, again.again) == (first.arm, True)
    assert Event.objects.last().kind == "allocation.told_again"  # type: ignore[union-attr]  # there is one


def test_every_stratum_keeps_its_blocks_and_the_arms_their_ratio(opened: str) -> None:
    arms = [actions.allocate(participant=key, by=island.COORDINATOR).arm for key in island.ready(12)]

    # Blocks of 4 and 6: within any block no arm is more than 3 ahead, and 12 people end 2 blocks or more.
    assert all(abs(arms[:n].count("quokka") - arms[:n].count("narwhal")) <= 3 for n in range(1, 13))
    assert abs(arms.count("quokka") - arms.count("narwhal")) <= 2


NOT_READY = {
    "consent": island.screened,
    "eligible": lambda: island.screened(age=12),
    "withdrawn": lambda: _withdrawn(island.ready()[0]),
    "paused": lambda: _paused(island.ready()[0]),
}


def _withdrawn(key: str) -> str:
    participants.withdraw(participant=participant(key), degree="treatment", on=date(2026, 1, 2), by=island.COORDINATOR)
    return key


def _paused(key: str) -> str:
    studies.take_step(study=island.NAME, name="pause", by=island.ADMINISTRATOR)
    return key


@pytest.mark.parametrize("reason", NOT_READY)
def test_who_is_not_ready_is_not_allocated(reason: str, opened: str) -> None:
    key = NOT_READY[reason]()
    events = Event.objects.count()

    with pytest.raises(RefusedError) as refusal:
        actions.allocate(participant=key, by=island.COORDINATOR)

    assert refusal.value.reasons
    assert Draw.objects.count() == 0
    assert Event.objects.count() == events


def test_nobody_is_allocated_before_the_seed_is_committed(study: str) -> None:
    (key,) = island.ready()

    with pytest.raises(RefusedError) as refusal:
        actions.allocate(participant=key, by=island.COORDINATOR)

    assert refusal.value.codes == ("not-opened",)


def test_the_commitment_is_an_event_before_the_first_draw(opened: str) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)

    commitment = Event.objects.get(kind="allocation.opened")
    (change,) = json.loads(commitment.changes)
    assert change["after"]["commitment"] == Scheme.objects.get().commitment
    assert change["after"]["seed"].startswith("sealed:")
    assert change["after"]["terms"].startswith("sealed:")
    assert commitment.sequence < Event.objects.get(kind="allocation.drawn").sequence
    assert Draw.objects.get().previous == Scheme.objects.get().commitment


def test_allocation_is_opened_once(opened: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        actions.open_allocation(study=opened, by=island.STATISTICIAN)

    assert refusal.value.codes == ("allocation-open",)
    assert Scheme.objects.count() == 1


def test_who_is_waiting_is_known_without_a_draw(opened: str) -> None:
    keys = island.ready(2)
    island.screened()
    island.ready(1, site="south")
    assert queries.waiting(opened, "north") == keys

    actions.allocate(participant=keys[0], by=island.COORDINATOR)

    assert queries.waiting(opened, "north") == keys[1:]
    assert [row.participant for row in queries.receipts(opened, ["north"])] == keys[:1]
