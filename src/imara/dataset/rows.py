"""From checked columns to one row a participant and one row a participant and visit, whatever the file's layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from imara.dataset.cells import Reader, as_text, can_be_text, has_decimal_commas
from imara.dataset.findings import shorten
from imara.study.problems import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imara.dataset.columns import Column, Layout
    from imara.dataset.dictionary import Dictionary
    from imara.dataset.findings import Findings
    from imara.dataset.table import Table
    from imara.study.study import DataSource

    Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """What one file says: about participants and about their visits."""

    participants: pl.DataFrame
    """One row a participant in the order of the file: `participant`, `row` (its first), variables found."""
    visits: pl.DataFrame
    """One row a participant and visit: `code` (position in `participants`), `row`, `visit`, variables found."""
    names: dict[tuple[str, str | None], str]
    """Variable and, in wide files, visit to the file's column name."""


def read_rows(table: Table, columns: list[Column], layout: Layout, source: DataSource | None,
              dictionary: Dictionary, findings: Findings) -> Rows:
    """Read the columns, check every cell, and bring either layout into the same form."""
    frame = table.read([column.position for column in columns])
    for column in [column for column in columns if not can_be_text(frame[str(column.position)].dtype)]:
        findings.add("the column does not hold plain values", column=column.name,
                     found=f"type {frame[str(column.position)].dtype}", allowed=column.variable.allowed)
        columns.remove(column)
    comma = table.decimal_comma and has_decimal_commas(frame, columns)
    reader = Reader(source, table.rows, findings, comma)
    cells = {(column.variable.name, column.visit): reader.values(frame[str(column.position)], column)
             for column in columns}
    names = {(column.variable.name, column.visit): column.name for column in columns}
    where = {column.variable.name: column for column in columns}
    for name in ("participant", "visit"):
        if name in where:
            column = where[name]
            empty = reader.texts(frame[str(column.position)], column.variable).is_null()
            findings.cells(empty, as_text(frame[str(column.position)]), table.rows, f"the row has no {name}",
                           column=column.name, allowed=column.variable.allowed)
    ids = cells.get(("participant", None))
    if ids is None or (layout == "long" and ("visit", None) not in cells):
        return Rows(pl.DataFrame(), pl.DataFrame(), names)
    rows = table.rows.alias("row")
    known = ids.is_not_null()
    if layout == "long":
        known &= cells["visit", None].is_not_null()
    if not known.all():
        # These rows have been noted; the others are still checked against each other.
        cells = {key: values.filter(known) for key, values in cells.items()}
        ids, rows = ids.filter(known), rows.filter(known)
    codes, first = _codes(ids)
    if layout == "wide":
        _note_repeated(ids, codes, first, rows, names["participant", None], findings)
    about = {name: values for (name, visit), values in cells.items()
             if visit is None and name != "visit" and not dictionary.by_name[name].at_visits}
    people = pl.DataFrame([ids.gather(first).alias("participant"), rows.gather(first)])
    people = people.with_columns(
        _constant(values, codes, first, rows, names[name, None], findings).alias(name)
        for name, values in about.items() if name != "participant"
    )
    if layout == "long":
        measures = {name: values for (name, _), values in cells.items() if dictionary.by_name[name].at_visits}
        visits = pl.DataFrame([pl.Series("code", codes), rows, cells["visit", None].alias("visit"),
                               *(values.alias(name) for name, values in measures.items())])
        _note_repeated_visits(visits, people, names["participant", None], dictionary, findings)
        _note_uncollected(visits, names, dictionary, findings)
    else:
        visits = _stack(cells, codes, rows, dictionary)
    return Rows(people, visits, names)


def _codes(ids: pl.Series) -> tuple[Codes, Codes]:
    """Number participants in the order of the file: the number of each row, and each number's first row."""
    frame = ids.alias("id").to_frame()
    people = frame.unique(maintain_order=True).with_row_index("code")
    codes = frame.join(people, on="id", how="left", maintain_order="left")["code"].to_numpy().astype(np.int64)
    return codes, _first(codes, np.arange(len(codes)), people.height)


def _first(codes: Codes, positions: Codes, number: int) -> Codes:
    """Return for each code the first of `positions` that has it, -1 where none has."""
    first = np.full(number, -1, dtype=np.int64)
    first[codes[positions][::-1]] = positions[::-1]  # Of repeated assignments the last stays: the first position.
    return first


