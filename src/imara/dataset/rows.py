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
    from imara.dataset.columns import Column, Layout
    from imara.dataset.dictionary import Dictionary
    from imara.dataset.findings import Findings
    from imara.dataset.numbering import Codes
    from imara.dataset.table import Table
    from imara.study.study import DataSource


@dataclass(frozen=True)
class Rows:
    """What one file says: about participants and about their visits."""

    participants: pl.DataFrame
    """One row a participant in the order of the file: `participant`, `row` (its first), variables found."""
    visits: pl.DataFrame
    """One row a participant and visit: `code` (position in `participants`), `row`, `visit`, variables found."""
    names: Names


def read_rows(
    table: Table,
    columns: list[Column],
    layout: Layout,
    source: DataSource | None,
    dictionary: Dictionary,
    findings: Findings,
) -> Rows:
    """Read the columns, check every cell, and bring either layout into the same form."""
    frame = table.read([column.position for column in columns])
    for column in [column for column in columns if not can_be_text(frame[str(column.position)].dtype)]:
        findings.add(
            "the column does not hold plain values",
            column=column.name,
            found=f"type {frame[str(column.position)].dtype}",
            allowed=column.variable.allowed,
        )
        columns.remove(column)
    comma = table.decimal_comma and has_decimal_commas(frame, columns)
    reader = Reader(source, table.rows, findings, comma)
    cells = {
        (column.variable.name, column.visit): reader.values(frame[str(column.position)], column) for column in columns
    }
    names = {(column.variable.name, column.visit): column.name for column in columns}
    where = {column.variable.name: column for column in columns}
    for name in ("participant", "visit"):
        if name in where:
            column = where[name]
            empty = reader.texts(frame[str(column.position)], column.variable).is_null()
            findings.cells(
                empty,
                as_text(frame[str(column.position)]),
                table.rows,
                f"the row has no {name}",
                column=column.name,
                allowed=column.variable.allowed,
            )
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
    codes, first = codes_of(ids)
    if layout == "wide":
        note_repeated(ids, codes, first, rows, names["participant", None], findings)
    about = {
        name: values
        for (name, visit), values in cells.items()
        if visit is None and name != "visit" and not dictionary.by_name[name].at_visits
    }
    people = pl.DataFrame([ids.gather(first).alias("participant"), rows.gather(first)])
    people = people.with_columns(
        constant(values, codes, first, rows, names[name, None], findings).alias(name)
        for name, values in about.items()
        if name != "participant"
    )
    for name in ("arm", "site"):
        if name in about:
            column = where[name]
            empty = reader.texts(frame[str(column.position)], column.variable).is_null().filter(known)
            note_without(empty, codes, people, name, column.name, column.variable.allowed, findings)
    if layout == "long":
        measures = {name: values for (name, _), values in cells.items() if dictionary.by_name[name].at_visits}
        visits = pl.DataFrame(
            [
                pl.Series("code", codes),
                rows,
                cells["visit", None].alias("visit"),
                *(values.alias(name) for name, values in measures.items()),
            ]
        )
        note_repeated_visits(visits, people, names["participant", None], dictionary, findings)
        note_uncollected(visits, names, dictionary, findings)
    else:
        visits = _stack(cells, codes, rows, dictionary)
    return Rows(people, visits, names)


def _stack(
    cells: dict[tuple[str, str | None], pl.Series], codes: Codes, rows: pl.Series, dictionary: Dictionary
) -> pl.DataFrame:
    """Turn one row a participant into one row a participant and visit."""
    levels = list(dictionary.by_name["visit"].levels)
    found = {name: values.dtype for (name, visit), values in cells.items() if visit is not None}
    parts = []
    for visit in levels:
        here = {name: cells.get((name, visit)) for name in found}
        if any(values is not None for values in here.values()):
            parts.append(
                pl.DataFrame(
                    [
                        pl.Series("code", codes),
                        rows,
                        pl.repeat(visit, len(codes), dtype=pl.Enum(levels), eager=True).alias("visit"),
                        *(
                            (
                                pl.repeat(None, len(codes), dtype=found[name], eager=True) if values is None else values
                            ).alias(name)
                            for name, values in here.items()
                        ),
                    ]
                )
            )
    schema = {"code": pl.Int64(), "row": pl.UInt32(), "visit": pl.Enum(levels)}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)
