"""What a site's wording says, whatever file it came in, and whether it fits the instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from imara.study.instrument import Instrument, Item
from imara.study.problems import Problem, nearest_word

MOST_LABELLED = 11
"""A range of up to this many answers needs a label for each; a longer one, such as 0 to 100, for its ends."""


@dataclass(frozen=True)
class Where:
    """A place in a file: a line, and a field, column or JSON path."""

    line: int | None
    field: str | None


@dataclass(frozen=True)
class DraftOption:
    """An answer and its label, as the file has them."""

    value: int
    label: str
    where: Where


@dataclass(frozen=True)
class DraftItem:
    """An item under the name the file gives it."""

    name: str
    text: str
    options: tuple[DraftOption, ...]
    where: Where
    options_where: Where
    """Where options stand, or should."""


@dataclass(frozen=True)
class Draft:
    """The contents of a wording file before they are checked against an instrument."""

    file: str
    items: tuple[DraftItem, ...]
    instruction: str | None = None
    language: str | None = None
    source: str | None = None
    licence: str | None = None


def item_named(name: str, instrument: Instrument, names: Mapping[str, str]) -> str | None:
    """Return the item a file means by `name`: by `names`, by its own name, or behind a prefix (`phq9_i1`)."""
    if name in names:
        return names[name]
    if name in names.values():
        return None  # the author said that another name stands for it
    for item in instrument.items:
        if name == item.id or name.endswith(("_" + item.id, "." + item.id, "/" + item.id)):
            return item.id
    return None


def check_draft(draft: Draft, instrument: Instrument, names: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return everything in which a draft does not fit the instrument: items, their order, options, words."""
    return tuple(_faults(draft, instrument, names))


def _faults(draft: Draft, instrument: Instrument, names: Mapping[str, str]) -> Iterator[Problem]:
    ids = [item.id for item in instrument.items]
    for name, meant in names.items():
        if meant not in ids:
            message = f"'{name}' is said to be an item that {instrument.instrument} does not have"
            yield Problem(draft.file, message, None, "names", meant, ", ".join(ids), nearest_word(meant, ids))
    worded: dict[str, DraftItem] = {}
    for drafted in draft.items:
        id_ = item_named(drafted.name, instrument, names)
        place = (drafted.where.line, drafted.where.field)
        if id_ is None or id_ not in ids:
            message = f"{instrument.instrument} has no item '{drafted.name}'"
            yield Problem(draft.file, message, *place, drafted.name, ", ".join(ids), nearest_word(drafted.name, ids))
        elif id_ in worded:
            message = f"the item '{id_}' stands twice, first as '{worded[id_].name}'"
            yield Problem(draft.file, message, *place, drafted.name, "each item once")
        else:
            worded[id_] = drafted
            yield from _item_faults(draft, drafted, next(item for item in instrument.items if item.id == id_))
    absent = [id_ for id_ in ids if id_ not in worded]
    if absent:
        message = f"the words of {len(absent)} of {len(ids)} items are missing: {', '.join(absent)}"
        found = ", ".join(item.name for item in draft.items) or "no items"
        yield Problem(draft.file, message, field="items", found=found, allowed=", ".join(ids))
        return
    yield from _whole_faults(draft, instrument, worded)


def _item_faults(draft: Draft, drafted: DraftItem, item: Item) -> Iterator[Problem]:
    if not drafted.text:
        message = f"the item '{item.id}' has no words"
        yield Problem(draft.file, message, drafted.where.line, drafted.where.field, "nothing")
    wanted = range(item.minimum, item.maximum + 1)
    allowed = f"{item.minimum} to {item.maximum}"
    seen: set[int] = set()
    for option in drafted.options:
        place = (option.where.line, option.where.field)
        if option.value in seen:
            message = f"the item '{item.id}' has two options with the value {option.value}"
            yield Problem(draft.file, message, *place, str(option.value), "each value once")
        elif option.value not in wanted:
            message = f"the item '{item.id}' cannot be answered with {option.value}"
            yield Problem(draft.file, message, *place, str(option.value), allowed)
        if not option.label:
            message = f"the option {option.value} of the item '{item.id}' has no words"
            yield Problem(draft.file, message, *place, "nothing")
        seen.add(option.value)
    needed = wanted if len(wanted) <= MOST_LABELLED else (item.minimum, item.maximum)
    absent = [str(value) for value in needed if value not in seen]
    if absent:
        where = drafted.options_where
        answers = "answers" if len(absent) > 1 else "answer"
        message = f"the item '{item.id}' has no words for the {answers} {', '.join(absent)}"
        found = ", ".join(str(option.value) for option in drafted.options) or "no options"
        yield Problem(draft.file, message, where.line, where.field, found, allowed)


def _whole_faults(draft: Draft, instrument: Instrument, worded: Mapping[str, DraftItem]) -> Iterator[Problem]:
    ids = [item.id for item in instrument.items]
    for (id_, drafted), expected in zip(worded.items(), ids, strict=True):
        if id_ != expected:
            message = "the items stand in another order than in the instrument"
            yield Problem(draft.file, message, drafted.where.line, drafted.where.field, drafted.name, ", ".join(ids))
            break
    texts: dict[str, str] = {}
    for id_, drafted in worded.items():
        if drafted.text and drafted.text in texts:
            message = f"the items '{texts[drafted.text]}' and '{id_}' have the same words"
            yield Problem(draft.file, message, drafted.where.line, drafted.where.field, drafted.text[:80])
        texts.setdefault(drafted.text, id_)
    if all(worded[item.id].text in (item.topic.en, item.topic.da) for item in instrument.items):
        message = "these are the topic labels that come with Imara, not the official wording"
        yield Problem(draft.file, message, field="items", allowed="the published sentences, from a source you may use")
