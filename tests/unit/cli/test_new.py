"""`imara new`: a folder that is complete and valid as it stands, and nothing overwritten."""

from __future__ import annotations

import sys

import pytest

from imara.cli.main import main
from imara.study.library import load_instrument, load_study


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["imara", *arguments])
        monkeypatch.chdir(tmp_path)
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_new_study_is_valid_without_a_warning_and_called_as_asked(run, tmp_path):
    code, out, _ = run("new", "study", "hope-group")

    assert code == 0
    assert "imara check hope-group" in out
    assert load_study(tmp_path / "hope-group").study.study == "hope-group"
    assert run("check", "hope-group")[::2] == (0, "")
    assert "my-study" not in (tmp_path / "hope-group" / "README.md").read_text()


def test_a_new_instrument_is_valid_and_its_examples_fit(run, tmp_path):
    code, _, _ = run("new", "instrument", "inner-calm", "--dir", "mine/instruments")

    assert code == 0
    made = tmp_path / "mine" / "instruments" / "inner-calm"
    assert load_instrument(made).instrument == "inner-calm"
    assert run("check", str(made))[::2] == (0, "")
    assert sorted(path.name for path in made.iterdir()) == ["README.md", "instrument.yaml", "scored-examples.csv"]
    assert [path.name for path in made.parent.iterdir()] == ["inner-calm"]


def test_a_new_study_uses_an_instrument_of_its_own(run, tmp_path):
    run("new", "study", "hope-group")
    run("new", "instrument", "inner-calm", "--dir", "hope-group/instruments")
    file = tmp_path / "hope-group" / "study.yaml"
    file.write_text(file.read_text().replace("instrument: qpr-15", "instrument: inner-calm"))

    assert run("check", "hope-group")[0] == 0
    assert "inner-calm" in load_study(tmp_path / "hope-group").instruments


def test_nothing_is_overwritten(run, tmp_path):
    run("new", "study", "hope-group")
    file = tmp_path / "hope-group" / "study.yaml"
    file.write_text("mine")

    code, _, err = run("new", "study", "hope-group")

    assert code == 2
    assert "nothing is overwritten" in err
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "nearest"), [("Hope Group", "hope-group"), ("hope_group", "hope-group"), ("../up", "up"), ("Håb", "hab")]
)
def test_a_name_that_cannot_be_used_is_answered_with_one_that_can(run, tmp_path, name, nearest):
    code, _, err = run("new", "study", name)

    assert code == 2
    assert f"Did you mean '{nearest}'?" in err
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_packaged_study_is_not_taken_twice(run):
    code, _, err = run("new", "study", "beat-the-blues")

    assert code == 2
    assert "Did you mean 'my-beat-the-blues'?" in err


def test_a_folder_that_cannot_be_written_to_is_an_answer_and_not_a_crash(run, tmp_path):
    (tmp_path / "file").write_text("")

    code, _, err = run("new", "study", "hope-group", "--dir", "file/inside")

    assert code == 2
    assert "cannot be written to" in err
