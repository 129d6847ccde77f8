"""Whatever is killed in between: nobody is lost, nobody is drawn twice, blocks hold, and the replay is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE_UP = {"IMARA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "imara.service.settings"}


def run(url: str, folder: Path, *command: str) -> str:
    environment = {**os.environ, **MADE_UP, "DATABASE_URL": url, "IMARA_HOME": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def herd(url: str, folder: Path, people: int, workers: int, kill_every: float) -> dict[str, Any]:
    words = ("--people", str(people), "--workers", str(workers), "--kill-every", str(kill_every))
    outcome: dict[str, Any] = json.loads(run(url, folder, sys.executable, "-m", "tests.concurrency", *words))
    print(json.dumps(outcome, indent=1))
    return outcome


def sound(outcome: dict[str, Any]) -> None:
    assert outcome["draws"] == outcome["people"]
    for fault in ("lost", "twice", "contradictions", "outside_blocks", "findings"):
        assert outcome[fault] == [], fault


def test_allocated_at_once_and_killed_at_random(database_url: str, tmp_path: Path) -> None:
    outcome = herd(database_url, tmp_path, people=300, workers=4, kill_every=0.2)

    sound(outcome)
    assert outcome["kills"] >= 3
    assert outcome["answered_again"] > 0, "no two requests for one person were made"
    # The command agrees, in a process that knows nothing of the herd.
    told = json.loads(run(database_url, tmp_path, sys.executable, "-m", "imara", "verify", "--json"))
    assert told["sound"]
    assert any("300 draws are as the seed gives them" in words for words in told["checked"])


@pytest.mark.slow
def test_ten_thousand_by_sixteen(database_url: str, tmp_path: Path) -> None:
    outcome = herd(database_url, tmp_path, people=10_000, workers=16, kill_every=0.5)

    sound(outcome)
    assert outcome["kills"] >= 30
