"""What is recorded under a study, so that an amendment can be held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from imara.study.folder import StudyFolder

Range = tuple[float, float]
"""Lowest and highest value recorded."""


@dataclass(frozen=True)
class InUse:
    """What is recorded under a study, by the names of its version in force."""

    is_sealed: bool = False
    """Whether allocation was opened: its scheme is sealed, and people may be allocated. Which arms are in use, and
    whether any is, is nobody's business here."""
    sites: frozenset[str] = frozenset()
    """Centres with participants."""
    visits: frozenset[str] = frozenset()
    """Visits that were held."""
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Form to the visits at which it was answered."""
    items: Mapping[str, Mapping[str, Range]] = field(default_factory=dict)
    """Form to item to the range of recorded answers."""
    scores: Mapping[str, Mapping[str, Range]] = field(default_factory=dict)
    """Form to score to the range of recorded scores."""
    events: frozenset[str] = frozenset()
    """Kinds of event that were recorded."""
    characteristics: frozenset[str] = frozenset()
    """Characteristics that were recorded."""
    levels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Category to its levels that were recorded."""
    numbers: Mapping[str, Range] = field(default_factory=dict)
    """Number to the range recorded."""
    consent_versions: frozenset[str] = frozenset()
    """Versions of the information that somebody decided about."""
    has_guardians: bool = False
    """Whether a guardian has decided for anybody."""

    def forms_with(self, instrument: str, old: StudyFolder) -> tuple[str, ...]:
        """Return the forms in use that use an instrument."""
        return tuple(
            name for name in self.forms if name in old.study.forms and old.study.forms[name].instrument == instrument
        )


def merged(parts: list[InUse]) -> InUse:
    """Return all that several rooms say is in use."""
    return InUse(
        is_sealed=any(part.is_sealed for part in parts),
        sites=frozenset().union(*(part.sites for part in parts)),
        visits=frozenset().union(*(part.visits for part in parts)),
        forms=_union([part.forms for part in parts]),
        items=_deep([part.items for part in parts]),
        scores=_deep([part.scores for part in parts]),
        events=frozenset().union(*(part.events for part in parts)),
        characteristics=frozenset().union(*(part.characteristics for part in parts)),
        levels=_union([part.levels for part in parts]),
        numbers=_ranges([part.numbers for part in parts]),
        consent_versions=frozenset().union(*(part.consent_versions for part in parts)),
        has_guardians=any(part.has_guardians for part in parts),
    )


def _union(parts: list[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    names = {name for part in parts for name in part}
    return {name: frozenset().union(*(part.get(name, frozenset()) for part in parts)) for name in sorted(names)}


def _ranges(parts: list[Mapping[str, Range]]) -> dict[str, Range]:
    names = {name for part in parts for name in part}
    return {
        name: (
            min(part[name][0] for part in parts if name in part),
            max(part[name][1] for part in parts if name in part),
        )
        for name in sorted(names)
    }


def _deep(parts: list[Mapping[str, Mapping[str, Range]]]) -> dict[str, dict[str, Range]]:
    names = {name for part in parts for name in part}
    return {name: _ranges([part[name] for part in parts if name in part]) for name in sorted(names)}
