"""How an act that may not be done now is answered: what stands in the way, in the reader's language, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Reason:
    """One thing that stands in the way."""

    code: str
    """For programs and tests: `no-consent`."""
    words: str | Promise
    """For people: one or two sentences that say what is so and what can be done."""
    field: str = ""
    """The field of a form it belongs to, if any."""

    def __str__(self) -> str:
        return str(self.words)


class RefusedError(Exception):
    """Something may not be done as things stand. All reasons at once; nothing was changed."""

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        super().__init__(*reasons)

    def __str__(self) -> str:
        return " ".join(str(reason) for reason in self.reasons)

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons' codes, in order."""
        return tuple(reason.code for reason in self.reasons)
