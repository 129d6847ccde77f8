"""Pages for an emergency: asking for an arm, confirming, going on alone, being shown it once."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imara.service.allocation import actions, queries
from imara.service.allocation.actions.unblinding import alone_from
from imara.service.allocation.forms import BecauseForm, RequestForm
from imara.service.allocation.models import UnblindingRequest
from imara.service.allocation.pages.visitor import actor, frame, may, refused, study_here, words
from imara.service.participants import queries as participants
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.refusal import RefusedError
from imara.service.ui.navigation import Way
from imara.service.ui.tables import Cell, Column, Empty, Table

SEE_ALL = ("unblinding.confirm", "unblinding.note")
"""Rights with which one sees the requests of others."""
STATES = {
    "waiting": "blue",
    "confirmed": "green",
    "alone": "orange",
    "declined": "grey",
    "shown": "purple",
    "unnoted": "red",
}
"""State of a request to the colour of its tag."""


@never_cache
@opens_with("unblinding.read")
@require_safe
def requests(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Show requests for an arm at a centre: all to those who confirm or watch, one's own to others."""
    now = study_here(study, site)
    rows = [row for row in queries.unblindings(study, [site]) if _sees(request, row)]
    table = Table(
        _("Requests"),
        (
            Column("participant", _("Number")),
            Column("at", _("Asked")),
            Column("state", _("State")),
        ),
        [
            (
                Cell(row.participant, reverse("allocation:unblinding", args=[study, site, row.pk])),
                row.requested_at,
                Cell(_state_words(row), tag=STATES[_state(row)]),
            )
            for row in rows
        ],
        Empty(_("There are no requests"), _("A request is made from the page of the person it is about.")),
        per_page=max(50, len(rows)),
    )
    return render(request, "allocation/requests.html", {**frame(now, site), "table": table})


@never_cache
@opens_with("unblinding.request")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Ask for a participant's arm in an emergency."""
    now = study_here(study, site)
    participants.at_centre(participant, study, site)
    form = RequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            by = actor(request, "unblinding.request", study, site)
            made = actions.request_arm(participant=participant, reason=form.cleaned_data["reason"], by=by)
            return redirect("allocation:unblinding", study=study, site=site, request_id=made.pk)
        except RefusedError as error:
            refused(form, error)
    return render(
        request,
        "allocation/ask.html",
        {
            **frame(now, site, _way(study, site)),
            "form": form,
            "participant": participant,
            "minutes": now.study.blinding.confirm_within,
        },
        status=409 if form.is_bound else 200,
    )


@never_cache
@opens_with("unblinding.read")
@require_safe
def one(request: HttpRequest, study: str, site: str, request_id: int) -> HttpResponse:
    """Show one request and what can be done with it now."""
    return _one(request, study, site, _found(request, study, site, request_id), BecauseForm())


@never_cache
@opens_with("unblinding.confirm")
@require_POST
def confirm(request: HttpRequest, study: str, site: str, request_id: int) -> HttpResponse:
    """Confirm another person's request."""
    found, form = _found(request, study, site, request_id), BecauseForm({"because": "-"})
    form.is_valid()
    try:
        actions.confirm_unblinding(request=found, by=actor(request, "unblinding.confirm", study, site))
    except RefusedError as error:
        refused(form, error)
        return _one(request, study, site, found, form)
    return redirect("allocation:unblinding", study=study, site=site, request_id=found.pk)


@never_cache
@opens_with("unblinding.read")
@require_POST
def decline(request: HttpRequest, study: str, site: str, request_id: int) -> HttpResponse:
    """Decline a request, or take one's own back."""
    found, form = _found(request, study, site, request_id), BecauseForm(request.POST)
    own = found.requested_by == request.user.key  # type: ignore[union-attr]  # the doorkeeper lets in who signed in
    by = actor(request, "unblinding.request" if own else "unblinding.confirm", study, site)
    if form.is_valid():
        try:
            actions.decline_unblinding(request=found, reason=form.cleaned_data["because"], by=by)
            return redirect("allocation:unblinding", study=study, site=site, request_id=found.pk)
        except RefusedError as error:
            refused(form, error)
    return _one(request, study, site, found, form)


