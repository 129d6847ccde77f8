"""Pages of who enrols: screening somebody, and one person's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from imara.rules.consent import Standing
from imara.rules.eligibility import Outcome
from imara.service.participants import actions, queries
from imara.service.participants.forms import (
    DEGREE_LABELS,
    GIVER_LABELS,
    OUTCOME_LABELS,
    ScreeningForm,
    initial_of,
)
from imara.service.participants.models import Participant
from imara.service.participants.pages.around import (
    EDIT,
    person_frame,
    show,
    status_of,
    to_person,
)
from imara.service.participants.pages.log import COLOURS, reasons
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import actor, frame, may, studies_way, study_here, study_way
from imara.study.problems import InputError

STANDING_LABELS = {
    Standing.VALID: (gettext_lazy("Consent holds"), "green"),
    Standing.NOT_ASKED: (gettext_lazy("Not asked yet"), "grey"),
    Standing.DECLINED: (gettext_lazy("Said no"), "red"),
    Standing.ASK_AGAIN: (gettext_lazy("To be asked again"), "orange"),
    Standing.GUARDIAN_MISSING: (gettext_lazy("Guardian to be asked"), "orange"),
    Standing.ASSENT_MISSING: (gettext_lazy("Person to be asked"), "orange"),
    Standing.NO_PLAN: (gettext_lazy("The study does not say how"), "grey"),
}


@never_cache
@opens_with("screening.write")
@require_http_methods(EDIT)
def screen(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Screen someone new."""
    now = study_here(study, site)
    form = ScreeningForm(now.study, request.POST) if request.method == "POST" else ScreeningForm(now.study)
    if form.is_bound and form.is_valid():
        try:
            screened = actions.screen(
                study=study,
                site=site,
                characteristics=form.characteristics,
                answers=form.answers,
                again_on=form.again_on,
                note=form.cleaned_data["note"],
                by=actor(request, "screening.write", study, site),
            )
            return _screened(request, screened.participant, screened.outcome)
        except (RefusedError, InputError) as error:
            show(form, error)
    context = {**frame(now, site, studies_way(), study_way(now)), "form": form, "can": now.is_open}
    return render(request, "participants/screen.html", context, status=status_of(form))


@never_cache
@opens_with("screening.write")
@require_http_methods(EDIT)
def screen_again(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Screen someone again, beside what was found before."""
    now, person = study_here(study, site), queries.at_centre(participant, study, site)
    last = queries.latest_screening(person)
    initial = initial_of(queries.known_now(last, now)) if last is not None else {}
    sent = request.POST if request.method == "POST" else None
    form = ScreeningForm(now.study, sent, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            screened = actions.screen_again(
                participant=person,
                characteristics=form.characteristics,
                answers=form.answers,
                again_on=form.again_on,
                note=form.cleaned_data["note"],
                by=actor(request, "screening.write", study, site),
            )
            return _screened(request, screened.participant, screened.outcome)
        except (RefusedError, InputError) as error:
            show(form, error)
    context = {**person_frame(now, person), "form": form, "participant": participant, "can": now.is_open}
    return render(request, "participants/screen.html", context, status=status_of(form))


def _screened(request: HttpRequest, person: Participant, outcome: str) -> HttpResponse:
    words = {"key": person.key, "outcome": OUTCOME_LABELS[Outcome(outcome)]}
    messages.success(request, _("%(key)s: %(outcome)s.") % words)
    return to_person(person)


@never_cache
@opens_with("participants.read")
@require_safe
def person(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Show one person: what was screened, decided and left, as far as one's role may know."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    rights = {
        name.replace(".", "_"): may(request, name, study, site)
        for name in (
            "screening.read",
            "screening.write",
            "consent.read",
            "consent.write",
            "withdrawal.write",
            "identity.read",
            "identity.write",
        )
    }
    standing = queries.consent_standing(found, now)
    label, colour = STANDING_LABELS[standing]
    last = queries.latest_screening(found)
    context = {
        **person_frame(now, found, last_crumb=False),
        "person": found,
        "may": rights,
        "screenings": [
            {"one": one, "outcome": OUTCOME_LABELS[Outcome(one.outcome)], "colour": COLOURS[Outcome(one.outcome)],
             "reasons": reasons(one)}
            for one in found.screenings.select_related("version").defer("version__definition").order_by("-number")
        ],
        "outcome": OUTCOME_LABELS[Outcome(last.outcome)] if last else "",
        "outcome_colour": COLOURS[Outcome(last.outcome)] if last else "grey",
        "consent_label": label,
        "consent_colour": colour,
        "may_be_visited": queries.may_be_visited(found),
    }  # fmt: skip
    if rights["consent_read"]:
        context["consents"] = [
            {"one": one, "giver": GIVER_LABELS[one.giver]}
            for one in found.consents.select_related("version").defer("version__definition").order_by("-on", "-at")
        ]
        context["withdrawals"] = [
            {"one": one, "degree": DEGREE_LABELS[one.degree]} for one in found.withdrawals.order_by("-on", "-pk")
        ]
    if rights["consent_write"]:
        context["invitations"] = [
            {"one": one, "giver": GIVER_LABELS[one.giver], "pages": len(queries.pages_of(one)),
             "questions": one.questions.filter(answered_at__isnull=True)}
            for one in found.invitations.filter(cancelled_at__isnull=True, consent__isnull=True).order_by("pk")
        ]  # fmt: skip
        forms = now.study.consent.forms if now.study.consent is not None else ()
        context["on_paper"], context["on_screen"] = "paper" in forms, "electronic" in forms
    return render(request, "participants/person.html", context)
