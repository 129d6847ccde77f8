"""All that a draw needs to know of the draws before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from imara.rules.allocation.record import Record, Slot
from imara.rules.allocation.scheme import Factors, Scheme, commitment
from imara.rules.allocation.seed import Seed

Margin = tuple[str, str]
"""A factor and one of its levels."""


@dataclass(frozen=True, repr=False)
class Standing:
    """Where a study stands after some draws.

    A service that keeps many records may fill it from a few queries; `standing_after` fills it from all records. Both
    give the same draws.
    """

    head: str
    """Hash of the last record; the commitment before the first."""
    drawn: int = 0
    """Draws so far."""
    slots: Mapping[Factors, Slot] = field(default_factory=dict)
    """For permuted blocks: the last slot used in each stratum."""
    counts: Mapping[Margin, tuple[int, ...]] = field(default_factory=dict)
    """For minimisation: units in each of the scheme's shares at each margin."""
    units: Set[str] = frozenset()
    """Units already allocated; at least those among the units now to be allocated."""

    def __repr__(self) -> str:
        return f"Standing(drawn={self.drawn}, sealed)"


def opening(scheme: Scheme, seed: Seed) -> Standing:
    """Return where a study stands before its first draw."""
    return Standing(commitment(scheme, seed))


def standing_after(scheme: Scheme, seed: Seed, records: Iterable[Record]) -> Standing:
    """Return where a study stands after the records, which are taken as they are: `replay` verifies them."""
    tally = Tally(scheme, opening(scheme, seed))
    for record in records:
        tally.take(record)
    return tally.standing


class Tally:
    """A standing that is carried from draw to draw."""

    def __init__(self, scheme: Scheme, start: Standing) -> None:
        self._scheme = scheme
        self._head, self._drawn = start.head, start.drawn
        self._slots, self._counts, self._units = dict(start.slots), dict(start.counts), set(start.units)

    def __repr__(self) -> str:
        return f"Tally(drawn={self._drawn}, sealed)"

    @property
    def standing(self) -> Standing:
        """Where it stands. It looks through to the tally, so use it before the next `take`."""
        return Standing(self._head, self._drawn, self._slots, self._counts, self._units)

    def take(self, record: Record) -> None:
        """Take in one more draw."""
        self._head = record.hash
        self._drawn = record.sequence
        self._units.add(record.unit)
        slot = record.sealed.slot
        if slot is not None and self._scheme.method == "permuted-blocks":
            self._slots[record.factors] = slot
        if slot is not None and self._scheme.method == "minimisation":
            for margin in record.factors:
                counts = self._counts.get(margin, (0,) * len(self._scheme.shares))
                self._counts[margin] = tuple(count + (place == slot.position) for place, count in enumerate(counts))
