"""The arm, the slots and the seed stand nowhere but sealed: no event, log record, repr or message tells them."""

from __future__ import annotations

import json
import logging
import traceback
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import island

from imara.rules.allocation.record import hash_of, seal_of
from imara.service.allocation import actions, queries
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.records import records_of, seed_of, to_record
from imara.service.allocation.sealing import BrokenSealError, unseal
from imara.service.ledger.models import Event
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.django_db


def telling(text: str) -> list[str]:
    """Return the words in a text that tell an arm."""
    return [word for word in (*island.ARMS, *island.LABELS) if word.lower() in text.lower()]


def act() -> list[str]:
    """Do everything that allocation can do, and return the people."""
    keys = island.ready(8)
    for key in keys[:5]:
        actions.allocate(participant=key, token="t", by=island.COORDINATOR)
    actions.allocate_together(participants=keys[4:], token="g", by=island.COORDINATOR)
    actions.tell_again(participant=keys[0], by=island.COORDINATOR)
    asked = actions.request_arm(participant=keys[0], reason="emergency", by=replace(island.COORDINATOR, key="pa"))
    actions.confirm_unblinding(request=asked, by=replace(island.COORDINATOR, key="pb"))
    actions.show_arm(request=asked, by=replace(island.COORDINATOR, key="pa"))
    error = actions.report_error(participant=keys[1], reason="other", account="mix-up", by=island.COORDINATOR)
    actions.decide_error(error=error, decision="kept", grounds="all stay", by=island.ADMINISTRATOR)
    return keys


def test_no_event_log_record_or_statement_tells_an_arm(opened: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as statements:
        keys = act()

    events = list(Event.objects.filter(kind__startswith="allocation."))
    kinds = {event.kind for event in events}
    assert kinds == {
        f"allocation.{done}"
        for done in (
            "opened", "drawn", "told_again", "unblinding_requested", "unblinding_confirmed", "arm_shown",
            "error_reported", "error_decided",
        )
    }  # fmt: skip
    for event in events:
        assert telling(json.dumps([str(value) for value in vars(event).values()])) == []
    assert [record for record in caplog.records if telling(record.getMessage())] == []
    # What the database is told while drawing; the definition that is read names its arms, and nobody's.
    written = [sql["sql"] for sql in statements if sql["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(written) > 20
    assert [sql for sql in written if telling(sql)] == []
    assert len(keys) == 8


def test_no_row_tells_an_arm(opened: str) -> None:
    act()
    for model in apps.get_app_config("allocation").get_models():
        for row in model._base_manager.values():
            # How the study allocates names its arms, and nobody's.
            row.pop("terms", None)
            assert telling(str(row)) == [], model
    # Nor by its length: an arm of seven letters takes as much room as one of four.
    assert len({len(bytes(draw.sealed)) for draw in Draw.objects.all()}) == 1


def test_no_repr_tells_an_arm_slot_or_seed(opened: str) -> None:
    (key,) = island.ready()
    drawn = actions.allocate(participant=key, by=island.COORDINATOR)
    scheme = Scheme.objects.get()
    draw = Draw.objects.get()
    record = to_record(scheme.study, draw)
    seed = seed_of(scheme)
    shown = " ".join(
        repr(thing) for thing in (drawn, scheme, draw, record, record.sealed, seed, queries.opened(scheme))
    )
    assert telling(shown) == []
    assert seed.secret.hex() not in shown
    assert "block" not in shown


def test_no_refusal_tells_an_arm(opened: str, caplog: pytest.LogCaptureFixture) -> None:
    keys = act()
    not_ready = island.screened()
    other = replace(island.COORDINATOR, key="pc")
    asked = actions.request_arm(participant=keys[2], reason="emergency", by=other)
    acts = [
        lambda: actions.allocate(participant=not_ready, by=other),
        lambda: actions.allocate_together(participants=[], by=other),
        lambda: actions.tell_again(participant=not_ready, by=other),
        lambda: actions.open_allocation(study=opened, by=other),
        lambda: actions.reveal(study=opened, by=other),
        lambda: actions.request_arm(participant=keys[2], reason="again", by=other),
        lambda: actions.confirm_unblinding(request=asked, by=other),
        lambda: actions.show_arm(request=asked, by=other),
        lambda: actions.show_arm(request=asked, by=island.COORDINATOR),
        lambda: actions.go_on_alone(request=asked, because="nobody is here", by=other),
        lambda: actions.report_error(participant=keys[1], reason="other", account="again", by=other),
    ]
    for number, refused in enumerate(acts):
        with pytest.raises(RefusedError) as refusal:
            refused()
        assert telling("".join(traceback.format_exception(refusal.value))) == [], number
    assert [record for record in caplog.records if telling(record.getMessage())] == []


def test_a_crash_while_drawing_tells_nothing_and_leaves_nothing(opened: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = island.ready()
    events = Event.objects.count()

    def crash(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("imara.service.ledger.recording._append", crash)
        with pytest.raises(OSError, match="disk is full") as failure:
            actions.allocate(participant=key, by=island.COORDINATOR)

    assert telling("".join(traceback.format_exception(failure.value))) == []
    assert Draw.objects.count() == 0
    assert Event.objects.count() == events
    assert actions.allocate(participant=key, by=island.COORDINATOR).sequence == 1


def test_who_knows_all_inputs_cannot_try_both_arms(opened: str) -> None:
    """A draw's hash is public. Without the seed, no arm and no slot gives it, whoever knows all that is public."""
    for key in island.ready(6):
        actions.allocate(participant=key, by=island.COORDINATOR)
    seed = seed_of(Scheme.objects.get())
    guessed = 0
    for record in records_of(Scheme.objects.get()):
        # The right arm and the right slot with any seal but the secret one, and the secret one, which binds both.
        for seal in ("", "0" * 64, record.previous, record.hash):
            assert hash_of(replace(record, sealed=replace(record.sealed, seal=seal))) != record.hash
        assert record.sealed.seal == seal_of(seed, record)
        for arm in island.ARMS:
            guessed += hash_of(replace(record, sealed=replace(record.sealed, arm=arm))) == record.hash
    assert guessed == 6
    assert len({record.sealed.seal for record in records_of(Scheme.objects.get())}) == 6


def test_what_is_sealed_opens_in_its_own_row_only(opened: str) -> None:
    for key in island.ready(2):
        actions.allocate(participant=key, by=island.COORDINATOR)
    first, second = Draw.objects.all()

    with pytest.raises(BrokenSealError, match="cannot be opened") as failure:
        unseal(f"draw/{opened}/{first.sequence}/{first.participant}", bytes(second.sealed))

    assert telling(str(failure.value)) == []


def test_another_key_opens_nothing(opened: str, settings: object) -> None:
    settings.IMARA_ALLOCATION_KEY = b"A" * 43 + b"="  # type: ignore[attr-defined]  # pytest-django's

    with pytest.raises(BrokenSealError):
        seed_of(Scheme.objects.get())
