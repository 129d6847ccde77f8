"""Collecting what a check finds in a definition, each finding at its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from imara.study.document import Document, Place
from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.problems import Problem, nearest_word


@dataclass(frozen=True)
class References:
    """What a study can refer to outside its own file."""

    instruments: Mapping[str, Instrument | None]
    """Instruments its forms name; None for one that is faulty; absent when there is no such folder."""
    programmes: Mapping[str, Programme | None]
    """Programmes its arms name, likewise."""
    instrument_names: tuple[str, ...] = ()
    """All instruments it could name."""
    programme_names: tuple[str, ...] = ()
    """All programmes it could name."""


@dataclass
class Findings:
    """Problems of one definition file."""

    document: Document
    whole: bool
    """Whether the definition is all of the file. When parts of it could not be read, only wrong names are
    reported: whatever else seems wrong may follow from what was left out."""
    problems: list[Problem] = field(default_factory=list)
    unsettled: set[str] = field(default_factory=set)
    """Forms whose visits hold a wrong name: what seems wrong with their visits elsewhere may follow from it."""
    lacks_arms: bool = False
    """Whether arms are named though the file has none, which is reported once."""

    def names(self, *place: str) -> tuple[str, ...]:
        """Return the keys that the file has at a place, those of unreadable entries included."""
        value = self.document.values
        for step in place:
            value = value.get(step, {}) if isinstance(value, dict) else {}
        return tuple(value) if isinstance(value, dict) else ()

    def ids(self, place: str) -> tuple[str, ...]:
        """Return the ids of a list of entries in the file, those of unreadable entries included."""
        value = self.document.values.get(place, ())
        entries = value if isinstance(value, list) else ()
        return tuple(str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry)

    def unknown(self, place: Place, name: str, allowed: Iterable[str], what: str) -> None:
        """Report a name that refers to nothing; `what` names the kind of thing, without its article."""
        known = tuple(dict.fromkeys(allowed))
        if not known and not self.whole:
            return  # what it names may stand under a misspelt heading, which is reported
        words = ", ".join(known) if known else f"none, for there is no {what} to name"
        self._add(place, f"there is no {what} '{name}'", name, words, nearest_word(name, known), "error")

    def misnamed(
        self, place: Place, message: str, allowed: str, nearest: str | None = None, *, found: str | None = None
    ) -> None:
        """Report a name that refers to nothing, in words of its own; also when parts of the file were not read."""
        self._add(place, message, found or self.document.found(place), allowed, nearest, "error")

    def wrong(
        self,
        place: Place,
        message: str,
        allowed: str | None = None,
        nearest: str | None = None,
        *,
        found: str | None = None,
    ) -> None:
        """Report an error; what stands at the place is quoted unless `found` says it better."""
        if self.whole:
            self._add(place, message, found or self.document.found(place), allowed, nearest, "error")

    def doubtful(self, place: Place, message: str, allowed: str | None = None, *, found: str | None = None) -> None:
        """Report a warning: worth a look, but nothing stops."""
        if self.whole:
            self._add(place, message, found or self.document.found(place), allowed, None, "warning")

    def repeated(self, place: Place, names: Iterable[str], what: str) -> None:
        """Report each name of a list that stands in it before."""
        seen: set[str] = set()
        for index, name in enumerate(names):
            if name in seen:
                self.wrong((*place, index), f"{what} '{name}' stands twice", "each once", found=name)
            seen.add(name)

    def _add(
        self,
        place: Place,
        message: str,
        found: str | None,
        allowed: str | None,
        nearest: str | None,
        severity: Literal["error", "warning"],
    ) -> None:
        document = self.document
        line, path = document.line(place), document.path(place) or None
        self.problems.append(Problem(document.file, message, line, path, found, allowed, nearest, severity))
