"""Every template: pages stand in the frame that has the way to help, and none brings style or script of its own."""

from __future__ import annotations

import re

import pytest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from tests.unit.service.ui.conftest import UI, Page

from imara.service.ui.templatetags import imara_ui

SERVICE = UI.parent
FILES = {
    path.relative_to(folder).as_posix(): path
    for folder in sorted(SERVICE.glob("*/templates"))
    for path in sorted(folder.rglob("*.html"))
}
NAMES = sorted(FILES)
EXTENDS = re.compile(r'{% extends "([^"]+)" %}')
INCLUDES = re.compile(r'{% include "([^"]+)"')
# What Django and allauth put into pages by themselves.
PARTS = ("imara/components/", "imara/forms/", "allauth/elements/", "mfa/webauthn/snippets/")
INCLUDED = {name for path in FILES.values() for name in INCLUDES.findall(path.read_text(encoding="utf-8"))}
PAGES = [name for name in NAMES if not name.startswith(PARTS) and name not in INCLUDED and name != "imara/base.html"]
ERRORS = [
    name for name in PAGES if re.fullmatch(r"\d{3}\w*\.html|imara/(maintenance|offline|session_ended)\.html", name)
]


def source(name: str) -> str:
    return FILES[name].read_text(encoding="utf-8")


def foundation(name: str) -> str:
    """Return the template that a page stands on at last."""
    text = source(name) if name in FILES else get_template(name).template.source
    if text.startswith("{% extends layout %}"):
        # For people at work and for participants: the page chooses between these two.
        assert foundation("imara/base_staff.html") == foundation("imara/base_participant.html")
        return foundation("imara/base_staff.html")
    found = EXTENDS.search(text)
    return foundation(found[1]) if found else name


def test_there_are_pages_to_look_at():
    assert len(PAGES) > 40
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
    # Data for a script is not one: browsers do not run it.
    assert not re.search(r'<script(?![^>]*\b(?:src=|type="application/json"))[^>]*>', text)
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
