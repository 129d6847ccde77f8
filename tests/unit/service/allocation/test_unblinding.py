"""In an emergency: one asks, another confirms, it is shown once; alone only after the time the study states."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import island

from imara.service.allocation import actions, queries
from imara.service.allocation.models import UnblindingRequest
from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor, recorded
from imara.service.ledger.verify import verify
from imara.service.people import actions as people
from imara.service.people.roles import Role, right
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.django_db

ASSESSOR = Actor("passessor", "assessor")
SUPERVISOR = Actor("psupervisor", "supervisor")


@pytest.fixture
def key(opened: str) -> str:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    return key


@pytest.fixture
def asked(key: str) -> UnblindingRequest:
    return actions.request_arm(participant=key, reason="admitted, clozapine?", by=ASSESSOR)


def refusal(act: object, *args: object, **kwargs: object) -> tuple[str, ...]:
    with pytest.raises(RefusedError) as refused:
        act(*args, **kwargs)  # type: ignore[operator]  # an act
    return refused.value.codes


def test_another_person_confirms_and_the_arm_is_shown_once_to_who_asked(key: str, asked: UnblindingRequest) -> None:
    assert refusal(actions.show_arm, request=asked, by=ASSESSOR) == ("not-confirmed",)
    assert refusal(actions.confirm_unblinding, request=asked, by=ASSESSOR) == ("own-request",)
    assert not queries.is_unblinded("passessor", key)

    actions.confirm_unblinding(request=asked, by=SUPERVISOR)

    assert refusal(actions.show_arm, request=asked, by=SUPERVISOR) == ("not-yours",)
    arm = actions.show_arm(request=asked, by=ASSESSOR)
    assert arm == actions.tell_again(participant=key, by=island.COORDINATOR).arm
    assert refusal(actions.show_arm, request=asked, by=ASSESSOR) == ("shown-already",)
    assert queries.is_unblinded("passessor", key)
    assert queries.unblinded([key, "other"]) == {key: frozenset({"passessor"})}
    assert verify() == []


def test_every_step_leaves_its_event_with_its_reason(key: str, asked: UnblindingRequest) -> None:
    actions.confirm_unblinding(request=asked, by=SUPERVISOR)
    actions.show_arm(request=asked, by=ASSESSOR)

    events = Event.objects.filter(subject=f"participant:{key}", kind__contains="unblinding")
    assert [(event.kind, event.actor, event.role) for event in events] == [
        ("allocation.unblinding_requested", "passessor", "assessor"),
        ("allocation.unblinding_confirmed", "psupervisor", "supervisor"),
    ]
    shown = Event.objects.get(kind="allocation.arm_shown")
    assert (shown.actor, shown.reason, shown.site) == ("passessor", "admitted, clozapine?", "north")


def test_one_person_alone_waits_for_the_minutes_the_study_states(
    asked: UnblindingRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked.wait_minutes == 15
    assert refusal(actions.go_on_alone, request=asked, because="nobody", by=ASSESSOR) == ("too-early",)
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert refusal(actions.go_on_alone, request=asked, because=" ", by=ASSESSOR) == ("no-reason",)
    assert refusal(actions.go_on_alone, request=asked, because="nobody", by=SUPERVISOR) == ("not-yours",)

    actions.go_on_alone(request=asked, because="called three people", by=ASSESSOR)

    assert refusal(actions.confirm_unblinding, request=asked, by=SUPERVISOR) == ("answered",)
    assert actions.show_arm(request=asked, by=ASSESSOR) in island.ARMS
    event = Event.objects.get(kind="allocation.unblinding_alone")
    assert event.reason == "called three people"
    assert refusal(actions.note_unblinding, request=asked, by=ASSESSOR) == ("nothing-to-note",)
    assert actions.note_unblinding(request=asked, by=island.ADMINISTRATOR).noted_at == later


def test_what_is_declined_is_not_shown(asked: UnblindingRequest) -> None:
    assert refusal(actions.decline_unblinding, request=asked, reason="", by=SUPERVISOR) == ("no-reason",)

    actions.decline_unblinding(request=asked, reason="no treatment depends on it", by=SUPERVISOR)

    assert refusal(actions.confirm_unblinding, request=asked, by=island.COORDINATOR) == ("declined",)
    assert refusal(actions.show_arm, request=asked, by=ASSESSOR) == ("not-confirmed",)
    # Another emergency is another request.
    assert actions.request_arm(participant=asked.participant, reason="again", by=ASSESSOR).pk != asked.pk


def test_nobody_asks_twice_at_once_or_for_who_was_not_drawn(asked: UnblindingRequest) -> None:
    again = {"participant": asked.participant, "reason": "again", "by": ASSESSOR}
    assert refusal(actions.request_arm, **again) == ("asked-already",)
    other = {"participant": island.screened(), "reason": "x", "by": ASSESSOR}
    assert refusal(actions.request_arm, **other) == ("not-allocated",)


CHANGES = {
    "confirmed by oneself": {"confirmed_by": "passessor", "confirmed_at": timezone.now() + timedelta(days=1)},
    "shown to one person without a reason": {"shown_at": timezone.now() + timedelta(days=1)},
    "confirmed without a time": {"confirmed_by": "psupervisor"},
    "declined and shown": {
        "declined_by": "p", "declined_because": "x", "declined_at": timezone.now() + timedelta(days=1),
        "alone_because": "x", "shown_at": timezone.now() + timedelta(days=1),
    },
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_database_refuses_what_must_not_be(change: dict[str, object], asked: UnblindingRequest) -> None:
    for name, value in change.items():
        setattr(asked, name, value)
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.forged", by=ASSESSOR):
        asked.save()


def test_an_assessor_who_is_coordinator_elsewhere_learns_no_arm(key: str) -> None:
    person = people.invite(by=island.ADMINISTRATOR)
    draw = right("allocation.draw")
    people.assign(person=person, role=Role.COORDINATOR, study="island", site="north", by=island.ADMINISTRATOR)
    assert set(queries.arms(person, draw, study="island", site="north")) == {key}

    people.assign(person=person, role=Role.ASSESSOR, study="island", site="south", by=island.ADMINISTRATOR)

    with pytest.raises(PermissionDenied):
        queries.arms(person, draw, study="island", site="north")


def test_a_right_that_tells_no_arm_gives_none(key: str) -> None:
    person = people.invite(by=island.ADMINISTRATOR)
    people.assign(person=person, role=Role.COORDINATOR, study="island", site="north", by=island.ADMINISTRATOR)
    with pytest.raises(PermissionDenied):
        queries.arms(person, right("participants.read"), study="island", site="north")
