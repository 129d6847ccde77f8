"""Pages of the person who decides: one thing a page, saved as one goes, with help and a way out on each."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imara.service.participants import actions, queries
from imara.service.participants.forms import QuestionForm, SignForm
from imara.service.participants.models import Invitation, Question
from imara.service.people.doorkeeper import opens_with
from imara.service.studies import queries as studies
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import actor, refused, words
from imara.service.ui.choices import Radios
from imara.service.ui.navigation import Way
from imara.study.people import CheckQuestion, InformationPage

EDIT = ["GET", "HEAD", "POST"]


class CheckForm(forms.Form):
    """A question about the page."""

    answer = forms.TypedChoiceField(
        coerce=int, widget=Radios, error_messages={"required": gettext_lazy("Choose one of the answers.")}
    )

    def __init__(self, check: CheckQuestion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = words(check.ask)
        answers = list(enumerate([check.right, *check.wrong]))
        # An order that is always the same and tells nothing.
        answers.sort(key=lambda answer: sha256(answer[1].en.encode()).hexdigest())
        self.fields["answer"].choices = [(place, words(text)) for place, text in answers]  # type: ignore[attr-defined]


@never_cache
@opens_with("consent.give")
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Show what one is asked to decide; with one thing to decide, go there."""
    waiting = queries.invitations_for(request.user.key)  # type: ignore[union-attr]  # who is assigned has a key
    if len(waiting) == 1:
        return redirect(_start(waiting[0]))
    ways = [Way(words(studies.definition(one.version).study.title), _start(one)) for one in waiting]
    return render(request, "participants/deciding/invitations.html", {"choices": ways})


