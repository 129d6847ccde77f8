"""How any Django form becomes an accessible page: labels, hints and errors tied to their fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.encoding import force_str
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imara.service.ui.dates import DateParts

CLASSES = {
    "text": "nhsuk-input",
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "file": "nhsuk-input",
    "checkbox": "nhsuk-checkboxes__input",
}
CHOOSING = {"radios", "checkboxes", "select"}


@dataclass(frozen=True)
class Option:
    """An answer of radios or checkboxes as the page shows it."""

    id: str
    name: str
    value: str
    label: str
    type: str
    selected: bool
    disabled: bool
    hint: str
    reveals: BoundField | None
    """Field that this answer asks for."""


class Field(BoundField):
    """A field in its form, with all that its template needs."""

    @cached_property
    def kind(self) -> str:
        """Which template shows the field."""
        widget = self.field.widget
        kinds: tuple[tuple[type[forms.Widget] | tuple[type[forms.Widget], ...], str], ...] = (
            (forms.CheckboxSelectMultiple, "checkboxes"),
            (forms.RadioSelect, "radios"),
            (DateParts, "date"),
            (forms.CheckboxInput, "checkbox"),
            ((forms.Select, forms.NullBooleanSelect), "select"),
            (forms.Textarea, "textarea"),
            (forms.FileInput, "file"),
        )
        return next((kind for widgets, kind in kinds if isinstance(widget, widgets)), "text")

    @property
    def optional(self) -> bool:
        """Whether the label says that the field may be left empty."""
        says = getattr(self.form, "says_what_is_optional", True)
        return says and not self.field.required and self.kind != "checkbox"

    @cached_property
    def messages(self) -> list[str]:
        """What is wrong, in the words that stand both at the field and in the summary."""
        found = self.form.errors.get(self.name)
        return [self._say(error) for error in found.as_data()] if found else []

    def _say(self, error: ValidationError) -> str:
        message, label = error.message, force_str(self.label).rstrip(":")
        if error.code == "required" and message == forms.Field.default_error_messages["required"]:
            # Django's own sentence does not say which field; in a summary it would stand there three times.
            if self.kind == "checkbox":
                return _("Tick “%(label)s” to go on") % {"label": label}
            if self.kind in CHOOSING:
                return _("Choose an answer to “%(label)s”") % {"label": label}
            return _("Fill in “%(label)s”") % {"label": label}
        if error.params and "label" in error.params:
            return force_str(message) % {**error.params, "label": label}
        return force_str(message) % error.params if error.params else force_str(message)

    @cached_property
    def wrong_parts(self) -> list[str]:
        """Which parts of a date are wrong; all when the error does not say."""
        found = self.form.errors.get(self.name)
        if self.kind != "date" or not found:
            return []
        first = found.as_data()[0]
        return list((first.params or {}).get("parts", ("day", "month", "year")))

    @property
    def anchor(self) -> str:
        """Id of the place where an error is put right."""
        if self.kind in {"radios", "checkboxes"}:
            return f"{self.auto_id}_0"
        if self.kind == "date":
            return f"{self.auto_id}_{(self.wrong_parts or ['day'])[0]}"
        return self.id_for_label or self.auto_id

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for what groups several inputs."""
        ids = [f"{self.auto_id}_helptext"] if self.help_text else []
        return " ".join([*ids, f"{self.auto_id}_error"] if self.errors else ids)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add what the style sheet and screen readers need."""
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return built
        classes = [CLASSES.get(self.kind, ""), str(widget.attrs.get("class", ""))]
        if self.errors:
            classes.append(f"{CLASSES[self.kind]}--error" if self.kind in CLASSES and self.kind != "checkbox" else "")
        if self.kind == "date":
            built["data-wrong"] = " ".join(self.wrong_parts)
        if self.longest:
            classes.append("nhsuk-js-character-count")
            built["aria-describedby"] = f"{built.get('aria-describedby', '')} {self.auto_id}-info".strip()
        if joined := " ".join(filter(None, classes)):
            built["class"] = joined
        return built

    @property
    def longest(self) -> int | None:
        """How many letters a long answer may have, counted on the page."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def counter_words(self) -> list[tuple[str, str]]:
        """What the counter of letters says, as attributes that the script reads, so that it needs no language."""
        count = "%{count}"
        left = [ngettext("You have %(n)s letter left", "You have %(n)s letters left", n) % {"n": count} for n in (1, 2)]
        over = [
            ngettext("You have %(n)s letter too many", "You have %(n)s letters too many", n) % {"n": count}
            for n in (1, 2)
        ]
        return [
            ("characters-under-limit.one", left[0]),
            ("characters-under-limit.other", left[1]),
            ("characters-at-limit", _("You have no letters left")),
            ("characters-over-limit.one", over[0]),
            ("characters-over-limit.other", over[1]),
        ]

    @cached_property
    def options(self) -> list[Option]:
        """Answers to choose from."""
        widget = self.field.widget
        hints, reveals = getattr(widget, "hints", {}), getattr(widget, "reveals", {})
        return [
            Option(
                id=data["attrs"].get("id", ""),
                name=data["name"],
                value=str(data["value"]),
                label=data["label"],
                type=data["type"],
                selected=bool(data["selected"]),
                disabled=bool(data["attrs"].get("disabled")),
                hint=hints.get(str(data["value"]), ""),
                reveals=self.form[reveals[str(data["value"])]] if str(data["value"]) in reveals else None,
            )
            for data in (subwidget.data for subwidget in self.subwidgets)
        ]

    @property
    def inline(self) -> bool:
        """Whether short answers stand beside each other."""
        return bool(getattr(self.field.widget, "inline", False))

    @cached_property
    def is_revealed(self) -> bool:
        """Whether the field is shown below an answer of another, so that the form does not show it again."""
        return any(self.name in getattr(field.widget, "reveals", {}).values() for field in self.form.fields.values())


class FormRenderer(TemplatesSetting):
    """Renders every form of the site."""

    form_template_name = "imara/forms/form.html"
    formset_template_name = "imara/forms/formset.html"
    field_template_name = "imara/forms/field.html"
    bound_field_class = Field


@dataclass(frozen=True)
class Mistake:
    """One line of the summary of errors."""

    message: str
    anchor: str
    """Where it is put right; empty where it is about the form as a whole."""


def mistakes(form: Any) -> list[Mistake]:
    """Return all that is wrong in a form or formset, in the order of the page."""
    if form is None or isinstance(form, str | Promise):
        return []
    if hasattr(form, "forms"):
        found = [Mistake(force_str(message), "") for message in form.non_form_errors()]
        return found + [mistake for part in form.forms for mistake in mistakes(part)]
    if not getattr(form, "errors", None):
        return []
    found = [Mistake(force_str(message), "") for message in form.non_field_errors()]
    for field in form:
        if isinstance(field, Field):
            found += [Mistake(message, "" if field.is_hidden else field.anchor) for message in field.messages]
        else:
            found += [Mistake(force_str(message), field.id_for_label) for message in field.errors]
    return found
