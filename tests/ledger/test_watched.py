"""Tables of other packages that give access: their changes are events, and what is changed behind them is found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from imara.service.ledger import triggers
from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor, UnrecordedWriteError, recorded
from imara.service.ledger.verify import verify
from imara.service.ledger.watched import watches
from imara.service.people import actions
from imara.service.people.models import Person


def add(person: Person, secret: str = "JBSWY3DP") -> Authenticator:
    with transaction.atomic():
        row = Authenticator(user=person, type="totp", data={"secret": secret})
        row.save()
    return row


def tamper(statement: str) -> None:
    """Do what someone with the database's password could do."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    triggers.install(connection)


def last() -> tuple[Event, list[dict[str, Any]]]:
    event = Event.objects.order_by("-sequence").first()
    assert event is not None
    return event, json.loads(event.changes)


@pytest.mark.django_db
def test_adding_is_an_event_of_the_persons_own(person: Person) -> None:
    add(person)
    event, (change,) = last()
    assert (event.kind, event.actor, event.role) == ("people.second_step_changed", person.key, "self")
    assert event.subject == f"person:{person.key}"
    assert change["before"] is None
    assert change["after"]["type"] == "totp"
    assert change["after"]["data"].startswith("sealed:")
    assert "JBSWY3DP" not in event.changes
    assert verify() == []


@pytest.mark.django_db
def test_changing_and_removing_are_events(person: Person) -> None:
    row = add(person)
    row.data = {"secret": "another"}
    with transaction.atomic():
        row.save()
    _, (change,) = last()
    assert set(change["after"]) == {"data"} or change["before"]["data"] != change["after"]["data"]
    row.delete()
    event, (change,) = last()
    assert change["after"] is None
    assert event.kind == "people.second_step_changed"
    assert verify() == []


@pytest.mark.django_db
def test_removing_many_at_once_is_seen_too(person: Person) -> None:
    add(person)
    before = Event.objects.count()
    Authenticator.objects.filter(user=person).delete()
    assert Event.objects.count() == before + 1
    assert verify() == []


@pytest.mark.django_db
def test_being_used_leaves_no_event(person: Person) -> None:
    row = add(person)
    before = Event.objects.count()
    row.record_usage()
    assert Event.objects.count() == before
    assert verify() == []


@pytest.mark.django_db
def test_within_an_act_it_is_part_of_it(person: Person, administrator: Actor) -> None:
    add(person)
    assert actions.remove_second_steps(person=person, reason="phone lost", by=administrator) == 1
    event, changes = last()
    assert (event.kind, event.actor, event.reason) == ("people.second_steps_removed", "system:test", "phone lost")
    assert [change["after"] for change in changes] == [None]
    assert verify() == []


@pytest.mark.django_db
def test_a_failed_act_leaves_neither(person: Person, administrator: Actor) -> None:
    with pytest.raises(ZeroDivisionError), recorded("people.second_steps_removed", by=administrator):  # noqa: PT012
        Authenticator(user=person, type="totp", data={}).save()
        _ = 1 / 0
    assert not Authenticator.objects.exists()
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_saving_outside_a_transaction_is_refused(administrator: Actor) -> None:
    person = actions.invite(name="Ann", by=administrator)
    with pytest.raises(UnrecordedWriteError, match="outside a transaction"):
        Authenticator(user=person, type="totp", data={}).save()
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("""UPDATE mfa_authenticator SET data = '{"secret": "eve"}'""", "'data' is not what event"),
        ("UPDATE mfa_authenticator SET type = 'webauthn'", "'type' is not what event"),
        ("DELETE FROM mfa_authenticator", "gone from the table"),
        (
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) "
            "SELECT user_id, 'webauthn', data, created_at FROM mfa_authenticator",
            "no event made it",
        ),
    ],
)
def test_what_is_done_behind_the_services_back_is_found(statement: str, words: str, person: Person) -> None:
    add(person)
    tamper(statement)
    (finding,) = verify()
    assert finding.place.startswith("mfa.authenticator ")
    assert words in finding.words


@pytest.mark.django_db
def test_a_second_step_given_to_somebody_else_is_found(person: Person, administrator: Actor) -> None:
    row, eve = add(person), actions.invite(name="Eve", by=administrator)
    tamper(f"UPDATE mfa_authenticator SET user_id = {eve.pk}")
    (finding,) = verify()
    assert finding.place == f"mfa.authenticator {row.pk}"
    assert "'user_id'" in finding.words


@pytest.mark.django_db
def test_an_address_that_lets_somebody_else_in_is_found(person: Person) -> None:
    tamper(
        'INSERT INTO account_emailaddress (user_id, email, verified, "primary") '
        f"VALUES ({person.pk}, 'eve@example.org', true, true)"
    )
    (finding,) = verify()
    assert finding.place.startswith("account.emailaddress ")
    assert "no event made it" in finding.words


def test_every_table_of_allauth_that_gives_access_is_watched() -> None:
    """A new version of allauth with a new table fails here until somebody has decided about it."""
    watched: set[type[models.Model]] = {one.model for one in watches()}
    assert watched == {Authenticator, EmailAddress}
    tables = {model for label in ("account", "mfa") for model in apps.get_app_config(label).get_models()}
    # Confirmations of addresses confirm nothing here: no page of this site takes them.
    assert {model._meta.model_name for model in tables - watched} == {"emailconfirmation"}
