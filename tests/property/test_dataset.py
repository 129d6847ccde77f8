"""Whatever the data: layouts and formats tell the same, order does not matter, and no wrong cell goes unseen."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imara.dataset import Dataset, freeze, read_dataset
from imara.study.library import load_study
from imara.study.problems import InputError

STUDY = load_study(Path(__file__).parents[1] / "unit" / "dataset" / "small-study")
ONCE = ("participant", "arm", "site", "age", "gender", "working")
COLLECTED = {
    "gaf": ("baseline", "end", "year"),
    "mood.i1": ("baseline", "end"),
    "mood.i2": ("baseline", "end"),
    "mood.i3": ("baseline", "end"),
    "illness": ("baseline", "year"),
}
VISITS = ("baseline", "end", "year")

Person = dict[str, str]
Visit = dict[str, str]
Trial = list[tuple[Person, dict[str, Visit]]]

_measures = {
    "gaf": st.integers(1, 100).map(str),
    "mood.i1": st.integers(0, 3).map(str),
    "mood.i2": st.integers(0, 3).map(str),
    "mood.i3": st.integers(0, 3).map(str),
    "illness": st.integers(60, 300).map(lambda quarters: f"{quarters / 4:g}"),
}
_names = st.text("abcæøå ABC019-_,;\"'", min_size=1, max_size=6).filter(
    lambda name: name == name.strip() and name != "NA"
)


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """People with what a file says of them, cell by cell; missing cells are empty."""
    names = draw(st.lists(_names, min_size=2, max_size=8, unique=True))
    people: Trial = []
    for number, name in enumerate(names):
        person = {
            "participant": name,
            "arm": ("usual", "course")[number] if number < 2 else draw(st.sampled_from(["usual", "course"])),
            "site": draw(st.sampled_from(["north", "south"])),
            "age": draw(st.sampled_from(["18", "44.25", "99", ""])),
            "gender": draw(st.sampled_from(["f", "m", "x", ""])),
            "working": draw(st.sampled_from(["yes", "no", ""])),
        }
        visits = {
            visit: {
                name: draw(st.one_of(st.just(""), _measures[name])) for name in COLLECTED if visit in COLLECTED[name]
            }
            for visit in VISITS
        }
        people.append((person, visits))
    return people


def long_rows(trial: Trial) -> list[dict[str, str]]:
    return [
        {**person, "visit": visit, **{name: visits[visit].get(name, "") for name in COLLECTED}}
        for person, visits in trial
        for visit in VISITS
    ]


def wide_rows(trial: Trial) -> list[dict[str, str]]:
    return [
        {**person, **{f"{name}@{visit}": visits[visit][name] for name in COLLECTED for visit in COLLECTED[name]}}
        for person, visits in trial
    ]


def to_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def to_parquet(rows: list[dict[str, str]]) -> bytes:
    """Return the same with numbers as numbers and yes and no as booleans, as a statistics program would write it."""
    types = {}
    for name in rows[0]:
        measure = name.partition("@")[0]
        types[name] = pl.Float64 if measure in {*COLLECTED, "age"} else pl.String
    frame = pl.DataFrame(rows).with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).cast(dtype) for name, dtype in types.items()
    )
    frame = frame.with_columns(pl.col("working") == "yes")
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def read(content: bytes) -> Dataset:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.file"
        path.write_bytes(content)
        return read_dataset(STUDY, path)


@settings(deadline=None, max_examples=30)
@given(trials())
def test_layouts_and_formats_give_the_same_dataset_and_hash(trial):
    first, *others = (
        read(written(rows)) for rows in (long_rows(trial), wide_rows(trial)) for written in (to_csv, to_parquet)
    )

    for other in others:
        assert other.sha256 == first.sha256
        assert other.participants.equals(first.participants)
        assert other.scores.equals(first.scores)
        assert other.items.equals(first.items)


@settings(deadline=None, max_examples=30)
@given(trials(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(trial, random):
    for rows in (long_rows(trial), wide_rows(trial)):
        names = list(rows[0])
        expected = read(to_csv(rows)).sha256
        random.shuffle(rows)
        random.shuffle(names)

        assert read(to_csv([{name: row[name] for name in names} for row in rows])).sha256 == expected


@settings(deadline=None, max_examples=30)
@given(trials(), st.data())
def test_another_value_gives_another_hash(trial, data):
    before = read(to_csv(long_rows(trial))).sha256
    person, visits = data.draw(st.sampled_from(trial))
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(["site", "age", "gender", "working"]))
        choices = {
            "site": ["north", "south"],
            "age": ["18", "50", ""],
            "gender": ["f", "x", ""],
            "working": ["yes", ""],
        }
        where, cell = person, data.draw(st.sampled_from(choices[name]))
    else:
        visit = data.draw(st.sampled_from(VISITS))
        name = data.draw(st.sampled_from(list(visits[visit])))
        where, cell = visits[visit], data.draw(st.one_of(st.just(""), _measures[name]))
    assume(where[name] != cell and (not cell or not where[name] or float_or(where[name]) != float_or(cell)))
    where[name] = cell

    assert read(to_csv(long_rows(trial))).sha256 != before


def float_or(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


_WRONG = {
    "participant": ["", "NA", "  "],
    "arm": ["usaul", "1", "both arms"],
    "site": ["nroth", "east"],
    "age": ["17.9", "100", "old", "1e5", "nan"],
    "gender": ["F1", "woman?"],
    "working": ["maybe", "ja"],
    "visit": ["", "bsaeline", "13 months"],
    "gaf": ["0", "101", "50.5", "x", "-inf", "5O"],
    "mood": ["-1", "4", "1.5", "two"],
    "illness": ["14.9", "75.5", "forty", "1,000"],
}


@settings(deadline=None, max_examples=80)
@given(trials(), st.sampled_from([long_rows, wide_rows]), st.data())
def test_a_single_wrong_cell_is_found_and_located(trial, layout, data):
    rows = layout(trial)
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(list(rows[0])))
    wrong = data.draw(st.sampled_from(_WRONG[column.partition("@")[0].partition(".")[0]]))
    rows[row][column] = wrong

    with pytest.raises(InputError) as caught:
        read(to_csv(rows))

    problems = caught.value.problems
    # A cell may be wrong in two ways: out of range, at a visit where the form is not collected.
    assert {(problem.line, problem.field) for problem in problems} == {(row + 2, column)}
    assert problems[0].found == (wrong.strip() or None)


@settings(deadline=None, max_examples=15)
@given(trials())
def test_freezing_and_reading_back_changes_nothing(trial):
    dataset = read(to_csv(long_rows(trial)))

    with TemporaryDirectory() as folder:
        again = read_dataset(STUDY, freeze(dataset, Path(folder) / "frozen"))

    assert again.sha256 == dataset.sha256
    assert again.participants.equals(dataset.participants)
    assert again.scores.equals(dataset.scores)
