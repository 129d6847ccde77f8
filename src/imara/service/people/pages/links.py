"""Signing in by a one-time link: a page that says whose it is, and a button; opening the page uses nothing up."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from imara.service.people.doorkeeper import open_to_all
from imara.service.people.links import LinkState, look_up, use_link
from imara.service.people.models import OneTimeLink
from imara.service.people.sign_in import sign_in_by_link


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Say whom a link is for; used by its button alone, so that programs which open links in messages use up none."""
    state, link = look_up(token)
    _speak_their_language(request, link)
    if request.method == "POST":
        state, link = use_link(token=token)
        if state is LinkState.GOOD and link is not None:
            if request.user.is_authenticated and request.user != link.person:
                # What was begun as somebody else is not carried over.
                logout(request)
            return _private(sign_in_by_link(request, link.person, link.leads_to))
    if state is not LinkState.GOOD or link is None:
        return _private(render(request, "people/link_ended.html", {"state": state.value}, status=410))
    return _private(render(request, "people/link.html", {"name": link.person.name, "until": link.expires_at}))


def _speak_their_language(request: HttpRequest, link: OneTimeLink | None) -> None:
    if link is not None and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(link.person.language)
        request.LANGUAGE_CODE = link.person.language


def _private(response: HttpResponse) -> HttpResponse:
    # The address is a key: no other site and no search engine learns it. (With "no-referrer" browsers would not say
    # from which site its button was pressed, and the form would be refused.)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
