"""The packaged trial's own data, through the study's own map, against what is published about them."""

from __future__ import annotations

import csv

import polars as pl
import pytest

from imara.dataset import read_dataset


@pytest.fixture(scope="module")
def dataset(trial):
    return read_dataset(trial)


def test_everybody_is_there(dataset):
    assert dataset.participants.height == 100
    assert dataset.participants["participant"].to_list()[:3] == ["1", "2", "3"]
    assert dict(dataset.participants["arm"].value_counts().iter_rows()) == {"tau": 48, "beat-the-blues": 52}
    assert dataset.source == "btheb.csv"
    assert dataset.warnings == ()


def test_97_people_have_280_measurements_after_baseline(dataset):
    after = dataset.scores.filter(pl.col("visit") != "baseline", pl.col("bdi.total").is_not_null())

    assert after.height == 280
    assert after["participant"].n_unique() == 97


def test_types_and_orders_are_those_of_the_definition(dataset):
    people, scores = dataset.participants.schema, dataset.scores.schema

    assert people == {
        "participant": pl.String,
        "arm": pl.Enum(["tau", "beat-the-blues"]),
        "drug": pl.Boolean,
        "length": pl.Enum(["<6m", ">6m"]),
    }
    assert scores == {
        "participant": pl.String,
        "visit": pl.Enum(["baseline", "month-2", "month-3", "month-5", "month-8"]),
        "bdi.total": pl.Float64,
    }


def test_every_value_is_that_of_the_file(dataset, trial):
    columns = {
        "bdi.pre": "baseline",
        "bdi.2m": "month-2",
        "bdi.3m": "month-3",
        "bdi.5m": "month-5",
        "bdi.8m": "month-8",
    }
    with (trial.path / trial.study.data.file).open(newline="") as file:
        rows = list(csv.DictReader(file))

    expected = {
        (row["subject"], visit): float(row[column])
        for row in rows
        for column, visit in columns.items()
        if row[column] not in ("", "NA")
    }

    assert {(person, visit): bdi for person, visit, bdi in dataset.scores.iter_rows()} == expected
    assert dataset.participants["drug"].to_list() == [row["drug"] == "Yes" for row in rows]
    assert dataset.participants["length"].to_list() == [row["length"] for row in rows]


def test_a_file_with_our_own_names_is_read_without_a_map(dataset, trial, tmp_path):
    wide = dataset.scores.pivot("visit", index="participant", values="bdi.total")
    wide = wide.rename({visit: f"bdi@{visit}" for visit in wide.columns[1:]})
    people = dataset.participants.with_columns(
        pl.when("drug").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("drug"),
        pl.col("arm", "length").cast(pl.String),
    )
    people.join(wide, on="participant", maintain_order="left").write_csv(tmp_path / "ours.csv")

    ours = read_dataset(trial, tmp_path / "ours.csv")

    assert ours.sha256 == dataset.sha256
    assert ours.scores.equals(dataset.scores)


def test_another_copy_of_the_file_is_read_with_the_studys_map(dataset, trial, tmp_path):
    (tmp_path / "copy.csv").write_bytes((trial.path / trial.study.data.file).read_bytes())

    assert read_dataset(trial, tmp_path / "copy.csv").sha256 == dataset.sha256
