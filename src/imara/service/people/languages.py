"""Which language a person's pages are in: the one they chose on this device, else the one they chose before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from imara.service.ledger.recording import Actor, recorded
from imara.service.people.models import Person


def choose(*, person: Person, language: str, by: Actor) -> Person:
    """Store the language of a person's pages.

    Raises:
        ValueError: The site does not speak it.
    """
    if language not in dict(settings.LANGUAGES):
        raise ValueError(f"'{language}' is not one of {', '.join(dict(settings.LANGUAGES))}")
    if person.language != language:
        with recorded("people.language_chosen", by=by, subject=f"person:{person.key}"):
            person.language = language
            person.save()
    return person


def on_sign_in(request: HttpRequest, person: Person) -> None:
    """Bring together what was chosen on the page before signing in and what is stored.

    What was chosen on this device just now wins and is stored: signing out takes the cookie away, so it is not left
    over from somebody else.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        choose(person=person, language=chosen, by=Actor(person.key, "self"))


class LanguageMiddleware:
    """Shows pages in the language that a signed-in person has stored, where this device says nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the language before the page is made."""
        user: Any = request.user
        if user.is_authenticated and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in dict(settings.LANGUAGES):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        return self.get_response(request)
