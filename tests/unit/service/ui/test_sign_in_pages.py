"""Pages on which one signs in: allauth's, in our frame and our forms."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sign_in(bare_site, settings):
    """Give the site allauth's addresses as well."""
    settings.ROOT_URLCONF = "tests.unit.service.ui.sign_in_addresses"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
    settings.AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]


@pytest.mark.parametrize("address", ["/account/login/", "/account/login/code/"])
@pytest.mark.parametrize("language", ["en", "da"])
def test_signing_in_stands_in_our_frame(see, address, language):
    page = see(address, language)

    assert page.all("html", lang=language)
    assert page.all("a", class_="imara-help-link", href="/help/")
    assert page.headings.count(1) == 1
    assert page.all("div", class_="imara-sign-in")
    assert all("nhsuk-button" in (button.get("class") or "") for button in page.all("button"))
    labelled = {label.get("for") for label in page.all("label")}
    assert not [
        one
        for one in page.all("input")
        if one.get("type") not in {"hidden", "submit"} and one.get("id") not in labelled
    ]
    assert len(page.ids) == len(set(page.ids))


def test_a_way_without_a_password_comes_first(see):
    html = see("/account/login/").html
    assert html.index("/account/login/code/") < html.index('type="password"')


def test_nobody_is_invited_to_sign_up(see):
    assert "sign up" not in see("/account/login/").text.lower()


def test_no_script_is_written_into_the_page(see):
    for script in see("/account/login/").all("script"):
        # Data for allauth's script, which a browser does not run.
        assert script.get("src", "").startswith("/static/") or script.get("type") == "application/json"


def test_what_is_missing_is_told_twice_in_the_same_words(visitor):
    html = visitor.post("/account/login/code/", {}).content.decode()
    assert "nhsuk-error-summary" in html
    assert html.count("Fill in “") == 2
    assert 'href="#id_email"' in html
