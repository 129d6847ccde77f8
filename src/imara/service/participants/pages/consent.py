"""Pages of who enrols about consent: on paper, a link to decide on a screen, answers, records made by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from imara.service.participants import actions, queries
from imara.service.participants.forms import (
    AnswerForm,
    InviteForm,
    PaperConsentForm,
    ReasonForm,
)
from imara.service.participants.models import Consent, Invitation, Question
from imara.service.participants.pages.around import (
    EDIT,
    form_page,
    person_frame,
    row_of,
    to_person,
)
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import actor, refused, study_here


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
            return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Consent on paper"), _("Record"))


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
            context = {**person_frame(now, found), "person": found, "address": request.build_absolute_uri(link.path)}
            return render(request, "participants/link.html", {**context, "invitation": invitation, "link": link.link})
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Ask for consent on a screen"), _("Make a link"))


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def cancel_invitation(
    request: HttpRequest, study: str, site: str, participant: str, invitation_id: int
) -> HttpResponse:
    """Take an invitation back."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    invitation = row_of(found, Invitation, invitation_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "consent.write", study, site)
            actions.cancel_invitation(invitation=invitation, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The invitation is taken back."))
            return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Take the invitation back"), _("Take back"))


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
            return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Answer a question"), _("Record"), quoted=question.words)


@never_cache
@opens_with("consent.write")
@require_http_methods(EDIT)
def consent_in_error(request: HttpRequest, study: str, site: str, participant: str, consent_id: int) -> HttpResponse:
    """Mark a consent record as made by mistake."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    consent = row_of(found, Consent, consent_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "consent.write", study, site)
            actions.mark_in_error(consent=consent, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("The record is marked as an error. It stays visible and counts for nothing."))
            return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Recorded by mistake"), _("Mark as an error"))
