"""Mistakes that a careful person makes: each tells an arm to somebody who is blinded, each in a way of its own."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import Template
from django.urls import path
from tests.blinding.addresses import pages
from tests.blinding.worlds import HERE, MAIN

from imara.service import urls
from imara.service.allocation.actions import drawing
from imara.service.allocation.models import Draw
from imara.service.allocation.models import Scheme as StoredScheme
from imara.service.allocation.records import records_of
from imara.service.ledger.recording import recorded
from imara.service.participants.pages import log
from imara.service.people import actions as people
from imara.service.people.doorkeeper import opens_with

PERSON, LOG, EXPORT, HISTORY = "participants:person", "participants:log", "participants:export", "people:study_history"
Respond = Callable[[HttpRequest, HttpResponse, dict[str, str]], HttpResponse]


@dataclass(frozen=True)
class Leak:
    """One mistake."""

    name: str
    plant: Callable[[], AbstractContextManager[Any]]
    """Makes the mistake for a while."""
    who: str
    """Who could learn an arm by it."""
    pages: tuple[str, ...]
    """Names of the pages on which they could; empty where it is in what is left behind."""
    where: str
    """What the harness should say."""
    in_drawing: bool = False
    """Whether the mistake is made where people are allocated, so that a world must be made with it."""

    def __str__(self) -> str:
        return self.name


def arms() -> dict[str, str]:
    """Return everybody's arm."""
    return {record.unit: record.sealed.arm for one in StoredScheme.objects.all() for record in records_of(one)}


def arm_in(given: dict[str, str]) -> str:
    """Return the arm of the person a page is about, or of the first person here where it is about several."""
    known = arms()
    return known.get(given.get("participant", ""), "") or known[min(known)]


