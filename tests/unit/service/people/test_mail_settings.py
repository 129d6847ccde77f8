"""E-mail as the environment says: a server, the terminal of a demonstration, or none."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from imara.service.people.mail import can_be_sent
from imara.service.settings import mail_backend, mail_encryption


@pytest.mark.parametrize(
    ("host", "demonstration", "backend"),
    [
        ("mail.example.org", False, "smtp"),
        ("mail.example.org", True, "smtp"),
        ("", True, "console"),
        ("", False, "dummy"),
    ],
)
def test_which_sender_is_used(host: str, demonstration: bool, backend: str) -> None:
    assert mail_backend(host, demonstration) == f"django.core.mail.backends.{backend}.EmailBackend"


@pytest.mark.parametrize(
    ("word", "found"), [("starttls", (True, False)), ("tls", (False, True)), ("none", (False, False))]
)
def test_how_it_is_encrypted(word: str, found: tuple[bool, bool]) -> None:
    assert mail_encryption(word) == found


def test_another_word_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="'ssl'; it can be starttls, tls or none"):
        mail_encryption("ssl")


def test_without_a_sender_nothing_is_offered(settings) -> None:
    assert can_be_sent()
    settings.EMAIL_BACKEND = mail_backend("", False)
    assert not can_be_sent()
