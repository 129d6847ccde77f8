"""Gives refusals that Django leaves blank a page that says what happened and where help is."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

BLANK = {
    400: "400.html",
    403: "403.html",
    404: "404.html",
    405: "405.html",
    429: "429.html",
    503: "imara/maintenance.html",
}
SHORT = 512
"""A body this short is a bare sentence, not a page."""


class ErrorPagesMiddleware:
    """Fills in blank refusals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the site answer, and dress the answer when it is a bare refusal."""
        response = self.get_response(request)
        name = BLANK.get(response.status_code)
        if name is None or response.streaming or request.method == "HEAD":
            return response
        if not response.get("Content-Type", "").startswith("text/html") or len(response.content) > SHORT:
            return response
        response.content = render_to_string(name, request=request)
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
        return response