@contextmanager
def answering(name: str, respond: Respond) -> Iterator[None]:
    """Change what a page answers."""
    pattern = next(page.pattern for page in pages() if page.name == name)
    true = pattern.callback

    def changed(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        return respond(request, true(request, *args, **given), given)

    changed.door = true.door  # type: ignore[attr-defined]  # as the doorkeeper reads it
    with patch.object(pattern, "callback", changed):
        yield


def _word_in_page(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """A class for the style sheet, so that group members stand out to their practitioners."""
    answer.content = answer.content.replace(b"<body", f'<body data-group="{arm_in(given)}"'.encode(), 1)
    return answer


def _header(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Left over from looking for a fault."""
    answer["X-Programme"] = "imr" if arm_in(given) == "imr" else "none"
    return answer


def _etag(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """A fingerprint of all rows that the page depends on, and of one that it does not."""
    draw = Draw.objects.filter(participant=given["participant"]).first()
    answer["ETag"] = '"' + hashlib.sha256(bytes(draw.sealed) if draw else b"").hexdigest() + '"'
    return answer


def _cookie(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Remembers which tab was open, and there is a tab more for those in groups."""
    answer.set_cookie("tabs", "3" if arm_in(given) == "imr" else "2")
    return answer


def _length(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Says nothing anywhere, but at greater length."""
    answer.content += b" " * len((arm_in(given) == "imr" and "x") or "")
    return answer


def _redirect(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Leads on to where the person's care is described."""
    return HttpResponseRedirect(f"/programmes/{arm_in(given)}/")


def _file_name(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Numbers files by how many are in the programme."""
    count = sum(arm == "imr" for arm in arms().values())
    answer["Content-Disposition"] = f'attachment; filename="log-{count}.csv"'
    return answer


def _absence(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """A page that is about the programme is not there for those who are not in it."""
    if arm_in(given) != "imr":
        raise Http404("nothing here")
    return answer


def _when_failing(_: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Fails for some, and the operator's log says which."""
    if arm_in(given) == "imr":
        raise RuntimeError("this person's group has no date yet")
    return answer


def _hidden_filter(request: HttpRequest, answer: HttpResponse, given: dict[str, str]) -> HttpResponse:
    """Takes filters from the address, those that no form offers too."""
    wanted = request.GET.get("arm")
    if wanted:
        for key, arm in arms().items():
            if arm != wanted:
                answer.content = answer.content.replace(key.encode(), b"")
    return answer


@contextmanager
def _order() -> Iterator[None]:
    """The log sorted once more, by something that is on nobody's screen."""
    true = log.page_of

    def sorted_once_more(*args: Any, **kwargs: Any) -> Any:
        known = arms()
        return sorted(true(*args, **kwargs), key=lambda row: known.get(row.participant.key, ""))

    with patch.object(log, "page_of", sorted_once_more):
        yield


@contextmanager
def _template() -> Iterator[None]:
    """A count in the footer of every page."""
    true = Template.render

    def render(self: Template, context: Any) -> Any:
        text = true(self, context)
        if self.name == "participants/log.html":
            text += f"<!-- {sum(arm == 'imr' for arm in arms().values())} in groups -->"
        return text

    with patch.object(Template, "render", render):
        yield


@contextmanager
def _after_drawing(act: Callable[[str, str, Any], None]) -> Iterator[None]:
    written = drawing._write

    def write(scheme: Any, record: Any, site: str, token: str, by: Any) -> Any:
        draw = written(scheme, record, site, token, by)
        act(record.unit, record.sealed.arm, by)
        return draw

    with patch.object(drawing, "_write", write):
        yield


def _log_line(participant: str, arm: str, _: Any) -> None:
    logging.getLogger("imara.allocation").debug("allocated %s to %s", participant, arm)


def _letter(participant: str, arm: str, _: Any) -> None:
    if arm == "imr":
        mail.send_mail("A new member of your group", participant, "site@example.org", ["practitioner@example.org"])


def _number(participant: str, arm: str, by: Any) -> None:
    """Those in groups get an account at once, so that whatever is made next has a higher number."""
    if arm == "imr":
        people.invite(language="da", by=by)


def _event(participant: str, arm: str, by: Any) -> None:
    if arm == "imr":
        with recorded("programme.place_kept", by=by, study=MAIN, site=HERE, subject=f"participant:{participant}"):
            pass


@contextmanager
def _new_page() -> Iterator[None]:
    """A page that nobody told the harness of."""

    @opens_with("participants.read")
    def group(request: HttpRequest, study: str, site: str) -> HttpResponse:
        return HttpResponse(", ".join(sorted(key for key, arm in arms().items() if arm == "imr")))

    pattern = path("studies/<slug:study>/sites/<slug:site>/who-is-in-the-group/", group, name="planted")
    with patch.object(urls, "urlpatterns", [pattern, *urls.urlpatterns]), _addresses_read_anew():
        yield


@contextmanager
def _addresses_read_anew() -> Iterator[None]:
    from django.urls import clear_url_caches  # noqa: PLC0415  # only here

    clear_url_caches()
    try:
        yield
    finally:
        clear_url_caches()


def _page(name: str, change: Respond) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: answering(name, change)


def _drawn(act: Callable[[str, str, Any], None]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: _after_drawing(act)


ASSESSOR, MONITOR, ADMINISTRATOR = f"assessor in {MAIN}", f"monitor in {MAIN}", "administrator"

LEAKS: tuple[Leak, ...] = (
    Leak("a word in a page", _page(PERSON, _word_in_page), ASSESSOR, (PERSON,), "body at byte"),
    Leak("a template that counts", _template, MONITOR, (LOG,), "body at byte"),
    Leak("a header", _page(PERSON, _header), ASSESSOR, (PERSON,), "header X-Programme"),
    Leak("a fingerprint", _page(PERSON, _etag), ASSESSOR, (PERSON,), "header ETag"),
    Leak("a cookie", _page(PERSON, _cookie), ASSESSOR, (PERSON,), "cookies"),
    Leak("a length", _page(PERSON, _length), ASSESSOR, (PERSON,), "header Content-Length"),
    Leak("a redirect", _page(PERSON, _redirect), ASSESSOR, (PERSON,), "header Location"),
    Leak("a page that is not there", _page(PERSON, _absence), ASSESSOR, (PERSON,), "status"),
    Leak("a page that fails", _page(PERSON, _when_failing), ASSESSOR, (PERSON,), "status"),
    Leak("the name of a file", _page(EXPORT, _file_name), MONITOR, (EXPORT,), "header Content-Disposition"),
    Leak("a filter that no form offers", _page(LOG, _hidden_filter), MONITOR, (LOG,), "body at byte"),
    Leak("an order", _order, MONITOR, (LOG,), "body at byte"),
    Leak(
        "a number of a row", _drawn(_number), ADMINISTRATOR, ("people:end_role", "people:people"), "", in_drawing=True
    ),
    Leak("an event", _drawn(_event), MONITOR, (HISTORY,), "body at byte", in_drawing=True),
    Leak("a line of the log", _drawn(_log_line), "operator", (), "log or e-mail", in_drawing=True),
    Leak("a letter", _drawn(_letter), "operator", (), "e-mails", in_drawing=True),
    Leak("a new page", _new_page, ASSESSOR, ("planted",), "body at byte"),
)
