"""Pages of studies: the list, one study, loading, amending, and its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from imara.service.people.doorkeeper import open_to_signed_in, opens_with
from imara.service.people.queries import members
from imara.service.people.role_names import ROLE_NAMES
from imara.service.people.roles import Role
from imara.service.studies import actions, queries
from imara.service.studies.forms import AmendForm, ConfirmForm, LoadForm, StepForm
from imara.service.studies.models import ConductedStudy, StudyVersion
from imara.service.studies.plain_words import in_plain_words
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import RefusedError
from imara.service.studies.states import STATE_LABELS, STATE_WORDS, STEPS, State, steps_from
from imara.service.studies.visitor import (
    actor,
    frame,
    may,
    refused,
    site_label,
    sites_seen,
    studies_way,
    study_here,
    study_way,
    words,
)
from imara.service.ui.tables import Cell, Column, Empty, Table
from imara.study.amendment import Amendment
from imara.study.problems import InputError
from imara.study.version import folder_of, text_of

COLOURS = {
    State.DRAFT: "grey",
    State.OPEN: "green",
    State.PAUSED: "yellow",
    State.CLOSED: "blue",
    State.LOCKED: "purple",
}
_SALT = "imara.studies.preview"


@open_to_signed_in
@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    """Show the studies whose definition one may read."""
    may_load = may(request, "studies.load")
    table = Table(
        _("Studies"),
        (Column("study", _("Study")), Column("state", _("State")), Column("version", _("Version"), number=True)),
        [_row(record) for record in queries.studies_of(request.user)],
        Empty(
            _("There is no study here for you"),
            _("A study appears here once it is loaded and you have a role in it."),
            reverse("studies:load") if may_load else "",
            _("Load a study") if may_load else "",
        ),
        id="studies",
        per_page=1000,
    )
    return render(request, "studies/studies.html", {"table": table, "may_load": may_load})


def _row(record: ConductedStudy) -> tuple[Any, ...]:
    now = queries.in_force(record.name)
    link = Cell(words(now.study.title), reverse("studies:study", args=[record.name]))
    return (link, Cell(STATE_LABELS[now.state], tag=COLOURS[now.state]), now.version.number)


@opens_with("studies.load")
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Take a study in."""
    form = LoadForm(request.POST, request.FILES) if request.method == "POST" else LoadForm()
    if form.is_bound and form.is_valid() and form.folder is not None:
        name = form.folder.study.study
        try:
            # Somebody with the right for one study may not load another.
            actions.load(folder=form.folder, by=actor(request, "studies.load", name))
            messages.success(request, _("The study is here, as a draft. Give people their roles, then open it."))
            return redirect("studies:study", study=name)
        except RefusedError as error:
            refused(form, error)
    return render(request, "studies/load.html", {"form": form, "crumbs": (studies_way(),)}, status=_status(form))


@opens_with("studies.read")
@require_safe
def study(request: HttpRequest, study: str) -> HttpResponse:
    """Show a study in plain words, its versions, and who works on it."""
    now = study_here(study)
    seen = sites_seen(request, "screening.read", study)
    sites = [site for site in queries.sites(now.study) if seen is None or site in seen]
    context = {
        **frame(now, None, studies_way()),
        "state": STATE_LABELS[now.state],
        "state_words": STATE_WORDS[now.state],
        "colour": COLOURS[now.state],
        "definition": in_plain_words(now.folder),
        "version": now.version,
        "versions": _versions(study),
        "people": _people(now),
        "steps": steps_from(now.state) if may(request, "studies.open", study) else (),
        "may_amend": may(request, "studies.load", study) and now.state is not State.LOCKED,
        "may_read_log": may(request, "screening.read", study),
        "screening_at": [
            {"key": site, "label": site_label(now.study, site)}
            for site in sites
            if may(request, "screening.write", study, site)
        ],
    }
    return render(request, "studies/study.html", context)


def _versions(name: str) -> Table:
    return Table(
        _("Versions"),
        (Column("number", _("Version")), Column("at", _("In force since")), Column("reason", _("Why"))),
        [
            (
                Cell(version.number, reverse("studies:version", args=[name, version.number])),
                version.loaded_at,
                version.reason or _("The first version"),
            )
            for version in queries.versions(name)
        ],
        Empty(_("No versions"), ""),
        id="versions",
        per_page=1000,
    )


