"""Labelled numbers that print well and turn into a dataframe of the kind the data came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import narwhals.stable.v2 as nw


class LabelledTable:
    """Columns of equal length. `table["estimate"]` is a column, `table.frame()` a dataframe."""

    def __init__(self, columns: Mapping[str, Sequence[Any]], backend: ModuleType, title: str = "") -> None:
        self._columns = {name: list(values) for name, values in columns.items()}
        self._backend = backend
        self._title = title

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return list(self._columns)

    def __getitem__(self, name: str) -> Any:
        return self.frame()[name]

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), []))

    def frame(self) -> Any:
        """Return a dataframe of the library that the data came in (pandas or Polars)."""
        return nw.from_dict(self._columns, backend=self._backend).to_native()

    def __repr__(self) -> str:
        return text_table(self._columns, self._title)


def text_table(columns: Mapping[str, Sequence[Any]], title: str = "") -> str:
    """Set columns as text: words to the left, numbers to the right."""
    cells: list[list[str]] = []
    for name, values in columns.items():
        cells.append([name, *[_number(v) if isinstance(v, float) else str(v) for v in values]])
    lines = [title] if title else []
    widths = [max(len(cell) for cell in column) for column in cells]
    numeric = [all(isinstance(v, (int, float)) for v in values) for values in columns.values()]
    for row in zip(*cells, strict=True):
        lines.append(
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            ).rstrip()
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    if value != 0.0 and abs(value) < 1e-4:
        return f"{value:.3g}"
    return f"{value:.4f}"
