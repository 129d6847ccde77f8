"""Wording from a REDCap data dictionary: the form's fields, their labels and their choices."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING

from imara.study.problems import InputError, Problem, nearest_word
from imara.study.wording_draft import Draft, DraftItem, DraftOption, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

COLUMNS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
"""The columns of a dictionary, in REDCap's order; only the first six hold wording."""
NAME, FORM, SECTION, TYPE, LABEL, CHOICES = COLUMNS[:6]

_WITH_CHOICES = ("radio", "dropdown")
_IMPLIED = {"yesno": {1: "Yes", 0: "No"}, "truefalse": {1: "True", 0: "False"}}
_NOT_ASKED = ("calc", "descriptive", "file", "signature", "sql")
_TYPES = (*_WITH_CHOICES, *_IMPLIED, *_NOT_ASKED, "text", "notes", "checkbox", "slider")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def read_redcap(
    text: str, file: str, *, instrument: str, form: str | None = None, ignore: Collection[str] = ()
) -> Draft:
    """Read the items of one form of a data dictionary.

    Args:
        text: The file's content.
        file: How the person named it, for messages.
        instrument: Name of the instrument; its form is found by this name where the dictionary has several.
        form: Name of the form, where it is another.
        ignore: Fields that are no items.

    Raises:
        InputError: With every problem of the file.
    """
    rows = _rows(text, file)
    forms = list(dict.fromkeys(row[FORM] for _, row in rows if row[FORM]))
    wanted = form or next((name for name in forms if _plain(name) == _plain(instrument)), None)
    if wanted is None and len(forms) == 1:
        wanted = forms[0]
    if wanted not in forms:
        message = f"there is no form '{wanted or instrument}' here"
        found, allowed = ", ".join(forms) or "nothing", "its name, given as 'form'"
        raise InputError([Problem(file, message, 1, FORM, found, allowed, nearest_word(wanted or instrument, forms))])
    problems: list[Problem] = []
    items: list[DraftItem] = []
    instruction = None
    for line, row in rows:
        if row[FORM] != wanted:
            continue
        if not items:
            instruction = _words(row[SECTION]) or instruction
        if row[TYPE] == "descriptive" and not items:
            instruction = _words(row[LABEL]) or instruction
        if row[TYPE] not in _TYPES:
            message = "there is no such type of field"
            allowed = ", ".join(_TYPES)
            problems.append(Problem(file, message, line, TYPE, row[TYPE], allowed, nearest_word(row[TYPE], _TYPES)))
        elif row[TYPE] not in _NOT_ASKED and row[NAME] not in ignore:
            options = tuple(_choices(row, file, line, problems))
            items.append(DraftItem(row[NAME], _words(row[LABEL]), options, Where(line, LABEL), Where(line, CHOICES)))
    if problems:
        raise InputError(problems)
    return Draft(file, tuple(items), instruction)


def _rows(text: str, file: str) -> list[tuple[int, dict[str, str]]]:
    first = text.split("\n", 1)[0]
    # Choices are full of commas, so the separator is judged by what follows the first column's name.
    separator = next((sign for sign in ",;\t" if f"{NAME}{sign}" in first or f'{NAME}"{sign}' in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    table: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                table.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError([Problem(file, f"this is not a CSV file: {error}", start)]) from None
    if not table:
        raise InputError([Problem(file, "the file is empty", allowed="a REDCap data dictionary")])
    line, header = table[0]
    absent = [name for name in COLUMNS[:6] if name not in header]
    strange = [name for name in header if name not in COLUMNS]
    if absent:
        raise InputError(
            Problem(
                file, f"a REDCap data dictionary has a column '{name}'", line, name,
                like or ", ".join(header), ", ".join(COLUMNS), name if like else None,
            )
            for name in absent
            for like in [nearest_word(name, strange)]
        )  # fmt: skip
    ragged = [(line, cells) for line, cells in table[1:] if len(cells) != len(header)]
    if ragged:
        raise InputError(
            Problem(file, f"this row has {len(cells)} cells where the header has {len(header)}", line, found=cells[0])
            for line, cells in ragged
        )
    return [(line, dict(zip(header, cells, strict=True))) for line, cells in table[1:]]


def _choices(row: dict[str, str], file: str, line: int, problems: list[Problem]) -> Iterator[DraftOption]:
    where = Where(line, CHOICES)
    kind = row[TYPE]
    if kind in _IMPLIED:
        yield from (DraftOption(value, label, where) for value, label in _IMPLIED[kind].items())
        return
    if kind not in _WITH_CHOICES or not row[CHOICES]:
        return
    for choice in row[CHOICES].split("|"):
        code, comma, label = choice.partition(",")
        if re.fullmatch(r"-?\d+", code.strip(), re.ASCII) and comma:
            yield DraftOption(int(code), _words(label), where)
        else:
            message = f"a choice of '{row[NAME]}' is not a whole number, a comma and a label"
            problems.append(Problem(file, message, line, CHOICES, choice.strip() or "nothing", "0, label | 1, label"))


def _words(label: str) -> str:
    """Return a label without markup and line breaks."""
    return " ".join(unescape(_TAG.sub(" ", label)).split())


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