@never_cache
@opens_with("consent.give")
@require_safe
def start(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Say what this is, and go on where one stopped."""
    invitation = _mine(request, invitation_id)
    with translation.override(invitation.language):
        if invitation.consent_id is not None or invitation.cancelled_at is not None:
            return _done(request, invitation)
        pages = queries.pages_of(invitation)
        next_page = min(invitation.page + 1, len(pages))
        onward = "participants:sign" if invitation.page >= len(pages) else "participants:page"
        arguments = [invitation.pk] if onward == "participants:sign" else [invitation.pk, next_page]
        context = {"pages": len(pages), "read": invitation.page, "onward": reverse(onward, args=arguments)}
        return _show(request, invitation, "start", context)


@never_cache
@opens_with("consent.give")
@require_http_methods(EDIT)
def page(request: HttpRequest, invitation_id: int, number: int) -> HttpResponse:
    """Show one page of the information; save that it was read when one goes on."""
    invitation = _open(request, invitation_id)
    pages = queries.pages_of(invitation)
    if not 1 <= number <= len(pages):
        raise Http404("there is no such page")
    if number > invitation.page + 1:
        return redirect("participants:page", invitation_id=invitation.pk, number=invitation.page + 1)
    with translation.override(invitation.language):
        shown = pages[number - 1]
        form = CheckForm(shown.check, request.POST if request.method == "POST" else None) if shown.check else None
        wrong = False
        if request.method == "POST" and (form is None or form.is_valid()):
            by = actor(request, "consent.give")
            try:
                fits = form is None or actions.answer_check(
                    invitation=invitation, page=number, answer=form.cleaned_data["answer"], by=by
                )
                if fits:
                    actions.read_page(invitation=invitation, page=number, by=by)
                    return _after(invitation, number, len(pages))
                wrong = True
            except RefusedError as error:
                if form is None:
                    return _refused(request, invitation, error)
                refused(form, error)
        context = {**_words(shown), "number": number, "pages": len(pages), "form": form, "wrong": wrong}
        back = number - 1
        context["back_url"] = reverse("participants:page", args=[invitation.pk, back]) if back else _start(invitation)
        return _show(request, invitation, "page", context, 422 if wrong or (form is not None and form.errors) else 200)


@never_cache
@opens_with("consent.give")
@require_http_methods(EDIT)
def ask(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Ask something before deciding."""
    invitation = _open(request, invitation_id)
    with translation.override(invitation.language):
        form = QuestionForm(request.POST) if request.method == "POST" else QuestionForm()
        if form.is_bound and form.is_valid():
            try:
                by = actor(request, "consent.give")
                actions.ask(invitation=invitation, words=form.cleaned_data["words"], page=invitation.page, by=by)
                return redirect("participants:questions", invitation_id=invitation.pk)
            except RefusedError as error:
                refused(form, error)
        return _show(request, invitation, "ask", {"form": form}, 422 if form.is_bound else 200)


@never_cache
@opens_with("consent.give")
@require_safe
def questions(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Show what one has asked, and the answers."""
    invitation = _open(request, invitation_id)
    with translation.override(invitation.language):
        return _show(request, invitation, "questions", {"questions": invitation.questions.order_by("at")})


@never_cache
@opens_with("consent.give")
@require_POST
def no_answer_needed(request: HttpRequest, invitation_id: int, question_id: int) -> HttpResponse:
    """Close a question of one's own."""
    invitation = _open(request, invitation_id)
    question = Question.objects.filter(pk=question_id, invitation=invitation).first()
    if question is None:
        raise Http404("there is no such question")
    with translation.override(invitation.language):
        try:
            actions.answered(question=question, by=actor(request, "consent.give"))
        except RefusedError as error:
            return _refused(request, invitation, error)
    return redirect("participants:questions", invitation_id=invitation.pk)


@never_cache
@opens_with("consent.give")
@require_http_methods(EDIT)
def sign(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Decide: yes with one's name."""
    invitation = _open(request, invitation_id)
    pages = queries.pages_of(invitation)
    if invitation.page < len(pages):
        return redirect("participants:page", invitation_id=invitation.pk, number=invitation.page + 1)
    with translation.override(invitation.language):
        form = SignForm(invitation.giver, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                actions.sign(invitation=invitation, name=form.cleaned_data["name"], by=actor(request, "consent.give"))
                return redirect(_start(invitation))
            except RefusedError as error:
                refused(form, error)
        waiting = invitation.questions.filter(answered_at__isnull=True).exists()
        context = {
            "form": form,
            "waiting": waiting,
            "back_url": reverse("participants:page", args=[invitation.pk, len(pages)]),
        }
        return _show(request, invitation, "sign", context, 422 if form.is_bound else 200)


@never_cache
@opens_with("consent.give")
@require_http_methods(EDIT)
def refuse(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Decide: no, without a reason."""
    invitation = _open(request, invitation_id)
    with translation.override(invitation.language):
        if request.method == "POST":
            try:
                actions.refuse(invitation=invitation, by=actor(request, "consent.give"))
                return redirect(_start(invitation))
            except RefusedError as error:
                return _refused(request, invitation, error)
        return _show(request, invitation, "refuse", {"back_url": _start(invitation)})


def _mine(request: HttpRequest, invitation_id: int) -> Invitation:
    """Return an invitation of whoever is signed in; somebody else's is as if there were none."""
    rows = Invitation.objects.filter(pk=invitation_id, account=request.user.key)  # type: ignore[union-attr]
    found: Invitation | None = (
        rows.select_related("participant", "version", "consent").defer("version__definition").first()
    )
    if found is None:
        raise Http404("there is no such invitation for you")
    return found


def _open(request: HttpRequest, invitation_id: int) -> Invitation:
    invitation = _mine(request, invitation_id)
    if invitation.consent_id is not None or invitation.cancelled_at is not None:
        raise Http404("this invitation has ended")
    return invitation


def _after(invitation: Invitation, number: int, pages: int) -> HttpResponse:
    if number < pages:
        return redirect("participants:page", invitation_id=invitation.pk, number=number + 1)
    return redirect("participants:sign", invitation_id=invitation.pk)


def _start(invitation: Invitation) -> str:
    return reverse("participants:start", args=[invitation.pk])


def _words(shown: InformationPage) -> dict[str, Any]:
    paragraphs = [part.strip() for part in words(shown.text).replace("\r", "").split("\n\n") if part.strip()]
    return {"heading": words(shown.heading), "paragraphs": paragraphs}


def _done(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    decision = invitation.consent.decision if invitation.consent is not None else ""
    return _show(request, invitation, "done", {"decision": decision, "consent": invitation.consent})


def _refused(request: HttpRequest, invitation: Invitation, error: RefusedError) -> HttpResponse:
    return _show(request, invitation, "refused", {"reasons": error.reasons, "back_url": _start(invitation)}, 409)


def _show(
    request: HttpRequest, invitation: Invitation, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    study = studies.definition(invitation.version).study
    shared = {
        "invitation": invitation,
        "study_name": words(study.title),
        "is_guardian": invitation.giver == "guardian",
        "start_url": _start(invitation),
        "back": {"url": context["back_url"], "label": _("Back")} if context.get("back_url") else None,
    }
    return render(request, f"participants/deciding/{template}.html", {**shared, **context}, status=status)
