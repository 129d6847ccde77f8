"""Every example in the documentation is run, in the order of its page, as a reader would.

- `python` is executed; the blocks of a page share their names.
- `console` is typed: lines that begin with `$ ` are commands, what follows is what they must print, where `...`
  stands for any text. A command must succeed unless `$ echo $?` and another code follow it.
- `yaml`, `json` and `text` are files. One that stands under `<!-- file: NAME -->` is written before
  what comes after it is run.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n+)?^```(?P<language>\S*)[^\n]*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
RUN = {"python", "console"}
SHOWN = {"yaml", "json", "text"}
SECONDS = 120


@dataclass(frozen=True)
class Example:
    """A fenced block of a page."""

    language: str
    text: str
    file: str | None
    line: int


def pages() -> list[Path]:
    """Return every page that people write by hand."""
    docs = (path for path in (ROOT / "docs").rglob("*.md") if not {"_build", "generated"} & set(path.parts))
    return [*sorted(ROOT.glob("*.md")), *sorted(docs)]


def examples(page: Path) -> Iterator[Example]:
    """Yield the fenced blocks of a page, without those that are directives."""
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        if not match["language"].startswith("{"):
            line = text.count("\n", 0, match.start("text")) + 1
            yield Example(match["language"], match["text"], match["file"], line)


def pages_that_run() -> list[Path]:
    """Return the pages with something to run."""
    return [page for page in pages() if any(example.language in RUN for example in examples(page))]


@pytest.mark.parametrize("page", pages_that_run(), ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_do_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in examples(page):
        if example.file:
            path = tmp_path / example.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text, encoding="utf-8")
        elif example.language == "python":
            _execute(page, example, names)
        elif example.language == "console":
            _type(page, example, tmp_path)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_example_is_of_a_kind_that_is_checked(page):
    for example in examples(page):
        assert example.language in RUN | SHOWN, f"{page.name}, line {example.line}: {example.language!r}"
        if example.language == "yaml":
            YAML(typ="safe").load(example.text)
        if example.language == "json":
            json.loads(example.text)


def _execute(page: Path, example: Example, names: dict[str, object]) -> None:
    # Empty lines before it, so that an error names the page's own line.
    source = "\n" * (example.line - 1) + example.text
    exec(compile(source, str(page), "exec"), names)


def _type(page: Path, example: Example, folder: Path) -> None:
    code = 0
    checked = True
    for command, expected in _commands(example.text):
        place = f"{page.name}, line {example.line}: $ {command}"
        if command == "echo $?":
            assert expected.strip() == str(code), f"{place} printed {code}"
            checked = True
            continue
        assert checked, f"{place}: the command before it ended with {code}"
        done = _run(command, folder)
        code, checked = done.returncode, done.returncode == 0
        if expected.strip():
            _compare(place, expected, done.stdout)
    assert checked, f"{page.name}, line {example.line}: the last command ended with {code}"


def _commands(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        else:
            command, expected = found[-1]
            found[-1] = (command, f"{expected}{line}\n")
    return found


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    settings = {**os.environ, "PATH": path, "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", "BROWSER": "true"}
    return subprocess.run(
        ["sh", "-c", f"{command} 2>&1"],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def _compare(place: str, expected: str, printed: str) -> None:
    wanted, got = (" ".join(words.split()) + "\n" for words in (expected, printed))
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    agrees = doctest.OutputChecker().check_output(wanted, got, options)
    assert agrees, f"{place}\n--- the page says\n{expected}\n--- it printed\n{printed}"
