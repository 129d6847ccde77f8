"""Telling an arm in an emergency: one asks, another confirms, it is shown once, and all of it is recorded."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from imara.service.allocation.models import Draw, UnblindingRequest
from imara.service.allocation.records import to_record
from imara.service.ledger.recording import Actor, Recording, recorded
from imara.service.studies import queries as studies
from imara.service.studies.refusal import Reason, RefusedError


def request_arm(*, participant: str, reason: str, by: Actor) -> UnblindingRequest:
    """Ask for a participant's arm in an emergency.

    Raises:
        RefusedError: The participant was not allocated, no reason is given, or a request of this person is open.
    """
    draw = Draw.objects.select_related("scheme").filter(participant=participant).first()
    if draw is None:
        raise RefusedError(Reason("not-allocated", _("This person has not been allocated.")))
    if not reason.strip():
        raise RefusedError(Reason("no-reason", _("Say why the arm must be known now."), "reason"))
    study = draw.scheme.study
    with recorded(
        "allocation.unblinding_requested",
        by=by,
        study=study,
        site=draw.site,
        subject=f"participant:{participant}",
        reason=reason.strip(),
    ):
        now = studies.in_force(study, lock=True)
        asked = UnblindingRequest.objects.filter(participant=participant, requested_by=by.key)
        if asked.filter(shown_at__isnull=True, declined_at__isnull=True).exists():
            words = _("You have asked for this person's arm already. Look at that request.")
            raise RefusedError(Reason("asked-already", words))
        request = UnblindingRequest(
            study=study,
            site=draw.site,
            participant=participant,
            reason=reason.strip(),
            requested_by=by.key,
            requested_role=by.role,
            requested_at=timezone.now(),
            wait_minutes=now.study.blinding.confirm_within,
        )
        request.save()
    return request


def confirm_unblinding(*, request: UnblindingRequest, by: Actor) -> UnblindingRequest:
    """Confirm another person's request for an arm.

    Raises:
        RefusedError: It is one's own, or it no longer waits for an answer.
    """
    with _act("allocation.unblinding_confirmed", request, by):
        current = _open(request)
        if current.requested_by == by.key:
            raise RefusedError(Reason("own-request", _("Another person than the one who asks has to confirm.")))
        current.confirmed_by, current.confirmed_at = by.key, timezone.now()
        current.save()
    return current


def decline_unblinding(*, request: UnblindingRequest, reason: str, by: Actor) -> UnblindingRequest:
    """Decline a request for an arm, or take one's own back.

    Raises:
        RefusedError: No reason is given, or it no longer waits for an answer.
    """
    if not reason.strip():
        raise RefusedError(Reason("no-reason", _("Say why."), "reason"))
    with _act("allocation.unblinding_declined", request, by, reason.strip()):
        current = _open(request)
        current.declined_by, current.declined_at = by.key, timezone.now()
        current.declined_because = reason.strip()
        current.save()
    return current


def go_on_alone(*, request: UnblindingRequest, because: str, by: Actor) -> UnblindingRequest:
    """Go on without a second person, when nobody has answered in the time the study states.

    Raises:
        RefusedError: It is another person's request, the time is not over, no reason is given, or it was answered.
    """
    if not because.strip():
        raise RefusedError(Reason("no-reason", _("Say whom you tried to reach, and why it cannot wait."), "because"))
    with _act("allocation.unblinding_alone", request, by, because.strip()):
        current = _open(request)
        if current.requested_by != by.key:
            raise RefusedError(Reason("not-yours", _("Only the person who asked can go on alone.")))
        if timezone.now() < alone_from(current):
            raise RefusedError(Reason("too-early", _("Somebody may still answer. Please wait, or call them.")))
        current.alone_because = because.strip()
        current.save()
    return current


@sensitive_variables()
def show_arm(*, request: UnblindingRequest, by: Actor) -> str:
    """Return the arm, once, to who asked for it.

    Raises:
        RefusedError: It is another person's request, it was not confirmed, or the arm was shown before.
    """
    with _act("allocation.arm_shown", request, by, request.reason):
        current: UnblindingRequest = UnblindingRequest.objects.select_for_update().get(pk=request.pk)
        if current.requested_by != by.key:
            raise RefusedError(Reason("not-yours", _("The arm is shown to the person who asked for it, nobody else.")))
        if current.shown_at is not None:
            words = _("The arm was shown to you already. If you need it again, ask again.")
            raise RefusedError(Reason("shown-already", words))
        if not current.confirmed_by and not current.alone_because:
            raise RefusedError(Reason("not-confirmed", _("A second person has not confirmed yet.")))
        draw = Draw.objects.select_related("scheme").get(participant=current.participant)
        arm = to_record(draw.scheme.study, draw).sealed.arm
        current.shown_at = timezone.now()
        current.save()
    return arm


def note_unblinding(*, request: UnblindingRequest, by: Actor) -> UnblindingRequest:
    """Record that an administrator has looked at what one person did alone.

    Raises:
        RefusedError: Two people did it, or it was noted before, or it is one's own.
    """
    with _act("allocation.unblinding_noted", request, by):
        current: UnblindingRequest = UnblindingRequest.objects.select_for_update().get(pk=request.pk)
        if not current.alone_because or current.noted_at is not None or current.requested_by == by.key:
            raise RefusedError(Reason("nothing-to-note", _("There is nothing for you to note here.")))
        current.noted_by, current.noted_at = by.key, timezone.now()
        current.save()
    return current


def alone_from(request: UnblindingRequest) -> datetime:
    """Return from when the person who asked may go on alone."""
    return request.requested_at + timedelta(minutes=request.wait_minutes)


def _act(kind: str, request: UnblindingRequest, by: Actor, reason: str = "") -> AbstractContextManager[Recording]:
    subject = f"participant:{request.participant}"
    return recorded(kind, by=by, study=request.study, site=request.site, subject=subject, reason=reason)


def _open(request: UnblindingRequest) -> UnblindingRequest:
    """Return the request, locked, if it still waits for an answer."""
    current: UnblindingRequest = UnblindingRequest.objects.select_for_update().get(pk=request.pk)
    if current.declined_at is not None:
        raise RefusedError(Reason("declined", _("This request was declined.")))
    if current.confirmed_by or current.alone_because:
        raise RefusedError(Reason("answered", _("This request was answered already.")))
    return current
