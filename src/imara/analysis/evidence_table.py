"""Reading a published table for the evidence check: numbers as printed, every fault with its row and column."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from imara.analysis.evidence import COLUMNS, Printed, Row
from imara.study.problems import InputError, Problem, nearest_word

MISSING = ("", "-", "–", "—", "NA")  # noqa: RUF001  # tables in print use dashes of every length
"""Texts that stand for a number that was not printed."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_SMALLEST, _LARGEST = Decimal("1e-15"), Decimal("1e15")  # beyond these, squares and ratios lose their digits
_P = re.compile(r"(?:p\s*)?([<>=≤≥]?)\s*(.*)", re.IGNORECASE | re.DOTALL)
_FORMS = "; or ".join(", ".join(columns) for columns in COLUMNS.values())


def packaged_tables() -> tuple[str, ...]:
    """Return the names of the tables that come with the package."""
    folder = files("imara") / "content" / "evidence"
    return tuple(sorted(entry.name[:-4] for entry in folder.iterdir() if entry.name.endswith(".csv")))


def read_table(name_or_path: str) -> tuple[Row, ...]:
    """Read a table by path, or by the name of one that comes with the package.

    The file is CSV in UTF-8 with a header, separated by commas, semicolons or tabs; where it is not separated by
    commas, numbers may have decimal commas. Columns are `outcome`, `p` and those of at least one form of
    `imara.analysis.evidence.COLUMNS`, in any order; others are left alone.

    Raises:
        InputError: With every problem of the file.
    """
    text, file = _text_of(name_or_path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError([Problem(file, f"this is not a CSV file: {error}", line=start)]) from None
    if not lines:
        raise InputError([Problem(file, "the file is empty", allowed=f"a header: outcome, {_FORMS}; and p")])
    header = [name.lower() for name in lines[0][1]]
    _check_header(header, file, lines[0][0])
    if len(lines) == 1:
        raise InputError([Problem(file, "the file has a header but no rows", line=lines[0][0])])
    problems: list[Problem] = []
    rows = [_row(cells, header, file, line, separator, problems) for line, cells in lines[1:]]
    if problems:
        raise InputError(problems)
    return tuple(row for row in rows if row is not None)


def _text_of(name_or_path: str) -> tuple[str, str]:
    path = Path(name_or_path)
    names = packaged_tables()
    if name_or_path in names and not path.is_file():
        raw = (files("imara") / "content" / "evidence" / f"{name_or_path}.csv").read_bytes()
    else:
        try:
            raw = path.read_bytes()
        except OSError as error:
            reason = "is a folder" if path.is_dir() else (error.strerror or "cannot be read").lower()
            allowed = f"a CSV file, or one of {', '.join(names)}"
            nearest = nearest_word(name_or_path, names)
            message = f"the table cannot be read: {reason}"
            raise InputError([Problem(name_or_path, message, allowed=allowed, nearest=nearest)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "a character here is not UTF-8; save the file as 'CSV UTF-8'"
        found = f"byte {raw[error.start]:#04x}"
        raise InputError([Problem(name_or_path, message, line=line, found=found, allowed="UTF-8")]) from None
    if "\0" in text:
        raise InputError([Problem(name_or_path, "this is not a text file", allowed="a CSV file in UTF-8")])
    return text, name_or_path


def _check_header(header: list[str], file: str, line: int) -> None:
    problems = [
        Problem(file, f"the column '{name}' stands twice", line=line, field=name, allowed="each column once")
        for name in dict.fromkeys(header)
        if name and header.count(name) > 1
    ]
    wanted = ["outcome", "p"]
    if not any(set(columns) <= set(header) for columns in COLUMNS.values()):
        # The form the author seems to mean: most of its columns are there, or look like ones that are.
        known = {column for columns in COLUMNS.values() for column in columns} | {"outcome", "p"}
        strange = [name for name in header if name not in known]
        alike = {column: nearest_word(column, strange) for column in known}
        shares: dict[tuple[str, ...], float] = {
            columns: sum(c in header or alike[c] is not None for c in columns) / len(columns)
            for columns in COLUMNS.values()
        }
        likely: tuple[str, ...] = max(shares, key=shares.__getitem__)
        wanted += likely
    strange = [name for name in header if name not in wanted]
    for column in wanted:
        if column in header:
            continue
        like = nearest_word(column, strange)
        found = like or ", ".join(name for name in header if name) or "nothing"
        allowed = f"outcome, p, and one of: {_FORMS}"
        message = f"there is no column '{column}'"
        nearest = column if like else None
        problems.append(Problem(file, message, line=line, field=column, found=found, allowed=allowed, nearest=nearest))
    if problems:
        raise InputError(problems)


def _row(
    cells: list[str], header: list[str], file: str, line: int, separator: str, problems: list[Problem]
) -> Row | None:
    if len(cells) != len(header):
        message = f"this row has {len(cells)} cells where the header has {len(header)}"
        problems.append(Problem(file, message, line=line, found=separator.join(cells)))
        return None
    before = len(problems)
    values = dict(zip(header, cells, strict=True))
    if not values["outcome"]:
        problems.append(Problem(file, "the outcome has no name", line=line, field="outcome", found="nothing"))
    wanted = [column for column in header if any(column in columns for columns in COLUMNS.values())]
    numbers: dict[str, Printed] = {}
    for column in wanted:
        if values[column] in MISSING:
            continue
        number = _number(values[column], separator)
        fault = "is not a number" if number is None else _fault(column, number)
        if fault:
            allowed = {"se": "a positive number", "sd": "a positive number", "n": "a whole number from 2"}.get(
                column.split("_")[0], "a number such as -0.8"
            )
            message = f"the value {fault}"
            problems.append(
                Problem(file, message, line=line, field=column, found=values[column], allowed=f"{allowed}, or -")
            )
        elif number is not None:
            numbers[column] = number
    if {"ci_low", "ci_high"} <= numbers.keys() and numbers["ci_low"].value >= numbers["ci_high"].value:
        message = "the lower end of the interval is not below its upper end"
        found = f"{values['ci_low']} to {values['ci_high']}"
        problems.append(Problem(file, message, line=line, field="ci_low", found=found, allowed="the lower end first"))
    p = None
    if values["p"] not in MISSING:
        p = _p(values["p"], separator)
        if p is None:
            message = "the p value is not a number from 0 to 1"
            allowed = "such as .67, 0.03 or <.001, or -"
            problems.append(Problem(file, message, line=line, field="p", found=values["p"], allowed=allowed))
    return Row(values["outcome"], numbers, p) if len(problems) == before else None


def _fault(column: str, number: Printed) -> str | None:
    kind = column.split("_", maxsplit=1)[0]
    if kind in ("se", "sd") and number.value <= 0:
        return "is not positive"
    if kind == "n" and (not number.value.is_integer() or number.value < 2):  # a variance needs two
        return "is not a number of people"
    return None


def _number(text: str, separator: str) -> Printed | None:
    """Return a number with the interval that its last digit leaves open, or None when it is none."""
    plain = re.sub(r"^[−–]", "-", text)  # noqa: RUF001  # the minus sign and the dash of printed tables
    if separator != ",":
        plain = plain.replace(",", ".")
    if _NUMBER.fullmatch(plain) is None:
        return None
    exact = Decimal(plain)
    if exact and not _SMALLEST <= abs(exact) <= _LARGEST:
        return None
    exponent = exact.as_tuple().exponent
    half = Decimal(5).scaleb(int(exponent) - 1)
    return Printed(text, float(exact), float(exact - half), float(exact + half))


def _p(text: str, separator: str) -> Printed | None:
    match = _P.fullmatch(text)
    number = _number(match[2], separator) if match else None
    if match is None or number is None or not 0 <= number.value <= 1:
        return None
    low, high = max(number.low, 0.0), min(number.high, 1.0)
    if match[1] in ("<", "≤"):
        low, high = 0.0, number.value
    elif match[1] in (">", "≥"):
        low, high = number.value, 1.0
    return Printed(text, number.value, low, high)
