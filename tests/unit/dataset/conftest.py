"""The packaged trial and a small made-up study with one of everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from imara.dataset import Dataset, read_dataset
from imara.study.folder import StudyFolder
from imara.study.library import load_study

SMALL = Path(__file__).parent / "small-study"

LONG = """\
participant,arm,site,age,gender,working,born,visit,date,gaf,mood.i1,mood.i2,mood.i3,illness
p1,usual,north,31,f,yes,1993-05-17,baseline,2024-01-10,45,1,2,0,40.5
p1,usual,north,31,f,yes,1993-05-17,end,2024-07-11,52,2,1,,
p1,usual,north,31,f,yes,1993-05-17,year,2025-01-09,50,,,,44
p2,course,south,58.5,m,no,1965-11-30,baseline,2024-02-01,38,0,3,1,33
p2,course,south,58.5,m,no,1965-11-30,year,2025-02-03,61,,,,
p3,course,north,24,x,,,baseline,2024-02-20,,3,0,3,
p3,course,north,24,x,,,end,,70,3,0,2,
"""


@pytest.fixture(scope="session")
def small() -> StudyFolder:
    return load_study(SMALL)


@pytest.fixture(scope="session")
def trial() -> StudyFolder:
    return load_study("beat-the-blues")


@pytest.fixture
def long_text() -> str:
    return LONG


@pytest.fixture
def read(small, tmp_path):
    """Write a file and read it as data of the small study."""

    def _read(content: str | bytes, name: str = "data.csv", **how: object) -> Dataset:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_dataset(small, path, **how)

    return _read
