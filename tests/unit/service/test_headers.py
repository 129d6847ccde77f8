"""What every answer tells a browser: run nothing that is written into a page, keep nothing, show it in no frame."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PAGES = ["/health/", "/account/login/", "/no/such/page/", "/demonstration/"]


@pytest.mark.parametrize("address", PAGES)
def test_scripts_and_styles_come_from_files_of_the_site_only(address: str, client: Client) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_kept_nowhere_and_framed_nowhere(address: str, client: Client) -> None:
    response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("address", PAGES[1:])
def test_no_page_has_an_inline_script_style_or_handler(address: str, client: Client) -> None:
    page = client.get(address).content.decode()
    assert "<style" not in page
    assert ' style="' not in page
    assert " onclick=" not in page
    assert "javascript:" not in page
    run = [tag for tag in re.findall(r"<script[^>]*>", page) if 'type="application/json"' not in tag]
    assert all(re.search(r' src="/static/', tag) for tag in run), run
