"""All that is left out of the comparison: each with its reason, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mask:
    """Something that differs between two runs whatever the arms are."""

    what: str
    pattern: re.Pattern[str]
    why: str


MASKS: tuple[Mask, ...] = (
    # Session keys, CSRF tokens and nonces need no mask: chance itself is held still (fixed.py).
    Mask(
        "an address in memory",
        re.compile(r"(?<= at 0x)[0-9a-f]{6,16}(?=>)"),
        "Python writes where an object happens to lie; two runs of the very same world differ in it.",
    ),
)


def masked(text: str) -> str:
    """Return a text with what is masked left out."""
    for mask in MASKS:
        text = mask.pattern.sub(f"[{mask.what}]", text)
    return text
