"""`imara evidence check` at the command line: findings end with 0, bad input with 2."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def imara(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from imara.cli.main import main; main()", "evidence", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder)


def test_people_get_a_table_and_a_sentence_a_row() -> None:
    done = imara("check", "imr-denmark-2019")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("does not agree;") == 3
    assert done.stdout.count(") agrees;") == 7
    assert "3 of 10 rows do not agree" in done.stdout


def test_machines_get_json_in_full_precision() -> None:
    done = imara("check", "imr-denmark-2019", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)["rows"]
    assert list(rows[0])[:7] == [
        "outcome", "p_published", "p_recomputed", "difference", "ci_low", "ci_high", "agrees",
    ]  # fmt: skip
    assert [row["outcome"] for row in rows if row["agrees"] is False] == [
        "Young Mania", "Patient satisfaction", "IMRS patient",
    ]  # fmt: skip
    assert rows[0]["p_recomputed"] == pytest.approx(0.6840392763810685, rel=1e-12)


def test_json_has_null_for_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("outcome,difference,ci_low,ci_high,p\na,-,1,2,.5\nb,1.5,1,2,-\n")
    rows = json.loads(imara("check", "table.csv", "--json", folder=tmp_path).stdout)["rows"]
    assert [row["agrees"] for row in rows] == [None, None]
    assert rows[0]["p_recomputed"] is None
    assert rows[1]["p_published"] is None
    people = imara("check", "table.csv", folder=tmp_path)
    assert people.returncode == 0
    assert "No row could be checked." in people.stdout


def test_bad_input_ends_with_2_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("outcome,difference,ci_low,ci_high,p\na,x,1,2,.5\n")
    done = imara("check", "table.csv", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "table.csv, line 2, difference: the value is not a number (found: x)" in done.stderr
    assert "Traceback" not in done.stderr
    assert imara("check", "no-such-table", folder=tmp_path).returncode == 2
    assert imara("check").returncode == 2
    assert imara("check", "imr-denmark-2019", "--level", "2").returncode == 2


def test_outcomes_are_printed_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("outcome,difference,ci_low,ci_high,p\n[bold]x[/nope],1.5,1.0,2.0,.000\n")
    done = imara("check", "table.csv", folder=tmp_path)
    assert done.returncode == 0
    assert "[bold]x[/nope]: the printed p (.000) agrees" in done.stdout
