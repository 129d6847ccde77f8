"""Turning the cells of a column into values, a whole column at a time; cells that do not fit are noted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from imara.dataset.findings import Findings
from imara.study.problems import nearest_word

if TYPE_CHECKING:
    from imara.dataset.columns import Column
    from imara.dataset.dictionary import Variable
    from imara.dataset.naming import Naming

YES_NO: dict[str, bool] = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
"""Words for yes and no in a file, in capitals or not; others need a map of values."""
_COMMA_NUMBER = r"^[+-]?\d*,\d+$"
_DECIMAL_COMMA = r"^[+-]?(\d*,(\d{1,2}|\d{4,})|0?,\d+)$"
"""Where the comma can only mean decimals; `1,500` may be a thousand and a half thousand, or one and a half."""
_OTHER_DATE = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")


@dataclass(frozen=True)
class Reader:
    """How the cells of one file are read."""

    naming: Naming
    rows: pl.Series
    findings: Findings
    decimal_comma: bool = False

    def texts(self, raw: pl.Series, variable: Variable) -> pl.Series:
        """Return cells as text without blanks around them; null where the cell is empty or says it is missing."""
        text = as_text(raw)
        # A level that is called `NA` is a level.
        missing = [word for word in {"", *self.naming.missing} if word not in variable.words]
        return text.set(text.is_in(missing), None) if text.is_in(missing).any() else text

    def values(self, raw: pl.Series, column: Column) -> pl.Series:
        """Return the values of a column, null where missing or wrong; everything wrong is noted."""
        variable = column.variable
        text = self.texts(raw, variable)
        mapping = self.naming.words(variable, column.visit)
        meant = text.replace(mapping) if mapping else text
        match variable.kind:
            case "text":
                return meant
            case "category":
                return self._words(text, meant, column, variable.words, mapping, pl.Enum(list(variable.levels)))
            case "yes-no":
                return self._words(text, meant.str.to_lowercase(), column, YES_NO, mapping, pl.Boolean())
            case "date":
                return self._dates(text, meant, column)
            case _:
                return self._numbers(text, meant, column)

    def _words(
        self,
        text: pl.Series,
        meant: pl.Series,
        column: Column,
        words: Mapping[str, object],
        mapping: Mapping[str, str],
        dtype: pl.DataType,
    ) -> pl.Series:
        value = meant.replace_strict(list(words), list(words.values()), default=None, return_dtype=dtype)
        wrong = value.is_null() & text.is_not_null()
        if not wrong.any():
            return value
        offered = _offered(column.variable)
        if mapping and bool(text.is_in(list(mapping)).any()):
            # The file uses words of its own, so these are what is offered, and ours only where there are none.
            offered = [*mapping, *(ours for ours in offered if ours not in {*mapping, *mapping.values()})]
        self.findings.cells(
            wrong,
            text,
            self.rows,
            f"unknown {_noun(column.variable)}",
            column=column.name,
            allowed=", ".join(offered),
            nearest=lambda found: nearest_word(found, [*offered, *words]),
        )
        return value

    def _numbers(self, text: pl.Series, meant: pl.Series, column: Column) -> pl.Series:
        variable, note = column.variable, self.findings.cells
        if self.decimal_comma:
            pointed = meant.str.contains(".", literal=True).fill_null(False)
            note(
                pointed,
                text,
                self.rows,
                "a decimal point, in a file that has decimal commas elsewhere",
                column=column.name,
                allowed=f"{variable.allowed}, with a decimal comma",
            )
            meant = meant.set(pointed, None).str.replace(",", ".", literal=True)
        number = meant.cast(pl.Float64, strict=False)
        number = number.set(number.is_nan() | number.is_infinite(), None)
        strange = number.is_null() & meant.is_not_null()
        if strange.any():
            commas = strange & text.str.contains(_COMMA_NUMBER).fill_null(False)
            note(
                commas,
                text,
                self.rows,
                "a comma in a number may mean decimals or thousands",
                column=column.name,
                allowed=f"{variable.allowed}, with a decimal point",
            )
            note(
                strange & ~commas, text, self.rows, "this is not a number", column=column.name, allowed=variable.allowed
            )
        outside = pl.repeat(False, len(number), dtype=pl.Boolean, eager=True)
        if variable.minimum is not None:
            outside |= (number < variable.minimum).fill_null(False)
        if variable.maximum is not None:
            outside |= (number > variable.maximum).fill_null(False)
        note(outside, text, self.rows, "the value is outside its range", column=column.name, allowed=variable.allowed)
        wrong = outside
        if variable.kind == "whole-number":
            fractional = (number != number.floor()).fill_null(False) & ~outside
            note(
                fractional,
                text,
                self.rows,
                "only whole numbers are possible",
                column=column.name,
                allowed=variable.allowed,
            )
            wrong |= fractional
        # A wrong number counts as none from here on, or other rows would be blamed for disagreeing with it.
        return number.set(wrong, None) if wrong.any() else number

    def _dates(self, text: pl.Series, meant: pl.Series, column: Column) -> pl.Series:
        value = meant.str.to_date("%Y-%m-%d", strict=False)
        # The parser alone would take 24-3-1 for a day in the year 24.
        value = value.set(~meant.str.contains(r"^\d{4}-\d{2}-\d{2}$").fill_null(True), None)
        wrong = value.is_null() & text.is_not_null()
        self.findings.cells(
            wrong,
            text,
            self.rows,
            "this is not a date, or not written as it is here",
            column=column.name,
            allowed=column.variable.allowed,
            nearest=_iso,
        )
        return value


def as_text(raw: pl.Series) -> pl.Series:
    """Return a column of any plain type as text: numbers without a needless `.0`, dates as 2024-03-31."""
    dtype = raw.dtype
    if dtype == pl.String:
        text = raw.str.strip_chars()
        # Some systems write an accented letter as two characters; names must be the same wherever they were typed.
        only_ascii = (text.str.len_bytes() == text.str.len_chars()).all()
        return text if only_ascii else text.str.normalize("NFC")
    if dtype.is_float():
        value = raw.fill_nan(None)
        whole = (value == value.floor()) & (value.abs() < 2.0**53)
        return pl.select(
            pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String))
        ).to_series()
    if dtype == pl.Datetime:
        midnight = raw.dt.time() == pl.Series([0]).cast(pl.Time)
        return raw.dt.date().cast(pl.String) if midnight.fill_null(True).all() else raw.cast(pl.String)
    return raw.cast(pl.String).str.strip_chars()


def can_be_text(dtype: pl.DataType) -> bool:
    """Return whether cells of this type hold one plain value each."""
    return not (dtype.is_nested() or dtype in (pl.Binary, pl.Object, pl.Time, pl.Duration))


def has_decimal_commas(frame: pl.DataFrame, columns: list[Column]) -> bool:
    """Return whether any column of numbers has a number written with a decimal comma."""
    numbers = [column for column in columns if column.variable.kind in ("number", "whole-number")]
    return any(
        bool(frame[str(column.position)].str.strip_chars().str.contains(_DECIMAL_COMMA).any()) for column in numbers
    )


def _offered(variable: Variable) -> list[str]:
    return list(variable.levels) if variable.kind == "category" else ["yes", "no"]


def _noun(variable: Variable) -> str:
    if variable.role in ("arm", "site", "visit"):
        return variable.role
    return "answer to a yes-or-no question" if variable.kind == "yes-no" else "level"


def _iso(found: str) -> str | None:
    """Return a date written day first as 2024-03-31, when it can only be meant in one way."""
    match = _OTHER_DATE.match(found)
    if match is None:
        return None
    day, month, year = match.groups()
    return f"{year}-{int(month):02d}-{int(day):02d}" if 12 < int(day) <= 31 and 0 < int(month) <= 12 else None
