"""Numbering participants in the order of the file, so that rows are compared as whole columns of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from imara.dataset.dictionary import Dictionary

    Codes = NDArray[np.int64]


def codes_of(ids: pl.Series) -> tuple[Codes, Codes]:
    """Return the number of each row's participant, counted as they first appear, and each one's first row."""
    frame = ids.alias("id").to_frame()
    people = frame.unique(maintain_order=True).with_row_index("code")
    codes = frame.join(people, on="id", how="left", maintain_order="left")["code"].to_numpy().astype(np.int64)
    return codes, first_of(codes, np.arange(len(codes)), people.height)


def first_of(codes: Codes, positions: Codes, number: int) -> Codes:
    """Return for each of `number` codes the first of `positions` that has it, -1 where none has."""
    first = np.full(number, -1, dtype=np.int64)
    first[codes[positions][::-1]] = positions[::-1]  # Of repeated assignments the last stays: the first position.
    return first


def keys_of(visits: pl.DataFrame, dictionary: Dictionary) -> Codes:
    """Return one number for each participant and visit, ascending by participant and then in time."""
    number = len(dictionary.by_name["visit"].levels)
    keys: Codes = visits["code"].to_numpy() * number + visits["visit"].to_physical().to_numpy().astype(np.int64)
    return keys


def in_order(visits: pl.DataFrame, dictionary: Dictionary) -> pl.DataFrame:
    """Return rows by participant and then in time."""
    keys = keys_of(visits, dictionary)
    return visits if bool((np.diff(keys) > 0).all()) else visits[np.argsort(keys, kind="stable")]
