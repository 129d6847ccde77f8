"""Pages of who enrols about leaving, and taking part again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from imara.service.participants import actions, queries
from imara.service.participants.forms import (
    DayAndReasonForm,
    WithdrawForm,
)
from imara.service.participants.models import Withdrawal
from imara.service.participants.pages.around import (
    EDIT,
    form_page,
    row_of,
    to_person,
)
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import actor, refused, study_here


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
            return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Withdrawal"), _("Record"))


@never_cache
@opens_with("withdrawal.write")
@require_http_methods(EDIT)
def resume(request: HttpRequest, study: str, site: str, participant: str, withdrawal_id: int) -> HttpResponse:
    """Record that someone takes part again."""
    now, found = study_here(study, site), queries.at_centre(participant, study, site)
    left = row_of(found, Withdrawal, withdrawal_id)
    form = DayAndReasonForm(request.POST) if request.method == "POST" else DayAndReasonForm()
    if form.is_bound and form.is_valid():
        try:
            by = actor(request, "withdrawal.write", study, site)
            actions.resume(withdrawal=left, by=by, **form.cleaned_data)
            messages.success(request, _("It is recorded that the person takes part again."))
            return to_person(found)
        except RefusedError as error:
            refused(form, error)
    return form_page(request, now, found, form, _("Takes part again"), _("Record"))
