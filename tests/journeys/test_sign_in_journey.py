"""Signing in, in a real browser: from a link on paper to a device that lets one in; on a phone; by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from imara.service.ledger.recording import Actor
from imara.service.ledger.verify import verify
from imara.service.people import actions
from imara.service.people.links import make_link
from imara.service.people.models import Person
from imara.service.people.roles import Role

from .chromium import Chromium, Page

pytestmark = pytest.mark.django_db(transaction=True)

ME = Actor("system:test", "administrator")
PHONE = 320
TAB, ENTER = ("Tab", 9), ("Enter", 13)


@pytest.fixture(scope="module")
def chromium(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    running = Chromium(browser, tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


@pytest.fixture
def site(live_server, settings) -> Iterator[str]:
    """A site as it is run, with one administrator."""
    settings.IMARA_SECOND_FACTOR = True
    settings.IMARA_DEMO = False
    cache.clear()
    yield live_server.url
    cache.clear()


def somebody(name: str, role: Role) -> Person:
    person = actions.invite(name=name, email="a@example.org", by=ME)
    actions.assign(person=person, role=role, study="" if role is Role.ADMINISTRATOR else "imr-denmark", by=ME)
    return person


def looked_at(page: Page, heading: str) -> None:
    """Check that a page stands, keeps nobody out and fits its window."""
    assert page.heading == heading, page.text[:600]
    assert page.barriers() == []
    assert page.overflow() == 0


def test_from_a_link_to_a_device_that_lets_one_in(site: str, chromium: Chromium) -> None:
    # Given an administrator who was handed a link
    new = make_link(person=somebody("Ada Admin", Role.ADMINISTRATOR), leads_to="/people/", by=ME)
    with chromium.page() as page:
        page.add_device()
        # when they open it and press its button
        page.go(site + new.path)
        looked_at(page, "This link is for Ada Admin")
        page.press("Continue")
        # then they are asked for a second step before they see people
        looked_at(page, "My devices and second steps")
        assert "set up a second step" in page.text
        # and when they add the device they sit at
        page.press("Add this device")
        looked_at(page, "Add a device")
        page.fill("What would you like to call", "Ada's computer")
        page.fill("Sign in with this device alone", "")
        page.press("Add the device")
        page.until("document.querySelector('h1')?.innerText === 'My spare codes'")
        looked_at(page, "My spare codes")
        page.press("I have kept them safe. Continue")
        looked_at(page, "Hello, Ada Admin")
        page.press("People\nInvite people, give and end roles.")
        looked_at(page, "People")
        # then, signed out,
        page.press("Sign out")
        page.until("document.querySelector('h1')?.innerText === 'You are signed out'")
        looked_at(page, "You are signed out")
        page.go(f"{site}/people/")
        looked_at(page, "Sign in")
        # the device alone lets them in, with no further step.
        page.press("Sign in with this device")
        page.until("document.querySelector('h1')?.innerText === 'People'")
        looked_at(page, "People")
    assert verify() == []


def test_a_device_that_does_not_answer_is_said_so(site: str, chromium: Chromium) -> None:
    with chromium.page() as page:
        device = page.add_device()
        page.ask("WebAuthn.removeVirtualAuthenticator", authenticatorId=device)
        page.go(f"{site}/account/login/")
        assert page.run("document.getElementById('device-trouble')?.hidden") is True
        # No device at all: what the browser reports when somebody stops it.
        page.run("navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))")
        page.press("Sign in with this device")
        page.until("!document.getElementById('device-trouble').hidden")
        assert "The device did not answer" in page.text
        assert page.barriers() == []


def test_a_participant_on_a_phone_by_keyboard_alone(site: str, chromium: Chromium) -> None:
    new = make_link(person=somebody("", Role.PARTICIPANT), leads_to="/account/", by=ME)
    with chromium.page(width=PHONE) as page:
        page.go(site + new.path)
        looked_at(page, "This link is for one person only")
        for _ in range(30):
            page.key(*TAB)
            if page.run("document.activeElement.innerText?.trim()") == "Continue":
                break
        page.key(*ENTER)
        page.until("location.pathname === '/account/'")
        looked_at(page, "My account")


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_pages_of_signing_in_keep_nobody_out(language: str, width: int, site: str, chromium: Chromium) -> None:
    with chromium.page(width=width) as page:
        page.go(f"{site}/language/{language}/?next=/account/login/")
        for path in (
            "/account/login/",
            "/account/login/code/",
            "/go/unknown/",
            "/account/signed-out/",
            "/account/inactive/",
        ):
            page.go(site + path)
            assert page.run("document.documentElement.lang") == language
            assert page.barriers() == [], path
            assert page.overflow() == 0, path


def test_the_end_of_a_session_is_announced_and_put_off(site: str, settings, chromium: Chromium) -> None:
    settings.IMARA_IDLE_MINUTES = 1
    new = make_link(person=somebody("", Role.PARTICIPANT), leads_to="/account/", by=ME)
    with chromium.page() as page:
        page.go(site + new.path)
        page.press("Continue")
        assert page.run("document.getElementById('time-left').hidden") is True
        page.run("(() => { const now = Date.now; Date.now = () => now() + 40000; })()")
        page.until("!document.getElementById('time-left').hidden")
        assert page.barriers() == []
        page.run("document.querySelector('#time-left a').click()")
        page.until("document.getElementById('time-left').hidden")
