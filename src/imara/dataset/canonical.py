"""The hash of a dataset's content: the same whatever the order of rows and columns, the layout or the file format."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from imara.dataset.dataset import Dataset

VERSION = b"imara dataset 1\n"
"""Changes when the canonical form does, so that hashes of different forms are never compared by mistake."""


def content_hash(dataset: Dataset) -> str:
    """Return the SHA-256 of a dataset's canonical form, in hexadecimal.

    The canonical form has participants in the order of their names (by UTF-8 bytes), visits by participant and in
    time, columns by name; numbers as IEEE 754 doubles, little-endian; texts as lengths and UTF-8 bytes; before each
    column a bit a row for what is there. A column in which nobody has a value is no content, nor is a row without one.
    """
    digest = hashlib.sha256(VERSION)
    people = dataset.participants.sort("participant")
    numbers = people.select("participant", pl.int_range(pl.len(), dtype=pl.UInt32).alias("number"))
    _add_frame(digest, "participants", people)
    for name, part in (("items", dataset.items), ("scores", dataset.scores), ("dates", dataset.dates)):
        if part is not None:
            placed = part.join(numbers, on="participant", how="left", maintain_order="left")
            order = placed.select(pl.arg_sort_by("number", pl.col("visit").to_physical())).to_series()
            _add_frame(digest, name, placed.drop("participant").with_columns(pl.col("visit").cast(pl.String))[order])
    return digest.hexdigest()


def _add_frame(digest: hashlib._Hash, name: str, frame: pl.DataFrame) -> None:
    columns = [column for column in sorted(frame.columns) if frame[column].null_count() < frame.height]
    digest.update(f"{name} {frame.height} {len(columns)}\n".encode())
    for column in columns:
        _add_column(digest, frame[column])


def _add_column(digest: hashlib._Hash, values: pl.Series) -> None:
    there = values.is_not_null()
    present = values.drop_nulls()
    if values.dtype.is_numeric():
        kind, content = "number", (present.cast(pl.Float64).to_numpy() + 0.0).astype("<f8").tobytes()  # No minus zero.
    elif values.dtype == pl.Boolean:
        kind, content = "yes-no", np.packbits(present.to_numpy()).tobytes()
    elif values.dtype == pl.Date:
        kind, content = "date", present.cast(pl.Int32).to_numpy().astype("<i4").tobytes()
    else:
        kind, text = "text", present.cast(pl.String)
        lengths = text.str.len_bytes().to_numpy().astype("<u4").tobytes()
        content = lengths + "".join(text.to_list()).encode()
    digest.update(f"{values.name} {kind} {len(values)} {len(present)}\n".encode())
    digest.update(np.packbits(there.to_numpy()).tobytes())
    digest.update(content)
