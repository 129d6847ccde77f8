"""A sound study to break: each test changes a few words of real files and reads what `imara check` answers."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from imara.cli.main import main

SOUND = Path(__file__).parent / "sound" / "calm-days"


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def problems(self):
        """All problems, warnings included, of a `--json` answer."""
        return json.loads(self.out)["problems"]

    @property
    def errors(self):
        """The problems of a `--json` answer that must be mended."""
        return [problem for problem in self.problems if problem["severity"] == "error"]


class Folder:
    """A copy of the sound study that can be broken and checked."""

    def __init__(self, path, capsys, monkeypatch):
        self.path = path
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def file(self, name):
        """Return the path of one of its files."""
        return self.path / name

    def change(self, name, old, new):
        """Replace words that stand exactly once in a file."""
        words = self.file(name).read_text(encoding="utf-8")
        assert words.count(old) == 1, f"{old!r} stands {words.count(old)} times in {name}"
        self.file(name).write_text(words.replace(old, new), encoding="utf-8")

    def line(self, name, words):
        """Return the line of `name` on which `words` stand, from 1."""
        lines = self.file(name).read_text(encoding="utf-8", errors="replace").split("\n")
        hits = [number for number, line in enumerate(lines, 1) if words in line]
        assert len(hits) == 1, f"{words!r} stands on lines {hits} of {name}"
        return hits[0]

    def check(self, *arguments):
        """Run `imara check` on the folder, or with these arguments."""
        self._monkeypatch.setattr(sys, "argv", ["imara", "check", *(arguments or (str(self.path),))])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        return Answer(ended.value.code or 0, out, err)


@pytest.fixture
def folder(tmp_path, capsys, monkeypatch):
    path = tmp_path / "calm-days"
    shutil.copytree(SOUND, path)
    return Folder(path, capsys, monkeypatch)
