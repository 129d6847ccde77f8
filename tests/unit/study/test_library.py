"""Studies, instruments and programmes are found by name or path, a study's own before the packaged ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import imara
from imara.study.library import load_instrument, load_programme, load_study, packaged
from imara.study.problems import InputError

CALM = Path(__file__).parents[2] / "broken" / "studies" / "sound" / "calm-days"


@pytest.mark.parametrize("kind", ["study", "instrument", "programme"])
def test_everything_packaged_loads(kind):
    load = {"study": load_study, "instrument": load_instrument, "programme": load_programme}[kind]
    names = packaged(kind)

    assert names
    assert names == tuple(sorted(names))
    for name in names:
        load(name)


def test_a_study_comes_with_what_it_refers_to():
    folder = load_study("beat-the-blues")

    assert folder.study.study == folder.path.name == "beat-the-blues"
    assert list(folder.instruments) == ["bdi"]
    assert folder.instrument_of("bdi").short == "BDI"
    assert folder.score_of("bdi", "total").maximum == 63
    assert len(folder.fingerprint) == 64


@pytest.mark.parametrize("as_what", [str, Path])
@pytest.mark.parametrize("part", ["", "study.yaml"])
def test_a_path_to_the_folder_or_to_the_file_gives_the_same_study(as_what, part):
    assert load_study(as_what(CALM / part)) == load_study(CALM)
    assert load_study(CALM).path == CALM


def test_the_face_of_the_package_loads_studies():
    assert imara.load_study("beat-the-blues") == load_study("beat-the-blues")


def test_a_study_s_own_instrument_comes_before_the_packaged_one(tmp_path):
    path = tmp_path / "calm-days"
    shutil.copytree(CALM, path)
    (path / "instruments" / "rating").rename(path / "instruments" / "gaf-f")
    for file in (path / "study.yaml", path / "instruments" / "gaf-f" / "instrument.yaml"):
        file.write_text(file.read_text().replace("instrument: rating", "instrument: gaf-f"))

    assert load_study(path).instruments["gaf-f"].short == "R"
    assert load_instrument("gaf-f", path).short == "R"
    assert load_instrument("gaf-f").short == "GAF-F"
    assert load_programme("steps", path).group_size == 8


@pytest.mark.parametrize(
    ("load", "name", "nearest"),
    [
        (load_study, "imr-denmrk", "imr-denmark"),
        (load_instrument, "PHQ9", "phq-9"),
        (load_programme, "imrr", "imr"),
        (load_study, "nothing/like/it", None),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_and_the_list(load, name, nearest):
    with pytest.raises(InputError) as error:
        load(name)

    [problem] = error.value.problems
    assert (problem.found, problem.nearest) == (name, nearest)
    assert str(problem).startswith(f"{name}: there is no")


def test_a_folder_without_a_study_says_so(tmp_path):
    with pytest.raises(InputError, match=r"holds no study\.yaml"):
        load_study(tmp_path)


def test_warnings_do_not_stop_loading(tmp_path):
    shutil.copytree(CALM, tmp_path / "another-name")

    assert load_study(tmp_path / "another-name").study.study == "calm-days"


def test_errors_in_an_instrument_stop_the_study(tmp_path):
    path = tmp_path / "calm-days"
    shutil.copytree(CALM, path)
    file = path / "instruments" / "mood" / "instrument.yaml"
    file.write_text(file.read_text().replace("maximum: 9", "maximum: 12"))

    with pytest.raises(InputError) as error:
        load_study(path)

    [problem] = error.value.problems
    assert (problem.file, problem.field) == (str(file), "scores.total.maximum")
