"""Saying what changed in a study in sentences that someone who has never seen the file understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from imara.study.vocabulary import Duration, Text

NOUNS = {
    "sites": "centre",
    "characteristics": "characteristic",
    "arms": "arm",
    "visits": "visit",
    "forms": "form",
    "events": "kind of event",
    "outcomes": "outcome",
    "analyses": "analysis",
    "scenarios": "scenario",
    "instruments": "instrument",
    "programmes": "programme",
    "include": "inclusion criterion",
    "exclude": "exclusion criterion",
    "versions": "version of the information",
    "items": "item",
    "scores": "score",
    "options": "answer",
    "modules": "module",
    "levels": "level",
}
"""Part of a file to what one entry of it is called."""
FIELDS = {
    "at": "time",
    "by": "person who answers",
    "target": "number of people planned",
    "dates": "dates",
    "flow": "published flow of people",
    "block_sizes": "block sizes",
    "random_element": "random element",
    "also_at": "further visits at which it is judged",
    "df": "degrees of freedom",
    "has_duration": "end",
    "recorded_as": "way of recording",
    "reverse": "reversal",
    "note": "note",
    "assumed": "list of assumptions",
}
"""Field to its name in a sentence, where the name in the file says too little."""
_PLURAL = {"strata", "degrees of freedom", "further visits at which it is judged"}
_SINGULAR = {"status", "analysis", "adjust"}
_LONGEST = 90
_GROUPS = {"participants": "Participants", "practitioners": "Practitioners", "assessors": "Assessors"}


def sentence(place: tuple[str, ...], kind: str, old: Any, new: Any) -> str:
    """Return a change as one sentence.

    Args:
        place: Where, from the outside in.
        kind: added, removed, renamed, changed or reordered.
        old: What stood there.
        new: What stands there now.
    """
    for pattern, say in _SPECIAL:
        if _fits(pattern, place) and kind in ("changed", "added", "removed"):
            words = say(place, old, new)
            if words:
                return words
    if kind == "reordered":
        return _reordered(place, old, new)
    if not _walk(place)[1]:
        return _entry(place, kind, old, new)
    return _field(place, kind, old, new)


def shown(value: Any) -> str:
    """Return a value as a sentence shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Text):
        return f"'{_short(value.en)}'"
    if isinstance(value, Duration | date):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        return f"'{_short(value)}'"
    if isinstance(value, BaseModel):
        return _short(", ".join(f"{name} {shown(inner)}" for name, inner in value if inner is not None))
    if isinstance(value, Mapping):
        return _short(", ".join(f"{key} {_bare(inner)}" for key, inner in value.items())) or "nothing"
    if isinstance(value, tuple):
        return _short(listed([_bare(inner) for inner in value])) or "nothing"
    return str(value)


