"""Pages that belong to no study: help, choice of language, what is said without a connection, the gallery."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from imara.service.ui.gallery import samples


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call. Open to everyone, and it needs no database."""
    return render(request, "imara/help_now.html")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser that has kept this page shows when it reaches nothing. Open to everyone."""
    return render(request, "imara/offline.html")


@require_safe
def maintenance(request: HttpRequest) -> HttpResponse:
    """What is served while the site is being worked on; a web server before it may keep a copy. Open to everyone."""
    response = render(request, "imara/maintenance.html", status=503)
    response["Retry-After"] = "300"
    return response


@require_safe
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Show pages in another language from now on, and return to the page one came from. Open to everyone.

    A link and not a form: it changes nothing but a cookie, so it works where no form does.
    """
    if language not in dict(settings.LANGUAGES):
        raise Http404("no such language")
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with made-up content. Open to everyone in a demonstration, and not there otherwise."""
    if not (settings.IMARA_DEMO or settings.DEBUG):
        raise Http404("the gallery is part of a demonstration")
    kind = request.GET.get("layout", "staff")
    return render(
        request, f"imara/gallery_{'participant' if kind == 'participant' else 'staff'}.html", samples(request)
    )
