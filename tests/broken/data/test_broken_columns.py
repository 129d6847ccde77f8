"""Columns that are missing, doubled, misnamed or do not fit the layout, and maps that lead nowhere."""

from __future__ import annotations

import pytest

from imara.dataset import read_dataset
from imara.study.problems import InputError, Problem
from imara.study.study import DataSource


def _without(text: str, *columns: str) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return "\n".join(",".join(row[place] for place in kept) for row in rows) + "\n"


def _source(**fields) -> DataSource:
    return DataSource(**{"file": "data.csv", "layout": "long", "source": "Made up", "licence": "CC0-1.0", **fields})


@pytest.mark.parametrize("column", ["participant", "arm", "site", "age", "visit", "gaf", "mood.i2"])
def test_a_missing_column(refuse, sound, column):
    (problem,) = refuse(_without(sound, column))

    assert (problem.message, problem.line, problem.field) == ("the column is missing", 1, column)
    assert problem.found.startswith("the columns ")


@pytest.mark.parametrize(
    ("column", "name"),
    [("participant", "participants"), ("arm", "Arm"), ("visit", "vist"), ("gaf", "gaf_f"), ("mood.i2", "mood_i2")],
)
def test_a_misnamed_column_is_recognised(refuse, change, column, name):
    (problem,) = refuse(change({(1, column): name}))

    assert (problem.message, problem.field, problem.nearest) == ("the column is missing", column, name)


def test_two_columns_of_the_same_name(refuse, change):
    (problem,) = refuse(change({(1, "working"): "gender"}))

    assert problem == Problem(problem.file, "2 columns have the same name", 1, "gender", "gender")


def test_two_columns_for_the_same_thing(refuse, change):
    (problem,) = refuse(change({(1, "illness"): "gaf.total"}))

    assert problem == Problem(problem.file, "this column and 'gaf' hold the same thing", 1, "gaf.total")


def test_columns_by_visit_in_a_file_with_a_visit_column(refuse, change):
    (problem,) = refuse(change({(1, "illness"): "illness@year"}))

    assert problem.message == "a file with one row for each visit cannot have a column for one visit"
    assert (problem.line, problem.field) == (1, "illness@year")


WIDE = "participant,arm,site,age,gaf@baseline,gaf@end,gaf@year,{}\n" + "".join(
    f"p{number},{arm},north,40,50,50,50{',1' * 6}\n" for number, arm in enumerate(["usual", "course"])
)
ITEMS = [f"mood.i{item}@{visit}" for visit in ("baseline", "end") for item in (1, 2, 3)]


def _wide(*items: str) -> str:
    return WIDE.format(",".join(items))


def test_a_wide_file_is_sound_as_it_stands(small, tmp_path):
    (tmp_path / "data.csv").write_text(_wide(*ITEMS))

    assert read_dataset(small, tmp_path / "data.csv").scores.height == 6


def test_a_column_for_a_visit_that_does_not_exist(refuse):
    problems = refuse(_wide(*ITEMS[:5], "mood.i3@ende"))

    assert problems[0].message == "the column is missing"
    assert problems[0].field == "mood.i3@end"
    assert problems[1] == Problem(
        problems[0].file, "the column is for an unknown visit", 1, "mood.i3@ende", "ende", "baseline, end", "end"
    )


def test_a_column_for_a_visit_without_the_form(refuse):
    problems = refuse(_wide(*ITEMS[:5], "mood.i3@year"))

    assert problems[0].message == "mood is not collected at year"
    assert (problems[0].field, problems[0].allowed) == ("mood.i3@year", "baseline, end")


def test_a_column_that_does_not_say_its_visit(refuse):
    problems = refuse(_wide(*ITEMS[:5], "mood.i3"))

    assert problems[0].message == "the column does not say which visit it belongs to"
    assert (problems[0].field, problems[0].allowed) == ("mood.i3", "mood.i3@baseline, mood.i3@end")


def test_a_mapped_column_that_is_not_there(refuse, sound):
    source = _source(columns={"gaf": "GAF-F", "participant": "patient"})

    (problem,) = refuse(sound.replace("participant", "patients").replace("gaf", "GAF-F"), source=source)

    assert (problem.message, problem.field, problem.nearest) == ("the column is missing", "patient", "patients")


def test_a_mapped_column_is_needed_even_where_the_study_would_do_without(refuse, sound):
    (problem,) = refuse(sound, source=_source(columns={"gender": "sex"}))

    assert (problem.message, problem.field) == ("the column is missing", "sex")


def test_a_layout_that_the_file_does_not_have(refuse, sound):
    problems = refuse(sound, source=_source(layout="wide"))

    assert {"gaf@baseline", "gaf@end", "gaf@year"} <= {problem.field for problem in problems}
    assert "the column does not say which visit it belongs to" in {problem.message for problem in problems}


@pytest.mark.parametrize(
    ("columns", "field", "nearest"),
    [
        ({"amr": "arm"}, "columns.amr", "arm"),
        ({"gaf@ende": "x"}, "columns.gaf@ende", "gaf@end"),
        ({"gaf.totl": "gaf"}, "columns.gaf.totl", "gaf.total"),
    ],
)
def test_a_map_of_columns_with_an_unknown_name(refuse, sound, columns, field, nearest):
    problem = next(
        problem for problem in refuse(sound, source=_source(columns=columns)) if "map of columns" in problem.message
    )

    assert (problem.field, problem.nearest) == (field, nearest)
    assert problem.message == "the map of columns has a name that the study does not know"


def test_a_map_of_values_with_an_unknown_name(refuse, sound):
    (problem,) = refuse(sound, source=_source(values={"gendr": {"1": "f"}}))

    assert (problem.message, problem.field) == (
        "the map of values has a name that the study does not know",
        "values.gendr",
    )
    assert problem.nearest == "gender"


def test_a_map_of_values_to_a_word_that_does_not_exist(refuse, sound):
    problem = refuse(sound, source=_source(values={"arm": {"A": "usuel"}}))[0]

    assert (problem.field, problem.found, problem.nearest) == ("values.arm.A", "usuel", "usual")
    assert problem.allowed == "usual, course"


def test_a_word_outside_the_map_is_answered_in_the_files_own_words(refuse, sound):
    own = sound.replace("usual", "Control").replace("course", "Treated")
    source = _source(values={"arm": {"Control": "usual", "Treated": "course"}})

    (problem,) = refuse(own.replace("p3,Treated", "p3,Traeted", 1), source=source)

    assert (problem.line, problem.found, problem.allowed) == (7, "Traeted", "Control, Treated")
    assert problem.nearest == "Treated"


def test_no_file_and_no_data_of_the_study(small):
    with pytest.raises(InputError, match="the study comes with no data, so a data file must be named"):
        read_dataset(small)
