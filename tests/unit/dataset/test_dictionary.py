"""The dictionary says what the definition says, and nothing else."""

from __future__ import annotations

import csv
import io
import json

import pytest

from imara.dataset import dictionary_of, dictionary_table
from imara.study.library import load_study, packaged


@pytest.fixture(scope="module")
def dictionary(small):
    return dictionary_of(small)


def test_every_variable_is_there_in_order(dictionary):
    assert [variable.name for variable in dictionary] == [
        "participant", "arm", "site", "age", "gender", "working", "born", "visit", "date", "gaf.total", "mood.i1",
        "mood.i2", "mood.i3", "mood.total", "mood.bright", "illness.total", "illness.item-mean",
    ]  # fmt: skip


def test_arms_begin_with_the_reference(dictionary):
    assert list(dictionary.by_name["arm"].levels) == ["usual", "course"]


def test_a_form_stands_for_its_first_score(dictionary):
    assert dictionary.by_name["illness"].name == "illness.total"


def test_where_and_when_something_is_collected(dictionary):
    score = dictionary.by_name["illness.item-mean"]

    assert score.visits == ("baseline", "year")
    assert score.defined_in == "forms.illness (instrument imrs-client: scores.item-mean)"
    assert dictionary.by_name["mood.i2"].defined_in == "forms.mood (instrument mood: items.i2)"
    assert dictionary.by_name["age"].defined_in == "characteristics.age"


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("gaf", "whole numbers from 1 to 100"),
        ("mood.i1", "whole numbers from 0 to 3"),
        ("illness.item-mean", "numbers from 1 to 5"),
        ("age", "numbers from 18 to 99"),
        ("gender", "f, m, x"),
        ("working", "yes, no"),
        ("born", "a date as year-month-day, such as 2024-03-31"),
        ("visit", "baseline, end, year"),
    ],
)
def test_what_may_stand_in_a_cell(dictionary, name, allowed):
    assert dictionary.by_name[name].allowed == allowed


def test_limits_on_one_side_only(small):
    age = small.study.characteristics["age"]
    studies = [
        small.study.model_copy(update={"characteristics": {"age": age.model_copy(update=limits)}})
        for limits in ({"maximum": None}, {"minimum": None}, {"minimum": None, "maximum": None})
    ]
    said = []
    for study in studies:
        folder = type(small)(study, small.instruments, small.programmes, small.path, small.fingerprint)
        said.append(dictionary_of(folder).by_name["age"].allowed)

    assert said == ["numbers of at least 18", "numbers of at most 99", "numbers"]


def test_what_the_plan_needs_is_required_and_what_is_computed_is_not(dictionary):
    required = {variable.name for variable in dictionary if variable.required}

    assert required == {
        "participant", "arm", "site", "age", "visit", "gaf.total", "mood.i1", "mood.i2", "mood.i3",
    }  # fmt: skip
    assert {variable.name for variable in dictionary if variable.computed} == {"mood.total", "mood.bright"}


def test_a_label_that_two_levels_share_stands_for_neither(small):
    gender = small.study.characteristics["gender"]
    levels = {**gender.levels, "other": gender.levels["x"]}
    study = small.study.model_copy(
        update={"characteristics": {"gender": gender.model_copy(update={"levels": levels})}},
    )
    folder = type(small)(study, small.instruments, small.programmes, small.path, small.fingerprint)

    words = dictionary_of(folder).by_name["gender"].words

    assert words == {"f": "f", "m": "m", "x": "x", "other": "other", "Woman": "f", "Man": "m"}


def test_the_table_has_one_row_a_variable(dictionary):
    rows = list(csv.DictReader(io.StringIO(dictionary_table.to_csv(dictionary))))

    assert [row["variable"] for row in rows] == [variable.name for variable in dictionary]
    gaf = next(row for row in rows if row["variable"] == "gaf.total")
    assert (gaf["type"], gaf["allowed"], gaf["visits"]) == (
        "whole-number", "whole numbers from 1 to 100", "baseline, end, year",
    )  # fmt: skip
    assert next(row for row in rows if row["variable"] == "gender")["allowed"] == "f = Woman, m = Man, x = Another"


def test_the_table_speaks_danish(dictionary):
    frame = dictionary_table.frame(dictionary, "da")

    assert frame["label"][0] == "Deltager"
    assert "end = Efter kurset" in frame.filter(frame["variable"] == "visit")["allowed"][0]


def test_the_markdown_table_has_the_same_width_everywhere(dictionary):
    lines = dictionary_table.to_markdown(dictionary).splitlines()

    assert len({len(line) for line in lines}) == 1
    assert len(lines) == len(dictionary.variables) + 2


def test_the_json_keeps_numbers_and_both_languages(dictionary, small):
    text = dictionary_table.to_json(dictionary)
    content = json.loads(text)

    assert '"da": "Før"' in text

    assert content["study_fingerprint"] == small.fingerprint
    entry = {entry["variable"]: entry for entry in content["variables"]}
    assert (entry["age"]["minimum"], entry["age"]["unit"]) == (18.0, "years")
    assert entry["visit"]["levels"]["baseline"] == {"en": "Before", "da": "Før"}
    assert entry["gaf.total"]["also"] == ["gaf"]


@pytest.mark.parametrize("name", packaged("study"))
def test_every_packaged_study_has_a_dictionary(name):
    folder = load_study(name)
    dictionary = dictionary_of(folder)

    assert len({variable.name for variable in dictionary}) == len(dictionary.variables)
    assert {variable.form for variable in dictionary if variable.form} == set(folder.study.forms)
