"""`imara analyse` and `report`: what they write, print and exit with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from imara.cli.main import main


def imara(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run a command in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["imara", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return code or 0


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The results of Beat the Blues, written once."""
    out = tmp_path_factory.mktemp("analysed")
    with pytest.MonkeyPatch.context() as patch:
        assert imara(patch, "analyse", "beat-the-blues", "--out", str(out / "new" / "folder"), "--no-pdf") == 0
    return out / "new" / "folder"


def test_analyse_writes_results_report_tables_and_figures(results: Path) -> None:
    written = json.loads((results / "results.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in written["analyses"]] == ["primary", "satterthwaite", "complete-cases"]
    assert (results / "report.html").is_file()
    assert not (results / "report.pdf").exists()
    assert list((results / "tables").glob("*.csv"))
    assert list((results / "figures").glob("*.svg"))


def test_results_keep_the_contract(results: Path) -> None:
    written = json.loads((results / "results.json").read_text(encoding="utf-8"))
    analysis = written["analyses"][0]
    assert {
        "id", "outcome", "model", "covariance", "df_method", "estimand", "n_participants", "n_observations",
        "log_likelihood", "converged", "contrasts", "means", "equivalence", "warnings",
    } <= set(analysis)  # fmt: skip
    assert {"visit", "arms", "estimate", "se", "df", "ci_low", "ci_high", "p"} <= set(analysis["contrasts"][0])
    assert {"arm", "visit", "estimate", "se", "ci_low", "ci_high"} <= set(analysis["means"][0])
    assert {"margin", "ci90_low", "ci90_high", "p", "conclusion"} <= set(analysis["equivalence"])
    provenance = written["provenance"]
    assert {"study_fingerprint", "data_sha256", "package", "command", "seed"} <= set(provenance)
    assert provenance["command"].startswith("imara analyse beat-the-blues --out")


def test_json_on_standard_output_is_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imara(monkeypatch, "analyse", "beat-the-blues", "--out", str(tmp_path), "--no-pdf", "--json") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))


def test_people_read_the_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imara(monkeypatch, "analyse", "beat-the-blues", "--out", str(tmp_path), "--no-pdf")
    printed = capsys.readouterr()
    assert "Beat the Blues minus Treatment as usual at month-8: -0.19 (95% CI -4.65 to 4.26, p = 0.932)" in printed.out
    assert str(tmp_path / "report.html") in printed.out


def test_report_is_written_again_in_danish_without_analysing(
    monkeypatch: pytest.MonkeyPatch, results: Path, tmp_path: Path
) -> None:
    before = (results / "results.json").read_bytes()
    assert imara(monkeypatch, "report", str(results), "--language", "da", "--no-pdf", "--out", str(tmp_path)) == 0
    assert 'lang="da"' in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "results.json").read_bytes()) == json.loads(before)


def test_report_of_a_study_analyses_it_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert imara(monkeypatch, "report", "beat-the-blues", "--no-pdf", "--out", str(tmp_path)) == 0
    assert (tmp_path / "results.json").is_file()


def test_report_refuses_results_of_another_version_of_the_study(
    monkeypatch: pytest.MonkeyPatch, results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = json.loads((results / "results.json").read_text(encoding="utf-8"))
    changed["provenance"]["study_fingerprint"] = "0" * 64
    (tmp_path / "results.json").write_text(json.dumps(changed), encoding="utf-8")
    assert imara(monkeypatch, "report", str(tmp_path)) == 2
    assert "has changed since this analysis" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"{}", "not a result that `imara analyse` wrote"),
    ],
)
def test_report_refuses_what_is_no_result(
    content: bytes, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results.json").write_bytes(content)
    assert imara(monkeypatch, "report", str(tmp_path / "results.json")) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("analyse", "beat-the-bluse"), "Did you mean 'beat-the-blues'?"),
        (("analyse", "imr-denmark"), "comes with no data; name a file with --data FILE"),
        (("analyse", "beat-the-blues", "--data", "nowhere.csv"), "no such file"),
        (("analyse", "beat-the-blues", "--language", "de"), "'de' is not one of"),
        (("report", "nowhere/results.json"), "there is no such file; `imara analyse` writes it"),
    ],
)
def test_what_cannot_be_used_ends_with_two_and_a_way_out(
    words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imara(monkeypatch, *words) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_folder_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert imara(monkeypatch, "analyse", "beat-the-blues", "--out", str(tmp_path / "file" / "out")) == 2
    assert "cannot be written here" in capsys.readouterr().err


def test_when_nothing_can_be_computed_the_exit_code_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data.csv"
    data.write_text(
        "participant,arm,drug,length,visit,bdi\n"
        "1,tau,yes,<6m,baseline,20\n2,tau,no,>6m,baseline,25\n3,beat-the-blues,no,>6m,baseline,30\n"
    )
    assert imara(monkeypatch, "analyse", "beat-the-blues", "--data", str(data), "--out", str(tmp_path / "out")) == 1
    printed = capsys.readouterr()
    assert "None of the planned analyses could be computed" in printed.err
    assert (tmp_path / "out" / "report.html").is_file()
