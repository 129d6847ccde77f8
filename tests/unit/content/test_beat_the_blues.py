"""The Beat the Blues folder agrees with its data, its codebook and the model of the R reference."""

from __future__ import annotations

import csv
import hashlib
import re
from statistics import fmean

import pytest

from imara.study.folder import StudyFolder
from imara.study.library import load_study


@pytest.fixture(scope="module")
def folder() -> StudyFolder:
    return load_study("beat-the-blues")


@pytest.fixture(scope="module")
def rows(folder: StudyFolder) -> list[dict[str, str]]:
    with (folder.path / "data" / "btheb.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codebook(folder: StudyFolder) -> dict[str, list[str]]:
    """Return column to its cells in the codebook's table."""
    lines = (folder.path / "data" / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_the_data_are_the_file_the_codebook_describes(folder: StudyFolder) -> None:
    digest = hashlib.sha256((folder.path / "data" / "btheb.csv").read_bytes()).hexdigest()

    assert digest in (folder.path / "data" / "README.md").read_text(encoding="utf-8")


def test_the_codebook_counts_right(folder: StudyFolder, rows: list[dict[str, str]]) -> None:
    table = codebook(folder)

    assert list(table) == list(rows[0])
    assert len(rows) == 100
    for column, (_, values, missing) in table.items():
        written = [row[column] for row in rows if row[column]]
        assert len(rows) - len(written) == int(missing)
        for level, count in re.findall(r"`([^`]+)`[^`0-9]*?(\d+)", values):
            assert written.count(level) == int(count)
        seen = re.search(r"(\d+) to (\d+) seen", values)
        if seen:
            assert (min(map(int, written)), max(map(int, written))) == (int(seen[1]), int(seen[2]))


def test_the_smallest_effect_is_17_5_per_cent_of_the_mean_at_the_start(
    folder: StudyFolder, rows: list[dict[str, str]]
) -> None:
    outcome = folder.study.outcomes["depression"]
    start = fmean(float(row["bdi.pre"]) for row in rows)

    assert start == pytest.approx(23.33)
    assert outcome.smallest_effect == round(0.175 * start)
    assert outcome.smallest_effect_source is not None
    assert "assumed" in outcome.smallest_effect_source.en


def test_the_plan_is_the_model_of_the_r_reference(folder: StudyFolder) -> None:
    plan = folder.study.analyses["primary"]

    assert (plan.model, plan.covariance, plan.method, plan.df) == ("mmrm", "unstructured", "reml", "kenward-roger")
    assert plan.adjust == ("baseline", "drug", "length")
    assert plan.adjust_by_visit == ()
    assert plan.clusters == {}
    assert plan.visits == ("month-2", "month-3", "month-5", "month-8")
    assert folder.study.reference_arm == "tau"
    assert list(folder.study.characteristics["length"].levels) == ["<6m", ">6m"]


@pytest.mark.parametrize(
    ("analysis", "difference"),
    [("satterthwaite", {"df": "satterthwaite"}), ("complete-cases", {"population": "complete-cases"})],
)
def test_a_sensitivity_analysis_differs_in_one_thing(
    folder: StudyFolder, analysis: str, difference: dict[str, str]
) -> None:
    told_apart = {"role", "note", "estimand"}
    main = folder.study.analyses["primary"].model_dump(exclude=told_apart)
    other = folder.study.analyses[analysis].model_dump(exclude=told_apart)

    assert {key: value for key, value in other.items() if value != main[key]} == difference
    assert folder.study.analyses[analysis].role == "sensitivity"


def test_visits_follow_the_documented_months(folder: StudyFolder) -> None:
    assert [str(visit.at) for visit in folder.study.visits.values()] == [
        "0 months",
        "2 months",
        "3 months",
        "5 months",
        "8 months",
    ]
