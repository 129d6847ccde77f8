"""Where one can go from a page: at most what one's role may do, and for participants at most five ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_WAYS = 5
"""So many main choices a person can hold in mind at once (W3C, cognitive accessibility)."""


@dataclass(frozen=True)
class Way:
    """A link of the navigation or a main choice of a page."""

    label: str
    """What is behind it, in the fewest words."""
    url: str
    hint: str = ""
    """A sentence below it, where it is a main choice."""

    def leads_to(self, path: str) -> bool:
        """Whether a page of this address is behind this way."""
        return path == self.url or (self.url != "/" and path.startswith(self.url))


def at_most_five(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Return the ways, or refuse more than a participant can hold in mind.

    Raises:
        ValueError: there are more than five.
    """
    if len(ways) > MOST_WAYS:
        raise ValueError(f"a participant has at most {MOST_WAYS} main choices on a page, not {len(ways)}")
    return tuple(ways)


def current(ways: Sequence[Way], path: str) -> Way | None:
    """Return the way that leads most closely to an address."""
    leading = [way for way in ways if way.leads_to(path)]
    return max(leading, key=lambda way: len(way.url), default=None)
