"""Addresses of allocation. None of them tells an arm, and no order or number in them comes from a draw."""

from __future__ import annotations

from django.urls import path

from imara.service.allocation.pages import drawing, errors, opening, unblinding

app_name = "allocation"

_STUDY = "studies/<slug:study>/allocation/"
_SITE = "studies/<slug:study>/sites/<slug:site>/allocation/"
_ERRORS = "studies/<slug:study>/sites/<slug:site>/allocated-in-error/"
_UNBLINDING = "studies/<slug:study>/sites/<slug:site>/unblinding/"

urlpatterns = [
    path(_STUDY, opening.scheme, name="scheme"),
    path(_STUDY + "open/", opening.open_scheme, name="open"),
    path(_STUDY + "reveal/", opening.reveal_seed, name="reveal"),
    path(_STUDY + "verification/", opening.verify, name="verification"),
    path(_STUDY + "verification/file/", opening.export, name="export"),
    path(_SITE, drawing.ready, name="ready"),
    path(_SITE + "together/", drawing.group, name="group"),
    path(_SITE + "people/<str:participant>/", drawing.one, name="one"),
    path(_SITE + "people/<str:participant>/again/", drawing.again, name="again"),
    path(_ERRORS, errors.errors, name="errors"),
    path(_ERRORS + "<str:participant>/", errors.error, name="error"),
    path(_ERRORS + "<str:participant>/report/", errors.report, name="report"),
    path(_UNBLINDING, unblinding.requests, name="unblindings"),
    path(_UNBLINDING + "people/<str:participant>/", unblinding.ask, name="ask"),
    path(_UNBLINDING + "<int:request_id>/", unblinding.one, name="unblinding"),
    path(_UNBLINDING + "<int:request_id>/confirm/", unblinding.confirm, name="confirm"),
    path(_UNBLINDING + "<int:request_id>/decline/", unblinding.decline, name="decline"),
    path(_UNBLINDING + "<int:request_id>/alone/", unblinding.alone, name="alone"),
    path(_UNBLINDING + "<int:request_id>/show/", unblinding.show, name="show"),
    path(_UNBLINDING + "<int:request_id>/note/", unblinding.note, name="note"),
]