@never_cache
@opens_with("unblinding.request")
@require_POST
def alone(request: HttpRequest, study: str, site: str, request_id: int) -> HttpResponse:
    """Go on without a second person, when nobody has answered in time."""
    found, form = _found(request, study, site, request_id), BecauseForm(request.POST)
    if form.is_valid():
        try:
            by = actor(request, "unblinding.request", study, site)
            actions.go_on_alone(request=found, because=form.cleaned_data["because"], by=by)
            return redirect("allocation:unblinding", study=study, site=site, request_id=found.pk)
        except RefusedError as error:
            refused(form, error)
    return _one(request, study, site, found, form)


@never_cache
@opens_with("unblinding.request")
@require_POST
@sensitive_variables()
def show(request: HttpRequest, study: str, site: str, request_id: int) -> HttpResponse:
    """Show the arm, once, to who asked for it."""
    now = study_here(study, site)
    found, form = _found(request, study, site, request_id), BecauseForm({"because": "-"})
    form.is_valid()
    try:
        drawn = actions.show_arm(request=found, by=actor(request, "unblinding.request", study, site))
    except RefusedError as error:
        refused(form, error)
        return _one(request, study, site, found, form)
    arm = now.study.arms[drawn]
    return render(
        request,
        "allocation/shown.html",
        {
            **frame(now, site, _way(study, site)),
            "participant": found.participant,
            "label": words(arm.label),
            "description": words(arm.description) if arm.description else "",
        },
    )


@never_cache
@opens_with("unblinding.note")
@require_POST
def note(request: HttpRequest, study: str, site: str, request_id: int) -> HttpResponse:
    """Record that an administrator has looked at what one person did alone."""
    found, form = _found(request, study, site, request_id), BecauseForm({"because": "-"})
    form.is_valid()
    try:
        actions.note_unblinding(request=found, by=actor(request, "unblinding.note", study, site))
    except RefusedError as error:
        refused(form, error)
        return _one(request, study, site, found, form)
    return redirect("allocation:unblinding", study=study, site=site, request_id=found.pk)


def _found(request: HttpRequest, study: str, site: str, request_id: int) -> UnblindingRequest:
    study_here(study, site)
    found = queries.unblinding(request_id, study=study, site=site)
    if not _sees(request, found):
        raise Http404("there is no such request here")
    return found


def _sees(request: HttpRequest, row: UnblindingRequest) -> bool:
    own = row.requested_by == request.user.key  # type: ignore[union-attr]  # the doorkeeper lets in who signed in
    return own or any(may(request, name, row.study, row.site) for name in SEE_ALL)


def _one(request: HttpRequest, study: str, site: str, found: UnblindingRequest, form: BecauseForm) -> HttpResponse:
    now = study_here(study, site)
    current = queries.unblinding(found.pk, study=study, site=site)
    state = _state(current)
    own = current.requested_by == request.user.key  # type: ignore[union-attr]  # the doorkeeper lets in who signed in
    context = {
        **frame(now, site, _way(study, site)),
        "asked": current,
        "own": own,
        "state": _state_words(current),
        "colour": STATES[state],
        "waits": state == "waiting",
        "can_confirm": state == "waiting" and not own and may(request, "unblinding.confirm", study, site),
        "can_show": own and state in {"confirmed", "alone"},
        "can_go_alone": own and state == "waiting" and timezone.now() >= alone_from(current),
        "alone_from": alone_from(current),
        "can_note": bool(current.alone_because)
        and current.noted_at is None
        and not own
        and may(request, "unblinding.note", study, site),
        "form": form,
    }
    return render(request, "allocation/request.html", context, status=409 if form.is_bound else 200)


def _state(row: UnblindingRequest) -> str:
    if row.declined_at is not None:
        return "declined"
    if row.shown_at is not None:
        return "unnoted" if row.alone_because and row.noted_at is None else "shown"
    if row.confirmed_by:
        return "confirmed"
    return "alone" if row.alone_because else "waiting"


def _state_words(row: UnblindingRequest) -> str:
    return {
        "waiting": _("Waits for a second person"),
        "confirmed": _("Confirmed"),
        "alone": _("One person alone"),
        "declined": _("Declined"),
        "shown": _("Shown"),
        "unnoted": _("Shown to one person alone; the administrator has not looked yet"),
    }[_state(row)]


def _way(study: str, site: str) -> Way:
    return Way(_("Emergency unblinding"), reverse("allocation:unblindings", args=[study, site]))
