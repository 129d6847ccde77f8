"""What the pages need from a site's settings, checked when the server starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's own name for it

from imara.service.ui.vocabulary import VOCABULARY, chosen


@register()
def check_help(**_: Any) -> list[CheckMessage]:
    """Warn when pages could not name anyone of the service to call."""
    if getattr(settings, "IMARA_SERVICE_PHONE", "") or getattr(settings, "IMARA_DEMO", False):
        return []
    return [
        Warning(
            "IMARA_SERVICE_PHONE is not set: pages that say where to get help name the emergency number only.",
            hint="Set it to the number of someone who can help the people who use this site.",
            id="imara.W001",
        )
    ]


@register()
def check_vocabulary(**_: Any) -> list[CheckMessage]:
    """Refuse words that no vocabulary has."""
    return [
        Error(
            f"IMARA_WORDS calls a {role} '{name}', which is not in the vocabulary.",
            hint=f"For a {role} it has: {', '.join(VOCABULARY[role])}."
            if role in VOCABULARY
            else f"There are words for: {', '.join(VOCABULARY)}.",
            id="imara.E001",
        )
        for role, name in chosen().items()
        if name not in VOCABULARY.get(role, {})
    ]
