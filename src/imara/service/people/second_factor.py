"""Who needs a second step at signing in, and for which pages: the whole policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from imara.service.people import queries
from imara.service.people.doorkeeper import door_of
from imara.service.people.roles import Role

WITHOUT = frozenset({Role.PARTICIPANT, Role.SUPPORTER})
"""Roles that need no second step: what they see is their own, and a lost phone must not shut them out."""
PROVED = "second_factor_proved"
"""Set in a session of a demonstration, whose people have no devices."""


def needs_second_factor(person: Any) -> bool:
    """Tell whether a person has a role, at any centre, in which they see or change what is about others."""
    return any(Role(held.role) not in WITHOUT for held in queries.assignments(person))


def second_steps(person: Any) -> int:
    """Return how many devices and apps a person has; spare codes are none by themselves."""
    return int(Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).count())


def has_proved_it(request: HttpRequest) -> bool:
    """Tell whether the person signed in with a second step, or set one up since."""
    if request.session.get(PROVED):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_proof(request: HttpRequest) -> None:
    """Let a session of a demonstration do without a second step."""
    request.session[PROVED] = True


class SecondFactorMiddleware:
    """Sends staff without a second step to set one up, before any page that needs a right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; `process_view` decides once the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: Any
    ) -> HttpResponse | None:
        """Let the person in, or send them to set up a second step."""
        door = door_of(view)
        if not settings.IMARA_SECOND_FACTOR or door is None or door.right is None:
            return None
        if not request.user.is_authenticated or not needs_second_factor(request.user) or has_proved_it(request):
            return None
        messages.info(
            request, _("Before you see this page, set up a second step for signing in. It takes two minutes.")
        )
        return redirect("mfa_index")
