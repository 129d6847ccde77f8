"""Whatever is changed behind the service's back is found, and its place is named."""

from __future__ import annotations

import pytest
from django.db import connection

from imara.service.ledger import triggers
from imara.service.ledger.recording import Actor
from imara.service.ledger.verify import verify
from imara.service.people import actions
from imara.service.people.models import Person
from imara.service.people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(person: Person, administrator: Actor) -> Person:
    actions.assign(person=person, role=Role.MONITOR, by=administrator)
    actions.assign(person=person, role=Role.COORDINATOR, study="imr-denmark", by=administrator)
    return person


def tamper(*statements: str) -> None:
    """Do what someone with the database's password could do."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    triggers.install(connection)


def places() -> list[str]:
    return [finding.place for finding in verify()]


def test_all_is_well(site: Person) -> None:
    assert verify() == []


@pytest.mark.parametrize("column", ["kind", "at", "actor", "role", "study", "site", "subject", "reason", "changes"])
def test_a_changed_event_is_found(column: str, site: Person) -> None:
    tamper(f"UPDATE ledger_event SET {column} = '[]' WHERE sequence = 2")
    assert "event 2" in places()


def test_a_changed_event_with_a_new_hash_breaks_the_chain(site: Person) -> None:
    tamper(f"UPDATE ledger_event SET hash = '{'a' * 64}' WHERE sequence = 2")
    assert places()[:2] == ["event 2", "event 3"]


def test_a_removed_event_is_found(site: Person) -> None:
    tamper("DELETE FROM ledger_event WHERE sequence = 2")
    found = verify()
    assert (found[0].place, found[0].words) == ("event 3", "events before it are missing: 2")


def test_a_removed_last_event_is_found(site: Person) -> None:
    tamper("DELETE FROM ledger_event WHERE sequence = 3")
    assert "head" in places()


def test_a_removed_head_is_found(site: Person) -> None:
    tamper("DELETE FROM ledger_head")
    assert places() == ["head"]


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("UPDATE people_person SET name = 'Eve'", "name"),
        ("UPDATE people_person SET language = 'da'", "language"),
        ("UPDATE people_person SET password = 'x'", "password"),
        ("UPDATE people_person SET email = 'eve@example.org'", "email"),
    ],
)
def test_a_changed_row_is_found(statement: str, field: str, site: Person) -> None:
    tamper(statement)
    (finding,) = verify()
    assert finding.place == f"people.person {site.pk}"
    assert f"'{field}'" in finding.words


def test_a_removed_row_is_found(site: Person) -> None:
    tamper("DELETE FROM people_assignment WHERE role = 'monitor'")
    (finding,) = verify()
    assert "gone from the table" in finding.words


def test_an_added_row_is_found(site: Person) -> None:
    tamper(
        "INSERT INTO people_assignment (person_id, role, study, site, since) "
        f"VALUES ({site.pk}, 'administrator', '', '', '2026-01-01 00:00:00+00:00')"
    )
    (finding,) = verify()
    assert "no event made it" in finding.words


def test_a_removed_guard_is_found(site: Person) -> None:
    triggers.remove(connection)
    assert all(place.startswith("trigger ledger_event_no_") for place in places())
    assert places()
    triggers.install(connection)
