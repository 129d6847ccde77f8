"""What differs between studies: those still running, those with one site, those that compare nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imara.dataset import read_dataset
from imara.study.problems import InputError


@pytest.fixture
def read_as(small, tmp_path, long_text):
    """Read the small study's data under a changed definition."""

    def _read(text: str = long_text, **changes: object):
        path = tmp_path / "data.csv"
        path.write_text(text)
        return read_dataset(replace(small, study=small.study.model_copy(update=changes)), path)

    return _read


def _without(text: str, place: int) -> str:
    rows = [line.split(",") for line in text.splitlines()]
    return "\n".join(",".join(row[:place] + row[place + 1 :]) for row in rows)


def test_while_a_study_runs_an_arm_may_still_be_empty(read_as, long_text):
    one_arm = long_text.replace("course", "usual")

    assert read_as(one_arm, phase="running").warnings[-1] == "data.csv: no participant is in the arm 'course' yet."
    with pytest.raises(InputError, match="no participant is in the arm 'course', so there is nothing to compare"):
        read_as(one_arm, phase="completed")


def test_with_one_site_everybody_is_there(read_as, small, long_text):
    dataset = read_as(_without(long_text, 2), sites={"north": small.study.sites["north"]})

    assert dataset.participants["site"].to_list() == ["north"] * 3


def test_without_sites_a_column_of_sites_is_left_aside(read_as):
    dataset = read_as(sites={})

    assert "site" not in dataset.participants.columns
    assert "data.csv, site: the column is not part of the study and is not read." in dataset.warnings


def test_without_arms_there_are_none(read_as, long_text):
    dataset = read_as(_without(long_text, 1), arms={}, outcomes={}, analyses={})

    assert dataset.participants.columns == ["participant", "site", "age", "gender", "working", "born"]


def test_a_form_at_one_visit_needs_no_visit_in_its_wide_name(read_as, small):
    form = small.study.forms["gaf"].model_copy(update={"visits": ("end",)})
    text = "participant,arm,site,age,gaf\na,usual,north,30,50\nb,course,north,40,60\n"

    dataset = read_as(text.replace("gaf", "gaf@end"), forms={"gaf": form})

    assert dataset.scores.rows() == [("a", "end", 50.0), ("b", "end", 60.0)]


def test_the_hash_is_of_the_data_not_of_the_study(read_as, small):
    assert read_as().sha256 == read_as(title=small.study.summary, phase="running").sha256


def test_what_nobody_has_is_no_content(read_as, small):
    more = {**small.study.characteristics, "height": small.study.characteristics["age"]}

    dataset = read_as(characteristics=more)

    assert dataset.participants["height"].null_count() == 3
    assert dataset.sha256 == read_as().sha256
