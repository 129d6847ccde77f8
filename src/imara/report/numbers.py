"""How numbers are written: true minus signs, decimals that fit the scale, p values as journals want them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from imara.study.instrument import Score
from imara.study.vocabulary import Language

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"
MISSING = "\u2013"

_FINE_RANGE, _WIDE_RANGE = 10, 500
_SMALLEST_P, _LARGEST_P = 0.001, 0.99


def decimals_of(score: Score | None) -> int:
    """Return how many decimals a mean of a score deserves: two on scales below 10 points, none from 500 points."""
    if score is None:
        return 1
    reach = score.maximum - score.minimum
    if reach < _FINE_RANGE:
        return 2
    return 1 if reach < _WIDE_RANGE else 0


@dataclass(frozen=True)
class Numbers:
    """Writes numbers in one language."""

    language: Language

    def fixed(self, value: float | None, decimals: int = 1) -> str:
        """Write a number with so many decimals; a dash where there is none."""
        if value is None or not math.isfinite(value):
            return MISSING
        size = f"{abs(value):,.{decimals}f}"
        if self.language == "da":
            size = size.translate(str.maketrans(",.", ".,"))
        return f"{MINUS}{size}" if value < 0 and any(digit in "123456789" for digit in size) else size

    def plain(self, value: float, decimals: int = 2) -> str:
        """Write a number without decimals that say nothing: 5 and not 5.0."""
        words = self.fixed(value, decimals)
        point = "," if self.language == "da" else "."
        return words.rstrip("0").rstrip(point) if point in words else words

    def count(self, value: float | None) -> str:
        """Write a number of people."""
        return self.fixed(value, 0)

    def interval(self, low: float, high: float, decimals: int = 1) -> str:
        """Write an interval with a word between its ends, as a dash would be read as a minus."""
        word = "til" if self.language == "da" else "to"
        return f"{self.fixed(low, decimals)}{NO_BREAK_SPACE}{word}{NO_BREAK_SPACE}{self.fixed(high, decimals)}"

    def percent(self, count: float, total: float) -> str:
        """Write a share in whole percent; a dash of nobody."""
        if not total:
            return MISSING
        return self._percent(f"{100 * count / total:.0f}")

    def level(self, confidence: float) -> str:
        """Write a level of confidence: 95%, or 97.5%."""
        return self._percent(self.plain(100 * confidence, 1))

    def _percent(self, number: str) -> str:
        return f"{number}{NO_BREAK_SPACE}%" if self.language == "da" else f"{number}%"

    def p(self, value: float | None) -> str:
        """Write a p value as it stands in a table: .03, .008, <.001."""
        if value is None or not math.isfinite(value):
            return MISSING
        if value < _SMALLEST_P:
            return f"<{self._share(_SMALLEST_P, 3)}"
        if value > _LARGEST_P:
            return f">{self._share(_LARGEST_P, 2)}"
        # Three decimals where two would hide on which side of .01 or .05 it lies.
        near = value < 0.01 or 0.045 <= value < 0.055
        return self._share(value, 3 if near else 2)

    def p_equals(self, value: float) -> str:
        """Write a p value as it stands in a sentence: p = .03, p < .001."""
        words = self.p(value)
        sign, number = (words[0], words[1:]) if words[0] in "<>" else ("=", words)
        return f"p{NO_BREAK_SPACE}{sign}{NO_BREAK_SPACE}{number}"

    def _share(self, value: float, decimals: int) -> str:
        words = self.fixed(value, decimals)
        return words if self.language == "da" else words.removeprefix("0")
