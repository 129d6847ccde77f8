"""Writes a report: one page in HTML, the same as PDF, its figures as SVG and its tables as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imara.analysis.result import Result
from imara.report.page import build, figures_of, html_page
from imara.report.pdf import pdf_bytes, typeset
from imara.report.spreadsheets import csv_files
from imara.report.view import View
from imara.study.folder import StudyFolder
from imara.study.vocabulary import Language


@dataclass(frozen=True)
class ReportFiles:
    """What was written."""

    html: Path
    pdf: Path | None
    figures: tuple[Path, ...]
    tables: tuple[Path, ...]


def write_report(
    result: Result,
    folder: StudyFolder,
    out: Path,
    language: Language = "en",
    *,
    pdf: bool = True,
) -> ReportFiles:
    """Write the report of a result into a folder, which is made where it does not exist.

    Args:
        result: What the analysis found.
        folder: The study it belongs to.
        out: Where `report.html`, `report.pdf`, `figures/` and `tables/` go. Files of the same name are replaced.
        language: Language of the report; words of a study that lacks it stay English and are marked so.
        pdf: Whether to set the PDF too, which takes a few seconds.

    Returns:
        The paths of the files.

    Raises:
        OSError: When the folder cannot be written.
    """
    view = View.of(result, folder, language)
    built = build(view)
    page = html_page(view, built)
    drawings = {f"{figure.name}.svg": figure.file() for figure in figures_of(built)}
    return ReportFiles(
        html=_write(out / "report.html", page.encode()),
        pdf=_write(out / "report.pdf", pdf_bytes(typeset(page))) if pdf else None,
        figures=tuple(_write(out / "figures" / name, svg.encode()) for name, svg in drawings.items()),
        tables=tuple(_write(out / "tables" / name, text.encode()) for name, text in csv_files(result).items()),
    )


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