def _note_repeated(ids: pl.Series, codes: Codes, first: Codes, rows: pl.Series, column: str,
                   findings: Findings) -> None:
    again = np.flatnonzero(first[codes] != np.arange(len(codes)))
    findings.each(again, lambda at: Problem(
        findings.file, f"this participant already stands in row {rows[int(first[codes[at]])]}", rows[at], column,
        shorten(ids[at]), "one row for each participant"))


def _constant(values: pl.Series, codes: Codes, first: Codes, rows: pl.Series, column: str,
              findings: Findings) -> pl.Series:
    """Return each participant's value; note rows that say something else than the participant's first value."""
    given = np.flatnonzero(values.is_not_null().to_numpy())
    chosen = _first(codes, given, len(first))
    kept = values.gather(np.maximum(chosen, 0)).set(pl.Series(chosen < 0), None)
    if len(codes) > len(first):
        expected = kept.gather(codes[given])
        different = given[(values.gather(given) != expected).to_numpy()]
        findings.each(different, lambda at: Problem(
            findings.file, "the value is not the same in all rows of this participant: row "
            f"{rows[int(chosen[codes[at]])]} has {_say(values[int(chosen[codes[at]])])}", rows[at], column,
            _say(values[at]), "one value for each participant"))
    return kept


def _note_repeated_visits(visits: pl.DataFrame, people: pl.DataFrame, column: str, dictionary: Dictionary,
                          findings: Findings) -> None:
    keys = _keys(visits, dictionary)
    first = _first(keys, np.arange(len(keys)), people.height * len(dictionary.by_name["visit"].levels))
    again = np.flatnonzero(first[keys] != np.arange(len(keys)))
    rows, visit, code = visits["row"], visits["visit"], visits["code"]
    findings.each(again, lambda at: Problem(
        findings.file, f"this participant's visit {visit[at]} already stands in row {rows[int(first[keys[at]])]}",
        rows[at], column, shorten(people["participant"][code[at]]), "one row for each participant and visit"))


def _note_uncollected(visits: pl.DataFrame, names: dict[tuple[str, str | None], str], dictionary: Dictionary,
                      findings: Findings) -> None:
    for variable in dictionary:
        elsewhere = [visit for visit in dictionary.by_name["visit"].levels if visit not in variable.visits]
        if not variable.at_visits or variable.name not in visits.columns:
            continue
        for visit in elsewhere:
            values = visits[variable.name]
            findings.cells(values.is_not_null() & (visits["visit"] == visit), as_text(values), visits["row"],
                           f"{variable.form} is not collected at {visit}, so this cell must be empty",
                           column=names[variable.name, None], allowed=", ".join(variable.visits))


def _stack(cells: dict[tuple[str, str | None], pl.Series], codes: Codes, rows: pl.Series,
           dictionary: Dictionary) -> pl.DataFrame:
    """Turn one row a participant into one row a participant and visit."""
    levels = list(dictionary.by_name["visit"].levels)
    found = {name: values.dtype for (name, visit), values in cells.items() if visit is not None}
    parts = []
    for visit in levels:
        here = {name: cells.get((name, visit)) for name in found}
        if any(values is not None for values in here.values()):
            parts.append(pl.DataFrame([
                pl.Series("code", codes), rows, pl.repeat(visit, len(codes), dtype=pl.Enum(levels), eager=True)
                .alias("visit"),
                *((pl.repeat(None, len(codes), dtype=found[name], eager=True) if values is None else values)
                  .alias(name) for name, values in here.items()),
            ]))
    schema = {"code": pl.Int64(), "row": pl.UInt32(), "visit": pl.Enum(levels)}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _keys(visits: pl.DataFrame, dictionary: Dictionary) -> Codes:
    """Return one number for each participant and visit, ascending by participant and then in time."""
    number = len(dictionary.by_name["visit"].levels)
    keys: Codes = visits["code"].to_numpy() * number + visits["visit"].to_physical().to_numpy().astype(np.int64)
    return keys


def in_order(visits: pl.DataFrame, dictionary: Dictionary) -> pl.DataFrame:
    """Return rows by participant and then in time."""
    keys = _keys(visits, dictionary)
    return visits if bool((np.diff(keys) > 0).all()) else visits[np.argsort(keys, kind="stable")]


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else shorten(str(value))
