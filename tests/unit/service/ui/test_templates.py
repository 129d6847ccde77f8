"""Every template: pages stand in the frame that has the way to help, and none brings style or script of its own."""

from __future__ import annotations

import re

import pytest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from tests.unit.service.ui.conftest import UI, Page

from imara.service.ui.templatetags import imara_ui

TEMPLATES = UI / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
EXTENDS = re.compile(r'{% extends "([^"]+)" %}')
PARTS = ("imara/components/", "imara/forms/", "allauth/elements/")
PIECES = {
    "imara/account.html", "imara/help_icon.html", "imara/help_in_other_languages.html",
    "imara/help_in_other_languages_plain.html", "imara/gallery_form.html", "imara/gallery_parts.html",
}  # fmt: skip
PAGES = [name for name in NAMES if not name.startswith(PARTS) and name not in PIECES]
ERRORS = [
    name for name in PAGES if re.fullmatch(r"\d{3}\w*\.html|imara/(maintenance|offline|session_ended)\.html", name)
]


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def foundation(name: str) -> str:
    """Return the template that a page stands on at last."""
    found = EXTENDS.search(get_template(name).template.source)
    return foundation(found[1]) if found else name


def test_there_are_pages_to_look_at():
    assert len(PAGES) > 20
    assert len(ERRORS) == 10


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_in_the_frame(name):
    assert foundation(name) == "imara/base.html"


def test_the_frame_has_the_way_to_help_before_anything_else():
    frame = source("imara/base.html")
    header = frame[frame.index("<header") : frame.index("</header>")]

    assert 'class="imara-help-link"' in header
    # Outside any block: no page can lose it.
    before = header[: header.index('class="imara-help-link"')]
    assert len(re.findall(r"{% block", before)) == len(re.findall(r"{% endblock", before))


@pytest.mark.parametrize("name", NAMES)
def test_templates_bring_no_style_and_no_script_of_their_own(name):
    text = source(name)

    assert not re.search(r"\son\w+=", re.sub(r"{%.*?%}|{{.*?}}", "", text)), "events are handled in the script"
    assert not re.search(r"\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)
    assert "javascript:" not in text
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("name", NAMES)
def test_templates_name_no_outside_address(name):
    assert not re.findall(r"(?:href|src|action)=\"(?:https?:)?//", source(name))


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("request_", [None, "request"])
def test_an_error_page_needs_nothing(name, request_):
    request = RequestFactory().get("/") if request_ else None
    page = Page(render_to_string(name, request=request))

    assert page.headings.count(1) == 1
    assert page.all("a", class_="imara-help-link", href="#help")
    assert "help" in page.ids
    assert page.all("a", href="tel:112")
    assert not page.all("form")


@pytest.mark.parametrize("name", ["500.html", "imara/maintenance.html", "imara/offline.html"])
def test_when_the_language_cannot_be_known_help_is_told_in_all(name):
    page = Page(render_to_string(name))

    assert len(page.all("a", href="tel:112")) == 2
    assert page.all("div", lang="da")
    assert "Ring 112" in page.text


def test_every_component_says_what_it_is_for():
    silent = [name for name, function in _tags().items() if not (function.__doc__ or "").strip()]
    assert not silent


def test_every_component_is_in_the_gallery_or_the_frame():
    shown = "".join(source(name) for name in NAMES)
    assert not [name for name in _tags() if not re.search(rf"{{% {name}\b", shown)]


def _tags():
    return {name.split(" ")[0]: getattr(imara_ui, name) for name in imara_ui.register.tags if hasattr(imara_ui, name)}
