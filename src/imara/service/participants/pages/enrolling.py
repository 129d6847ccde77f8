"""Pages of who enrols: screening, one person's page, consent on paper, inviting to decide, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
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
    AnswerForm,
    DayAndReasonForm,
    InviteForm,
    PaperConsentForm,
    ReasonForm,
    ScreeningForm,
    WithdrawForm,
    initial_of,
)
from imara.service.participants.models import Consent, Invitation, Participant, Question, Withdrawal
from imara.service.participants.pages.log import COLOURS, reasons
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import actor, frame, may, refused, studies_way, study_here, study_way
from imara.service.ui.navigation import Way
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
EDIT = ["GET", "HEAD", "POST"]


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
            _show(form, error)
    context = {**frame(now, site, studies_way(), study_way(now)), "form": form, "can": now.is_open}
    return render(request, "participants/screen.html", context, status=_status(form))


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
            _show(form, error)
    context = {**_frame(now, person), "form": form, "participant": participant, "can": now.is_open}
    return render(request, "participants/screen.html", context, status=_status(form))


def _screened(request: HttpRequest, person: Participant, outcome: str) -> HttpResponse:
    words = {"key": person.key, "outcome": OUTCOME_LABELS[Outcome(outcome)]}
    messages.success(request, _("%(key)s: %(outcome)s.") % words)
    return _to(person)


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
        **_frame(now, found, last_crumb=False),
        "person": found,
        "may": rights,
        "screenings": [
            {"one": one, "outcome": OUTCOME_LABELS[Outcome(one.outcome)], "colour": COLOURS[Outcome(one.outcome)],
             "reasons": reasons(one)}
            for one in found.screenings.select_related("version").order_by("-number")
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
            for one in found.consents.select_related("version").order_by("-on", "-at")
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


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def paper_consent(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Record what stands on a signed sheet."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    form = PaperConsentForm(now.study, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        known = form.cleaned_data
        try:
            actions.record_paper_consent(
                participant=found,
                consent_version=known["consent_version"],
                on=known["on"],
                taken_by=known["taken_by"],
                file_reference=known["file_reference"],
                giver=known["giver"],
                given=known["decision"] == "given",
                by=actor(request, "consent.write", study, site),
            )
            messages.success(request, _("The decision is recorded."))
            return _to(found)
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Consent on paper"), _("Record"))


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def invite(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Ask someone to decide on a screen; the link is shown here, once."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    form = InviteForm(now.study, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            invitation, link = actions.invite(
                participant=found,
                giver=form.cleaned_data["giver"],
                language=form.cleaned_data["language"],
                by=actor(request, "consent.write", study, site),
            )
            context = {**_frame(now, found), "person": found, "address": request.build_absolute_uri(link.path)}
            return render(request, "participants/link.html", {**context, "invitation": invitation, "link": link.link})
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Ask for consent on a screen"), _("Make a link"))


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def cancel_invitation(
    request: HttpRequest, study: str, site: str, participant: str, invitation_id: int
) -> HttpResponse:
    """Take an invitation back."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    invitation = _of(found, Invitation, invitation_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "consent.write", study, site)
            actions.cancel_invitation(invitation=invitation, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The invitation is taken back."))
            return _to(found)
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Take the invitation back"), _("Take back"))


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def answer(request: HttpRequest, study: str, site: str, participant: str, question_id: int) -> HttpResponse:
    """Record that a question was answered."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    question = Question.objects.filter(pk=question_id, invitation__participant=found).first()
    if question is None:
        raise Http404("there is no such question here")
    form = AnswerForm(request.POST) if request.method == "POST" else AnswerForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "consent.write", study, site)
            actions.answered(question=question, answer=form.cleaned_data["answer"], by=by)
            messages.success(request, _("The answer is recorded. The person can go on."))
            return _to(found)
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Answer a question"), _("Record"), quoted=question.words)


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def consent_in_error(request: HttpRequest, study: str, site: str, participant: str, consent_id: int) -> HttpResponse:
    """Mark a consent record as made by mistake."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    consent = _of(found, Consent, consent_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "consent.write", study, site)
            actions.mark_in_error(consent=consent, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The record is marked as an error. It stays visible and counts for nothing."))
            return _to(found)
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Recorded by mistake"), _("Mark as an error"))


@never_cache
@opens_with("withdrawal.write")
@require_http_methods(EDIT)
def withdraw(request: HttpRequest, study: str, site: str, participant: str) -> HttpResponse:
    """Record that someone leaves something."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "withdrawal.write", study, site)
            actions.withdraw(participant=found, by=by, **form.cleaned_data)
            messages.success(request, _("It is recorded. Nothing was deleted."))
            return _to(found)
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Withdrawal"), _("Record"))


@never_cache
@opens_with("withdrawal.write")
@require_http_methods(EDIT)
def resume(request: HttpRequest, study: str, site: str, participant: str, withdrawal_id: int) -> HttpResponse:
    """Record that someone takes part again."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    left = _of(found, Withdrawal, withdrawal_id)
    form = DayAndReasonForm(request.POST) if request.method == "POST" else DayAndReasonForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "withdrawal.write", study, site)
            actions.resume(withdrawal=left, by=by, **form.cleaned_data)
            messages.success(request, _("It is recorded that the person takes part again."))
            return _to(found)
        except RefusedError as error:
            refused(form, error)
    return _form(request, now, found, form, _("Takes part again"), _("Record"))


def _of(found: Participant, model: Any, pk: int) -> Any:
    """Return a row of a participant; somebody else's is as if there were none."""
    row = model.objects.filter(pk=pk, participant=found).first()
    if row is None:
        raise Http404("there is nothing of this number here")
    return row


def _form(
    request: HttpRequest, now: InForce, found: Participant, form: Any, heading: str, button: str, quoted: str = ""
) -> HttpResponse:
    context = {**_frame(now, found), "person": found, "form": form, "heading": heading, "button": button}
    return render(request, "participants/form.html", {**context, "quoted": quoted}, status=_status(form))


def _frame(now: InForce, found: Participant, *, last_crumb: bool = True) -> dict[str, Any]:
    crumbs = [studies_way(), study_way(now)]
    if last_crumb:
        crumbs.append(Way(found.key, _address(found)))
    return frame(now, found.site, *crumbs)


def _address(found: Participant) -> str:
    return reverse("participants:person", args=[found.study_id, found.site, found.key])


def _to(found: Participant) -> HttpResponse:
    return redirect(_address(found))


def _show(form: Any, error: RefusedError | InputError) -> None:
    if isinstance(error, RefusedError):
        refused(form, error)
        return
    for problem in error.problems:
        names = [name for name in (f"c_{problem.field}", f"q_{problem.field}") if name in form.fields]
        form.add_error(names[0] if names else None, str(problem))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
