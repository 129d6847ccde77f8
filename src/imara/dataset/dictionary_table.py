"""The data dictionary as a table to read, print or keep: a frame, CSV, Markdown or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from imara.dataset.dictionary import Dictionary, Variable
    from imara.study.vocabulary import Language

COLUMNS = ("variable", "label", "role", "type", "unit", "allowed", "visits", "required", "computed", "defined in")
"""Columns of the table, all text."""


def frame(dictionary: Dictionary, language: Language = "en") -> pl.DataFrame:
    """Return one row a variable, with the columns `COLUMNS`."""
    rows = [_row(variable, language) for variable in dictionary]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row")


def to_csv(dictionary: Dictionary, language: Language = "en") -> str:
    """Return the table as CSV."""
    return frame(dictionary, language).write_csv()


def to_markdown(dictionary: Dictionary, language: Language = "en") -> str:
    """Return the table in Markdown, columns padded so that it can be read as it is."""
    cells = [COLUMNS, *(tuple(_escape(cell) for cell in row) for row in frame(dictionary, language).rows())]
    widths = [max(len(row[column]) for row in cells) for column in range(len(COLUMNS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def to_json(dictionary: Dictionary) -> str:
    """Return the dictionary as JSON, with both languages and numbers as numbers."""
    content = {
        "study": dictionary.study,
        "study_fingerprint": dictionary.fingerprint,
        "variables": [_entry(variable) for variable in dictionary],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _row(variable: Variable, language: Language) -> tuple[str, ...]:
    allowed = variable.allowed
    if variable.levels:
        allowed = ", ".join(
            value if label is None else f"{value} = {label.to(language)}" for value, label in variable.levels.items()
        )
    return (
        variable.name,
        variable.label.to(language),
        variable.role,
        variable.kind,
        variable.unit or "",
        allowed,
        ", ".join(variable.visits),
        "yes" if variable.required else "no",
        "yes" if variable.computed else "no",
        variable.defined_in,
    )


def _entry(variable: Variable) -> dict[str, Any]:
    return {
        "variable": variable.name,
        "also": list(variable.aliases),
        "label": variable.label.model_dump(exclude_none=True),
        "role": variable.role,
        "type": variable.kind,
        "unit": variable.unit,
        "levels": {
            value: label.model_dump(exclude_none=True) if label else None for value, label in variable.levels.items()
        },
        "minimum": variable.minimum,
        "maximum": variable.maximum,
        "visits": list(variable.visits),
        "required": variable.required,
        "computed": variable.computed,
        "defined_in": variable.defined_in,
    }


def _escape(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
