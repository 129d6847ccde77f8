"""One way to write values as text, so that the same values always give the same hash."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def to_json(value: Any) -> str:
    """Return canonical JSON: sorted keys, no spaces, unescaped text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return a field's value as JSON can hold it. Times are in UTC.

    Raises:
        TypeError: The ledger does not know how to write such a value.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    raise TypeError(f"the ledger cannot write a {type(value).__name__}")


def seal(key: bytes, place: str, value: Any) -> str:
    """Return a keyed digest that shows whether a value has changed without showing the value.

    Args:
        key: Secret of the site.
        place: Model, row and field, so that equal values in different places look different.
        value: The value.
    """
    message = to_json([place, plain(value)]).encode()
    return "sealed:" + hmac.new(key, message, hashlib.sha256).hexdigest()
