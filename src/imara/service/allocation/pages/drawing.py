"""Pages of who enrols: who is ready, allocating one or a group, and what to tell the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imara.service.allocation import actions, queries
from imara.service.allocation.actions import Drawn
from imara.service.allocation.forms import AllocateForm, GroupForm, new_token
from imara.service.allocation.pages.visitor import actor, frame, may, refused, study_here, words
from imara.service.participants import queries as participants
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import RefusedError
from imara.service.ui.navigation import Way
from imara.service.ui.tables import Cell, Column, Empty, Table


@dataclass(frozen=True, repr=False)
class Told:
    """One line of the page that tells what was drawn."""

    drawn: Drawn
    label: str
    description: str

    def __repr__(self) -> str:
        return f"Told({self.drawn.participant}, sealed)"


@never_cache
@opens_with("allocation.draw")
@require_safe
def ready(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Show who can be allocated at a centre, and who has been."""
    now = study_here(study, site)
    waiting = queries.waiting(study, site)
    return render(
        request,
        "allocation/ready.html",
        {
            **frame(now, site),
            "opening": queries.opening(study),
            "waiting": _waiting(study, site, waiting),
            "allocated": _allocated(study, site),
            "several": len(waiting) > 1,
            "groups": [{"size": need.size, "people": need.people} for need in queries.groups(now.folder)],
        },
    )


@never_cache
@opens_with("allocation.draw")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def one(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Ask once more, allocate, and tell what was drawn."""
    now = study_here(study, site)
    participants.at_centre(participant, study, site)
    form = AllocateForm(request.POST if request.method == "POST" else None, initial={"token": new_token()})
    if request.method == "POST" and form.is_valid():
        try:
            by = actor(request, "allocation.draw", study, site)
            drawn = actions.allocate(participant=participant, token=form.cleaned_data["token"], by=by)
            return _told(request, now, site, drawn)
        except RefusedError as error:
            refused(form, error)
    done = queries.is_allocated(participant)
    return render(
        request,
        "allocation/one.html",
        {
            **frame(now, site, _way(study, site)),
            "participant": participant,
            "receipt": queries.receipt(participant) if done else None,
            "now": None if done else participants.ready_for_allocation(participant),
            "opening": queries.opening(study),
            "form": form,
            "may_report": may(request, "allocation.report_error", study, site),
        },
        status=409 if form.is_bound and not form.is_valid() else 200,
    )


@never_cache
@opens_with("allocation.draw")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def group(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Allocate those who have waited until a group can start, in one act."""
    now = study_here(study, site)
    waiting = queries.waiting(study, site)
    # Those who were just allocated by a form that is sent twice are still an answer to it.
    named = [key for key in request.POST.getlist("people") if key not in waiting]
    named = [key for key in named if queries.is_allocated(key) and participants.at_centre(key, study, site)]
    sent = request.POST if request.method == "POST" else None
    form = GroupForm([*waiting, *named], sent, initial={"token": new_token(), "people": waiting})
    if request.method == "POST" and form.is_valid():
        try:
            by = actor(request, "allocation.draw", study, site)
            drawn = actions.allocate_together(
                participants=sorted(form.cleaned_data["people"]), token=form.cleaned_data["token"], by=by
            )
            return _told(request, now, site, *drawn)
        except RefusedError as error:
            refused(form, error)
    return render(
        request,
        "allocation/group.html",
        {
            **frame(now, site, _way(study, site)),
            "form": form,
            "waiting": waiting,
            "groups": [{"size": need.size, "people": need.people} for need in queries.groups(now.folder)],
        },
        status=409 if form.is_bound and not form.is_valid() else 200,
    )


@never_cache
@opens_with("allocation.draw")
@require_POST
@sensitive_variables()
def again(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Tell again what was drawn: the same page as the first time. That it was told is recorded."""
    now = study_here(study, site)
    participants.at_centre(participant, study, site)
    queries.receipt(participant)
    by = actor(request, "allocation.draw", study, site)
    return _told(request, now, site, actions.tell_again(participant=participant, by=by))


@sensitive_variables()
def _told(request: HttpRequest, now: InForce, site: str, *drawn: Drawn) -> HttpResponse:
    # The answer to the form itself, so that no address tells an arm and no reload draws anew.
    told = [_line(now, one) for one in drawn]
    context: dict[str, Any] = {**frame(now, site, _way(now.record.name, site)), "told": told}
    return render(request, "allocation/told.html", context)


@sensitive_variables()
def _line(now: InForce, drawn: Drawn) -> Told:
    arm = now.study.arms[drawn.arm]
    return Told(drawn, words(arm.label), words(arm.description) if arm.description else "")


def _way(study: str, site: str) -> Way:
    return Way(_("Allocation"), reverse("allocation:ready", args=[study, site]))


def _waiting(study: str, site: str, keys: list[str]) -> Table:
    return Table(
        _("Ready to be allocated"),
        (Column("participant", _("Number")), Column("act", _("What to do"))),
        [
            (key, Cell(_("Allocate %(key)s") % {"key": key}, reverse("allocation:one", args=[study, site, key])))
            for key in keys
        ],
        Empty(
            _("Nobody is ready"),
            _("People appear here when they meet the criteria and have given their consent."),
        ),
        id="waiting",
        per_page=max(50, len(keys)),
    )


def _allocated(study: str, site: str) -> Table:
    rows = queries.receipts(study, [site])
    return Table(
        _("Allocated"),
        (Column("participant", _("Number")), Column("at", _("When")), Column("state", _("State"))),
        [
            (
                Cell(row.participant, reverse("allocation:one", args=[study, site, row.participant])),
                row.at,
                Cell(_("Allocated in error"), tag="red") if row.in_error else Cell(_("Allocated"), tag="green"),
            )
            for row in rows
        ],
        Empty(_("Nobody has been allocated yet"), _("Whoever is allocated at this centre stands here from then on.")),
        id="allocated",
        per_page=max(50, len(rows)),
    )
