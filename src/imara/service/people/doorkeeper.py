"""The doorkeeper: no page answers unless a table says who may open it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from imara.service.people import queries
from imara.service.people.roles import Right, right


@dataclass(frozen=True)
class Door:
    """Who may open a page."""

    right: Right | None
    """The right that is needed; None for pages that are open to everyone, signed in or not."""
    signed_in: bool = True
    """Whether one must have signed in."""


def opens_with(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Declare that a page needs a right in the study and, where the right is scoped so, at the centre it is about.

    Pages take `study` and `site` from their address; the doorkeeper checks both before the page runs.
    """
    door = Door(right(name))

    def declare(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        page.door = door  # type: ignore[attr-defined]  # read by the doorkeeper
        return page

    return declare


def open_to_all(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare that everyone may open a page."""
    page.door = Door(None, signed_in=False)  # type: ignore[attr-defined]  # read by the doorkeeper
    return page


def open_to_signed_in(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare that everyone who has signed in may open a page."""
    page.door = Door(None)  # type: ignore[attr-defined]  # read by the doorkeeper
    return page


def door_of(page: Any) -> Door | None:
    """Return a page's door, or None when nobody has declared one. Pages of allauth handle signing in themselves."""
    declared = getattr(page, "door", None)
    if isinstance(declared, Door):
        return declared
    module = getattr(page, "__module__", "")
    if module.startswith("allauth."):
        return Door(None, signed_in=False)
    return None


class DoorkeeperMiddleware:
    """Refuses every page that has no door, and everyone whose roles do not open it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; `process_view` decides once the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _: Any, arguments: dict[str, Any]
    ) -> HttpResponse | None:
        """Let the person in, send them to sign in, or refuse."""
        door = door_of(view)
        if door is None:
            raise PermissionDenied("nobody has said who may open this page")
        if not door.signed_in:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if door.right is None:
            return None
        if not queries.may(request.user, door.right, study=arguments.get("study"), site=arguments.get("site")):
            raise PermissionDenied(f"you may not {door.right.words}")
        return None
