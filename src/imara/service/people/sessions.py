"""How a session ends: after a while without use, kindly, with what was typed kept for its writer; or by signing out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from imara.service.people import kept
from imara.service.people.doorkeeper import door_of
from imara.service.people.models import Person

SEEN = "seen_at"
EVERY = 60
"""Seconds between two notes of when a person was last seen; so much is granted, so that nobody goes out early."""
WIPE = '"cache", "cookies", "storage"'


class SessionsMiddleware:
    """Ends sessions that nobody uses, keeps what was typed, offers it again, and wipes the device at signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session when it has rested too long; otherwise note that it is in use."""
        user: Any = request.user
        was_in = user.is_authenticated
        if was_in:
            now, seen = time.time(), request.session.get(SEEN)
            if seen is not None and now - seen > settings.IMARA_IDLE_MINUTES * 60 + EVERY:
                request.ended_for = user.key  # type: ignore[attr-defined]  # read below
                logout(request)
            elif seen is None or now - seen > EVERY:
                request.session[SEEN] = now
        response = self.get_response(request)
        if (
            was_in
            and request.method == "POST"
            and kept.SENT_AGAIN in request.POST
            and 300 <= response.status_code < 400
        ):
            # What was kept has been taken; where something was wrong with it, its page shows it again.
            kept.forget(user.key)
        if was_in and request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = WIPE
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: Any
    ) -> HttpResponse | None:
        """Keep what somebody typed before their session ended; offer it to them once they are back."""
        door = door_of(view)
        if door is None or not door.signed_in:
            return None
        user: Any = request.user
        if user.is_authenticated:
            return self._offer(request, user)
        person = whose_session_ended(request)
        if person is None:
            return None
        is_kept = request.method == "POST" and kept.keep(person, request)
        path = request.get_full_path() if request.method in {"GET", "HEAD"} or is_kept else "/"
        address = f"{reverse('account_login')}?{urlencode({'next': path})}"
        return render(request, "imara/session_ended.html", {"kept": is_kept, "sign_in_address": address}, status=403)

    @staticmethod
    def _offer(request: HttpRequest, person: Person) -> HttpResponse | None:
        if request.method == "GET" and request.session.pop(kept.WAITING, False) and kept.of(person.key):
            return redirect("kept")
        return None


def whose_session_ended(request: HttpRequest) -> str | None:
    """Return the key of the person whose session this browser had, if it has ended; None for strangers.

    The browser's cookie names the session. Its row outlives its end, until old sessions are cleared.
    """
    ended: str | None = getattr(request, "ended_for", None)
    if ended:
        return ended
    name = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    row = Session.objects.filter(session_key=name).first() if name else None
    if row is None:
        return None
    person = Person.objects.filter(pk=row.get_decoded().get(SESSION_KEY) or 0, is_active=True).first()
    return person.key if person else None
