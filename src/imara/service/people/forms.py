"""Forms of the administrator's pages about people, and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from imara.service.people.mail import can_be_sent
from imara.service.people.models import Person
from imara.service.people.places import places
from imara.service.people.role_names import ROLE_NAMES
from imara.service.people.roles import Role
from imara.service.ui.choices import Radios
from imara.service.ui.dates import DateField

NEEDS_STUDY = frozenset(Role) - {Role.ADMINISTRATOR, Role.MONITOR, Role.STATISTICIAN, Role.BOARD}
"""Roles that are about people at a centre: without a study they would reach everybody."""


def role_choices() -> list[tuple[str, Any]]:
    """Return the roles with their names, after an empty choice."""
    return [("", "")] + [(role.value, capfirst(str(ROLE_NAMES[role]))) for role in Role]


def study_choices() -> list[tuple[str, str]]:
    """Return the studies with their titles, after an empty choice for all."""
    return [("", str(_("All studies")))] + [(place.study, place.title) for place in places()]


def site_choices() -> list[tuple[str, str]]:
    """Return the centres of all studies, after an empty choice for all; a value is `study/centre`."""
    return [("", str(_("All centres")))] + [
        (f"{place.study}/{key}", f"{name} ({place.title})") for place in places() for key, name in place.sites
    ]


class RoleForm(forms.Form):
    """A role, and where it holds."""

    role = forms.ChoiceField(label=_("Role"), choices=role_choices)
    study = forms.ChoiceField(label=_("Study"), choices=study_choices, required=False)
    site = forms.ChoiceField(label=_("Centre"), choices=site_choices, required=False)

    def clean(self) -> dict[str, Any]:
        """Check that the centre is one of the study's, and that a role about people has a place."""
        given = super().clean() or {}
        role, study, site = given.get("role"), given.get("study", ""), given.get("site", "")
        if site:
            of_study, _slash, key = site.partition("/")
            if study and of_study != study:
                self.add_error("site", _("This centre belongs to another study."))
            given["study"], given["site"] = study or of_study, key
        if role and Role(role) in NEEDS_STUDY and not given.get("study"):
            self.add_error("study", _("Choose the study in which this role holds."))
        return given


class InviteForm(RoleForm):
    """Someone new."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("As colleagues see it. Leave it empty for people who take part in a study."),
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Without one, you hand the link over yourself.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: settings.LANGUAGES, widget=Radios(inline=True), initial="en"
    )
    send = forms.BooleanField(label=_("Send the link by e-mail now"), required=False)

    field_order = ("name", "email", "language", "role", "study", "site", "send")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_be_sent():
            del self.fields["send"]

    def clean_email(self) -> str:
        """Check that the address has no account yet."""
        email = str(self.cleaned_data["email"]).strip()
        if email and Person.objects.filter(email__iexact=email).exists():
            raise ValidationError(
                _("Somebody with this e-mail address has an account. Give them the role on their page.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        """Check that there is an address to send to, and someone to show to colleagues."""
        given = super().clean()
        if given.get("send") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address, or do not send the link by e-mail."))
        role = given.get("role")
        if role and Role(role) not in {Role.PARTICIPANT, Role.SUPPORTER} and not given.get("name"):
            self.add_error("name", _("Enter the name that colleagues see."))
        return given


class ReasonForm(forms.Form):
    """Why something is done that the history keeps."""

    reason = forms.CharField(
        label=_("Why?"), max_length=400, help_text=_("It stands in the history. Write nothing about health.")
    )


class LinkForm(forms.Form):
    """A new one-time link."""

    send = forms.BooleanField(label=_("Send the link by e-mail now"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (person.email and can_be_sent()):
            del self.fields["send"]


class DetailsForm(ReasonForm):
    """A person's name and address, as an administrator corrects them."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)

    field_order = ("name", "email", "reason")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": person.name, "email": person.email}
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        """Check that nobody else has the address."""
        email = str(self.cleaned_data["email"]).strip()
        if email and Person.objects.filter(email__iexact=email).exclude(pk=self.person.pk).exists():
            raise ValidationError(_("Somebody else has an account with this e-mail address."))
        return email


class PeopleFilters(forms.Form):
    """What narrows the list of people."""

    name = forms.CharField(label=_("Name or e-mail"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=role_choices, required=False)
    study = forms.ChoiceField(label=_("Study"), choices=study_choices, required=False)
    site = forms.ChoiceField(label=_("Centre"), choices=site_choices, required=False)
    state = forms.ChoiceField(
        label=_("Account"),
        choices=[("", _("Open")), ("closed", _("Closed")), ("all", _("All"))],
        required=False,
    )


class HistoryFilters(forms.Form):
    """What narrows a history."""

    kind = forms.ChoiceField(label=_("What was done"), required=False)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *kinds]  # type: ignore[attr-defined]  # of a choice field


class LanguageForm(forms.Form):
    """The language of one's own pages."""

    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES, widget=Radios(inline=True))
