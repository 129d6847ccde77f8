"""The log names nobody: no name, no number, no token, no query, no words of an exception."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from django.urls import path

from imara.service.logs import MASK, Discreet, discreet, place
from imara.service.people.doorkeeper import open_to_all

TOKEN = "Zk3v9_QmT1x-7bN5cW8yE2uH4jL6pR0a"


def written(name: str, words: str, *arguments: object, **more: Any) -> str:
    """Return the line that a record becomes."""
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, words, arguments, more.pop("exc_info", None))
    for key, value in more.items():
        setattr(record, key, value)
    before = dict(record.__dict__)
    line = Discreet("%(levelname)s %(message)s").format(record)
    assert record.__dict__ == before, "other handlers get the record as it was"
    return line


@pytest.mark.parametrize(
    "private",
    ["ann.holm@example.org", "010190-1234", "0101901234", "+45 12 34 56 78", TOKEN, f"/go/{TOKEN}/", "?who=Ann&arm=imr",
     "3f2a" * 16],
)  # fmt: skip
def test_what_could_be_about_somebody_is_taken_out(private: str) -> None:
    secret = private.strip("/").removeprefix("go/")
    assert secret not in discreet(f"before {private} after")
    assert MASK in discreet(f"before {private} after")


@pytest.mark.parametrize(
    "harmless", ["GET /studies/<slug:study>/ 200 12 ms", "3 of 10000 rows", "people/actions.py:21"]
)
def test_what_is_about_nobody_stays(harmless: str) -> None:
    assert discreet(harmless) == harmless


def test_what_other_packages_put_into_their_sentences_is_masked() -> None:
    assert written("somewhere.else", "%s tried %d times", "Ann Holm", 3) == f"ERROR {MASK} tried 3 times"
    assert "Ann" not in written("somewhere.else", "%(who)s came", {"who": "Ann Holm"})


def test_our_own_sentences_are_kept() -> None:
    assert written("imara.access", "%s %s %d", "GET", "/health/", 200) == "ERROR GET /health/ 200"


def test_a_sentence_that_does_not_fit_its_values_is_no_failure() -> None:
    assert "two" in written("imara.x", "%d and two", "Ann Holm")
    assert "Ann" not in written("imara.x", "%d and two", "Ann Holm")


def test_of_an_exception_kind_and_place_are_kept_and_not_its_words() -> None:
    try:
        try:
            raise KeyError("Ann Holm")
        except KeyError as error:
            raise ValueError("arm of BAL-001 is imr") from error
    except ValueError as error:
        line = written("imara.x", "it failed", exc_info=(type(error), error, error.__traceback__))
    assert "builtins.ValueError" in line
    assert "builtins.KeyError" in line
    assert "test_logs.py" in line
    assert "imr" not in line
    assert "Ann" not in line


def broken(request: HttpRequest, token: str) -> Any:
    raise ValueError(f"{token} of Ann Holm")


def missing(request: HttpRequest, token: str) -> Any:
    raise Http404("Ann Holm is not here")


urlpatterns = [
    path("broken/<str:token>/", open_to_all(broken)),
    path("missing/<str:token>/", open_to_all(missing)),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("page", "status"), [("broken", 500), ("missing", 404), ("nowhere", 404)])
def test_nothing_typed_into_an_address_reaches_the_log(
    page: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(Discreet("%(name)s %(message)s"))
    client = Client(raise_request_exception=False)
    assert client.get(f"/{page}/{TOKEN}/?name=Ann").status_code == status
    lines = [caplog.handler.formatter.format(record) for record in caplog.records]  # type: ignore[union-attr]  # set above
    shown = "\n".join(lines)
    assert TOKEN not in shown
    assert "Ann" not in shown
    expected = "(no page)" if page == "nowhere" else f"/{page}/<str:token>/"
    assert any(line.startswith(f"imara.access GET {expected} {status} ") for line in lines), lines


def test_a_page_is_named_by_its_pattern() -> None:
    assert place(RequestFactory().get("/account/login/?next=/x/")) == "/account/login/"
    assert place(RequestFactory().get("/no/such/page/")) == "(no page)"


def test_the_console_writes_through_it(settings: Any) -> None:
    console = settings.LOGGING["handlers"]["console"]
    assert settings.LOGGING["formatters"][console["formatter"]]["()"] == "imara.service.logs.Discreet"
    assert [name for name, handler in settings.LOGGING["handlers"].items() if handler is not console] == []
    others = [logger.get("handlers", []) for logger in settings.LOGGING["loggers"].values()]
    assert not any(others), "every line goes to the one console"
