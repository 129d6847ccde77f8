"""Whatever column of whatever table of allocation is changed behind the service's back, verifying names the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from tests import island

from imara.service.allocation import actions
from imara.service.allocation.models import AllocatedInError, Draw, Scheme, UnblindingRequest
from imara.service.allocation.verification import replay_all
from imara.service.ledger.verify import verify

pytestmark = pytest.mark.django_db

MODELS = (Scheme, Draw, AllocatedInError, UnblindingRequest)


def columns(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]  # of all types
    """Return all but the key, which is not changed but counted: with another key a row is gone and another too many."""
    return [field for field in model._meta.concrete_fields if field.column != "id"]


@pytest.fixture
def busy(opened: str) -> str:
    """A study in which everything has happened."""
    keys = island.ready(6)
    for key in keys:
        actions.allocate(participant=key, token="t", by=island.COORDINATOR)
    asked = actions.request_arm(participant=keys[0], reason="emergency", by=replace(island.COORDINATOR, key="pa"))
    actions.confirm_unblinding(request=asked, by=replace(island.COORDINATOR, key="pb"))
    actions.show_arm(request=asked, by=replace(island.COORDINATOR, key="pa"))
    error = actions.report_error(participant=keys[1], reason="other", account="mix-up", by=island.COORDINATOR)
    actions.decide_error(error=error, decision="kept", grounds="all stay", by=island.ADMINISTRATOR)
    return opened


@pytest.fixture(autouse=True)
def _constraints_come_back() -> Iterator[None]:
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def tamper(statement: str, *values: object) -> None:
    """Do what someone with the database's password could do, its constraints out of the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            for model in MODELS:
                for constraint in model._meta.constraints:
                    if isinstance(constraint, models.CheckConstraint):
                        name = f'"{model._meta.db_table}" DROP CONSTRAINT IF EXISTS "{constraint.name}"'
                        cursor.execute(f"ALTER TABLE {name}")
        cursor.execute(statement, values)


def other(value: object, field: models.Field) -> object:  # type: ignore[type-arg]  # of whatever type
    """Return another value that the column can hold."""
    if isinstance(field, models.BinaryField):
        changed = bytearray(bytes(value))  # type: ignore[call-overload]  # bytes of some kind
        changed[-1] ^= 1
        return bytes(changed)
    if isinstance(field, models.DateTimeField):
        return "2001-01-01 00:00:00+00:00"
    if isinstance(field, models.PositiveIntegerField):
        return int(value) + 90  # type: ignore[call-overload]  # a number
    return "x" if value != "x" else "y"


@pytest.mark.parametrize("model", MODELS)
def test_a_change_in_any_column_is_located(model: type[models.Model], busy: str) -> None:
    row = model._base_manager.order_by("pk").first()
    assert row is not None
    place = f"allocation.{model.__name__.lower()} {row.pk}"
    for field in columns(model):
        with transaction.atomic():
            value = another_scheme() if field.column == "scheme_id" else other(getattr(row, field.attname), field)
            tamper(f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = {row.pk}', value)
            found = verify()
            transaction.set_rollback(True)
        assert [one for one in found if one.place == place and f"'{field.column}'" in one.words], (field.column, found)
    assert verify() == []


def another_scheme() -> int:
    """Add a scheme behind the service's back; return its key."""
    names = [field.column for field in columns(Scheme) if field.column != "study"]
    tamper(
        f"INSERT INTO allocation_scheme (study, {', '.join(names)}) SELECT 'other', {', '.join(names)} "
        "FROM allocation_scheme"
    )
    return int(Scheme._base_manager.get(study="other").pk)


def test_swapped_arms_are_located_by_the_replay_too(busy: str) -> None:
    first, second = Draw.objects.order_by("sequence")[:2]
    for one, sealed in ((first, second.sealed), (second, first.sealed)):
        tamper(f"UPDATE allocation_draw SET sealed = %s WHERE id = {one.pk}", bytes(sealed))

    (replayed,) = replay_all()

    assert [finding.place for finding in replayed.findings] == [
        f"allocation.draw {first.pk}", f"allocation.draw {second.pk}"
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["participant", "stratum", "hash", "previous", "sequence", "act_size"])
def test_the_replay_alone_locates_a_changed_draw(column: str, busy: str) -> None:
    third = Draw.objects.get(sequence=3)
    field = Draw._meta.get_field(column)
    value = '[["site","south"],["severity","low"]]' if column == "stratum" else other(getattr(third, column), field)
    tamper(f'UPDATE allocation_draw SET "{column}" = %s WHERE id = {third.pk}', value)

    (replayed,) = replay_all()

    assert replayed.findings
    assert not any(arm in str(replayed.findings) for arm in island.ARMS)


def test_a_missing_draw_is_located(busy: str) -> None:
    third = Draw.objects.get(sequence=3)
    tamper(f"DELETE FROM allocation_draw WHERE id = {third.pk}")

    assert f"allocation.draw {third.pk}" in [finding.place for finding in verify()]
    (replayed,) = replay_all()
    assert replayed.findings[0].place == "allocation of island, draw 3"
    assert "missing" in replayed.findings[0].words


def test_every_table_of_the_room_is_tried_here() -> None:
    assert set(apps.get_app_config("allocation").get_models()) == set(MODELS)
