"""What happens after many failed tries to sign in: a pause, and a page that says until when."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


def who_tries(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return for which account somebody tries to sign in: the e-mail address or key, in small letters."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(name).strip().lower()[:255]


def from_where(request: HttpRequest) -> str:
    """Return the visitor's address, behind as many web servers as the settings say; empty where there is none."""
    return get_client_ip(request) or ""


def pause() -> timedelta:
    """Return how long one waits after too many failed tries."""
    return timedelta(hours=settings.AXES_COOLOFF_TIME)


def open_again(request: HttpRequest, credentials: dict[str, Any] | None = None) -> datetime:
    """Return when one can try again: a pause after the last failed try from here at this account."""
    last = (
        AccessAttempt.objects.filter(username=who_tries(request, credentials), ip_address=from_where(request))
        .order_by("-attempt_time")
        .first()
    )
    return (last.attempt_time if last else timezone.now()) + pause()


def locked_out(request: HttpRequest, _response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Say kindly that there is a pause, why, and when it ends."""
    return _wait(request, open_again(request, credentials))


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer a page that was asked for too often: allauth's own limits."""
    return _wait(request, timezone.now() + timedelta(minutes=5))


def _wait(request: HttpRequest, until: datetime) -> HttpResponse:
    # A clock shows whole minutes: "at 14:05" must not come too early.
    shown = until if not (until.second or until.microsecond) else until + timedelta(minutes=1)
    response = render(request, "people/wait.html", {"until": shown.replace(second=0, microsecond=0)}, status=429)
    response["Retry-After"] = str(max(1, math.ceil((until - timezone.now()).total_seconds())))
    return response
