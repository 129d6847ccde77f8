"""How seed and arms rest in the database: encrypted, all of one length, each bound to its row."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES: Final = 12
CONTENT_BYTES: Final = 384
"""What is sealed is filled up to this length with spaces, so that a longer name of an arm gives no longer seal."""


class BrokenSealError(RuntimeError):
    """What was sealed cannot be opened: the site's key is another one, or the row was changed behind its back."""


def seal(place: str, content: Any) -> bytes:
    """Return JSON content, encrypted under the site's allocation key (AES-256 in GCM, a random nonce before it).

    Args:
        place: What the content belongs to; it opens there and nowhere else.
        content: Plain JSON values.

    Raises:
        ValueError: The content is too long to be filled up to the common length.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > CONTENT_BYTES:
        raise ValueError(f"what is sealed may take {CONTENT_BYTES} bytes at most")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, text.ljust(CONTENT_BYTES), place.encode())


def unseal(place: str, sealed: bytes) -> Any:
    """Return what `seal` sealed at this place.

    Raises:
        BrokenSealError: The key, the place or the content is another one.
    """
    try:
        return json.loads(_cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()))
    except (InvalidTag, ValueError):
        message = f"{place}: what is sealed there cannot be opened; the site's key is another one, or it was changed"
        raise BrokenSealError(message) from None


def _cipher() -> AESGCM:
    site = base64.urlsafe_b64decode(settings.IMARA_ALLOCATION_KEY)
    return AESGCM(hmac.digest(site, b"imara/allocation/aes-256-gcm", "sha256"))
