"""Axes: round tick values, places on a scale, and labels that keep clear of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Scale:
    """A straight map from values to places on the page."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def clipped(self, value: float) -> float:
        """Return the place of a value, or of the end of the scale it lies beyond."""
        return self(min(max(value, self.low), self.high))


def step(reach: float, count: int) -> float:
    """Return a round step (1, 2, 2.5 or 5 times a power of ten) that cuts a reach into about `count` parts."""
    raw = reach / max(count, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= raw * 0.999)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round values from at or below `low` to at or above `high`."""
    if not high > low:
        low, high = low - 1, high + 1
    size = step(high - low, count)
    first, last = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    return [round(index * size, 10) for index in range(first, last + 1)]


def tick_decimals(values: Sequence[float]) -> int:
    """Return how many decimals tick values need."""
    for decimals in range(6):
        if all(abs(round(value, decimals) - value) < 1e-9 for value in values):
            return decimals
    return 6


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until none is nearer to its neighbour than `gap`, in order, within the ends."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for previous, current in pairwise(order):
        moved[current] = max(moved[current], moved[previous] + gap)
    overshoot = max(0.0, max(moved, default=high) - high)
    if overshoot:
        moved[order[-1]] -= overshoot
        for current, following in reversed(list(pairwise(order))):
            moved[current] = min(moved[current], moved[following] - gap)
    return [max(place, low) for place in moved]
