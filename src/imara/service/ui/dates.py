"""A date that is typed as day, month and year: no calendar to find one's way in, and a month may be a word."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
Parts = tuple[str, str, str]
Limit = datetime.date | Callable[[], datetime.date] | None


class DateParts(forms.Widget):
    """Three small fields in the order in which dates are said."""

    template_name = "imara/forms/date_parts.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template one entry for each part."""
        context = super().get_context(name, value, attrs)
        shown = self.parts(value)
        own = context["widget"]["attrs"]
        wrong = own.pop("data-wrong", "").split()
        id_ = own.get("id", "")
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{id_}_{part}" if id_ else "",
                "label": labels[part],
                "value": text,
                "wide": part == "year",
                # A month may be typed as a word.
                "numeric": part != "month",
                "wrong": part in wrong,
                "autocomplete": f"bday-{part}" if own.get("autocomplete") == "bday" else "",
                "disabled": bool(own.get("disabled")),
            }
            for part, text in zip(PARTS, shown, strict=True)
        ]
        return context

    @staticmethod
    def parts(value: Any) -> Parts:
        """Return what stands in the three fields for a value."""
        if isinstance(value, datetime.date):
            return str(value.day), str(value.month), str(value.year)
        if isinstance(value, tuple | list) and len(value) == len(PARTS):
            return str(value[0]), str(value[1]), str(value[2])
        return "", "", ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Parts:
        """Return what was typed."""
        day, month, year = (str(data.get(f"{name}_{part}") or "").strip() for part in PARTS)
        return day, month, year

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the form that was sent had no such question."""
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        """Return where focus goes: the day."""
        return f"{id_}_day" if id_ else ""


class DateField(forms.Field):
    """A date in day, month and year."""

    widget = DateParts
    default_error_messages = {  # noqa: RUF012  # Django's way, never changed
        "required": _("Enter a date in “%(label)s”, for instance 27 3 2025"),
        "lacks-day": _("“%(label)s” needs a day"),
        "lacks-month": _("“%(label)s” needs a month"),
        "lacks-year": _("“%(label)s” needs a year"),
        "short-year": _("“%(label)s” needs a year of four digits, for instance 2025"),
        "no-such-date": _("“%(label)s” must be a date that exists"),
        "too-early": _("“%(label)s” must be %(limit)s or later"),
        "too-late": _("“%(label)s” must be %(limit)s or earlier"),
    }

    def __init__(self, *, earliest: Limit = None, latest: Limit = None, **kwargs: Any) -> None:
        """Make the field.

        Args:
            earliest: First date that is allowed, or what returns it when the form is read.
            latest: Last date that is allowed, or what returns it.
            **kwargs: As for any field of Django.
        """
        super().__init__(**kwargs)
        self.earliest = earliest
        self.latest = latest

    def prepare_value(self, value: Any) -> Any:
        """Return what the widget shows: what was typed, or a date."""
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the date typed is another than the one that stood there."""
        return DateParts.parts(initial) != DateParts.parts(data)

    def to_python(self, value: Any) -> datetime.date | None:
        """Return the date that was typed, None when nothing was.

        Raises:
            ValidationError: a part is missing or there is no such date; the error says which part.
        """
        if value is None or isinstance(value, datetime.date):
            return value
        day, month, year = DateParts.parts(value)
        if not (day or month or year):
            return None
        if lacking := [part for part, text in zip(PARTS, (day, month, year), strict=True) if not text]:
            raise self._wrong(f"lacks-{lacking[0]}", lacking)
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise self._wrong("short-year", ["year"])
        try:
            return datetime.date(int(year), _month(month), int(day))
        except ValueError:
            raise self._wrong("no-such-date", PARTS) from None

    def validate(self, value: Any) -> None:
        """Check that a date is there when it must be, and within its limits."""
        if value in self.empty_values:
            if self.required:
                raise self._wrong("required", PARTS)
            return
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            raise self._wrong("too-early", PARTS, limit=formats.date_format(earliest, "DATE_FORMAT"))
        if latest and value > latest:
            raise self._wrong("too-late", PARTS, limit=formats.date_format(latest, "DATE_FORMAT"))

    def _wrong(self, code: str, parts: Sequence[str], **params: str) -> ValidationError:
        return ValidationError(
            self.error_messages[code], code=code, params={"label": self.label or "", "parts": list(parts), **params}
        )


def _month(text: str) -> int:
    """Return a month's number, given as a number or as a word in the language of the page.

    Raises:
        ValueError: there is no such month.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    typed = text.casefold().rstrip(".")
    for number in MONTHS:
        if typed in {str(MONTHS[number]).casefold(), str(MONTHS_3[number]).casefold().rstrip(".")}:
            return number
    raise ValueError(f"no month is called {text}")
