"""What is asked before somebody is allocated, an arm is told in an emergency, or an error is decided."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imara.service.allocation.models import AllocatedInError
from imara.service.ui.choices import Checkboxes, Radios
from imara.service.ui.long_text import LongText

ERROR_REASONS = {
    AllocatedInError.Reason.NOT_ELIGIBLE: _("The person does not meet the criteria"),
    AllocatedInError.Reason.NO_CONSENT: _("The person had not given consent"),
    AllocatedInError.Reason.WRONG_LEVEL: _("Something that allocation looked at was wrong"),
    AllocatedInError.Reason.WRONG_PERSON: _("Another person was meant"),
    AllocatedInError.Reason.OTHER: _("Something else"),
}
DECISIONS = {
    AllocatedInError.Decision.KEPT: _("The person stays in the analysis, in the arm that was drawn"),
    AllocatedInError.Decision.LEFT_OUT: _("The person is left out of the analysis"),
}


def new_token() -> str:
    """Return a random text by which a form that is sent twice is known again."""
    return secrets.token_hex(16)


class AllocateForm(forms.Form):
    """Whether to allocate one person now."""

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    checked = forms.BooleanField(label=_("I have checked that this is the right person"))


class GroupForm(AllocateForm):
    """Whom to allocate together now."""

    people = forms.MultipleChoiceField(label=_("Whom do you want to allocate?"), widget=Checkboxes)
    checked = forms.BooleanField(label=_("I have checked that these are the right people"))
    field_order = ("people", "checked", "token")

    def __init__(self, ready: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(key, key) for key in ready]  # type: ignore[attr-defined]  # it has choices


class OpenForm(forms.Form):
    """Whether to open allocation, or to reveal the seed."""

    checked = forms.BooleanField(label=_("I understand that this cannot be taken back"))


class RequestForm(forms.Form):
    """Why an arm must be known."""

    reason = LongText(
        label=_("Why must you know now what was drawn?"),
        help_text=_("For instance: what the treatment of an emergency depends on. Write no names."),
        max_length=1000,
    )


class BecauseForm(forms.Form):
    """Why: to decline a request, take it back, or go on alone."""

    because = LongText(label=_("Why?"), max_length=1000)


class ErrorForm(forms.Form):
    """What went wrong when somebody was allocated."""

    reason = forms.ChoiceField(label=_("What went wrong?"), choices=list(ERROR_REASONS.items()), widget=Radios)
    account = LongText(
        label=_("What happened?"),
        help_text=_("Write no names, and do not write what was drawn: those who decide must not know it."),
        max_length=2000,
    )


class DecisionForm(forms.Form):
    """What follows for the analysis."""

    decision = forms.ChoiceField(
        label=_("What follows for the analysis?"), choices=list(DECISIONS.items()), widget=Radios
    )
    grounds = LongText(label=_("Why?"), max_length=2000)
