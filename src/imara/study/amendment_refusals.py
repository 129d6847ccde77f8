"""Which changes of a study would lose or falsify what is recorded, why, and what can be done instead: a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from imara.study.folder import StudyFolder
from imara.study.in_use import InUse, Range


def refusal(
    place: tuple[str, ...], kind: str, old: Any, new: Any, use: InUse, before: StudyFolder, after: StudyFolder
) -> str:
    """Return why a change cannot be and what can be done instead; empty when it can be.

    Args:
        place: Where, by the names of the old version.
        kind: added, removed, renamed, changed or reordered.
        old: What stood there.
        new: What stands there now.
        use: What is recorded.
        before: The old version.
        after: The new version.
    """
    change = _Change(place, kind, old, new, use, before, after)
    for pattern, decide in _RULES:
        if _fits(pattern, place):
            words = decide(change)
            if words:
                return words
    return ""


@dataclass(frozen=True)
class _Change:
    place: tuple[str, ...]
    kind: str
    old: Any
    new: Any
    use: InUse
    before: StudyFolder
    after: StudyFolder

    @property
    def is_gone(self) -> bool:
        return self.kind == "removed"

    @property
    def name(self) -> str:
        return self.place[1]


_RENAME = "If it only gets another name, name it under the renames"


def _study(change: _Change) -> str:
    return "this is another study, not a new version of this one; load it as a study of its own"


def _arm(change: _Change) -> str:
    if change.use.is_sealed and change.kind in ("added", "removed", "renamed"):
        return "allocation is open, and the arms that are drawn from must stay; plan a new study instead"
    return ""


def _allocation(change: _Change) -> str:
    if change.use.is_sealed and change.place[-1] != "assumed":
        return "allocation is open, and its scheme was sealed; keep it as it is"
    return ""


def _site(change: _Change) -> str:
    if change.kind in ("removed", "renamed") and change.name in change.use.sites:
        return "people were screened there; keep the centre, also when it takes in nobody any more"
    return ""


def _characteristic(change: _Change) -> str:
    if change.is_gone and change.name in change.use.characteristics:
        return f"it is recorded for people; keep it. {_RENAME}"
    return ""


def _sense(change: _Change) -> str:
    if change.name in change.use.characteristics:
        return "what is recorded would then mean something else; add a new characteristic beside it"
    return ""


def _level(change: _Change) -> str:
    if change.is_gone and change.place[-1] in change.use.levels.get(change.name, frozenset()):
        return "it is recorded for people; keep the level, also when nobody gets it any more"
    return ""


def _number(change: _Change) -> str:
    recorded = change.use.numbers.get(change.name)
    return _beyond(change, recorded)


def _visit(change: _Change) -> str:
    if change.is_gone and change.name in change.use.visits:
        return f"it was held; keep the visit. {_RENAME}"
    return ""


def _first_visit(change: _Change) -> str:
    if change.kind == "reordered" and change.use.visits:
        return "visits were held, and what counts as the start cannot change; leave the first visit first"
    return ""


def _form(change: _Change) -> str:
    if change.is_gone and change.name in change.use.forms:
        return f"it was answered; keep the form. {_RENAME}"
    return ""


def _form_sense(change: _Change) -> str:
    if change.name in change.use.forms:
        return "it was answered, and those answers would then mean something else; add a new form beside it"
    return ""


def _form_visits(change: _Change) -> str:
    used = change.use.forms.get(change.name, frozenset())
    # A visit that only got another name has both its forms and its answers under the new one.
    lost = [visit for visit in change.old if visit not in change.new and visit in change.after.study.visits]
    answered = [visit for visit in lost if visit in used]
    return f"it was answered at {', '.join(answered)}; keep the form there" if answered else ""


def _event(change: _Change) -> str:
    if change.is_gone and change.name in change.use.events:
        return f"such events are recorded; keep it. {_RENAME}"
    return ""


def _duration(change: _Change) -> str:
    if change.name in change.use.events and not change.new:
        return "events with an end are recorded, and their ends would be lost; add another kind of event"
    return ""


def _instrument(change: _Change) -> str:
    if change.is_gone and change.use.forms_with(change.name, change.before):
        return "a form that was answered uses it; keep the instrument"
    return ""


def _item(change: _Change) -> str:
    if change.is_gone and _recorded(change, change.use.items, change.place[3]) is not None:
        return "it was answered; keep the item. To ask another set of items, add an instrument of another name"
    return ""


def _item_range(change: _Change) -> str:
    return _beyond(change, _recorded(change, change.use.items, change.place[3]))


def _score(change: _Change) -> str:
    if change.is_gone and _recorded(change, change.use.scores, change.place[3]) is not None:
        return "it is recorded; keep the score"
    return ""


def _score_range(change: _Change) -> str:
    return _beyond(change, _recorded(change, change.use.scores, change.place[3]))


def _scoring(change: _Change) -> str:
    if change.use.forms_with(change.name, change.before):
        return (
            "answers are recorded, and scores before and after would not mean the same; add a score or an instrument "
            "of another name"
        )
    return ""


def _option(change: _Change) -> str:
    if not change.is_gone:
        return ""
    value = float(change.old.value)
    for form in change.use.forms_with(change.name, change.before):
        if any(low <= value <= high for low, high in change.use.items.get(form, {}).values()):
            return "people may have given this answer; keep it"
    return ""


def _consent(change: _Change) -> str:
    if change.is_gone and change.use.consent_versions:
        return "people have decided by it; keep how people consent"
    return ""


def _consent_version(change: _Change) -> str:
    if change.is_gone and change.place[2] in change.use.consent_versions:
        return "people have decided about it; keep it and add a new version after it"
    if change.kind == "added" and change.use.consent_versions and not _is_last(change):
        return "people have decided about a later version; put new versions last"
    return ""


def _consent_words(change: _Change) -> str:
    if change.place[2] in change.use.consent_versions:
        return "people have decided about these very words; add a new version with the new words"
    return ""


def _consent_order(change: _Change) -> str:
    if change.kind == "reordered" and change.use.consent_versions:
        return "people have decided, and which version is the newer one must stay; put new versions last"
    return ""


def _guardian(change: _Change) -> str:
    if change.use.has_guardians and not change.new:
        return "a guardian has consented for somebody; keep it"
    return ""


def _is_last(change: _Change) -> bool:
    names = tuple(change.after.study.consent.versions) if change.after.study.consent is not None else ()
    used = [names.index(name) for name in change.use.consent_versions if name in names]
    return names.index(change.place[2]) > max(used, default=-1)


def _recorded(change: _Change, kept: Mapping[str, Mapping[str, Range]], name: str) -> Range | None:
    """Return the range recorded under an instrument's item or score over all forms that use it."""
    ranges = [
        kept[form][name] for form in change.use.forms_with(change.place[1], change.before) if name in kept.get(form, {})
    ]
    if not ranges:
        return None
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _beyond(change: _Change, recorded: Range | None) -> str:
    if recorded is None or change.new is None:
        return ""
    low, high = recorded
    if change.place[-1] == "minimum" and low < change.new:
        return f"{low:g} is recorded; {low:g} or less is possible here"
    if change.place[-1] == "maximum" and high > change.new:
        return f"{high:g} is recorded; {high:g} or more is possible here"
    return ""


