"""Pages about who someone is: a look with a reason, entering and correcting, and whether two numbers are one person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from imara.service.participants import actions, queries
from imara.service.participants.forms import DecideForm, DuplicateForm, IdentityForm, LookForm
from imara.service.participants.models import Duplicate, Participant
from imara.service.participants.pages.around import (
    EDIT,
    form_page,
    person_frame,
    status_of,
    to_person,
)
from imara.service.people import identities
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import actor, frame, refused, site_label, studies_way, study_here, study_way
from imara.service.ui.navigation import Way
from imara.service.ui.tables import Cell, Column, Empty, Table


@never_cache
@opens_with("identity.read")
@require_http_methods(EDIT)
@sensitive_variables()
def look(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Ask why, record the look, and show who it is."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    form = LookForm(request.POST) if request.method == "POST" else LookForm()
    if form.is_bound and form.is_valid():
        by = actor(request, "identity.read", study, site)
        who = identities.see(participant=found.key, study=study, site=site, reason=form.cleaned_data["reason"], by=by)
        rows = [{"key": key, "value": value} for key, value in _rows(who)] if who is not None else []
        context = {**person_frame(now, found), "person": found, "rows": rows}
        return render(request, "participants/identity.html", context)
    context = {**person_frame(now, found), "person": found, "form": form, "is_known": identities.is_known(found.key)}
    return render(request, "participants/look.html", context, status=status_of(form))


@sensitive_variables()
def _rows(who: identities.Who) -> list[tuple[str, str]]:
    number = who.national_number
    return [
        (_("Name"), who.name),
        (_("CPR number"), f"{number[:6]}-{number[6:]}" if number else _("None")),
        (_("Telephone number"), who.phone),
        (_("E-mail address"), who.email),
        (_("Address"), who.address),
        (_("Whom to call if the person cannot be reached"), who.contact),
    ]


@never_cache
@opens_with("identity.write")
@sensitive_post_parameters()
@require_http_methods(EDIT)
@sensitive_variables()
def enter(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Enter who someone is, and say whether they were screened before. What is there is never shown for editing."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    form = IdentityForm(request.POST) if request.method == "POST" else IdentityForm()
    if form.is_bound and form.is_valid():
        by = actor(request, "identity.write", study, site)
        who = form.who()
        identities.keep(participant=found.key, who=who, study=study, site=site, by=by)
        for before in queries.screened_before(identities.same_number(who.national_number, but=found.key), study, site):
            messages.warning(request, _screened_before(before, site_label(now.study, before.site)))
        messages.success(request, _("Name and contact are kept, encrypted and apart from the study's data."))
        return to_person(found)
    return form_page(request, now, found, form, _("Name and contact"), _("Keep"))


def _screened_before(before: queries.ScreenedBefore, label: str) -> str:
    if before.key:
        words = _("This person was screened here before, as %(key)s. If it is the same person, report it.")
        return words % {"key": before.key}
    return _("This person was screened before. Ask the coordinator of %(site)s.") % {"site": label}


@never_cache
@opens_with("screening.write")
@require_http_methods(EDIT)
def report(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Report that another number may be the same person."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    form = DuplicateForm(request.POST) if request.method == "POST" else DuplicateForm()
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data["other"].strip().upper()
        other = Participant.objects.filter(key=typed, study__name=study).first()
        try:
            if other is None:
                # The same words whether there is no such number or it belongs to another study.
                form.add_error("other", _("There is no such number in this study. Ask the coordinator who gave it."))
            else:
                by = actor(request, "screening.write", study, site)
                actions.report_duplicate(later=found, earlier=other, reason=form.cleaned_data["reason"], by=by)
                messages.success(request, _("It is reported. Somebody else decides."))
                return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("The same person twice"), _("Report"))


@never_cache
@opens_with("duplicates.decide")
@require_safe
def duplicates(request: HttpRequest, study: str) -> HttpResponse:
    """Show which numbers may be the same person."""
    now = study_here(study)
    rows = queries.duplicates_waiting(study)
    table = Table(
        _("The same person twice"),
        (Column("numbers", _("Numbers")), Column("at", _("Reported")), Column("why", _("Why"))),
        [
            (
                Cell(f"{one.earlier.key}, {one.later.key}", reverse("participants:duplicate", args=[study, one.pk])),
                one.reported_at,
                one.reason,
            )
            for one in rows
        ],
        Empty(_("Nothing to decide"), _("When somebody reports that two numbers may be one person, it stands here.")),
        id="duplicates",
        per_page=max(50, len(rows)),
    )
    context = {**frame(now, None, studies_way(), study_way(now)), "table": table}
    return render(request, "participants/duplicates.html", context)


@never_cache
@opens_with("duplicates.decide")
@require_http_methods(EDIT)
def decide(request: HttpRequest, study: str, duplicate_id: int) -> HttpResponse:
    """Decide whether two numbers are the same person."""
    now = study_here(study)
    rows = Duplicate.objects.filter(pk=duplicate_id, later__study__name=study, decision="")
    found = rows.select_related("later", "earlier").first()
    if found is None:
        raise Http404("there is nothing to decide of this number")
    form = DecideForm(request.POST) if request.method == "POST" else DecideForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "duplicates.decide", study)
            same = form.cleaned_data["same"] == "same"
            actions.decide_duplicate(duplicate=found, same=same, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The decision is recorded. Both numbers stay."))
            return redirect("participants:duplicates", study=study)
        except RefusedError as error:
            refused(form, error)
    way = Way(_("The same person twice"), reverse("participants:duplicates", args=[study]))
    context = {**frame(now, None, studies_way(), study_way(now), way), "form": form, "found": found}
    return render(request, "participants/decide.html", context, status=status_of(form))
