"""Wording as a folder of our own form: `pack.yaml`, alone or beside a REDCap dictionary or FHIR Questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from imara.study.problems import InputError, Problem
from imara.study.read import Reading, read_definition
from imara.study.vocabulary import Definition, Identifier, Language
from imara.study.wording_draft import Draft, DraftItem, DraftOption, Where

if TYPE_CHECKING:
    from pathlib import Path

    from imara.study.document import Place


class ItemWording(Definition):
    """The official words of one item. A plain string in a file is its text."""

    text: str
    """The sentence."""
    options: dict[str, str] = Field(default_factory=dict)
    """Answer to its label, where they differ from those shared by all items."""

    @model_validator(mode="before")
    @classmethod
    def _accept_plain_string(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value


class PackFile(Definition):
    """A wording pack's `pack.yaml`: official wording of one instrument in one language."""

    instrument: Identifier
    """Which instrument."""
    language: Language
    """In which language."""
    source: str = Field(min_length=1)
    """Where the wording comes from: publication, publisher, web address."""
    licence: str = Field(min_length=1)
    """The right under which the site uses it, in the site's words."""
    instruction: str | None = None
    """What is said before the first item."""
    options: dict[str, str] = Field(default_factory=dict)
    """Answer to its label, for all items that have none of their own."""
    items: dict[str, ItemWording] = Field(default_factory=dict)
    """Item to its words, in order; left out where they stand in `file`."""
    file: str | None = None
    """A REDCap data dictionary (`.csv`) or FHIR Questionnaire (`.json`) in the same folder with the words."""
    form: str | None = None
    """The form in a REDCap dictionary that holds several."""
    names: dict[str, str] = Field(default_factory=dict)
    """Name of a field in `file` to the item it is, where they differ: `{phq9_1: i1}`."""
    ignore: tuple[str, ...] = ()
    """Fields in `file` that are not items of the instrument, such as a date."""


def read_pack_file(path: Path, file: str) -> tuple[Reading[PackFile], Draft]:
    """Read a `pack.yaml`; the draft has no items when they stand in another file.

    Raises:
        InputError: With every problem of the file.
    """
    reading = read_definition(path, PackFile, file)
    problems = list(reading.problems)
    pack = reading.definition
    if pack is None:
        raise InputError(problems)
    if pack.file and pack.items:
        message = "words stand in this file or in another, not in both"
        problems.append(_problem(reading, ("file",), message, "items, or file"))
    if not pack.file and not pack.items:
        problems.append(_problem(reading, ("items",), "there are no words of items", "items, or file"))
    shared = _options(reading, ("options",), pack.options, problems)
    items = []
    for name, words in pack.items.items():
        place: Place = ("items", name)
        own = _options(reading, (*place, "options"), words.options, problems)
        where = _where(reading, place)
        options_where = _where(reading, (*place, "options") if words.options else ("options",))
        text = " ".join(words.text.split())
        items.append(DraftItem(name, text, own or shared, where, options_where))
    if problems:
        raise InputError(problems)
    return reading, Draft(file, tuple(items), pack.instruction, pack.language, pack.source, pack.licence)


def _options(
    reading: Reading[PackFile], place: Place, options: dict[str, str], problems: list[Problem]
) -> tuple[DraftOption, ...]:
    found = []
    for key, label in options.items():
        try:
            found.append(DraftOption(int(key), " ".join(label.split()), _where(reading, (*place, key))))
        except ValueError:
            message = "an option is the number that is scored, then its label"
            problems.append(_problem(reading, (*place, key), message, "a whole number", key))
    return tuple(found)


def _where(reading: Reading[PackFile], place: Place) -> Where:
    return Where(reading.document.line(place), ".".join(str(step) for step in place))


def _problem(reading: Reading[PackFile], place: Place, message: str, allowed: str, found: str | None = None) -> Problem:
    where = _where(reading, place)
    return Problem(reading.document.file, message, where.line, where.field, found, allowed)
