"""Collecting what a check finds in a definition, each finding at its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from imara.study.document import Document, Place
from imara.study.problems import Problem, nearest_word


@dataclass
class Findings:
    """Problems of one definition file."""

    document: Document
    whole: bool
    """Whether the definition is all of the file. When parts of it could not be read, only wrong names are reported:
    whatever else seems wrong may follow from what was left out."""
    problems: list[Problem] = field(default_factory=list)

    def names(self, *place: str) -> tuple[str, ...]:
        """Return the keys that the file has at a place, those of unreadable entries included."""
        value = self.document.values
        for step in place:
            value = value.get(step, {}) if isinstance(value, dict) else {}
        return tuple(value) if isinstance(value, dict) else ()

    def unknown(self, place: Place, name: str, allowed: Iterable[str], what: str) -> None:
        """Report a name that refers to nothing; `what` names the kind of thing, with its article left out."""
        known = tuple(dict.fromkeys(allowed))
        words = ", ".join(known) if known else f"none: this file defines no {what}"
        near = nearest_word(name, known)
        self._add(place, f"there is no {what} '{name}'", name, words, near, "error")

    def wrong(
        self, place: Place, message: str, allowed: str | None = None, nearest: str | None = None, *, found: str | None = None
    ) -> None:
        """Report an error; what stands at the place is quoted unless `found` says it better."""
        if self.whole:
            self._add(place, message, found or self.document.found(place), allowed, nearest, "error")

    def doubtful(self, place: Place, message: str, allowed: str | None = None, *, found: str | None = None) -> None:
        """Report a warning: worth a look, but nothing stops."""
        if self.whole:
            self._add(place, message, found or self.document.found(place), allowed, None, "warning")

    def _add(
        self, place: Place, message: str, found: str | None, allowed: str | None, nearest: str | None,
        severity: Literal["error", "warning"],
    ) -> None:
        document = self.document
        line, path = document.line(place), document.path(place) or None
        self.problems.append(Problem(document.file, message, line, path, found, allowed, nearest, severity))
