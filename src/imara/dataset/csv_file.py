"""Reading a CSV file strictly: encoding, separator, quotes and the length of every row are checked before any cell."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from imara.dataset.findings import Findings, shorten
from imara.study.problems import Problem

SEPARATORS = (",", ";", "\t")
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True)
class CsvFile:
    """The sound rows of a CSV file."""

    header: tuple[str, ...]
    rows: pl.Series
    """Row of each record as a spreadsheet counts them; the header is row 1."""
    separator: str
    body: bytes

    def read(self, columns: Sequence[int]) -> pl.DataFrame:
        """Return columns by position as text, named by their position."""
        wanted = sorted(set(columns))
        if not len(self.rows):
            return pl.DataFrame(schema={str(column): pl.String() for column in wanted})
        frame = pl.read_csv(self.body, has_header=False, columns=wanted, separator=self.separator, infer_schema=False)
        if frame.height != len(self.rows):
            # Two ways of splitting a file into rows must agree, or mistakes would be told of the wrong row.
            raise ValueError(f"{frame.height} rows were read where {len(self.rows)} were counted")
        return frame.rename(dict(zip(frame.columns, map(str, wanted), strict=True)))


def open_csv(data: bytes, findings: Findings) -> CsvFile | None:
    """Check the shape of a CSV file and return its sound rows, or None when nothing can be read.

    Rows with too few or too many cells are noted in `findings` and left out; empty rows are skipped but counted, so
    that rows keep the numbers a spreadsheet shows.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        findings.add("the file is empty", allowed="a header row and one row for each participant or visit")
        return None
    if not _is_utf8(data, findings):
        return None
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # Line ends of very old spreadsheets.
    content = np.frombuffer(data, dtype=np.uint8)
    separator = _separator(data.split(b"\n", 1)[0].decode())
    inside = _inside_quotes(content, separator, findings)
    if inside is None or not _has_whole_lines(content, inside, data, findings):
        return None
    ends = _positions(content, _NEWLINE, inside)
    if not len(ends) or ends[-1] != len(content) - 1:
        ends = np.append(ends, len(content))
    starts = np.concatenate(([0], ends[:-1] + 1))
    first = data[: ends[0]].decode()
    header = tuple(name.strip() for name in next(csv.reader([first.rstrip("\r")], delimiter=separator), []))
    separators = _positions(content, ord(separator), inside)
    cells = np.diff(np.searchsorted(separators, np.append(starts, len(content) + 1))) + 1
    returns = (ends > starts) & (content[np.maximum(ends - 1, 0)] == _RETURN)
    empty = (ends - starts - returns) == cells - 1
    ragged = (cells != len(header)) & ~empty
    if ragged.any():
        _note_ragged(data, starts, ends, cells, ragged, header, separator, findings)
    kept = ~(empty | ragged)
    kept[0] = False
    # Most files are sound: then the body is handed on as it is, uncopied but for the header.
    body = data[starts[1] :] if len(starts) > 1 else b""
    if kept.sum() < len(kept) - 1:
        widths = np.minimum(ends + 1, len(content)) - starts
        body = content[np.repeat(kept, widths)].tobytes()
    rows = pl.Series("row", (np.flatnonzero(kept) + 1).astype(np.uint32))
    return CsvFile(header, rows, separator, body)


def _is_utf8(data: bytes, findings: Findings) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.add("the file is encoded in UTF-16", allowed="UTF-8: save it as 'CSV UTF-8'")
        return False
    if (zero := data.find(b"\0")) >= 0:
        findings.add(f"byte {zero + 1:,} is zero, so this is not a text file", allowed="a CSV or Parquet file")
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        start = before.rfind(b"\n") + 1
        cell = data[start:].split(b"\n", 1)[0].rstrip(b"\r").decode("cp1252", errors="replace")
        findings.add(
            f"the file is not UTF-8 text: byte {error.start + 1:,} does not fit (most likely it was saved "
            "as Windows-1252)",
            line=before.count(b"\n") + 1,
            found=shorten(cell),
            allowed="UTF-8: save it as 'CSV UTF-8'",
        )
        return False
    return True


def _positions(content: np.ndarray, byte: int, inside: np.ndarray) -> np.ndarray:
    found = content == byte
    return np.flatnonzero(found & ~inside if len(inside) else found)


def _inside_quotes(content: np.ndarray, separator: str, findings: Findings) -> np.ndarray | None:
    """Return for each byte whether it lies in a quoted cell (an empty array when there are no quotes at all)."""
    quotes = content == _QUOTE
    if not quotes.any():
        return np.empty(0, dtype=bool)
    # The count of quotes so far overflows a byte, but whether it is odd does not suffer from that.
    inside = (np.cumsum(quotes, dtype=np.uint8) & 1).astype(bool)
    borders = np.array([ord(separator), _NEWLINE, _RETURN, _QUOTE], dtype=np.uint8)
    opening = np.flatnonzero(quotes & inside)
    closing = np.flatnonzero(quotes & ~inside)
    before = content[np.maximum(opening - 1, 0)]
    after = content[np.minimum(closing + 1, len(content) - 1)]
    # At either end of the file the neighbour is the mark itself, which is a border too.
    misplaced = np.concatenate((opening[~np.isin(before, borders)], closing[~np.isin(after, borders)]))
    if not len(misplaced) and not inside[-1]:
        return inside
    at = int(misplaced.min()) if len(misplaced) else len(content) - 1
    culprit = int(opening[opening <= at][-1])
    row = int((content[:culprit] == _NEWLINE).sum()) + 1
    rest = content[culprit:].tobytes().split(b"\n", 1)[0].decode(errors="replace")
    findings.add(
        "a quotation mark is opened and not closed, or stands in the middle of a cell",
        line=row,
        found=shorten(rest),
        allowed='quotation marks around a whole cell, and "" for one inside it',
    )
    return None


def _has_whole_lines(content: np.ndarray, inside: np.ndarray, data: bytes, findings: Findings) -> bool:
    """Return whether no row is broken by a carriage return alone, which some programs take for a new row."""
    returns = _positions(content, _RETURN, inside)
    alone = returns[(returns + 1 < len(content)) & (content[np.minimum(returns + 1, len(content) - 1)] != _NEWLINE)]
    if not len(alone):
        return True
    at = int(alone[0])
    start = data.rfind(b"\n", 0, at) + 1
    findings.add(
        "a carriage return stands in the middle of a row",
        line=data.count(b"\n", 0, at) + 1,
        found=shorten(data[start:at].decode(errors="replace")),
        allowed="line ends of one kind",
    )
    return False


def _separator(first: str) -> str:
    outside = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _note_ragged(
    data: bytes,
    starts: np.ndarray,
    ends: np.ndarray,
    cells: np.ndarray,
    ragged: np.ndarray,
    header: tuple[str, ...],
    separator: str,
    findings: Findings,
) -> None:
    def describe(record: int) -> Problem:
        text = data[starts[record] : ends[record]].decode().strip("\r")
        return Problem(
            findings.file,
            f"this row has {cells[record]} cells where the header has {len(header)}",
            record + 1,
            found=shorten(text),
            allowed=f"{len(header)} cells separated by a {_NAMES[separator]}",
        )

    findings.each(np.flatnonzero(ragged), describe)
