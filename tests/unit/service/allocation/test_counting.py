"""Minimisation counts on from the draw it counted last, and anew where that draw was undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from tests import island

from imara.rules.allocation.standing import standing_after
from imara.service.allocation import actions, records
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.queries import opened

pytestmark = pytest.mark.django_db

MINIMISATION = "{method: minimisation, strata: [site, severity], random_element: 0.8}"


@pytest.fixture
def keys(db: None, tmp_path: Path) -> list[str]:
    island.load(MINIMISATION, tmp_path)
    actions.open_allocation(study=island.NAME, by=island.STATISTICIAN)
    return [key for level in island.LEVELS for key in island.ready(4, level=level)]


def as_counted() -> tuple[object, object]:
    """Return what is counted on, and what all records come to."""
    scheme = Scheme.objects.get()
    whole = opened(scheme)
    afresh = standing_after(whole.scheme, whole.seed, whole.records)
    now = records.standing_for(scheme, whole.scheme, [], [])
    return (now.head, now.drawn, dict(now.counts)), (afresh.head, afresh.drawn, dict(afresh.counts))


def test_counting_on_comes_to_the_same_as_counting_all(keys: list[str]) -> None:
    for key in keys:
        actions.allocate(participant=key, by=island.COORDINATOR)
        counted, afresh = as_counted()
        assert counted == afresh


def test_only_new_draws_are_opened(keys: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for key in keys[:6]:
        actions.allocate(participant=key, by=island.COORDINATOR)
    as_counted()
    opened_rows = []
    true = records.unseal
    monkeypatch.setattr(records, "unseal", lambda place, sealed: opened_rows.append(place) or true(place, sealed))

    actions.allocate(participant=keys[6], by=island.COORDINATOR)

    # The seed, and the new draw to tell it; none of the six before.
    assert [place.split("/")[0] for place in opened_rows] == ["seed", "draw"]


def test_a_draw_that_was_undone_is_not_counted(keys: list[str]) -> None:
    for key in keys[:3]:
        actions.allocate(participant=key, by=island.COORDINATOR)
    with transaction.atomic():
        actions.allocate_together(participants=keys[3:6], by=island.COORDINATOR)
        as_counted()
        transaction.set_rollback(True)
    assert Draw.objects.count() == 3
    counted, afresh = as_counted()
    assert counted == afresh

    actions.allocate(participant=keys[7], by=island.COORDINATOR)

    counted, afresh = as_counted()
    assert counted == afresh
