"""When something goes wrong: a page that says what to do and where help is, whatever else is broken."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from tests.unit.service.ui.conftest import Page

from imara.service.ui.policy import POLICY

KINDS = {
    "/refuse/400/": (400, "The site did not understand this"),
    "/refuse/403/": (403, "This page is not open to you"),
    "/refuse/404/": (404, "We cannot find this page"),
    "/no-such-page/": (404, "We cannot find this page"),
    "/refuse/405/": (405, "This page cannot be opened in this way"),
    "/refuse/bare-429/": (429, "Please wait a little"),
    "/refuse/boom/": (500, "Something is wrong with this site"),
    "/maintenance/": (503, "We are working on this site"),
}


@pytest.mark.parametrize(("address", "expected"), KINDS.items())
def test_a_refusal_is_a_page_with_help(see, address, expected):
    status, heading = expected
    page = see(address, status=status)
    assert heading in page.text
    assert page.all("a", class_="imara-help-link", href="#help")
    assert page.all("a", href="tel:112")
    assert page.headings.count(1) == 1


@pytest.mark.parametrize("address", KINDS)
def test_a_refusal_speaks_danish(see, address):
    page = see(address, "da", KINDS[address][0])
    assert page.all("html", lang="da")
    assert "Få hjælp nu" in page.text


def test_a_token_that_is_missing_is_met_calmly():
    response = Client(enforce_csrf_checks=True).post("/post-here/", {"a": "1"})
    page = Page(response.content.decode())
    assert response.status_code == 403
    assert "Please send it once more" in page.text
    assert "CSRF" not in page.text
    assert page.all("a", href="tel:112")


def test_what_must_stay_as_it_was_stays(see, visitor):
    assert visitor.get("/refuse/405/")["Allow"] == "POST"
    assert visitor.get("/maintenance/")["Retry-After"] == "300"
    assert visitor.head("/refuse/405/").content == b""


def test_no_page_of_ours_asks_the_database(see):
    # pytest-django lets no test reach a database that has not asked for it; these pages would fail.
    for address in ("/help/", "/offline/", "/gallery/"):
        see(address)


def test_an_error_page_comes_up_without_the_list_of_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    page = Page(render_to_string("500.html"))
    assert page.all("link", rel="stylesheet", href="/static/imara/imara.css")


@pytest.mark.parametrize("address", ["/help/", "/gallery/", "/refuse/boom/", "/refuse/404/"])
def test_every_answer_forbids_what_is_not_ours(visitor, address):
    policy = visitor.get(address)["Content-Security-Policy"]
    assert policy == POLICY
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_pages_load_only_what_the_policy_allows(see):
    page = see("/gallery/")
    for tag, attrs in page.elements:
        if tag == "script":
            assert attrs["src"].startswith("/static/imara/")
        if tag == "link":
            assert attrs["href"].startswith("/static/imara/")
        assert "style" not in attrs
        assert not [name for name in attrs if re.match(r"on\w+$|hx-on", name)]


def test_a_session_that_ended_says_whether_words_are_kept():
    kept = Page(render_to_string("imara/session_ended.html", {"kept": True, "sign_in_address": "/in/"}))
    lost = Page(render_to_string("imara/session_ended.html", {"sign_in_address": "/in/"}))
    assert "What you wrote is kept" in kept.text
    assert "What you wrote is kept" not in lost.text
    assert kept.all("a", href="/in/")
