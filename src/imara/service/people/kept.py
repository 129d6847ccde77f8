"""What someone had typed when their session ended: encrypted, for a while, and shown to them alone."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WAITING = "kept_is_waiting"
"""Set in a session that begins while something is kept, so that it is offered once."""
HOURS = 12
SENT_AGAIN = "_kept"
"""Field that says that a form is one that was kept."""


@dataclass(frozen=True)
class Kept:
    """A form that could not be taken."""

    path: str
    """Where it was sent."""
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    """Names and values as they were typed."""
    lost_files: bool
    """Whether there were files, which are not kept."""

    @property
    def readable(self) -> list[tuple[str, str]]:
        """Return what stands in it, for reading: names of fields as words, without empty and technical ones."""
        return [
            (name.replace("_", " ").replace("-", " ").capitalize(), ", ".join(values))
            for name, values in self.fields
            if not name.startswith("_") and any(value.strip() for value in values)
        ]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return every name with every value, for sending it again."""
        return [(name, value) for name, values in self.fields for value in values]


def keep(person: str, request: HttpRequest) -> bool:
    """Keep what a form holds for the person with this key; a form kept before gives way. Passwords are never kept.

    Return whether there was anything to keep.
    """
    fields = [
        (name, request.POST.getlist(name))
        for name in request.POST
        if name not in {"csrfmiddlewaretoken", SENT_AGAIN} and "password" not in name.lower()
    ]
    if not any(value.strip() for _, values in fields for value in values):
        return False
    content = json.dumps([request.get_full_path(), fields, bool(request.FILES)])
    cache.set(_name(person), _cipher(person).encrypt(content.encode()).decode(), HOURS * 60 * 60)
    return True


def of(person: str) -> Kept | None:
    """Return what is kept for a person."""
    token = cache.get(_name(person))
    if token is None:
        return None
    try:
        path, fields, lost_files = json.loads(_cipher(person).decrypt(token.encode()))
    except InvalidToken:
        return None
    return Kept(path, tuple((name, tuple(values)) for name, values in fields), lost_files)


def forget(person: str) -> None:
    """Throw away what is kept for a person."""
    cache.delete(_name(person))


def _name(person: str) -> str:
    return f"kept-{person}"


def _cipher(person: str) -> Fernet:
    # One key a person: what is kept for one could not be read as another's even if it were put in their place.
    secret = f"kept for {person} {settings.SECRET_KEY}".encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))
