"""Change and event are written together, and nothing is written without an event."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from imara.service.ledger.models import BEGINNING, Event, Head
from imara.service.ledger.queries import history
from imara.service.ledger.recorded import RecordedModel
from imara.service.ledger.recording import Actor, UnrecordedWriteError, current_recording, recorded
from imara.service.ledger.verify import recorded_models, verify
from imara.service.people import actions
from imara.service.people.models import Assignment, Identity, OneTimeLink, Person
from imara.service.people.roles import Role

pytestmark = pytest.mark.django_db


def test_an_act_leaves_its_event(person: Person, administrator: Actor) -> None:
    actions.assign(person=person, role=Role.COORDINATOR, study="imr-denmark", site="ballerup", by=administrator)
    invited, assigned = Event.objects.all()
    assert (invited.kind, assigned.kind) == ("people.invited", "people.assigned")
    assert (assigned.actor, assigned.role) == ("system:test", "administrator")
    assert (assigned.study, assigned.site, assigned.subject) == ("imr-denmark", "ballerup", f"person:{person.key}")
    (change,) = json.loads(assigned.changes)
    assert change["before"] is None
    assert change["after"]["role"] == "coordinator"
    assert assigned.at.endswith("+00:00")


def test_only_what_differs_is_kept_of_a_change(person: Person, administrator: Actor) -> None:
    with recorded("people.renamed", by=administrator):
        person.language = "da"
        person.save()
    (change,) = json.loads(Event.objects.last().changes)  # type: ignore[union-attr]  # there is one
    assert change == {
        "model": "people.person",
        "key": person.pk,
        "before": {"language": "en"},
        "after": {"language": "da"},
    }


def test_secrets_stand_in_the_ledger_only_as_digests(person: Person) -> None:
    text = Event.objects.get(kind="people.invited").changes
    assert "Ann" not in text
    assert "ann@example.org" not in text
    assert text.count("sealed:") == 3


def test_a_failed_act_leaves_neither_change_nor_event(person: Person, administrator: Actor) -> None:
    with pytest.raises(ZeroDivisionError), recorded("people.renamed", by=administrator):  # noqa: PT012  # the act is the block
        person.language = "da"
        person.save()
        _ = 1 / 0
    assert Person.objects.get().language == "en"
    assert Event.objects.count() == 1
    assert current_recording() is None
    assert verify() == []


def test_an_act_within_an_act_has_its_own_event_in_the_same_transaction(administrator: Actor) -> None:
    with pytest.raises(ZeroDivisionError), recorded("outer.done", by=administrator):  # noqa: PT012  # the act is the block
        actions.invite(by=administrator)
        _ = 1 / 0
    assert Person.objects.count() == 0
    assert Event.objects.count() == 0
    with recorded("outer.done", by=administrator):
        person = actions.invite(by=administrator)
        person.language = "da"
        person.save()
    assert [event.kind for event in Event.objects.all()] == ["people.invited", "outer.done"]
    assert verify() == []


def test_events_form_a_chain(person: Person, administrator: Actor) -> None:
    actions.close_account(person=person, reason="left", by=administrator)
    first, second = Event.objects.all()
    assert first.previous == BEGINNING
    assert second.previous == first.hash == first.computed_hash()
    assert (Head.objects.get().sequence, Head.objects.get().hash) == (2, second.hash)


WRITES: dict[str, Callable[[Person], object]] = {
    "save": lambda person: person.save(),
    "save of some fields": lambda person: person.save(update_fields=["name", "last_login"]),
    "delete": lambda person: person.delete(),
    "update": lambda person: Person.objects.filter(pk=person.pk).update(name="Eve"),
    "bulk_update": lambda person: Person.objects.bulk_update([person], ["name"]),
    "bulk_create": lambda _: Person.objects.bulk_create([Person()]),
    "delete of many": lambda _: Person.objects.all().delete(),
    "create": lambda _: Person.objects.create(name="Eve"),
    "get_or_create": lambda _: Person.objects.get_or_create(name="Eve"),
    "update_or_create": lambda _: Person.objects.update_or_create(name="Eve"),
    "related create": lambda person: person.assignments.create(role="monitor"),
    "related update": lambda person: person.assignments.update(role="monitor"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_no_door_leads_round_the_ledger(write: Callable[[Person], object], person: Person) -> None:
    with pytest.raises(UnrecordedWriteError):
        write(person)
    assert Event.objects.count() == 1
    assert verify() == []


def test_bulk_writes_are_refused_inside_an_act_too(person: Person, administrator: Actor) -> None:
    for name in ("update", "bulk_update", "bulk_create", "delete of many"):
        with pytest.raises(UnrecordedWriteError), recorded("people.changed", by=administrator):
            WRITES[name](person)


def test_last_login_may_change_without_an_act(person: Person) -> None:
    person.save(update_fields=["last_login"])
    assert verify() == []


def test_nobody_acts_anonymously() -> None:
    with pytest.raises(ValueError, match="someone who does it"):
        Actor("", "coordinator")
    with pytest.raises(UnrecordedWriteError, match="needs an Actor"), recorded("people.changed", by=None):  # type: ignore[arg-type]  # what must not be possible
        pass


@pytest.mark.parametrize("statement", ["UPDATE ledger_event SET reason = 'x'", "DELETE FROM ledger_event"])
def test_the_database_refuses_to_change_events(statement: str, person: Person) -> None:
    with (
        pytest.raises((IntegrityError, ProgrammingError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_history_of_a_person(person: Person, administrator: Actor) -> None:
    actions.close_account(person=person, reason="left the centre", by=administrator)
    entries = history(subject=f"person:{person.key}")
    assert [(entry.kind, entry.reason) for entry in entries] == [
        ("people.invited", ""), ("people.account_closed", "left the centre")
    ]  # fmt: skip


def test_every_model_is_listed_here() -> None:
    """A model of a new room fails until it is declared: recorded, or outside the ledger with its reason."""
    listed = {Assignment, Identity, OneTimeLink, Person}
    others = set(recorded_models()) - listed
    assert {model._meta.app_label for model in others} <= {"studies", "participants", "allocation"}
    assert all(issubclass(model, RecordedModel) for model in listed)
