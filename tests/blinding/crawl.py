"""Opens every page of the service as somebody, in every way that a browser or a curious person could."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.test import Client, TestCase
from django.urls import Resolver404, resolve
from tests.blinding.addresses import Address, Page, addresses, pages
from tests.blinding.forms_in_pages import PageReader
from tests.blinding.masks import masked
from tests.blinding.worlds import Member, World

from imara.service.people.models import Person

REST = ("HEAD", "OPTIONS", "PUT", "DELETE")
CURIOUS = (
    "arm=imr&arms=imr&allocation=imr&allocated_to=imr&group=imr&treatment=imr",
    "q=imr&search=imr&filter=imr&query=imr",
    "sort=arm&order=arm&order_by=arm&ordering=arm&o=arm",
    "format=csv&export=csv&as=csv",
    "format=json&page=2&per_page=1&limit=1&offset=1",
)
"""What somebody might add to an address who wants to know an arm."""
FEW = 2
"""How many addresses of a page are tried by the methods that all of them answer alike."""
MOST_OWN = 5
"""How many people or rows of one's own centre are tried on a page, unless one is thorough: with every arm exchanged,
each of them would show a leak."""
MOST_ALIKE = 12
"""How many addresses of one page that differ in what stands after the question mark are followed."""
MOST_LINKS = 2000
"""Addresses that a member follows beyond the table; more would be a page that links to itself without end."""


@dataclass(frozen=True)
class Seen:
    """One answer, with all that a visitor or an operator could see of it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    said: tuple[str, ...]
    """Log lines and e-mails."""
    digest: str
    packed: bytes = field(repr=False, compare=False)

    @property
    def body(self) -> bytes:
        """The body."""
        return zlib.decompress(self.packed)


Record = dict[tuple[str, str], Seen]
"""Name in the cast and what was asked, to what came."""
_packed: dict[str, bytes] = {}


