"""A site that has the pages of this room and nothing else: no database, no doorkeeper."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

UI = Path(__file__).resolve().parents[4] / "src" / "imara" / "service" / "ui"
OURS = ("django.", "imara.service.ui.")


class Page(HTMLParser):
    """What is on a page: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a kind that have certain attributes."""
        names = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [attrs for found, attrs in self.elements if found == tag and names.items() <= attrs.items()]

    @property
    def ids(self) -> list[str]:
        """Ids in the order of the page."""
        return [attrs["id"] for _, attrs in self.elements if attrs.get("id")]

    @property
    def headings(self) -> list[int]:
        """Levels of the headings in the order of the page."""
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch(r"h[1-6]", tag)]

    @property
    def text(self) -> str:
        """What stands between the elements."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.html).split())


@pytest.fixture(autouse=True)
def bare_site(settings):
    """Leave away what other rooms add to each request."""
    settings.ROOT_URLCONF = "tests.unit.service.ui.addresses"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name.startswith(OURS)]
    settings.IMARA_DEMO = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    (engine,) = settings.TEMPLATES
    processors = [name for name in engine["OPTIONS"]["context_processors"] if name.startswith(OURS)]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": processors}}]


@pytest.fixture
def visitor() -> Client:
    """Somebody who has not signed in; errors are shown as in use, not raised."""
    return Client(raise_request_exception=False)


@pytest.fixture
def see(visitor) -> Callable[..., Page]:
    """Open an address in a language and return the page."""

    def open_page(address: str, language: str = "en", status: int = 200) -> Page:
        response = visitor.get(address, headers={"Accept-Language": language})
        assert response.status_code == status, response.content[:500]
        return Page(response.content.decode())

    return open_page
