"""What is in the repository, and what has no business there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

# Folders of one person's computer. A path that a reader is meant to choose is written relative or with `path/to`.
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:work|root|home/\w+|Users/\w+|private|mnt/\w+)/\w|\b[A-Z]:\\Users\\")
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".html", ".css", ".svg", ".json", ".csv", ".cfg", ".R", ""}
LEFTOVER = re.compile(r"(^|/)(\.DS_Store|Thumbs\.db|\.idea|\.vscode|__pycache__|.*\.(pyc|orig|rej|swp|log))($|/)")
MOST_BYTES = 1_000_000


def test_no_file_names_a_place_on_someones_computer(root, tracked_files):
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()[:100]}"
        for path in tracked_files
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]

    assert not found


@pytest.mark.parametrize("line", ["see /" + "home/ane/imara/x", "cd /" + "work/main", "C:" + "\\Users\\ane"])
def test_a_place_on_someones_computer_is_recognised(line):
    assert MACHINE_PATH.search(line)


def test_no_leftovers_are_kept(root, tracked_files):
    names = [path.relative_to(root).as_posix() for path in tracked_files]

    assert not [name for name in names if LEFTOVER.search(name)]


def test_no_file_is_too_large_to_clone_over_a_slow_line(root, tracked_files):
    large = {str(path.relative_to(root)): size for path in tracked_files if (size := path.stat().st_size) > MOST_BYTES}

    assert not large


def test_every_text_file_is_utf_8_with_unix_line_ends(root, tracked_files):
    # Files that are broken on purpose stand under tests/broken.
    wrong = [
        str(path.relative_to(root))
        for path in tracked_files
        if path.suffix in TEXT and "broken" not in path.parts and not _is_plain(path)
    ]

    assert not wrong


@pytest.mark.parametrize("kind", ["instruments", "studies", "programmes"])
def test_every_content_folder_says_where_it_comes_from(root, kind):
    folders = [path for path in sorted((root / "src/imara/content" / kind).iterdir()) if path.is_dir()]

    assert folders
    silent = [
        str(folder.relative_to(root))
        for folder in folders
        if not _says(folder, r"source") or not _says(folder, r"licen[cs]e|\brights?\b")
    ]
    assert not silent, "each needs a README.md that says source and licence"


def _is_plain(path: Path) -> bool:
    raw = path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\r\n" not in raw


def _says(folder: Path, pattern: str) -> bool:
    # Data, which may have another licence than what describes them, have a README of their own.
    papers = (path.read_text(encoding="utf-8") for path in folder.rglob("README.md"))
    return any(re.search(pattern, paper, re.IGNORECASE) for paper in papers)
