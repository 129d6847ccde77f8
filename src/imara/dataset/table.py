"""A data file of either format, opened: its column names, its rows and a way to read columns."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from imara.dataset.csv_file import open_csv
from imara.dataset.findings import Findings
from imara.study.problems import nearest_word

_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet")
_SIGNATURES = {
    b"PK\x03\x04": "a spreadsheet workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet workbook",
    b"\x1f\x8b": "compressed",
    b"%PDF": "a PDF document",
    b"$FL2": "an SPSS file",
    b"{": "JSON",
}


@dataclass(frozen=True)
class Table:
    """What a data file holds, before its cells are looked at."""

    header: tuple[str, ...]
    rows: pl.Series
    """Row of each record as a spreadsheet counts them; the header is row 1."""
    read: Callable[[Sequence[int]], pl.DataFrame]
    """Columns by position to a frame whose columns are named by their position."""
    decimal_comma: bool
    """Whether numbers may be written with a decimal comma: not where the comma separates cells."""


def open_table(path: Path, findings: Findings) -> Table | None:
    """Open a CSV or Parquet file, told apart by content, or note in `findings` why it cannot be read."""
    data = _bytes_of(path, findings)
    if data is None:
        return None
    if data.startswith(b"PAR1"):
        return _open_parquet(data, findings)
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            findings.add(f"the file is {kind}", allowed="a CSV file in UTF-8 or a Parquet file")
            return None
    if path.suffix == ".parquet" and data:
        findings.add("the file is not Parquet, though its name says so", allowed="a Parquet file")
        return None
    opened = open_csv(data, findings)
    if opened is None:
        return None
    if not len(opened.rows) and not findings.total:
        findings.add(
            "the file has a header but no rows below it", line=1, allowed="one row for each participant or visit"
        )
    return Table(opened.header, opened.rows, opened.read, opened.separator != ",")


def _bytes_of(path: Path, findings: Findings) -> bytes | None:
    if path.is_dir():
        inside = sorted(entry.name for entry in path.iterdir() if entry.suffix in _SUFFIXES)
        findings.add(
            "this is a folder, not a data file",
            found=", ".join(inside[:10]) or "no data file in it",
            allowed="a CSV or Parquet file",
        )
        return None
    try:
        return path.read_bytes()
    except FileNotFoundError:
        beside = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        findings.add("there is no such file", nearest=nearest_word(path.name, beside))
    except OSError as error:
        findings.add(f"the file cannot be read: {(error.strerror or str(error)).lower()}")
    return None


def _open_parquet(data: bytes, findings: Findings) -> Table | None:
    try:
        schema = pl.read_parquet_schema(io.BytesIO(data))
        height = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as error:
        findings.add("the Parquet file is damaged or cut short", found=str(error).splitlines()[0])
        return None
    header = tuple(schema)

    def read(columns: Sequence[int]) -> pl.DataFrame:
        wanted = sorted(set(columns))
        names = [header[column] for column in wanted]
        frame = pl.read_parquet(io.BytesIO(data), columns=names).select(names)
        return frame.rename(dict(zip(names, map(str, wanted), strict=True)))

    if not height:
        findings.add("the file has columns but no rows", allowed="one row for each participant or visit")
    rows = pl.Series("row", np.arange(2, height + 2, dtype=np.uint32))
    return Table(header, rows, read, decimal_comma=False)
