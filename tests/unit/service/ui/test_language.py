"""Choosing a language: a link that works without scripts and leads back."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.translation import override

from imara.service.ui.vocabulary import VOCABULARY, word


def test_the_choice_is_kept_and_leads_back(visitor):
    response = visitor.get("/language/da/?next=/gallery/%3Flayout%3Dstaff")
    assert response.status_code == 302
    assert response["Location"] == "/gallery/?layout=staff"
    page = visitor.get("/gallery/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="da">' in page
    cookie = visitor.cookies["django_language"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", ""]
)
def test_the_choice_never_leads_away(visitor, back):
    assert visitor.get("/language/da/", {"next": back})["Location"] == "/"


def test_a_language_that_there_is_not_is_not_found(see):
    see("/language/xx/", status=404)


def test_every_page_offers_the_other_language_by_its_own_name(see):
    page = see("/gallery/?sort=since")
    (link,) = page.all("a", hreflang="da")
    assert link["lang"] == "da"
    assert link["href"] == "/language/da/?next=%2Fgallery%2F%3Fsort%3Dsince"
    assert "Dansk" in page.text
    (here,) = page.all("a", hreflang="en")
    assert here["aria-current"] == "true"


@pytest.mark.parametrize(
    ("chosen", "language", "form", "expected"),
    [
        (None, "en", "one", "participant"),
        (None, "da", "the_many", "deltagerne"),
        ("client", "en", "many", "clients"),
        ("client", "da", "the", "klienten"),
        ("patient", "en-gb", "the", "the patient"),
        ("no-such", "en", "one", "participant"),
    ],
)
def test_people_are_called_what_the_service_calls_them(settings, chosen, language, form, expected):
    settings.IMARA_WORDS = {"participant": chosen} if chosen else {}
    with override(language):
        assert word("participant", form) == expected
        template = Template(
            "{% load imara_ui %}{% word 'participant' form %}/{% word 'participant' form capital=True %}"
        )
        assert template.render(Context({"form": form})) == f"{expected}/{expected[0].upper()}{expected[1:]}"


def test_every_word_is_there_in_every_language(settings):
    for role, choices in VOCABULARY.items():
        assert role in choices
        for languages in choices.values():
            assert set(languages) == {code for code, _ in settings.LANGUAGES}
            assert all(getattr(one, form) for one in languages.values() for form in ("one", "the", "many", "the_many"))