_RULES: tuple[tuple[str, Callable[[_Change], str]], ...] = (
    ("study", _study),
    ("arms.*", _arm),
    ("allocation", _allocation),
    ("allocation.*", _allocation),
    ("sites.*", _site),
    ("characteristics.*", _characteristic),
    ("characteristics.*.kind", _sense),
    ("characteristics.*.unit", _sense),
    ("characteristics.*.levels.*", _level),
    ("characteristics.*.minimum", _number),
    ("characteristics.*.maximum", _number),
    ("visits", _first_visit),
    ("visits.*", _visit),
    ("forms.*", _form),
    ("forms.*.instrument", _form_sense),
    ("forms.*.recorded_as", _form_sense),
    ("forms.*.visits", _form_visits),
    ("events.*", _event),
    ("events.*.has_duration", _duration),
    ("instruments.*", _instrument),
    ("instruments.*.items.*", _item),
    ("instruments.*.items.*.minimum", _item_range),
    ("instruments.*.items.*.maximum", _item_range),
    ("instruments.*.items.*.reverse", _scoring),
    ("instruments.*.options.*", _option),
    ("instruments.*.scores.*", _score),
    ("instruments.*.scores.*.minimum", _score_range),
    ("instruments.*.scores.*.maximum", _score_range),
    ("instruments.*.scores.*.method", _scoring),
    ("instruments.*.scores.*.items", _scoring),
    ("instruments.*.scores.*.missing.*", _scoring),
    ("instruments.*.better", _scoring),
    ("consent", _consent),
    ("consent.guardian", _guardian),
    ("consent.versions", _consent_order),
    ("consent.versions.*", _consent_version),
    ("consent.versions.*.pages", _consent_words),
    ("consent.versions.*.approved", _consent_words),
)
"""Place to what decides; a place that is not listed can always change."""


def _fits(pattern: str, place: tuple[str, ...]) -> bool:
    steps = pattern.split(".")
    return len(steps) == len(place) and all(step in ("*", name) for step, name in zip(steps, place, strict=True))
