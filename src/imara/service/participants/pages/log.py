"""The screening log and the list of whom to screen again: without names, for those who enrol and those who watch."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from imara.rules.eligibility import Outcome
from imara.service.participants import queries
from imara.service.participants.forms import OUTCOME_LABELS, LogForm
from imara.service.participants.models import Screening
from imara.service.people.doorkeeper import opens_with
from imara.service.studies import queries as studies
from imara.service.studies.queries import InForce
from imara.service.studies.visitor import frame, may, site_label, sites_seen, studies_way, study_here, study_way, words
from imara.service.ui.tables import PER_PAGE, Cell, Column, Empty, Table, page_of, read_order

COLOURS = {
    Outcome.ELIGIBLE: "green",
    Outcome.NOT_ELIGIBLE: "grey",
    Outcome.SCREEN_AGAIN: "yellow",
    Outcome.INCOMPLETE: "blue",
}
_FIELDS = {"number": "participant__key", "at": "at", "outcome": "outcome", "again": "again_on"}


@never_cache
@opens_with("screening.read")
@require_safe
def log(request: HttpRequest, study: str) -> HttpResponse:
    """Show everyone screened at the centres one may see, by their last screening."""
    now, seen = study_here(study), sites_seen(request, "screening.read", study)
    form = _filters(request, now, seen)
    columns = (
        Column("number", _("Number"), sortable=True),
        Column("site", _("Centre")),
        Column("at", _("Last screened"), sortable=True),
        Column("outcome", _("Outcome"), sortable=True),
        Column("reasons", _("Reasons")),
        Column("again", _("Screen again"), sortable=True),
    )
    order = read_order(request.GET, columns, "number")
    rows = queries.screening_log(study, seen, form.wanted())
    if fields := order.field(_FIELDS):
        rows = rows.order_by(*fields, "participant__key")
    reading = may(request, "participants.read", study)
    table = Table(
        _("Screening log"),
        columns,
        [_row(now, one, reading) for one in page_of(rows, order)],
        Empty(_("Nobody fits these filters"), _("Take a filter away to see more."), request.path, _("Show all"))
        if request.GET
        else Empty(_("Nobody has been screened yet"), _("Everyone who is screened stands here, whatever the outcome.")),
        id="log",
        order=order,
        query=request.GET,
        total=rows.count(),
        per_page=PER_PAGE,
    )
    context = {**frame(now, None, studies_way(), study_way(now)), "table": table, "filters_form": form}
    context["export"] = f"{reverse('participants:export', args=[study])}?{request.GET.urlencode()}"
    return render(request, "participants/log.html", context)


def _row(now: InForce, one: Screening, reading: bool) -> tuple[Any, ...]:
    person = one.participant
    address = reverse("participants:person", args=[person.study_id, person.site, person.key]) if reading else ""
    outcome = Outcome(one.outcome)
    merged = person.merged_into
    state = (
        Cell(_("Same as %(key)s") % {"key": merged.key}, tag="grey")
        if merged is not None
        else Cell(OUTCOME_LABELS[outcome], tag=COLOURS[outcome])
    )
    return (
        Cell(person.key, address),
        site_label(now.study, person.site),
        one.at,
        state,
        "; ".join(reasons(one)),
        one.again_on or "",
    )


def reasons(screened: Screening) -> list[str]:
    """Return the criteria that keep someone out, as their version of the study asks them."""
    study = studies.definition(screened.version).study
    asked = {one.id: words(one.ask) for one in (*study.eligibility.include, *study.eligibility.exclude)}
    return [asked.get(name, name) for name in screened.reasons]


def _filters(request: HttpRequest, now: InForce, seen: frozenset[str] | None) -> LogForm:
    sites = [site for site in studies.sites(now.study) if seen is None or site in seen]
    return LogForm(now.study, sites, request.GET or {})


@never_cache
@opens_with("screening.read")
@require_safe
def export(request: HttpRequest, study: str) -> HttpResponse:
    """Give the log as a file for a spreadsheet, with the same filters and without names."""
    now, seen = study_here(study), sites_seen(request, "screening.read", study)
    form = _filters(request, now, seen)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{study}-screening-log.csv"'
    writer = csv.writer(response)
    heading = [
        "participant",
        "site",
        "screening",
        "version",
        "screened_on",
        "outcome",
        "reasons",
        "again_on",
        "same_as",
    ]
    writer.writerow(heading)
    for one in queries.screening_log(study, seen, form.wanted()):
        person = one.participant
        writer.writerow(
            [
                person.key,
                person.site,
                one.number,
                one.version.number,
                timezone.localdate(one.at).isoformat(),
                one.outcome,
                " ".join(one.reasons),
                one.again_on or "",
                person.merged_into.key if person.merged_into is not None else "",
            ]
        )
    return response


@never_cache
@opens_with("screening.read")
@require_safe
def again(request: HttpRequest, study: str) -> HttpResponse:
    """Show whom to screen again, the earliest day first."""
    now, seen = study_here(study), sites_seen(request, "screening.read", study)
    rows, today = list(queries.to_screen_again(study, seen)), timezone.localdate()
    table = Table(
        _("Screen again"),
        (
            Column("number", _("Number")),
            Column("site", _("Centre")),
            Column("on", _("Day")),
            Column("due", _("State")),
            Column("reasons", _("Reasons")),
        ),
        [
            (
                _again_link(request, one),
                site_label(now.study, one.participant.site),
                one.again_on,
                Cell(_("Due"), tag="orange")
                if one.again_on and one.again_on <= today
                else Cell(_("Later"), tag="grey"),
                "; ".join(reasons(one)),
            )
            for one in rows
        ],
        Empty(
            _("Nobody waits to be screened again"),
            _("People stand here when something is in the way that may pass, with the day you chose."),
        ),
        id="again",
        per_page=max(PER_PAGE, len(rows)),
    )
    return render(
        request, "participants/again.html", {**frame(now, None, studies_way(), study_way(now)), "table": table}
    )


def _again_link(request: HttpRequest, one: Screening) -> Cell:
    person = one.participant
    place = [person.study_id, person.site, person.key]
    if may(request, "screening.write", person.study_id, person.site):
        return Cell(person.key, reverse("participants:screen_again", args=place))
    return Cell(person.key)
