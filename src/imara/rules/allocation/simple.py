"""Simple allocation: every draw on its own, as with dice."""

from __future__ import annotations

from collections.abc import Sequence

from imara.rules.allocation.scheme import Scheme
from imara.rules.allocation.seed import Seed, Stream, label


def draw_simple(scheme: Scheme, seed: Seed, sequence: int) -> int:
    """Return the place of the arm for draw number `sequence`: each arm with its share as probability."""
    return chosen(scheme.ratio, Stream(seed, draw_label(sequence)))


def draw_label(sequence: int) -> str:
    """Return the label of the chance behind one draw that belongs to no block."""
    return label("draw", sequence)


def chosen(shares: Sequence[int], chance: Stream) -> int:
    """Return a place at random, each as likely as its share."""
    number = chance.below(sum(shares))
    place = 0
    while number >= shares[place]:
        number -= shares[place]
        place += 1
    return place