def _people(now: InForce) -> Table:
    rows = [
        (
            held.person.name or held.person.key,
            ROLE_NAMES[Role(held.role)],
            site_label(now.study, held.site) if held.site else _("All"),
        )
        for held in members(now.record.name)
    ]
    return Table(
        _("People"),
        (Column("name", _("Name")), Column("role", _("Role")), Column("site", _("Centre"))),
        rows,
        Empty(_("Nobody has a role in this study yet"), _("An administrator invites people and gives them roles.")),
        id="people",
        per_page=1000,
    )


@opens_with("studies.read")
@require_safe
def version(request: HttpRequest, study: str, number: int) -> HttpResponse:
    """Show one version: its definition, and what it changed."""
    now = study_here(study)
    found = StudyVersion.objects.filter(study__name=study, number=number).first()
    if found is None:
        raise Http404("the study has no such version")
    context = {
        **frame(now, None, studies_way(), study_way(now)),
        "version": found,
        "is_in_force": found.pk == now.version.pk,
        "definition": in_plain_words(queries.definition(found)),
    }
    return render(request, "studies/version.html", context)


@opens_with("studies.load")
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, study: str) -> HttpResponse:
    """Show what a new version would change, then put it in force."""
    now = study_here(study)
    if request.method == "POST" and "preview" in request.POST:
        return _confirmed(request, now)
    form = AmendForm(request.POST, request.FILES) if request.method == "POST" else AmendForm()
    if form.is_bound and form.is_valid() and form.folder is not None:
        renames = form.cleaned_data["renames"]
        try:
            preview = queries.compare(now, form.folder, renames)
        except InputError as error:
            form.add_error("renames", [str(problem) for problem in error.problems])
        else:
            carried = [now.version.number, text_of(form.folder), renames, form.cleaned_data["reason"]]
            sealed = signing.dumps(carried, salt=_SALT, compress=True)
            return _preview(
                request, now, preview, form.cleaned_data["reason"], ConfirmForm(initial={"preview": sealed})
            )
    context = {**frame(now, None, studies_way(), study_way(now)), "form": form}
    return render(request, "studies/amend.html", context, status=_status(form))


def _preview(
    request: HttpRequest, now: InForce, preview: Amendment, reason: str, form: ConfirmForm, status: int = 200
) -> HttpResponse:
    context = {
        **frame(now, None, studies_way(), study_way(now)),
        "preview": preview,
        "possible": [change for change in preview.changes if not change.refusal],
        "reason": reason,
        "form": form,
    }
    return render(request, "studies/preview.html", context, status=status)


def _confirmed(request: HttpRequest, now: InForce) -> HttpResponse:
    form = ConfirmForm(request.POST)
    try:
        number, text, renames, reason = signing.loads(request.POST["preview"], salt=_SALT, max_age=24 * 60 * 60)
    except signing.BadSignature:
        messages.error(request, _("This page was too old. Choose the new version again."))
        return redirect("studies:amend", study=now.record.name)
    if number != now.version.number:
        messages.error(request, _("Somebody has amended the study meanwhile. Choose the new version again."))
        return redirect("studies:amend", study=now.record.name)
    folder = folder_of(text)
    form.is_valid()
    try:
        by = actor(request, "studies.load", now.record.name)
        made = actions.amend(study=now.record.name, folder=folder, reason=reason, renames=renames, by=by)
    except RefusedError as error:
        refused(form, error)
        return _preview(request, now, queries.compare(now, folder, renames), reason, form, 409)
    messages.success(request, _("Version %(number)s is in force.") % {"number": made.number})
    return redirect("studies:study", study=now.record.name)


@opens_with("studies.open")
@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, study: str, step: str) -> HttpResponse:
    """Ask once more, then open, pause, resume, close or lock."""
    now = study_here(study)
    chosen = next((one for one in STEPS if one.name == step), None)
    if chosen is None:
        raise Http404("there is no such step")
    form = StepForm(request.POST) if request.method == "POST" else StepForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "studies.open", study)
            actions.take_step(study=study, name=step, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, str(STATE_WORDS[chosen.target]))
            return redirect("studies:study", study=study)
        except RefusedError as error:
            refused(form, error)
    context = {
        **frame(now, None, studies_way(), study_way(now)),
        "form": form,
        "step": chosen,
        "can": now.state in chosen.sources,
        "state": STATE_LABELS[now.state],
    }
    return render(request, "studies/step.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
