"""What is asked when somebody is screened, decides, withdraws, or has their identity entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from imara.rules.eligibility import Answer, Outcome
from imara.service.participants.queries import LogFilter
from imara.service.people.identities import Who
from imara.service.people.national_number import NationalNumberError, danish
from imara.service.studies.visitor import site_label, words
from imara.service.ui.choices import Radios
from imara.service.ui.dates import DateField
from imara.service.ui.long_text import LongText
from imara.study.people import Characteristic
from imara.study.study import Study

OUTCOME_LABELS = {
    Outcome.ELIGIBLE: _("Can take part"),
    Outcome.NOT_ELIGIBLE: _("Cannot take part"),
    Outcome.SCREEN_AGAIN: _("Screen again later"),
    Outcome.INCOMPLETE: _("Not complete"),
}
DEGREE_LABELS = {
    "treatment": _("The study's programme"),
    "follow-up": _("Visits and forms"),
    "data": _("The use of their data"),
}
DEGREE_WORDS = {
    "treatment": _("They are still asked to visits. Their usual care goes on."),
    "follow-up": _("They are not asked to visits any more. What they have told so far is used."),
    "data": _("Nothing more is collected, and what was collected is not analysed."),
}
GIVER_LABELS = {
    "participant": _("The person"),
    "assent": _("The person, beside a guardian who consents"),
    "guardian": _("The guardian"),
}


class ScreeningForm(forms.Form):
    """The study's own questions: what is recorded about a person, and the criteria that a person must answer."""

    def __init__(self, study: Study, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.study = study
        for name, characteristic in study.characteristics.items():
            self.fields[f"c_{name}"] = _characteristic(characteristic)
        for criterion in (*study.eligibility.include, *study.eligibility.exclude):
            if criterion.rule is None:
                self.fields[f"q_{criterion.id}"] = _criterion(words(criterion.ask))
        if any(criterion.until_resolved for criterion in _criteria(study)):
            self.fields["again_on"] = DateField(
                label=_("When to screen again"),
                required=False,
                help_text=_("Only if what stands in the way may pass, for instance 27 3 2025."),
            )
        self.fields["note"] = LongText(
            label=_("Remark"), required=False, max_length=500, rows=3, help_text=_("No names, no numbers of people.")
        )

    @property
    def characteristics(self) -> dict[str, Answer]:
        """What was entered about the person, by name; what was left empty is not known."""
        entered = {name: self.cleaned_data.get(f"c_{name}") for name in self.study.characteristics}
        return {name: None if value == "" else value for name, value in entered.items()}

    @property
    def answers(self) -> dict[str, bool | None]:
        """Criterion to answer."""
        known = {"yes": True, "no": False}
        names = [name[2:] for name in self.fields if name.startswith("q_")]
        return {name: known.get(self.cleaned_data.get(f"q_{name}", "")) for name in names}

    @property
    def again_on(self) -> date | None:
        """When to screen again."""
        return self.cleaned_data.get("again_on")


def initial_of(characteristics: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known from an earlier screening, to be checked and corrected rather than typed anew.

    Criteria are left open: they are asked each time.
    """
    return {f"c_{name}": value for name, value in characteristics.items()}


def _criteria(study: Study) -> tuple[Any, ...]:
    return (*study.eligibility.include, *study.eligibility.exclude)


def _criterion(question: str) -> forms.Field:
    choices = [("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known yet"))]
    return forms.ChoiceField(label=question, choices=choices, widget=Radios)


def _characteristic(characteristic: Characteristic) -> forms.Field:
    label = words(characteristic.label)
    if characteristic.kind == "number":
        low, high = characteristic.minimum, characteristic.maximum
        return forms.FloatField(
            label=f"{label} ({characteristic.unit})" if characteristic.unit else label,
            required=False,
            localize=True,
            min_value=low,
            max_value=high,
            help_text=_range(low, high),
            error_messages={
                "invalid": _now("“%(label)s” must be a number") % {"label": label},
                "min_value": _now("“%(label)s” must be %(low)s or more") % {"label": label, "low": _number(low)},
                "max_value": _now("“%(label)s” must be %(high)s or less") % {"label": label, "high": _number(high)},
            },
        )
    if characteristic.kind == "date":
        return DateField(label=label, required=False)
    levels = [(level, words(text)) for level, text in characteristic.levels.items()]
    if characteristic.kind == "yes-no":
        levels = [("yes", _now("Yes")), ("no", _now("No"))]
    return forms.ChoiceField(label=label, required=False, choices=[*levels, ("", _now("Not known yet"))], widget=Radios)


def _number(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return _now("From %(low)s to %(high)s.") % {"low": _number(low), "high": _number(high)}
    return ""


class LogForm(forms.Form):
    """Which rows of the screening log to show."""

    site = forms.ChoiceField(label=_("Centre"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("All")), *((outcome.value, label) for outcome, label in OUTCOME_LABELS.items())],
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("Until"), required=False)

    def __init__(self, study: Study, sites: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres = [("", _("All")), *((site, site_label(study, site)) for site in sites)]
        reasons = [("", _("All")), *((one.id, words(one.ask)) for one in _criteria(study))]
        self.fields["site"].choices = centres  # type: ignore[attr-defined]  # it has choices
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]  # it has choices

    def wanted(self) -> LogFilter:
        """Return the filters; those that make no sense are left out, so that an old address shows the log."""
        self.is_valid()
        known = getattr(self, "cleaned_data", {})
        return LogFilter(**{name: known[name] for name in self.fields if known.get(name)})


class PaperConsentForm(forms.Form):
    """What stands on a signed sheet."""

    decision = forms.ChoiceField(
        label=_("What was decided?"),
        choices=[("given", _("Yes, takes part")), ("declined", _("No, does not take part"))],
        widget=Radios(reveals={"given": "taken_by"}),
    )
    taken_by = forms.CharField(label=_("Who explained the study and took the consent?"), required=False, max_length=120)
    giver = forms.ChoiceField(label=_("Who decided?"), widget=Radios)
    consent_version = forms.ChoiceField(label=_("Version of the information"))
    on = DateField(label=_("Day on the sheet"), latest=timezone.localdate)
    file_reference = forms.CharField(
        label=_("Where is the signed sheet kept?"),
        required=False,
        max_length=200,
        help_text=_("For instance cabinet 2, folder BAL. No names."),
    )

    def __init__(self, study: Study, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent = study.consent
        versions = tuple(consent.versions)[::-1] if consent is not None else ()
        givers = tuple(GIVER_LABELS) if consent is not None and consent.guardian else ("participant",)
        self.fields["consent_version"].choices = [(name, name) for name in versions]  # type: ignore[attr-defined]
        self.fields["giver"].choices = [(giver, GIVER_LABELS[giver]) for giver in givers]  # type: ignore[attr-defined]
        if len(givers) == 1:
            self.fields["giver"].initial = "participant"
            self.fields["giver"].widget = forms.HiddenInput()


class InviteForm(forms.Form):
    """Whom to ask to decide on a screen."""

    giver = forms.ChoiceField(label=_("Who decides?"), widget=Radios)
    language = forms.ChoiceField(label=_("Language"), widget=Radios)

    def __init__(self, study: Study, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent = study.consent
        givers = tuple(GIVER_LABELS) if consent is not None and consent.guardian else ("participant",)
        languages = tuple(consent.versions.values())[-1].languages if consent is not None else ()
        names = {"en": _("English"), "da": _("Danish")}
        self.fields["giver"].choices = [(giver, GIVER_LABELS[giver]) for giver in givers]  # type: ignore[attr-defined]
        self.fields["language"].choices = [(code, names[code]) for code in languages]  # type: ignore[attr-defined]
        if len(givers) == 1:
            self.fields["giver"].initial = "participant"
            self.fields["giver"].widget = forms.HiddenInput()
        if len(languages) == 1:
            self.fields["language"].initial = languages[0]
            self.fields["language"].widget = forms.HiddenInput()


class WithdrawForm(forms.Form):
    """What a person leaves. Why is asked last, and need not be said."""

    degree = forms.ChoiceField(
        label=_("What does the person leave?"),
        choices=list(DEGREE_LABELS.items()),
        widget=Radios(hints=DEGREE_WORDS),
    )
    on = DateField(label=_("From which day?"), latest=timezone.localdate)
    reason = LongText(
        label=_("Why, if they want to say"),
        required=False,
        max_length=1000,
        rows=3,
        help_text=_("Nobody has to give a reason. Do not write anything that tells which programme they had."),
    )


class DayAndReasonForm(forms.Form):
    """A day, and why."""

    on = DateField(label=_("From which day?"), latest=timezone.localdate)
    reason = LongText(label=_("What happened?"), max_length=1000, rows=3)


class ReasonForm(forms.Form):
    """Why."""

    reason = LongText(label=_("Why?"), max_length=1000, rows=3)


class LookForm(forms.Form):
    """Why one needs to see who a person is."""

    reason = forms.CharField(
        label=_("Why do you need to see who this is?"),
        max_length=200,
        help_text=_("For instance: to call about a visit. It is recorded that you looked, and why."),
    )


class IdentityForm(forms.Form):
    """Who a person is, and how to reach them."""

    name = forms.CharField(label=_("Name"), max_length=120)
    national_number = forms.CharField(
        label=_("CPR number"),
        required=False,
        max_length=20,
        help_text=_("Six digits and four digits, for instance 010180-1234. Leave it empty if the person has none."),
    )
    phone = forms.CharField(label=_("Telephone number"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    contact = forms.CharField(label=_("Whom to call if the person cannot be reached"), required=False, max_length=200)

    def clean_national_number(self) -> str:
        """Return ten digits, or nothing."""
        typed: str = self.cleaned_data["national_number"].strip()
        if not typed:
            return ""
        try:
            return danish(typed, timezone.localdate()).digits
        except NationalNumberError as error:
            raise ValidationError(str(error.words), code=error.code) from None

    def who(self) -> Who:
        """Return the identity."""
        return Who(**self.cleaned_data)


class DuplicateForm(forms.Form):
    """That two keys may be one person."""

    other = forms.CharField(label=_("The other number"), max_length=20, help_text=_("For instance BAL-001."))
    reason = LongText(label=_("Why may they be the same person?"), max_length=500, rows=3, help_text=_("No names."))


class DecideForm(forms.Form):
    """Whether two keys are one person."""

    same = forms.ChoiceField(
        label=_("Are they the same person?"),
        choices=[("same", _("Yes, the same")), ("different", _("No, two people"))],
        widget=Radios,
    )
    reason = LongText(label=_("How do you know?"), max_length=500, rows=3, help_text=_("No names."))


class AnswerForm(forms.Form):
    """What was answered."""

    answer = LongText(label=_("What did you answer, in short?"), max_length=1000, rows=3)


class QuestionForm(forms.Form):
    """What someone wants to know before they decide."""

    words = LongText(label=_("What do you want to know?"), max_length=1000, rows=4)


class SignForm(forms.Form):
    """The signature."""

    agree = forms.BooleanField(label=_("I have read about the study, and I want to take part"))
    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("When you write your name here, it counts as your signature.")
    )

    def __init__(self, giver: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if giver == "guardian":
            self.fields["agree"].label = _("I have read about the study, and I agree that they take part")
