"""What a sound file may look like, and what becomes of it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from imara.study.study import DataSource


def _source(**fields) -> DataSource:
    return DataSource(**{"file": "data.csv", "layout": "long", "source": "Made up", "licence": "CC0-1.0", **fields})


def test_participants_have_one_row_in_the_order_of_the_file(read, long_text):
    people = read(long_text).participants

    assert people.rows() == [
        ("p1", "usual", "north", 31.0, "f", True, date(1993, 5, 17)),
        ("p2", "course", "south", 58.5, "m", False, date(1965, 11, 30)),
        ("p3", "course", "north", 24.0, "x", None, None),
    ]
    assert people.schema["arm"] == pl.Enum(["usual", "course"])
    assert people.schema["born"] == pl.Date


def test_items_are_scored_by_the_instrument(read, long_text):
    scores = read(long_text).scores.select("participant", "visit", "mood.total", "mood.bright").drop_nulls("mood.total")

    # i2 is reversed (3 - x); the second row prorates one missing item: (2 + 2) * 3 / 2.
    assert scores.rows() == [
        ("p1", "baseline", 2.0, 0.5),
        ("p1", "end", 6.0, None),
        ("p2", "baseline", 1.0, 0.5),
        ("p3", "baseline", 9.0, 3.0),
        ("p3", "end", 8.0, 2.5),
    ]


def test_answers_are_kept_beside_their_scores(read, long_text):
    items = read(long_text).items

    assert items.height == 5
    assert items.row(1) == ("p1", "end", 2.0, 1.0, None)


def test_dates_of_visits_are_kept(read, long_text):
    assert read(long_text).dates.row(0) == ("p1", "baseline", date(2024, 1, 10))


def test_rows_without_any_value_are_no_visits(read, long_text):
    with_empty = long_text + "p2,course,south,58.5,m,no,1965-11-30,end,,NA,,,,\n"

    assert read(with_empty).scores.equals(read(long_text).scores)
    assert read(with_empty).sha256 == read(long_text).sha256


def test_someone_without_any_measurement_still_takes_part(read, long_text):
    dataset = read(long_text + "p4,usual,south,44,f,no,,baseline,,,,,,\n")

    assert dataset.participants["participant"].to_list() == ["p1", "p2", "p3", "p4"]
    assert "p4" not in dataset.scores["participant"]


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: text.replace(",", ";").replace("40.5", "40,5").replace("58.5", "58,5").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: ('"' + text.strip().replace(",", '","').replace("\n", '"\n"') + '"').encode(),
        lambda text: "\n".join(" , ".join(line.split(",")) for line in text.splitlines()).encode(),
        lambda text: text.replace("\np2", "\n\n" + "," * 13 + "\np2", 1).encode(),
        lambda text: text.replace("baseline", "Før").replace(",end", ",Efter kurset").encode(),
        lambda text: text.replace("usual", "Usual care").replace("north", "Nordby").replace(",f,", ",Woman,").encode(),
        lambda text: text.replace("gaf", "gaf.total").replace("illness", "illness.total").encode(),
        lambda text: text.replace("yes", "1").replace("no,19", "0,19").encode(),
        lambda text: text.replace(",31,", ",31.0,").replace(",45,", ",4.5e1,").encode(),
    ],
    ids=[
        "byte order mark", "carriage returns", "old line ends", "no last line end", "semicolons and decimal commas",
        "semicolons and decimal points", "tabs", "all quoted", "blanks around cells", "empty rows", "labels of visits",
        "labels of levels", "full names of scores", "yes as 1", "numbers written otherwise",
    ],
)  # fmt: skip
def test_the_same_data_written_otherwise(read, long_text, rewrite):
    written = rewrite(long_text)

    dataset = read(written, "other.csv")

    assert dataset.participants.equals(read(long_text).participants)
    assert dataset.scores.equals(read(long_text).scores)
    assert dataset.sha256 == read(long_text).sha256


def test_quotes_separators_and_line_breaks_inside_cells(read, long_text):
    dataset = read(long_text.replace("p2", '"p ""2"", the\nsecond"'))

    assert dataset.participants["participant"].to_list() == ["p1", 'p "2", the\nsecond', "p3"]


def test_names_are_the_same_however_their_accents_were_typed(read, long_text):
    typed, composed = long_text.replace("p2", "A\u030age"), long_text.replace("p2", "\u00c5ge")

    assert read(typed).sha256 == read(composed).sha256


def test_a_map_of_columns_and_words(read, long_text):
    own = (
        long_text.replace("participant", "Patient no.")
        .replace("arm", "Gruppe")
        .replace("usual", "A")
        .replace("course", "B")
        .replace(",yes,", ",ja,")
        .replace(",no,", ",nej,")
        .replace(",year,", ",T2,")
        .replace("NA", "")
        .replace(",44\n", ",-9\n")
    )
    source = _source(
        columns={"participant": "Patient no.", "arm": "Gruppe"},
        values={"arm": {"A": "usual", "B": "course"}, "working": {"ja": "yes", "nej": "no"}, "visit": {"T2": "year"}},
        missing=("-9",),
    )

    assert read(own, source=source).sha256 == read(long_text.replace(",44\n", ",\n")).sha256


@pytest.mark.parametrize("name", ["illness@baseline", "illness.total@baseline", "illness@Before", "illness.total@Før"])
def test_a_map_may_use_any_of_our_names_for_a_column_and_its_words(read, name):
    header = "participant,arm,site,age,F,F2,F3,M1,M2,M3,N1,N2,N3,I\n"
    text = f"{header}a,usual,north,30,1,2,3,,,,,,,mild\nb,course,north,40,4,5,6,,,,,,,\n"
    columns = {"gaf@baseline": "F", "gaf@end": "F2", "gaf@12 months": "F3", name: "I"} | {
        f"mood.i{item}@{visit}": f"{letter}{item}"
        for visit, letter in (("baseline", "M"), ("end", "N"))
        for item in (1, 2, 3)
    }

    dataset = read(text, source=_source(layout="wide", columns=columns, values={name: {"mild": "20"}}))

    assert dataset.scores.select("gaf.total", "illness.total").rows()[:3] == [(1.0, 20.0), (2.0, None), (3.0, None)]


def test_columns_that_are_not_read_are_listed(read, long_text):
    lines = long_text.splitlines()
    text = "\n".join([f"{lines[0]},notes,".replace("illness", "Illnes"), *(f"{line},x," for line in lines[1:])])

    warnings = read(text).warnings

    assert "data.csv, notes: the column is not part of the study and is not read." in warnings
    assert "data.csv, Illnes: the column is not part of the study and is not read. Did you mean 'illness'?" in warnings
    assert "data.csv: a column without a name is not read." in warnings


def test_what_the_file_does_not_have_is_missing_and_said(read, long_text):
    rows = [line.split(",") for line in long_text.splitlines()]
    text = "\n".join(",".join([*row[:4], *row[5:13]]) for row in rows)

    dataset = read(text)

    assert dataset.participants["gender"].null_count() == 3
    assert dataset.participants.schema["gender"] == pl.Enum(["f", "m", "x"])
    assert dataset.scores["illness.total"].null_count() == dataset.scores.height
    assert [warning.split(",")[1].split(":")[0].strip() for warning in dataset.warnings] == [
        "gender", "illness.total", "illness.item-mean",
    ]  # fmt: skip


def test_a_score_computed_from_items_is_not_read(read, long_text):
    lines = long_text.splitlines()
    text = "\n".join([f"{lines[0]},mood.total", *(f"{line},9" for line in lines[1:])])

    dataset = read(text)

    assert dataset.sha256 == read(long_text).sha256
    assert any("mood.total: the column is not read" in warning for warning in dataset.warnings)


def test_participants_in_a_file_of_their_own(read, long_text, tmp_path):
    rows = [line.split(",") for line in long_text.splitlines()]
    people = dict.fromkeys(",".join(row[:7]) for row in rows)
    (tmp_path / "people.csv").write_text("\n".join(people))

    dataset = read("\n".join(",".join([row[0], *row[7:]]) for row in rows), participants=tmp_path / "people.csv")

    assert dataset.sha256 == read(long_text).sha256
    assert dataset.participants.equals(read(long_text).participants)


def test_people_in_the_participants_file_need_not_have_visits(read, long_text, tmp_path):
    (tmp_path / "people.csv").write_text("participant,arm,site,age\nz,course,south,50\np1,usual,north,31\n")

    dataset = read(
        "participant,visit,gaf,mood.i1,mood.i2,mood.i3\np1,end,50,,,\np1,baseline,40,,,\n",
        participants=tmp_path / "people.csv",
    )

    assert dataset.participants["participant"].to_list() == ["z", "p1"]
    assert dataset.scores["visit"].to_list() == ["baseline", "end"]
