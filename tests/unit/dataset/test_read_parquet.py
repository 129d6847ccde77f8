"""Parquet as other programs write it: types of their own, missing values of their own."""

from __future__ import annotations

import io
from datetime import date, datetime

import polars as pl
import pytest

from imara.study.problems import InputError
from imara.study.study import DataSource


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


@pytest.fixture
def typed(long_text) -> pl.DataFrame:
    frame = pl.read_csv(long_text.replace("p", "").encode(), null_values="NA", try_parse_dates=True)
    return frame.rename({"articiant": "participant"})


@pytest.fixture
def expected(read, long_text):
    return read(long_text.replace("\np", "\n"))


@pytest.mark.parametrize(
    "convert",
    [
        lambda frame: frame,
        lambda frame: frame.with_columns(pl.col("participant", "gaf", "mood.i1").cast(pl.Float64)),
        lambda frame: frame.with_columns(pl.col("participant", "gaf", "mood.i1").cast(pl.Int8)),
        lambda frame: frame.with_columns(pl.col("gaf", "illness").cast(pl.Float64).fill_null(float("nan"))),
        lambda frame: frame.with_columns(pl.col("arm", "visit", "gender").cast(pl.Categorical)),
        lambda frame: frame.with_columns(pl.col("arm").cast(pl.Enum(["course", "usual", "other"]))),
        lambda frame: frame.with_columns(pl.col("born", "date").cast(pl.Datetime("ns"))),
        lambda frame: frame.with_columns(pl.col("working") == "yes"),
        lambda frame: frame.with_columns((pl.col("working") == "yes").cast(pl.Int64)),
        lambda frame: frame.with_columns(pl.all().cast(pl.String)),
        lambda frame: frame.with_columns(pl.col("age", "illness").cast(pl.Decimal(10, 2))),
        lambda frame: frame.with_columns(pl.col("working").str.to_uppercase()),
    ],
    ids=[
        "as read", "all doubles", "small integers", "NaN for missing", "categories", "an enumeration", "moments",
        "booleans", "ones and noughts", "all text", "decimals", "capitals",
    ],
)  # fmt: skip
def test_types_of_other_programs(read, typed, expected, convert):
    dataset = read(_parquet(convert(typed)), "data.parquet")

    assert dataset.sha256 == expected.sha256
    assert dataset.participants.equals(expected.participants)


def test_codes_for_arms_and_for_missing(read, typed, expected):
    coded = typed.with_columns(
        pl.col("arm").replace_strict({"usual": 0, "course": 1}), pl.col("gaf").fill_null(-99).cast(pl.Float64)
    )
    source = DataSource(
        file="data.parquet", layout="long", source="Made up", licence="CC0-1.0",
        values={"arm": {"0": "usual", "1": "course"}}, missing=("-99",),
    )  # fmt: skip

    assert read(_parquet(coded), "data.parquet", source=source).sha256 == expected.sha256


def test_infinity_is_refused(read, typed):
    infinite = typed.with_columns(
        pl.when(pl.int_range(pl.len()) == 2).then(float("inf")).otherwise("illness").alias("illness")
    )

    with pytest.raises(InputError, match=r"line 4, illness: this is not a number \(found: inf\)"):
        read(_parquet(infinite), "data.parquet")


def test_a_time_of_day_is_no_date(read, typed):
    at_noon = typed.with_columns(
        pl.lit(datetime(2024, 1, 10, 12, 30)).alias("date"), pl.lit(date(1990, 1, 1)).alias("born")
    )

    with pytest.raises(InputError, match=r"line 2, date: this is not a date.*found: 2024-01-10 12:30"):
        read(_parquet(at_noon), "data.parquet")
