"""Histories on pages: readable, narrowed by the address, and never of a centre that is not one's own."""

from __future__ import annotations

import pytest
from django.test import Client

from imara.service.ledger.history import Asked, page_of_history
from imara.service.ledger.recording import Actor, recorded
from imara.service.people import actions
from imara.service.people.roles import Role

from .conftest import HERE, ME, STUDY, THERE, Cast

pytestmark = pytest.mark.django_db

BASE = f"/studies/{STUDY}/history/"


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Something was done at two centres and in another study."""
    by = Actor(cast.coordinator.key, "coordinator")
    for site, key in ((HERE, "BAL-001"), (THERE, "FRE-001"), (HERE, "BAL-002")):
        with recorded(
            "participants.screened", by=by, study=STUDY, site=site, subject=f"participant:{key}", reason="a note"
        ):
            pass
    with recorded("participants.screened", by=by, study="other", site=HERE, subject="participant:OTH-001"):
        pass
    with recorded("studies.opened", by=ME, study=STUDY, subject=f"study:{STUDY}"):
        pass
    return cast


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return str(answer.content.decode())


def test_an_act_reads_as_a_sentence_with_time_role_place_and_reason(busy: Cast, visit) -> None:
    page = text(visit(busy.monitor), BASE)
    assert "Carl Coordinator, coordinator, screened BAL-001 (" in page
    assert "<em>a note</em>" in page
    assert "sealed:" not in page


def test_at_a_centre_one_reads_of_that_centre_and_the_study_as_a_whole(busy: Cast, visit) -> None:
    mine = text(visit(busy.coordinator), BASE)
    assert "BAL-001" in mine
    assert "opened the study" in mine
    assert "FRE-001" not in mine
    assert "OTH-001" not in mine
    everything = text(visit(busy.monitor), BASE)
    assert "FRE-001" in everything
    assert "OTH-001" not in everything


@pytest.mark.parametrize("key", ["FRE-001", "OTH-001", "BAL-999"])
def test_what_is_not_ones_own_is_not_there(key: str, busy: Cast, visit) -> None:
    text(visit(busy.coordinator), f"{BASE}participants/{key}/", 404)


def test_a_participants_history(busy: Cast, visit) -> None:
    page = text(visit(busy.coordinator), f"{BASE}participants/BAL-002/")
    assert "screened BAL-002" in page
    assert "BAL-001" not in page


@pytest.mark.parametrize("who", ["assessor", "participant", "stranger"])
def test_without_the_right_there_is_none(who: str, busy: Cast, visit) -> None:
    for path in (BASE, f"{BASE}participants/BAL-001/", f"{BASE}records/people.assignment/1/"):
        text(visit(getattr(busy, who)), path, 403)
    text(visit(busy.coordinator), "/studies/other/history/", 403)


def test_a_record_shows_how_it_came_to_be(busy: Cast, visit) -> None:
    held = busy.coordinator.assignments.get()
    actions.end(assignment=held, reason="moved", by=ME)
    page = text(visit(busy.monitor), f"{BASE}records/people.assignment/{held.pk}/")
    assert "gave Carl Coordinator a role" in page
    assert "ended a role of Carl Coordinator" in page
    assert "<td>until</td><td>nothing</td>" in page
    text(visit(busy.monitor), f"{BASE}records/people.nonsense/1/", 404)
    text(visit(busy.monitor), f"{BASE}records/people.assignment/9999/", 404)


def test_the_number_of_a_record_is_whole(busy: Cast) -> None:
    for number in range(12):
        actions.assign(person=busy.stranger, role=Role.MONITOR, study=f"s{number}", by=ME)
    held = busy.stranger.assignments.order_by("pk")[1]
    found = page_of_history(Asked(record=("people.assignment", str(held.pk))))
    assert [[change["key"] for change in entry.changes] for entry in found.entries] == [[held.pk]]


def test_a_person_to_the_administrator(busy: Cast, visit) -> None:
    page = text(visit(busy.administrator), f"/people/{busy.coordinator.key}/history/")
    assert "screened OTH-001" in page
    assert "invited Carl Coordinator" in page
    assert "changed (kept secret)" in page
    assert "carl@example.org" not in page


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("?kind=studies.opened", "opened the study", "screened BAL-001 ("),
        ("?since_day=1&since_month=1&since_year=2999", "Nothing has been done that fits.", "screened BAL-001 ("),
        ("?until_day=1&until_month=1&until_year=2001", "Nothing has been done that fits.", "screened BAL-001 ("),
        ("?since_day=1&since_month=1&since_year=2001", "screened BAL-001 (", "Nothing has been done"),
        ("?kind=nonsense", "screened BAL-001 (", "Nothing has been done"),
    ],
)
def test_filters_stand_in_the_address(query: str, inside: str, outside: str, busy: Cast, visit) -> None:
    page = text(visit(busy.monitor), BASE + query)
    assert inside in page
    assert outside not in page


def test_long_histories_have_pages_and_keep_their_filters(busy: Cast, visit) -> None:
    by = Actor(busy.coordinator.key, "coordinator")
    for number in range(60):
        with recorded(
            "participants.screened", by=by, study=STUDY, site=HERE, subject=f"participant:BAL-{number + 100}"
        ):
            pass
    client = visit(busy.monitor)
    first = text(client, f"{BASE}?kind=participants.screened")
    assert "63 acts, the newest first." in first
    assert "BAL-159" in first
    assert "BAL-001" not in first
    assert "?kind=participants.screened&amp;page=2" in first
    second = text(client, f"{BASE}?kind=participants.screened&page=2")
    assert "BAL-001" in second
    assert "BAL-159" not in second


def test_in_danish(busy: Cast, visit) -> None:
    client = visit(busy.monitor)
    client.cookies["django_language"] = "da"
    assert "Carl Coordinator, koordinator, screenede BAL-001" in text(client, BASE)
