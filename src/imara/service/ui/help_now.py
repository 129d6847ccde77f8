"""Whom someone can call right now, from the settings alone: it answers when the database does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True)
class Line:
    """A telephone number, whose it is, and when someone answers."""

    name: str
    phone: str
    hours: str = ""

    @property
    def dial(self) -> str:
        """The number as a telephone wants it."""
        return re.sub(r"[^\d+]", "", self.phone)


@dataclass(frozen=True)
class Help:
    """Everyone who can be called."""

    emergency: Line
    service: Line | None
    helplines: tuple[Line, ...]
    made_up: bool
    """Whether this is a demonstration, so that the service has no number of its own."""


def service_name() -> str:
    """Return what the site calls itself."""
    return in_language(getattr(settings, "IMARA_SERVICE_NAME", "")) or "Imara"


def who_can_help() -> Help:
    """Return whom to call, in the language of the page."""
    phone = getattr(settings, "IMARA_SERVICE_PHONE", "")
    lines = getattr(settings, "IMARA_HELPLINES", ())
    return Help(
        emergency=Line("", str(getattr(settings, "IMARA_EMERGENCY_NUMBER", "112"))),
        service=Line(service_name(), phone, in_language(getattr(settings, "IMARA_SERVICE_HOURS", "")))
        if phone
        else None,
        helplines=tuple(
            Line(in_language(line["name"]), str(line["phone"]), in_language(line.get("hours", ""))) for line in lines
        ),
        made_up=bool(getattr(settings, "IMARA_DEMO", False)),
    )


def in_language(text: str | Mapping[str, Any]) -> str:
    """Return a setting's text, which is one for all languages or one for each, in the language of the page."""
    if isinstance(text, str):
        return text
    language = (get_language() or "en").split("-")[0]
    return str(text.get(language) or text.get("en") or next(iter(text.values()), ""))
