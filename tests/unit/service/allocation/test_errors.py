"""Someone allocated in error stays allocated; what follows is decided by another, and the slot stays used."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests import island

from imara.service.allocation import actions, queries
from imara.service.allocation.models import Draw
from imara.service.allocation.verification import replay_all
from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor, UnrecordedWriteError, recorded
from imara.service.ledger.verify import verify
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.django_db

MONITOR = Actor("pmonitor", "monitor")


@pytest.fixture
def keys(opened: str) -> list[str]:
    keys = island.ready(3)
    for key in keys:
        actions.allocate(participant=key, by=island.COORDINATOR)
    return keys


def test_an_error_is_reported_by_one_and_decided_by_another(keys: list[str]) -> None:
    error = actions.report_error(participant=keys[1], reason="not-eligible", account="was 17", by=island.COORDINATOR)
    with pytest.raises(RefusedError) as refused:
        actions.decide_error(error=error, decision="left-out", grounds="never eligible", by=island.COORDINATOR)
    assert refused.value.codes == ("own-report",)

    actions.decide_error(error=error, decision="left-out", grounds="never eligible", by=MONITOR)

    with pytest.raises(RefusedError) as refused:
        actions.decide_error(error=error, decision="kept", grounds="no", by=MONITOR)
    assert refused.value.codes == ("decided",)
    kinds = Event.objects.filter(subject=f"participant:{keys[1]}").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["allocation.error_reported", "allocation.error_decided"]
    assert [row.in_error for row in queries.receipts("island")] == [False, True, False]


def test_the_draw_and_its_slot_stay(keys: list[str]) -> None:
    before = list(Draw.objects.values())
    actions.report_error(participant=keys[1], reason="other", account="mix-up", by=island.COORDINATOR)
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)

    assert list(Draw.objects.values())[:3] == before
    assert Draw.objects.get(participant=key).sequence == 4
    assert actions.allocate(participant=keys[1], by=island.COORDINATOR).again
    assert [replayed.findings for replayed in replay_all()] == [()]
    assert verify() == []


def test_a_report_says_what_happened_once(keys: list[str]) -> None:
    cases = [
        ("nonsense", "x", "no-reason"),
        ("other", " ", "no-account"),
        ("other", "mix-up", None),
        ("other", "x", "reported"),
    ]
    for reason, account, code in cases:
        if code is None:
            actions.report_error(participant=keys[0], reason=reason, account=account, by=island.COORDINATOR)
            continue
        with pytest.raises(RefusedError) as refused:
            actions.report_error(participant=keys[0], reason=reason, account=account, by=island.COORDINATOR)
        assert refused.value.codes == (code,)


def test_a_draw_cannot_be_deleted_nor_made_twice(keys: list[str]) -> None:
    first = Draw.objects.get(sequence=1)
    with pytest.raises(UnrecordedWriteError), recorded("test.forged", by=MONITOR):
        first.delete()
    for change in ({"participant": keys[0], "sequence": 9}, {"participant": "X-1", "sequence": 1}):
        forged = Draw.objects.get(sequence=2)
        forged.pk, forged._state.adding = None, True
        forged.previous, forged.hash = "a" * 64, "b" * 64
        forged.act, forged.act_size = change["sequence"], 1
        for name, value in change.items():
            setattr(forged, name, value)
        with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.forged", by=MONITOR):
            forged.save()
    assert Draw.objects.count() == 3
