"""What changes between two versions of a study, in words, and which changes would lose or falsify what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from imara.study.amendment_refusals import refusal
from imara.study.amendment_words import sentence
from imara.study.fingerprint import canonical
from imara.study.folder import StudyFolder
from imara.study.in_use import InUse
from imara.study.problems import InputError, Problem, nearest_word
from imara.study.vocabulary import Duration, InOrder, Text

RENAMED = ("visits", "forms", "events", "characteristics", "outcomes", "analyses", "scenarios", "arms", "sites")
"""Parts whose entries may get another name."""


@dataclass(frozen=True)
class Change:
    """One thing that is different in the new version."""

    place: tuple[str, ...]
    """Where, by the names of the old version: `("visits", "end", "at")`."""
    kind: Literal["added", "removed", "renamed", "changed", "reordered"]
    old: Any
    new: Any
    words: str
    """The change as a sentence."""
    refusal: str = ""
    """Why it cannot be, and what can be done instead; empty when it can."""

    @property
    def field(self) -> str:
        """The place as a dotted path."""
        return ".".join(self.place)


@dataclass(frozen=True)
class Amendment:
    """All that is different in the new version."""

    changes: tuple[Change, ...]
    asks_again: tuple[str, ...] = ()
    """New versions of the information that everybody who consented before is asked about."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Old place to new name, as declared."""

    @property
    def refused(self) -> tuple[Change, ...]:
        """The changes that cannot be."""
        return tuple(change for change in self.changes if change.refusal)

    @property
    def is_possible(self) -> bool:
        """Whether there is something to change and nothing to lose."""
        return bool(self.changes) and not self.refused

    def problems(self, file: str) -> tuple[Problem, ...]:
        """Return what cannot be as problems of the file that was given."""
        return tuple(
            Problem(file, f"{change.words.rstrip('.')}: {change.refusal.rstrip('.')}", field=change.field)
            for change in self.refused
        )


def difference(
    old: StudyFolder, new: StudyFolder, in_use: InUse | None = None, renames: Mapping[str, str] | None = None
) -> Amendment:
    """Compare two versions of a study.

    Args:
        old: The version in force.
        new: The version to come.
        in_use: What is recorded under the study; nothing when left out.
        renames: Old place to new name for what only gets another name: `visits.end` to `month-9`.

    Raises:
        InputError: A rename names what is not there, or what is there already.
    """
    names = dict(renames or {})
    _check_renames(old, new, names)
    use = in_use or InUse()
    comparison = _Comparison(names)
    found = [
        *comparison.compare((), old.study, new.study),
        *comparison.compare(("instruments",), dict(old.instruments), dict(new.instruments)),
        *comparison.compare(("programmes",), dict(old.programmes), dict(new.programmes)),
    ]
    if comparison.translated(old.study.baseline, ("visits",)) != new.study.baseline:
        found.append(_Found(("visits",), "reordered", old.study.baseline, new.study.baseline))
    changes = tuple(
        Change(
            one.place,
            one.kind,
            one.old,
            one.new,
            sentence(one.place, one.kind, one.old, one.new),
            refusal(one.place, one.kind, one.old, one.new, use, old, new),
        )
        for one in found
    )
    return Amendment(changes, _asks_again(old, new), names)


@dataclass(frozen=True)
class _Found:
    place: tuple[str, ...]
    kind: Literal["added", "removed", "renamed", "changed", "reordered"]
    old: Any
    new: Any


