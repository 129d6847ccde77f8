"""How bad input is answered: every problem of a file at once, each with its place and a way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

_LONG = 100
"""Characters from which a list of what is allowed stands after the suggestion."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file, said so that its author can mend it."""

    file: str
    """The file, as the person named it."""
    message: str
    """What is wrong, in one plain sentence without a full stop."""
    line: int | None = None
    """Line in the file, from 1."""
    field: str | None = None
    """Which field: a dotted path in a definition (`arms.imr.programme`), a column in a data file."""
    found: str | None = None
    """What stands there."""
    allowed: str | None = None
    """What may stand there."""
    nearest: str | None = None
    """The allowed word nearest to what stands there."""
    severity: Literal["error", "warning"] = "error"
    """A warning is worth a look but stops nothing."""

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        if self.field:
            place += f", {self.field}"
        words = f"{place}: {self.message}"
        if self.found is not None:
            words += f" (found: {self.found})"
        allowed = None if self.allowed is None else f"Allowed: {self.allowed}"
        nearest = None if self.nearest is None else f"Did you mean '{self.nearest}'?"
        # After a long list nobody would read on to the suggestion.
        answers = (nearest, allowed) if len(allowed or "") > _LONG else (allowed, nearest)
        sentences = [sentence for sentence in (words, *answers) if sentence is not None]
        return " ".join(sentence if sentence.endswith("?") else f"{sentence}." for sentence in sentences)


class InputError(ValueError):
    """Input that cannot be used, with all that is wrong with it. The command line ends with exit code 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest_word(word: str, allowed: Sequence[str]) -> str | None:
    """Return the allowed word most like `word`, or None when none is alike."""
    lower = {candidate.lower(): candidate for candidate in reversed(allowed)}
    match = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return lower[match[0]] if match else None