class Visitor:
    """Someone of the cast at a browser."""

    def __init__(
        self, world: World, member: Member, *, thorough: bool = False, only: Collection[str] | None = None
    ) -> None:
        """Let a member in; `thorough` to try every address in every way, `only` for pages of these names."""
        self.world, self.member, self.thorough, self.only = world, member, thorough, only
        self.record: Record = {}
        self.client = Client(raise_request_exception=False)
        self.failed: list[str] = []
        self._filled: Counter[tuple[str, str]] = Counter()
        """How often each form was filled in, wherever it stands: signing out stands on every page."""
        person = world.persons.get(member.name)
        if person is not None:
            sign_in(self.client, person, world)
        self._cookies = deepcopy(self.client.cookies)

    def crawl(self) -> Record:
        """Open everything."""
        waiting: list[str] = []
        for page in pages():
            if self.only is None or page.name in self.only:
                waiting += self._page(page)
        if self.only is None:
            self._follow(waiting)
        return self.record

    def _page(self, page: Page) -> list[str]:
        found: list[str] = []
        opened: list[str] = []
        known: list[Address] = self._worth_trying(page)
        for number, address in enumerate(known):
            if number >= FEW and not opened and not self.thorough:
                break
            seen, links = self.look(address.path)
            found += links
            if seen.status == 200:
                opened.append(address.path)
        few = list(dict.fromkeys([*opened[:1], *(address.path for address in known[:1])]))
        for path in few:
            self.ask("POST", path, data={})
        # What others have written is opened as it is; our own pages are looked at from every side.
        if not page.callback.__module__.startswith("allauth."):
            for path in opened[:1] or (few if self.thorough else []):
                for method in REST:
                    self.ask(method, path)
            for path in opened if self.thorough else opened[:1]:
                self._look_closely(path)
        return found

    def _look_closely(self, path: str) -> None:
        self.ask("GET", path, "in Danish", HTTP_ACCEPT_LANGUAGE="da")
        self.ask("GET", path, "by a script", HTTP_HX_REQUEST="true", HTTP_X_REQUESTED_WITH="XMLHttpRequest")
        self.ask("GET", path, "as data", HTTP_ACCEPT="application/json")
        for query in CURIOUS:
            self.ask("GET", f"{path}?{query}")
        with pages_that_fail():
            self.ask("GET", path, "when the page fails")

    def _worth_trying(self, page: Page) -> list[Address]:
        """Return a page's addresses: those where the member works, then a few of elsewhere."""
        known, member = addresses(page, self.world), self.member
        if self.thorough:
            return known
        own = [
            address
            for address in known
            if address.is_true
            and (not member.study or address.says("study") in {None, member.study})
            and (not member.site or address.says("site") in {None, member.site})
        ]
        elsewhere = [address for address in known if address not in own]
        return [*_unlike(own, MOST_OWN), *elsewhere[:: max(1, len(elsewhere) // FEW)][:FEW]]

    def look(self, path: str) -> tuple[Seen, list[str]]:
        """Open a page, fill in its forms, and return where it leads."""
        seen = self.ask("GET", path)
        if seen.status != 200 or not _is_page(seen):
            return seen, []
        reader = PageReader.read(path, seen.body)
        links = list(reader.links)
        for form in reader.forms:
            if form.method != "post":
                links += form.queries()
                continue
            shape = (_page_at(urlsplit(form.action).path), str([name for name, _, _ in form.fields]))
            self._filled[shape] += 1
            if self._filled[shape] <= FEW or self.thorough:
                for number, data in enumerate(form.answers()):
                    self.ask("POST", form.action, f"filled in {number} on {path}", data=data)
        return seen, links

    def _follow(self, waiting: list[str]) -> None:
        """Open what pages lead to: each address, or of those that are alike as many as show what they show."""
        alike: Counter[tuple[str, str]] = Counter()
        done: set[str] = set()
        while waiting and len(done) < MOST_LINKS:
            path = waiting.pop(0)
            place, _, query = path.partition("?")
            if path in done or (self.member.name, f"GET {path}") in self.record or place.startswith("/static/"):
                continue
            page = _page_at(place)
            alike[page, query] += 1
            alike[page, "whatever"] += 1
            if not self.thorough and (alike[page, query] > FEW or alike[page, "whatever"] > MOST_ALIKE):
                continue
            done.add(path)
            _, links = self.look(path)
            waiting += links

    def ask(self, method: str, path: str, how: str = "", *, data: Any = None, **headers: str) -> Seen:
        """Ask once, look at the answer, and undo what it did."""
        what = " ".join(filter(None, (method, path, how)))
        if (self.member.name, what) in self.record:
            return self.record[self.member.name, what]
        world = self.world
        world.chance.begin(f"{self.member} {what}")
        # How often somebody has asked is counted there, and is not undone with what they did.
        cache.clear()
        self.client.cookies = deepcopy(self._cookies)
        before = world.clock.at
        with transaction.atomic(), world.recorder.during("one request"):
            with TestCase.captureOnCommitCallbacks(execute=True):
                answer = self._send(method, path, data, headers)
                place = answer.get("Location", "") if method == "POST" and answer.status_code in {302, 303} else ""
                after = self._send("GET", place, None, {}) if place.startswith("/") else None
            transaction.set_rollback(True)
        world.clock.at = before
        said = world.recorder.said.pop("one request")
        seen = _seen(answer, said)
        self.record[self.member.name, what] = seen
        if after is not None:
            self.record[self.member.name, f"{what} and then"] = _seen(after, [])
        if answer.status_code == 500 and "fails" not in how:
            self.failed.append(f"{self.member}: {what}\n" + "\n".join(said))
        return seen

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Any:
        if method == "POST":
            return self.client.post(path, data or {}, **headers)
        return self.client.generic(method, path, **headers)


def sign_in(client: Client, person: Person, world: World) -> None:
    """Give somebody the session of one who has signed in, with the second step that staff need."""
    world.chance.begin(f"sign in {person.key}")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    # As allauth writes it down; pages that ask to sign in again go by the time of it.
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": world.clock.at.timestamp()}]
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


@contextmanager
def pages_that_fail() -> Iterator[None]:
    """Have every page fail once it is made, with all it knows still in its hands."""
    true = BaseHandler.make_view_atomic

    def failing(handler: BaseHandler, view: Callable[..., Any]) -> Callable[..., Any]:
        inner = true(handler, view)

        def fail(*args: Any, **kwargs: Any) -> Any:
            answer = inner(*args, **kwargs)
            raise RuntimeError(f"made to fail after {answer.status_code}")

        return fail

    with patch.object(BaseHandler, "make_view_atomic", failing):
        yield


def _page_at(path: str) -> str:
    try:
        return resolve(path).route
    except Resolver404:
        return "nowhere"


def _unlike(known: list[Address], most: int) -> list[Address]:
    """Return some of a page's addresses, spread over the people and rows that can stand in them."""
    if len(known) <= most:
        return known
    return [known[round(place * (len(known) - 1) / (most - 1))] for place in range(most)]


def _is_page(seen: Seen) -> bool:
    return any(name == "Content-Type" and value.startswith("text/html") for name, value in seen.headers)


def _seen(answer: Any, said: Iterable[str]) -> Seen:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    digest = hashlib.sha256(body).hexdigest()
    if digest not in _packed:
        _packed[digest] = zlib.compress(body, 1)
    return Seen(
        answer.status_code,
        tuple((name, masked(value)) for name, value in answer.items()),
        tuple(morsel.OutputString() for _, morsel in sorted(answer.cookies.items())),
        tuple(masked(line) for line in said),
        digest,
        _packed[digest],
    )


def crawl(
    world: World, members: Iterable[Member], *, thorough: bool = False, only: Collection[str] | None = None
) -> tuple[Record, list[str]]:
    """Have members open everything; return what they saw, and which pages failed.

    Args:
        world: Where they are.
        members: Who they are.
        thorough: Whether they try every address in every way.
        only: Names of the pages they look at; all when None.
    """
    record: Record = {}
    failed: list[str] = []
    for member in members:
        visitor = Visitor(world, member, thorough=thorough, only=only)
        record |= visitor.crawl()
        failed += visitor.failed
    record["operator", "while the world was made"] = Seen(
        0,
        (),
        (),
        tuple(masked(line) for line in world.recorder.said["while the world was made"]),
        "",
        zlib.compress(b""),
    )
    return record, failed
