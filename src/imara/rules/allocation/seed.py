"""The secret that all chance comes from, and the endless numbers it gives under a label."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

ALGORITHM: Final = "imara-allocation-1"
"""Name and version of everything that decides a draw. A change that could move one person gets a new name."""
SEED_BYTES: Final = 32
WORDS: Final = 8
"""Numbers of 32 bits in one digest."""
_WORD_VALUES: Final = 1 << 32

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Seed:
    """Thirty-two secret bytes, best from the operating system's own chance (`secrets.token_bytes`).

    It never shows itself: not in its repr, not in text, not in an error.
    """

    secret: bytes = field(repr=False)
    """The bytes; only what stores or reveals the seed has any business here."""

    def __post_init__(self) -> None:
        if not isinstance(self.secret, bytes) or len(self.secret) != SEED_BYTES:
            raise ValueError(f"a seed is exactly {SEED_BYTES} bytes")

    def __repr__(self) -> str:
        return "Seed(secret)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Seed) and hmac.compare_digest(self.secret, other.secret)

    def __hash__(self) -> int:
        return hash(hashlib.sha256(self.secret).digest())

    def digest(self, message: bytes) -> bytes:
        """Return HMAC-SHA-256 of a message under this seed: 32 bytes."""
        return hmac.digest(self.secret, message, "sha256")


class Stream:
    """Chance under one label: whole numbers, each equally likely, the same ones whenever asked for again.

    The stream is HMAC-SHA-256(seed, label + "/" + counter) for counter 0, 1, 2 and so on, read as 32-bit numbers with
    the high byte first. A number below n is w mod n of the next w that is below the largest multiple of n; other
    w are thrown away, since they would make small numbers likelier.
    """

    def __init__(self, seed: Seed, label: str) -> None:
        self._seed = seed
        self._label = label
        self._counter = 0
        self._words: list[int] = []

    def __repr__(self) -> str:
        return "Stream(secret)"

    def below(self, n: int) -> int:
        """Return a whole number from 0 to `n` - 1. Each call uses at least one word, also where n is 1."""
        if not 1 <= n <= _WORD_VALUES:
            raise ValueError(f"a number below {n} cannot be drawn from 32 bits")
        limit = _WORD_VALUES - _WORD_VALUES % n
        while (word := self._word()) >= limit:
            pass
        return word % n

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in an order drawn at random: Fisher and Yates, from the last place down to the second."""
        mixed = list(items)
        for place in range(len(mixed) - 1, 0, -1):
            other = self.below(place + 1)
            mixed[place], mixed[other] = mixed[other], mixed[place]
        return mixed

    def _word(self) -> int:
        if not self._words:
            self._words = words_of(self._seed.digest(message(self._label, self._counter)))[::-1]
            self._counter += 1
        return self._words.pop()


def words_of(digest: bytes) -> list[int]:
    """Return the eight 32-bit numbers of a digest, high byte first."""
    return [int.from_bytes(digest[start : start + 4], "big") for start in range(0, 4 * WORDS, 4)]


def label(*parts: Any) -> str:
    """Return the label of a stream: the algorithm's name and the parts as canonical JSON."""
    return canonical([ALGORITHM, *parts])


def message(label: str, counter: int) -> bytes:
    """Return the message that gives the `counter`th digest under a label."""
    return f"{label}/{counter}".encode()


def canonical(value: Any) -> str:
    """Return JSON that depends on the meaning only: keys in order, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(value: Any) -> str:
    """Return the SHA-256, in hexadecimal, of a value's canonical JSON in UTF-8."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
