"""Problems found in a data file: every one is counted, the first are said in full with row and column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from imara.study.problems import Problem

SHOWN = 50
"""Problems said in full; a file with more has usually one cause, and a longer list hides it."""
ALIKE = 3
"""Cells with the same mistake in the same column that are said one by one; more are said once with their number."""
LONGEST = 60
"""Characters of a cell that are shown."""


def shorten(text: str) -> str:
    """Return at most `LONGEST` characters of a cell, on one line."""
    text = " ".join(text.split()) or text
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@dataclass
class Findings:
    """Collects the problems of one file; nothing is handed on while there is any."""

    file: str
    """The file, as the person named it."""
    total: int = 0
    """Mistakes found, those not said in full included."""
    shown: list[Problem] = field(default_factory=list)
    shortened: bool = False
    """Whether `shown` leaves out mistakes that no line of it counts."""
    warnings: list[str] = field(default_factory=list)
    """What is worth knowing but stops nothing."""

    def add(
        self,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        found: str | None = None,
        allowed: str | None = None,
        nearest: str | None = None,
    ) -> None:
        """Note one problem."""
        self.total += 1
        self.shown.append(Problem(self.file, message, line, column, found, allowed, nearest))

    def warn(self, message: str, *, column: str | None = None, nearest: str | None = None) -> None:
        """Note something that stops nothing."""
        # Warnings travel with the dataset into reports, where the file's folder means nothing.
        self.warnings.append(
            str(Problem(Path(self.file).name, message, field=column, nearest=nearest, severity="warning"))
        )

    def cells(
        self,
        wrong: pl.Series,
        texts: pl.Series,
        rows: pl.Series,
        message: str,
        *,
        column: str,
        allowed: str | None = None,
        nearest: Callable[[str], str | None] | None = None,
    ) -> None:
        """Note every cell where `wrong` is true.

        `texts` are the cells as they stand in the file and `rows` their rows as a spreadsheet counts them; both have
        the length of `wrong`. Cells alike beyond `ALIKE` are counted and said once.
        """
        count = int(wrong.sum())
        if count == 0:
            return
        self.total += count
        failing = pl.DataFrame([rows.alias("row"), texts.alias("text")]).filter(wrong)
        groups = failing.group_by("text", maintain_order=True).agg(
            pl.col("row").head(ALIKE), pl.len().alias("count"), pl.col("row").last().alias("last")
        )
        self.shortened |= groups.height > SHOWN
        groups = groups.head(SHOWN)
        for text, first_rows, alike, last in groups.iter_rows():
            found = shorten(text) if text else None
            problem = Problem(
                self.file, message, first_rows[0], column, found, allowed, nearest(text) if text and nearest else None
            )
            if alike > ALIKE:
                more = f"{message}, here and in {alike - 1:,} more rows, the last of them row {last}"
                self.shown.append(replace(problem, message=more))
            else:
                self.shown += [replace(problem, line=row) for row in first_rows]

    def each(self, positions: np.ndarray, describe: Callable[[int], Problem]) -> None:
        """Note one problem for each of these positions, described only as far as it is shown."""
        self.total += len(positions)
        self.shortened |= len(positions) > SHOWN
        self.shown += [describe(position) for position in positions[:SHOWN].tolist()]

    def problems(self) -> list[Problem]:
        """Return the problems in the order of the file, with their total when there are more than are shown."""
        problems = sorted(self.shown, key=lambda problem: problem.line or 0)
        if len(problems) > SHOWN or self.shortened:
            problems = problems[:SHOWN]
            problems.append(Problem(self.file, f"{self.total:,} mistakes in all; the first {SHOWN} are listed"))
        return problems
