"""`imara check`: what it looks at, what it prints, how it ends, and what it does not load."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from imara.cli.main import main

CALM = Path(__file__).parents[2] / "broken" / "studies" / "sound" / "calm-days"


@pytest.fixture
def run(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["imara", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


def test_without_arguments_everything_packaged_is_checked_and_sound(run):
    code, out, err = run("check")

    assert (code, err) == (0, "")
    for name in ("beat-the-blues", "imr-denmark", "phq-9"):
        assert name in out
    assert out.rstrip().endswith("all sound.")


def test_a_name_may_mean_a_definition_of_each_kind(run):
    code, out, _ = run("check", "imr", "bdi", "--json")

    kinds = [(one["kind"], one["name"]) for one in json.loads(out)["checked"]]
    assert (code, kinds) == (0, [("programme", "imr"), ("instrument", "bdi")])


def test_a_folder_is_searched_and_nothing_is_checked_twice(run, tmp_path):
    shutil.copytree(CALM, tmp_path / "mine" / "calm-days")
    study = tmp_path / "mine" / "calm-days" / "study.yaml"

    code, out, _ = run("check", str(tmp_path / "mine"), str(study), "--json")

    found = json.loads(out)
    assert code == 0
    assert [(one["kind"], one["name"]) for one in found["checked"]] == [
        ("study", "calm-days"),
        ("instrument", "mood"),
        ("instrument", "rating"),
        ("programme", "steps"),
    ]
    assert len(found["checked"][0]["fingerprint"]) == 64
    assert found["sound"] is True


def test_a_file_of_any_name_is_known_by_what_it_defines(run, tmp_path):
    shutil.copytree(CALM, tmp_path / "calm-days")
    (tmp_path / "calm-days" / "study.yaml").rename(tmp_path / "calm-days" / "draft-2.yml")

    code, out, _ = run("check", str(tmp_path / "calm-days" / "draft-2.yml"))

    assert code == 0
    assert out.startswith("study  ")


def test_problems_go_to_standard_error_and_the_summary_to_standard_output(run, tmp_path):
    shutil.copytree(CALM, tmp_path / "calm-days")
    file = tmp_path / "calm-days" / "study.yaml"
    file.write_text(file.read_text().replace("phase: running", "phase: runing"))

    code, out, err = run("check", str(tmp_path / "calm-days"), "beat-the-blues", "nowhere")

    assert code == 2
    assert f"{file}, line 4, phase: " in err
    assert "Did you mean 'running'?" in err
    assert "nowhere: there is no such file or folder" in err
    assert "beat-the-blues  sound" in out
    assert "calm-days       1 problem\n" in out
    assert "2 problems to mend" in out


@pytest.mark.parametrize("kind", ["study", "instrument", "programme"])
def test_the_schema_is_printed_as_json(run, kind):
    code, out, _ = run("check", "--schema", kind)

    assert code == 0
    assert kind in json.loads(out)["properties"]


def test_an_unknown_option_is_bad_use(run):
    assert run("check", "--shema", "study")[0] == 2
    assert run("check", "--schema", "studie")[0] == 2


def test_checking_does_not_wait_for_numerical_libraries():
    words = (
        "import sys; from imara.cli import main; from imara.study.survey import survey; survey([]);"
        "print([name for name in ('numpy', 'polars', 'scipy', 'pandas', 'weasyprint') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
