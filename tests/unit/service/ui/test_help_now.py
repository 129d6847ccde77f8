"""Whom to call: from the settings, in the language of the page, on every page."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from imara.service.ui.checks import check_help, check_vocabulary
from imara.service.ui.help_now import Line, service_name, who_can_help


@pytest.fixture
def service(settings):
    settings.IMARA_DEMO = False
    settings.IMARA_SERVICE_NAME = {"en": "Ballerup Centre", "da": "Center Ballerup"}
    settings.IMARA_SERVICE_PHONE = "+45 11 22 33 44"
    settings.IMARA_SERVICE_HOURS = {"en": "weekdays 9 to 15", "da": "hverdage 9 til 15"}
    settings.IMARA_HELPLINES = [{"name": "A line", "phone": "70 00 00 00", "hours": "always"}]


def test_numbers_can_be_dialled():
    assert Line("", "+45 (11) 22-33 44").dial == "+4511223344"


@pytest.mark.parametrize(
    ("language", "name", "hours"),
    [("en", "Ballerup Centre", "weekdays 9 to 15"), ("da", "Center Ballerup", "hverdage 9 til 15")],
)
def test_the_service_is_named_in_the_pages_language(service, see, language, name, hours):
    page = see("/help/", language)
    assert f"{name}: {hours}" in page.text
    assert page.all("a", href="tel:+4511223344")
    assert page.all("a", href="tel:70000000")
    assert page.all("a", href="tel:112")
    assert name in page.html[page.html.index("<title>") : page.html.index("</title>")]


def test_another_country_has_another_number(see, settings):
    settings.IMARA_EMERGENCY_NUMBER = "999"
    assert see("/help/").all("a", href="tel:999")
    assert not see("/help/").all("a", href="tel:112")


def test_a_language_that_a_text_lacks_gets_another(settings):
    settings.IMARA_SERVICE_NAME = {"en": "Centre"}
    with override("da"):
        assert service_name() == "Centre"


def test_a_demonstration_shows_where_the_number_stands(see):
    assert "Here stands the telephone number of your service." in see("/help/").text


def test_nothing_is_promised_that_is_not_there(settings):
    settings.IMARA_DEMO = False
    found = who_can_help()
    assert found.service is None
    assert not found.made_up


def test_starting_without_a_number_is_warned_of(service, settings):
    assert check_help() == []
    settings.IMARA_SERVICE_PHONE = ""
    (warning,) = check_help()
    assert warning.id == "imara.W001"
    assert "IMARA_SERVICE_PHONE" in warning.msg


def test_the_head_leads_to_help_even_where_there_is_no_such_page(see, settings):
    assert see("/gallery/").all("a", class_="imara-help-link", href="/help/")
    settings.ROOT_URLCONF = "django.conf.urls.i18n"
    from imara.service.ui.templatetags.imara_ui import help_address  # noqa: PLC0415  # read after the change

    assert help_address() == "#help"


def test_words_that_no_vocabulary_has_are_refused(settings):
    settings.IMARA_WORDS = {"participant": "client", "practitioner": "shaman", "robot": "x"}
    found = {error.msg for error in check_vocabulary()}
    assert len(found) == 2
    assert any("'shaman'" in message for message in found)
    settings.IMARA_WORDS = {"participant": "client"}
    assert check_vocabulary() == []