def listed(words: list[str]) -> str:
    """Return words as an enumeration: a, b and c."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def named(place: tuple[str, ...]) -> str:
    """Return the entry a place lies in: `the item 'i1' of the instrument 'phq-9'`."""
    return " of ".join(f"the {NOUNS[part]} '{key}'" for part, key in reversed(_walk(place)[0]))


def _walk(place: tuple[str, ...]) -> tuple[list[tuple[str, str]], str]:
    """Return the entries that a place goes through, from the outside in, and the field it ends at, if it does."""
    entries, index, end = [], 0, ""
    while index < len(place):
        if place[index] in NOUNS and index + 1 < len(place):
            entries.append((place[index], place[index + 1]))
            index, end = index + 2, ""
        else:
            end = place[index]
            index += 1
    return entries, end


def _entry(place: tuple[str, ...], kind: str, old: Any, new: Any) -> str:
    if kind == "added":
        noun = NOUNS[place[-2]]
        inside = named(place[:-2])
        within = f" of {inside}" if inside else ""
        return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun} '{place[-1]}'{within} is added{_detail(place, new)}."
    name = _capital(named(place))
    if kind == "removed":
        return f"{name} is removed."
    if kind == "renamed":
        return f"{name} is called '{new}' from now on."
    return f"{name} changes {_from_to(old, new)}."


def _detail(place: tuple[str, ...], new: Any) -> str:
    if place[-2] == "visits":
        return f", at {new.at}"
    if place[-2] == "forms":
        return f": the instrument '{new.instrument}' at {listed(list(new.visits))}"
    if place[-2] in ("include", "exclude"):
        return f": {_quoted(new.ask)}"
    if place[-2] == "versions" and new.reconsent:
        return "; everyone who consented before is asked again"
    label = new if isinstance(new, Text) else getattr(new, "label", None) or getattr(new, "title", None)
    return f": {_quoted(label)}" if isinstance(label, Text) else ""


def _field(place: tuple[str, ...], kind: str, old: Any, new: Any) -> str:
    inside = named(place)
    name = FIELDS.get(place[-1], place[-1].replace("_", " "))
    if not inside and len(place) > 1:
        inside = f"the {place[0].replace('_', ' ')}"
    subject = f"The {name} of {inside}" if inside else f"The {name}"
    if kind == "added":
        return f"{subject} is now {shown(new)}; nothing was said before."
    if kind == "removed":
        return f"{subject}, {shown(old)}, is taken away."
    verb = "change" if name in _PLURAL or (name.endswith("s") and name not in _SINGULAR) else "changes"
    return f"{subject} {verb} {_from_to(old, new)}."


def _reordered(place: tuple[str, ...], old: Any, new: Any) -> str:
    if place == ("visits",):
        return f"The first visit is '{new}' instead of '{old}'."
    noun = NOUNS.get(place[-1], "entry")
    inside = named(place)
    within = f" of {inside}" if inside else ""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"The {plural}{within} stand in another order: {listed(list(new))}."


def _from_to(old: Any, new: Any) -> str:
    """Say from what to what; where the English words are the same, in Danish."""
    if isinstance(old, Text) and isinstance(new, Text) and old.en == new.en:
        return f"in Danish from {shown(old.da)} to {shown(new.da)}"
    return f"from {shown(old)} to {shown(new)}"


def _fits(pattern: str, place: tuple[str, ...]) -> bool:
    steps = pattern.split(".")
    return len(steps) == len(place) and all(step in ("*", name) for step, name in zip(steps, place, strict=True))


def _visit_moves(place: tuple[str, ...], old: Any, new: Any) -> str:
    return f"{_capital(named(place))} moves from {old} to {new}."


def _window(place: tuple[str, ...], old: Any, new: Any) -> str:
    return f"{_capital(named(place))} can be held {_span(new)}; before, {_span(old)}."


def _span(window: tuple[Duration, Duration] | None) -> str:
    if window is None:
        return "on any day"
    return f"from {_beside(window[0])} to {_beside(window[1])} its day"


def _beside(length: Duration) -> str:
    side = "before" if length.amount < 0 else "after"
    return f"{Duration(amount=abs(length.amount), unit=length.unit)} {side}"


def _form_visits(place: tuple[str, ...], old: Any, new: Any) -> str:
    more, fewer = [name for name in new if name not in old], [name for name in old if name not in new]
    parts = []
    if more:
        parts.append(f"is also answered at {listed([repr(name) for name in more])}")
    if fewer:
        parts.append(f"is no longer answered at {listed([repr(name) for name in fewer])}")
    return f"{_capital(named(place))} {' and '.join(parts)}." if parts else ""


def _instrument(place: tuple[str, ...], old: Any, new: Any) -> str:
    return f"{_capital(named(place))} uses the instrument '{new}' instead of '{old}'."


def _answered_by(place: tuple[str, ...], old: Any, new: Any) -> str:
    return f"{_capital(named(place))} is answered by the {new} instead of the {old}."


def _rule(place: tuple[str, ...], old: Any, new: Any) -> str:
    before = f"the rule {old}" if old else "the person who screens"
    after = f"the rule {new}" if new else "the person who screens"
    return f"{_capital(named(place))} is decided by {after} instead of {before}."


def _ask(place: tuple[str, ...], old: Any, new: Any) -> str:
    same = isinstance(old, Text) and old.en == new.en
    asked = (
        f"{shown(new.da)} instead of {shown(old.da)} in Danish" if same else f"{_quoted(new)} instead of {_quoted(old)}"
    )
    return f"{_capital(named(place))} asks {asked}."


def _again(place: tuple[str, ...], old: Any, new: Any) -> str:
    may = "may be screened again later" if new else "may not be screened again"
    return f"People kept out by {named(place)} {may}."


def _blinded(place: tuple[str, ...], old: Any, new: Any) -> str:
    group = _GROUPS.get(place[-1])
    return f"{group} are {'blinded' if new else 'no longer blinded'}." if group else ""


def _limit(place: tuple[str, ...], old: Any, new: Any) -> str:
    end = "smallest" if place[-1] == "minimum" else "largest"
    of = named(place)
    if old is None or new is None:
        before = "there was none before" if old is None else f"it was {shown(old)}"
        return f"The {end} number accepted for {of} is now {shown(new)}; {before}."
    return f"The {end} number accepted for {of} changes from {shown(old)} to {shown(new)}."


def _pages(place: tuple[str, ...], old: Any, new: Any) -> str:
    numbers = [
        str(index + 1)
        for index in range(max(len(old), len(new)))
        if index >= len(old) or index >= len(new) or old[index] != new[index]
    ]
    where = f"page{'' if len(numbers) == 1 else 's'} {listed(numbers)}"
    return f"What people read in {named(place)} changes: {where} of {len(new)}."


def _blocks(place: tuple[str, ...], old: Any, new: Any) -> str:
    # Never the sizes: those who enrol read these sentences.
    return "The sizes of the blocks in which people are allocated change."


def _allocation(place: tuple[str, ...], old: Any, new: Any) -> str:
    if old is None:
        return f"People are allocated by {new.method.replace('-', ' ')}."
    return "The study no longer says how people are allocated."


def _reconsent(place: tuple[str, ...], old: Any, new: Any) -> str:
    words = "is asked again" if new else "is not asked again"
    return f"Everyone who consented before {named(place)} {words}."


def _guardian(place: tuple[str, ...], old: Any, new: Any) -> str:
    return f"A guardian {'may' if new else 'may no longer'} consent for someone who agrees to take part."


_Say = Callable[[tuple[str, ...], Any, Any], str]
_SPECIAL: tuple[tuple[str, _Say], ...] = (
    ("visits.*.at", _visit_moves),
    ("visits.*.window", _window),
    ("forms.*.visits", _form_visits),
    ("forms.*.instrument", _instrument),
    ("forms.*.by", _answered_by),
    ("eligibility.*.*.rule", _rule),
    ("eligibility.*.*.ask", _ask),
    ("eligibility.*.*.until_resolved", _again),
    ("blinding.*", _blinded),
    ("characteristics.*.minimum", _limit),
    ("characteristics.*.maximum", _limit),
    ("instruments.*.items.*.minimum", _limit),
    ("instruments.*.items.*.maximum", _limit),
    ("instruments.*.scores.*.minimum", _limit),
    ("instruments.*.scores.*.maximum", _limit),
    ("allocation", _allocation),
    ("allocation.block_sizes", _blocks),
    ("consent.versions.*.pages", _pages),
    ("consent.versions.*.reconsent", _reconsent),
    ("consent.guardian", _guardian),
)
"""Changes that have a sentence of their own, by place."""


def _quoted(words: Any) -> str:
    return f"'{_short(str(words))}'"


def _bare(value: Any) -> str:
    return value if isinstance(value, str) else shown(value)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
