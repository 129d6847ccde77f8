"""Addresses about participants. Numbers in them are in the order of screening, and names are in none."""

from __future__ import annotations

from django.urls import path

from imara.service.participants.pages import consent, deciding, enrolling, identity, leaving, log

app_name = "participants"

_STUDY = "studies/<slug:study>/"
_SITE = "studies/<slug:study>/sites/<slug:site>/"
_PERSON = _SITE + "people/<str:participant>/"
_DECIDE = "consent/<int:invitation_id>/"

urlpatterns = [
    path(_STUDY + "screening/", log.log, name="log"),
    path(_STUDY + "screening/file/", log.export, name="export"),
    path(_STUDY + "screening/again/", log.again, name="again"),
    path(_STUDY + "duplicates/", identity.duplicates, name="duplicates"),
    path(_STUDY + "duplicates/<int:duplicate_id>/", identity.decide, name="duplicate"),
    path(_SITE + "screen/", enrolling.screen, name="screen"),
    path(_PERSON, enrolling.person, name="person"),
    path(_PERSON + "screen-again/", enrolling.screen_again, name="screen_again"),
    path(_PERSON + "consent/paper/", consent.paper_consent, name="paper_consent"),
    path(_PERSON + "consent/invite/", consent.invite, name="invite"),
    path(_PERSON + "consent/<int:consent_id>/in-error/", consent.consent_in_error, name="consent_in_error"),
    path(_PERSON + "invitations/<int:invitation_id>/cancel/", consent.cancel_invitation, name="cancel_invitation"),
    path(_PERSON + "questions/<int:question_id>/", consent.answer, name="answer"),
    path(_PERSON + "withdraw/", leaving.withdraw, name="withdraw"),
    path(_PERSON + "withdrawals/<int:withdrawal_id>/resume/", leaving.resume, name="resume"),
    path(_PERSON + "identity/", identity.look, name="identity"),
    path(_PERSON + "identity/enter/", identity.enter, name="enter_identity"),
    path(_PERSON + "same-person/", identity.report, name="report_duplicate"),
    path("consent/", deciding.invitations, name="invitations"),
    path(_DECIDE, deciding.start, name="start"),
    path(_DECIDE + "pages/<int:number>/", deciding.page, name="page"),
    path(_DECIDE + "ask/", deciding.ask, name="ask"),
    path(_DECIDE + "questions/", deciding.questions, name="questions"),
    path(_DECIDE + "questions/<int:question_id>/close/", deciding.no_answer_needed, name="close_question"),
    path(_DECIDE + "sign/", deciding.sign, name="sign"),
    path(_DECIDE + "no/", deciding.refuse, name="refuse"),
]
