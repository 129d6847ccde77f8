"""What is asked before a study is loaded, amended, or goes a step on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imara.service.studies import uploads
from imara.service.ui.choices import Radios
from imara.service.ui.long_text import LongText
from imara.study.folder import StudyFolder
from imara.study.library import load_study, packaged
from imara.study.problems import InputError

PACKAGED, UPLOAD = "packaged", "upload"


class LoadForm(forms.Form):
    """Which study folder to take."""

    source = forms.ChoiceField(
        label=_("Where is the study?"),
        choices=[(PACKAGED, _("One that comes with the software")), (UPLOAD, _("A file of mine"))],
        widget=Radios(reveals={PACKAGED: "name", UPLOAD: "file"}),
    )
    name = forms.ChoiceField(label=_("Study"), required=False)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A study.yaml, or a zip of a study folder with a study.yaml in it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [("", ""), *((name, name) for name in packaged("study"))]
        self.fields["name"].choices = names  # type: ignore[attr-defined]  # it has choices
        self.folder: StudyFolder | None = None
        """The study, once the form is valid."""

    def clean(self) -> dict[str, Any]:
        """Read and check the study; every problem stands at the field it came from."""
        given: dict[str, Any] = super().clean() or {}
        source = given.get("source")
        field = {PACKAGED: "name", UPLOAD: "file"}.get(source or "")
        if field is None or field in self.errors:
            return given
        if not given.get(field):
            words = _("Choose a study.") if field == "name" else _("Choose a file.")
            self.add_error(field, ValidationError(words, code="required"))
            return given
        try:
            self.folder = load_study(given["name"]) if field == "name" else uploads.read(given["file"])
        except InputError as error:
            self.add_error(field, [ValidationError(str(problem)) for problem in error.problems])
        return given


class AmendForm(LoadForm):
    """Which new version of a study to take, and why."""

    reason = LongText(
        label=_("Why is the study amended?"),
        max_length=1000,
        help_text=_("For instance the number of the amendment and what the ethics committee has approved."),
    )
    renames = LongText(
        label=_("What only gets another name?"),
        required=False,
        rows=3,
        help_text=_(
            "One a line, the old place and the new name: visits.end = month-9. Leave it empty if nothing does."
        ),
    )

    def clean_renames(self) -> dict[str, str]:
        """Return old place to new name."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["renames"].splitlines():
            if not line.strip():
                continue
            place, sign, name = (part.strip() for part in line.partition("="))
            if not (place and sign and name and "." in place):
                words = _("“%(line)s” is not an old place, = and a new name, as in visits.end = month-9.")
                raise ValidationError(words, params={"line": line.strip()})
            found[place] = name
        return found


class ConfirmForm(forms.Form):
    """That what was shown is to be done. It carries what was shown, signed."""

    preview = forms.CharField(widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step from one state to another."""

    reason = LongText(label=_("Why?"), required=False, max_length=1000, rows=3)
