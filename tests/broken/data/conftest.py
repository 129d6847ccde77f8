"""A sound data file of a small study to break in one place at a time, and a way to see how it is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from imara.dataset import read_dataset
from imara.study.folder import StudyFolder
from imara.study.library import load_study
from imara.study.problems import InputError, Problem

STUDY = Path(__file__).parents[2] / "unit" / "dataset" / "small-study"

SOUND = """\
participant,arm,site,age,gender,working,born,visit,date,gaf,mood.i1,mood.i2,mood.i3,illness
p1,usual,north,31,f,yes,1993-05-17,baseline,2024-01-10,45,1,2,0,40.5
p1,usual,north,31,f,yes,1993-05-17,end,2024-07-11,52,2,1,,
p1,usual,north,31,f,yes,1993-05-17,year,2025-01-09,50,,,,44
p2,course,south,58.5,m,no,1965-11-30,baseline,2024-02-01,38,0,3,1,33
p2,course,south,58.5,m,no,1965-11-30,year,2025-02-03,61,,,,
p3,course,north,24,x,,,baseline,2024-02-20,NA,3,0,3,
p3,course,north,24,x,,,end,,70,3,0,2,
"""
"""Eight rows with the header; people missed visits, answers and whole forms, as people do."""

Changes = Mapping[tuple[int, str], str]
"""Row (the header is row 1) and column to what stands there instead; row 1 renames a column."""
Refuse = Callable[..., tuple[Problem, ...]]


def with_changes(changes: Changes, text: str = SOUND) -> str:
    """Return the sound file with some cells changed."""
    rows = list(csv.reader(io.StringIO(text)))
    place = {name: number for number, name in enumerate(rows[0])}
    for (row, column), cell in changes.items():
        rows[row - 1][place[column]] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="session")
def small() -> StudyFolder:
    return load_study(STUDY)


@pytest.fixture
def change() -> Callable[..., str]:
    return with_changes


@pytest.fixture(scope="session")
def sound() -> str:
    return SOUND


@pytest.fixture
def refuse(small: StudyFolder, tmp_path: Path) -> Refuse:
    """Write a file, read it as data of the small study, and return the problems it is refused for."""

    def _refuse(content: str | bytes, name: str = "data.csv", **how: object) -> tuple[Problem, ...]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(InputError) as caught:
            read_dataset(small, path, **how)
        assert all(problem.file in (str(path), str(how.get("participants"))) for problem in caught.value.problems)
        return caught.value.problems

    return _refuse
