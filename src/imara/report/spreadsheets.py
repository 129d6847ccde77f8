"""The tables as CSV files: one tidy table a kind of result, full precision, the study's own names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import fields
from io import StringIO

from imara.analysis.result import Completeness, Contrast, Equivalence, Mean, Observed, Result, StandardisedEffect

Cell = str | int | float | None
Row = dict[str, Cell]

BASELINE_NUMBERS = ("n", "missing", "mean", "sd", "median", "minimum", "maximum", "count", "percent")
FLOW_COLUMNS = ("step", "arm", "detail", "count")
ANALYSIS_COLUMNS = (
    "id",
    "analysis",
    "outcome",
    "model",
    "formula",
    "covariance",
    "df_method",
    "method",
    "population",
    "n_participants",
    "n_observations",
    "log_likelihood",
    "converged",
)


def csv_files(result: Result) -> dict[str, str]:
    """Return file name to content. Numbers are written so that reading them gives the same number back."""
    parts = [(one.id, one) for one in result.analyses]
    tables: dict[str, tuple[tuple[str, ...], list[Row]]] = {
        "flow": (FLOW_COLUMNS, list(_flow(result))),
        "baseline": (("variable", "level", "arm", *BASELINE_NUMBERS), list(_baseline(result))),
        "completeness": (_columns(Completeness), [_values(row) for row in result.completeness]),
        "observed": (_columns(Observed), [_values(row) for row in result.observed]),
        "analyses": (ANALYSIS_COLUMNS, [{name: getattr(one, name) for name in ANALYSIS_COLUMNS} for _, one in parts]),
        "means": (("id", *_columns(Mean)), [_values(mean, name) for name, one in parts for mean in one.means]),
        "contrasts": (
            ("id", *_columns(Contrast)),
            [_values(row, name) for name, one in parts for row in one.contrasts],
        ),
        "standardised-effects": (
            ("id", *_columns(StandardisedEffect)),
            [_values(effect, name) for name, one in parts for effect in one.standardised],
        ),
        "equivalence": (
            ("id", *_columns(Equivalence)),
            [_values(statement, name) for name, one in parts for statement in one.equivalences],
        ),
        "warnings": (("id", "warning"), list(_warnings(result))),
    }
    return {f"{name}.csv": _written(columns, rows) for name, (columns, rows) in tables.items()}


def _columns(kind: type) -> tuple[str, ...]:
    names: list[str] = []
    for field in fields(kind):
        names += ["treatment", "reference"] if field.name == "arms" else [field.name]
    return tuple(names)


def _values(
    value: Completeness | Observed | Mean | Contrast | StandardisedEffect | Equivalence, estimate: str | None = None
) -> Row:
    row: Row = {} if estimate is None else {"id": estimate}
    for field in fields(value):
        if field.name == "arms":
            row["treatment"], row["reference"] = getattr(value, field.name)
        else:
            row[field.name] = getattr(value, field.name)
    return row


def _flow(result: Result) -> Iterator[Row]:
    flow = result.flow
    yield {"step": "assessed", "arm": "", "detail": "", "count": flow.assessed_for_eligibility}
    for reason, count in flow.excluded.items():
        yield {"step": "excluded", "arm": "", "detail": reason, "count": count}
    yield {"step": "allocated", "arm": "", "detail": "", "count": flow.allocated}
    for arm in flow.arms:
        yield {"step": "allocated", "arm": arm.arm, "detail": "", "count": arm.allocated}
        for visit, count in arm.assessed.items():
            yield {"step": "assessed", "arm": arm.arm, "detail": visit, "count": count}
        for outcome, count in arm.analysed.items():
            yield {"step": "analysed", "arm": arm.arm, "detail": outcome, "count": count}


def _baseline(result: Result) -> Iterator[Row]:
    for row in result.baseline:
        for arm, numbers in row.cells.items():
            yield {
                "variable": row.variable,
                "level": row.level,
                "arm": arm,
                **{name: numbers.get(name) for name in BASELINE_NUMBERS},
            }


def _warnings(result: Result) -> Iterator[Row]:
    for words in result.warnings:
        yield {"id": "", "warning": words}
    for one in result.analyses:
        for words in one.warnings:
            yield {"id": one.id, "warning": words}


def _written(columns: tuple[str, ...], rows: list[Row]) -> str:
    page = StringIO(newline="")
    writer = csv.DictWriter(page, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return page.getvalue()


def _safe(value: Cell) -> Cell:
    """Keep a spreadsheet program from running a text as a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
