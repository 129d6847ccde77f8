"""From checked columns to one row a participant and one row a participant and visit, whatever the file's layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from imara.dataset.cells import Reader, as_text, can_be_text, has_decimal_commas
from imara.dataset.consistency import (
    Names,
    constant,
    note_repeated,
    note_repeated_visits,
    note_uncollected,
    note_without,
)
from imara.dataset.numbering import codes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imara.dataset.columns import Column, Layout
    from imara.dataset.dictionary import Dictionary
    from imara.dataset.findings import Findings
    from imara.dataset.naming import Naming
    from imara.dataset.numbering import Codes
    from imara.dataset.table import Table

_OWN_VALUE = {"participant": "the row has no participant", "visit": "the row has no visit"}
"""What every row must say for itself, and what is noted where it does not."""
_GIVEN_ONCE = ("arm", "site")
"""What some row of each participant must say."""


@dataclass(frozen=True)
class Rows:
    """What one file says: about participants and about their visits."""

    participants: pl.DataFrame
    """One row a participant in the order of the file: `participant`, `row` (its first), variables found."""
    visits: pl.DataFrame
    """One row a participant and visit: `code` (position in `participants`), `row`, `visit`, variables found."""
    names: Names


@dataclass(frozen=True)
class _Cells:
    """Columns of a file, row by row."""

    rows: pl.Series
    once: Mapping[str, pl.Series]
    """Variable to values, for those that have one value a participant, `participant` and `visit` included."""
    measured: Mapping[tuple[str, str | None], pl.Series]
    """Variable and visit (none in long files) to values."""
    empty: Mapping[str, pl.Series]
    """For `arm` and `site`: where the file says nothing (a wrong word is not nothing)."""


def read_rows(
    table: Table,
    columns: list[Column],
    layout: Layout,
    naming: Naming,
    findings: Findings,
) -> Rows | None:
    """Read the columns, check every cell, and bring either layout into the same form.

    Returns None when the file does not say whom or which visit its rows are about; `findings` then says so.
    """
    dictionary = naming.dictionary
    cells = _cells(table, columns, naming, findings)
    names: Names = {(column.variable.name, column.visit): column.name for column in columns}
    if "participant" not in cells.once or (layout == "long" and "visit" not in cells.once):
        return None
    codes, first = codes_of(cells.once["participant"])
    people = {"participant": cells.once["participant"].gather(first), "row": cells.rows.gather(first)}
    about = {name: values for name, values in cells.once.items() if name not in _OWN_VALUE}
    if layout == "wide":
        note_repeated(cells.once["participant"], codes, first, cells.rows, names["participant", None], findings)
        people |= {name: values.gather(first) for name, values in about.items()}
        visits = _stack(cells, codes, dictionary)
    else:
        for name, values in about.items():
            people[name] = constant(values, codes, first, cells.rows, names[name, None], findings)
        visits = _frame(
            {"code": pl.Series(codes), "row": cells.rows, "visit": cells.once["visit"]}
            | {name: values for (name, _), values in cells.measured.items()}
        )
        note_repeated_visits(visits, people["participant"], names["participant", None], dictionary, findings)
        note_uncollected(visits, names, dictionary, findings)
    participants = _frame(people)
    for name, empty in cells.empty.items():
        allowed = dictionary.by_name[name].allowed
        note_without(empty, codes, participants, name, names[name, None], allowed, findings)
    return Rows(participants, visits, names)


def _cells(table: Table, columns: list[Column], naming: Naming, findings: Findings) -> _Cells:
    frame = table.read([column.position for column in columns])
    readable = [column for column in columns if can_be_text(frame[str(column.position)].dtype)]
    for column in columns:
        if column not in readable:
            dtype = frame[str(column.position)].dtype
            findings.add(
                "the column does not hold plain values",
                column=column.name,
                found=f"type {dtype}",
                allowed=column.variable.allowed,
            )
    comma = table.decimal_comma and has_decimal_commas(frame, readable)
    reader = Reader(naming, table.rows, findings, comma)
    once: dict[str, pl.Series] = {}
    measured: dict[tuple[str, str | None], pl.Series] = {}
    empty: dict[str, pl.Series] = {}
    known = pl.repeat(True, len(table.rows), dtype=pl.Boolean, eager=True)
    for column in readable:
        raw, variable = frame[str(column.position)], column.variable
        values = reader.values(raw, column)
        if variable.at_visits:
            measured[variable.name, column.visit] = values
            continue
        once[variable.name] = values
        if variable.name in _OWN_VALUE:
            nothing = reader.texts(raw, variable).is_null()
            findings.cells(
                nothing,
                as_text(raw),
                table.rows,
                _OWN_VALUE[variable.name],
                column=column.name,
                allowed=variable.allowed,
            )
            known &= values.is_not_null()
        elif variable.role in _GIVEN_ONCE:
            empty[variable.name] = reader.texts(raw, variable).is_null()
    if known.all():
        return _Cells(table.rows, once, measured, empty)
    # Rows about nobody, or about no visit, have been noted; the others are still checked against each other.
    return _Cells(
        table.rows.filter(known),
        {name: values.filter(known) for name, values in once.items()},
        {key: values.filter(known) for key, values in measured.items()},
        {name: values.filter(known) for name, values in empty.items()},
    )


def _stack(cells: _Cells, codes: Codes, dictionary: Dictionary) -> pl.DataFrame:
    """Turn one row a participant into one row a participant and visit."""
    levels = list(dictionary.by_name["visit"].levels)
    types = {name: values.dtype for (name, _), values in cells.measured.items()}
    parts = [
        _frame({"code": pl.Series(codes), "row": cells.rows}).with_columns(
            pl.lit(visit, pl.Enum(levels)).alias("visit"),
            *(
                cells.measured[name, visit].alias(name)
                if (name, visit) in cells.measured
                else pl.lit(None, dtype).alias(name)
                for name, dtype in types.items()
            ),
        )
        for visit in levels
        if any((name, visit) in cells.measured for name in types)
    ]
    schema = {"code": pl.Int64(), "row": pl.UInt32(), "visit": pl.Enum(levels)}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _frame(columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    return pl.DataFrame([values.alias(name) for name, values in columns.items()])
