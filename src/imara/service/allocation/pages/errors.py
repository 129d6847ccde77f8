"""Pages about people who were allocated in error: reporting, reading, deciding."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from imara.service.allocation import actions, queries
from imara.service.allocation.forms import DECISIONS, ERROR_REASONS, DecisionForm, ErrorForm
from imara.service.allocation.models import AllocatedInError
from imara.service.allocation.pages.visitor import actor, frame, may, refused, study_here
from imara.service.participants import queries as participants
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.refusal import RefusedError
from imara.service.ui.navigation import Way
from imara.service.ui.tables import Cell, Column, Empty, Table


@never_cache
@opens_with("allocation.errors")
@require_safe
def errors(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Show who was allocated in error at a centre."""
    now = study_here(study, site)
    rows = queries.errors(study, [site])
    table = Table(
        _("Allocated in error"),
        (Column("participant", _("Number")), Column("at", _("Reported")), Column("state", _("State"))),
        [
            (
                Cell(row.participant, reverse("allocation:error", args=[study, site, row.participant])),
                row.reported_at,
                Cell(_("Decided"), tag="green") if row.decision else Cell(_("To be decided"), tag="orange"),
            )
            for row in rows
        ],
        Empty(_("Nobody was allocated in error"), _("An error is reported from the page of the person.")),
        per_page=max(50, len(rows)),
    )
    return render(request, "allocation/errors.html", {**frame(now, site), "table": table})


@never_cache
@opens_with("allocation.report_error")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Report that someone was allocated in error."""
    now = study_here(study, site)
    participants.at_centre(participant, study, site)
    form = ErrorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            by = actor(request, "allocation.report_error", study, site)
            actions.report_error(participant=participant, by=by, **form.cleaned_data)
            return redirect("allocation:errors", study=study, site=site)
        except RefusedError as error:
            refused(form, error)
    context = {**frame(now, site, _way(study, site)), "form": form, "participant": participant}
    return render(request, "allocation/report.html", context, status=409 if form.is_bound else 200)


@never_cache
@opens_with("allocation.errors")
@require_http_methods(["GET", "HEAD", "POST"])
def error(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Show what was reported, and decide what follows."""
    now = study_here(study, site)
    found = queries.error(participant, study=study, site=site)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        by = actor(request, "allocation.decide_error", study, site)
        if form.is_valid():
            try:
                actions.decide_error(error=found, by=by, **form.cleaned_data)
                return redirect("allocation:error", study=study, site=site, participant=participant)
            except RefusedError as refusal:
                refused(form, refusal)
    own = found.reported_by == request.user.key  # type: ignore[union-attr]  # the doorkeeper lets in who signed in
    context = {
        **frame(now, site, _way(study, site)),
        "found": found,
        "reason": ERROR_REASONS[AllocatedInError.Reason(found.reason)],
        "decision": DECISIONS[AllocatedInError.Decision(found.decision)] if found.decision else "",
        "can_decide": not found.decision and not own and may(request, "allocation.decide_error", study, site),
        "form": form,
    }
    return render(request, "allocation/error.html", context, status=409 if form.is_bound else 200)


def _way(study: str, site: str) -> Way:
    return Way(_("Allocated in error"), reverse("allocation:errors", args=[study, site]))
