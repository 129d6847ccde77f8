"""The one table every producer fills and every analysis reads: participants and their scores by visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from imara.study.folder import StudyFolder


@dataclass(frozen=True)
class Dataset:
    """Checked data of one study. Real and simulated participants look the same here."""

    folder: StudyFolder
    participants: pl.DataFrame
    """One row a participant, in the order of the file: `participant` (String), `arm` (Enum of the study's arms,
    reference first; absent in a study without arms), `site` (Enum; where the study has sites), and one column a
    characteristic: Float64 for numbers, Enum of the levels for categories, Boolean for yes-no, Date."""
    scores: pl.DataFrame
    """One row a participant and visit with at least one score, by participant and then in time: `participant`
    (String), `visit` (Enum of the study's visits in time order), and a Float64 column `form.score` for every score in
    the study's data dictionary; null where missing, so null throughout where the file has no column for it."""
    source: str
    """Name of the file the data came from."""
    sha256: str
    """Hash of the frozen content: the same data give the same hash whatever the layout or row order of the file."""
    items: pl.DataFrame | None = None
    """Answers to items, where a form is recorded by item: `participant`, `visit`, and a Float64 column `form.item`.
    One row a participant and visit with at least one answer."""
    dates: pl.DataFrame | None = None
    """Dates of visits, where the file gives them: `participant`, `visit`, `date`."""
    warnings: tuple[str, ...] = ()
    """What a reader should know of how the file was read: columns left aside, values that nobody has."""
