"""When someone was allocated who should not have been: reported, decided by another, never undone."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.service.allocation.models import AllocatedInError, Draw
from imara.service.ledger.recording import Actor, recorded
from imara.service.studies.refusal import Reason, RefusedError


def report_error(*, participant: str, reason: str, account: str, by: Actor) -> AllocatedInError:
    """Report that someone was allocated in error. The draw stays, and its slot stays used.

    Args:
        participant: The participant's key.
        reason: One of `AllocatedInError.Reason`.
        account: What happened, without names and without the arm.
        by: Who reports it.

    Raises:
        RefusedError: The person was not allocated, it was reported before, or something is left out.
    """
    draw = Draw.objects.select_related("scheme").filter(participant=participant).first()
    if draw is None:
        raise RefusedError(Reason("not-allocated", _("This person has not been allocated.")))
    if reason not in AllocatedInError.Reason.values:
        raise RefusedError(Reason("no-reason", _("Choose what went wrong."), "reason"))
    if not account.strip():
        raise RefusedError(Reason("no-account", _("Say what happened."), "account"))
    with recorded(
        "allocation.error_reported",
        by=by,
        study=draw.scheme.study,
        site=draw.site,
        subject=f"participant:{participant}",
        reason=account.strip(),
    ):
        # Two who report at once meet at the scheme's row, and the second finds the report of the first.
        type(draw.scheme).objects.select_for_update().get(pk=draw.scheme.pk)
        if AllocatedInError.objects.filter(participant=participant).exists():
            raise RefusedError(Reason("reported", _("This was reported already.")))
        error = AllocatedInError(
            study=draw.scheme.study,
            site=draw.site,
            participant=participant,
            reason=reason,
            account=account.strip(),
            reported_by=by.key,
            reported_at=timezone.now(),
        )
        error.save()
    return error


def decide_error(*, error: AllocatedInError, decision: str, grounds: str, by: Actor) -> AllocatedInError:
    """Decide what follows for the analysis, without knowing the arm.

    Args:
        error: What was reported.
        decision: One of `AllocatedInError.Decision`.
        grounds: Why.
        by: Who decides: another than who reported it.

    Raises:
        RefusedError: It was decided before, by oneself reported, or something is left out.
    """
    if decision not in AllocatedInError.Decision.values:
        raise RefusedError(Reason("no-decision", _("Choose what follows for the analysis."), "decision"))
    if not grounds.strip():
        raise RefusedError(Reason("no-grounds", _("Say why it is decided so."), "grounds"))
    with recorded(
        "allocation.error_decided",
        by=by,
        study=error.study,
        site=error.site,
        subject=f"participant:{error.participant}",
        reason=grounds.strip(),
    ):
        current: AllocatedInError = AllocatedInError.objects.select_for_update().get(pk=error.pk)
        if current.decision:
            raise RefusedError(Reason("decided", _("This was decided already.")))
        if current.reported_by == by.key:
            raise RefusedError(Reason("own-report", _("Another person than the one who reported it has to decide.")))
        current.decision, current.grounds = decision, grounds.strip()
        current.decided_by, current.decided_at = by.key, timezone.now()
        current.save()
    return current
