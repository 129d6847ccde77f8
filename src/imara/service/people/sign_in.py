"""How allauth signs people in here: by passkey, code or one-time link; nobody signs themselves up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from imara.service.ledger.recording import Actor, recorded


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes signing up, and records changes of passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return false: accounts are made by invitation."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Set a password as an act of the person themselves."""
        with recorded("people.password_set", by=Actor(user.key, "self"), subject=f"person:{user.key}"):
            user.set_password(password)
            user.save()