@dataclass(frozen=True)
class _Comparison:
    """Walks two versions side by side."""

    renames: Mapping[str, str]

    def translated(self, value: Any, place: tuple[str, ...] = ()) -> Any:
        """Return an old value with the names of the new version, so that a reference to a new name is no change."""
        if isinstance(value, str):
            if len(place) == 1:
                return self.renames.get(f"{place[0]}.{value}", value)
            return self._words().get(value, value)
        if isinstance(value, BaseModel):
            return value
        if isinstance(value, Mapping):
            return {self.translated(key): self.translated(inner) for key, inner in value.items()}
        if isinstance(value, tuple):
            return tuple(self.translated(inner) for inner in value)
        return value

    def _words(self) -> dict[str, str]:
        return {place.split(".", 1)[1]: name for place, name in self.renames.items()}

    def compare(self, place: tuple[str, ...], old: Any, new: Any) -> Iterator[_Found]:
        if old == new or canonical(old) == canonical(new):
            return
        if _is_entry(old) and type(old) is type(new):
            yield from self._fields(place, old, new)
        elif _is_keyed(old) and _is_keyed(new) and (old or new):
            yield from self._entries(place, _by_key(old), _by_key(new))
        elif self.translated(old) != new:
            yield _Found(place, _kind(old, new), old, new)

    def _fields(self, place: tuple[str, ...], old: BaseModel, new: BaseModel) -> Iterator[_Found]:
        for name, info in type(old).model_fields.items():
            before, after = getattr(old, name), getattr(new, name)
            yield from self.compare((*place, name), before, after)
            if any(isinstance(mark, InOrder) for mark in info.metadata):
                kept = [key for key in before if key in after]
                if kept != [key for key in after if key in before]:
                    yield _Found((*place, name), "reordered", tuple(before), tuple(after))

    def _entries(self, place: tuple[str, ...], old: dict[str, Any], new: dict[str, Any]) -> Iterator[_Found]:
        arrived = {}
        for key, before in old.items():
            name = self.renames.get(".".join((*place, key)), key) if len(place) == 1 else self.translated(key)
            arrived[name] = key
            if name not in new:
                yield _Found((*place, key), "removed", before, None)
                continue
            if name != key and len(place) == 1:
                yield _Found((*place, key), "renamed", key, name)
            yield from self.compare((*place, key), before, new[name])
        for key, after in new.items():
            if key not in arrived:
                yield _Found((*place, key), "added", None, after)


def _is_entry(value: Any) -> bool:
    return isinstance(value, BaseModel) and not isinstance(value, (Text, Duration))


def _is_keyed(value: Any) -> bool:
    """Whether a value is named entries: a mapping, or a list of things with an id (or a value that names them)."""
    if isinstance(value, Mapping):
        return all(_is_entry(inner) or isinstance(inner, Text) for inner in value.values())
    return isinstance(value, tuple) and all(_is_entry(inner) and _key(inner) is not None for inner in value)


def _key(entry: Any) -> str | None:
    for name in ("id", "value"):
        if name in type(entry).model_fields:
            return str(getattr(entry, name))
    return None


def _by_key(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {str(key): inner for key, inner in value.items()}
    return {str(_key(inner)): inner for inner in value}


def _kind(old: Any, new: Any) -> Literal["added", "removed", "changed"]:
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _check_renames(old: StudyFolder, new: StudyFolder, renames: Mapping[str, str]) -> None:
    problems = [problem for place, name in renames.items() for problem in _rename_problems(old, new, place, name)]
    problems += [
        Problem("renames", "two old names get this new one", field=place, found=name, allowed="a name for each")
        for place, name in renames.items()
        if [other.partition(".")[0] for other, same in renames.items() if same == name].count(place.partition(".")[0])
        > 1
    ]
    if problems:
        raise InputError(problems)


def _rename_problems(old: StudyFolder, new: StudyFolder, place: str, name: str) -> Iterator[Problem]:
    part, _, key = place.partition(".")
    if part not in RENAMED:
        message, allowed = "nothing of this kind can get another name", ", ".join(RENAMED)
        yield Problem("renames", message, None, place, part, allowed, nearest_word(part, RENAMED))
        return
    before, after = tuple(getattr(old.study, part)), tuple(getattr(new.study, part))
    if key not in before:
        message, allowed = "the version in force has nothing of this name", ", ".join(before) or "none"
        yield Problem("renames", message, None, place, key, allowed, nearest_word(key, before))
    elif key in after:
        message = "the new version still has the old name, so it is no rename"
        yield Problem("renames", message, None, place, key, "a name that is gone")
    if name not in after:
        message, allowed = "the new version has nothing of this name", ", ".join(after) or "none"
        yield Problem("renames", message, None, place, name, allowed, nearest_word(name, after))
    elif name in before:
        message = "the new name belongs to something else already"
        yield Problem("renames", message, None, place, name, "a name that is new")


def _asks_again(old: StudyFolder, new: StudyFolder) -> tuple[str, ...]:
    if new.study.consent is None:
        return ()
    before = old.study.consent.versions if old.study.consent is not None else {}
    return tuple(
        name
        for name, version in new.study.consent.versions.items()
        if version.reconsent and not (name in before and before[name].reconsent)
    )
