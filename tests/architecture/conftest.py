"""What the tests of the house look at: its files, its modules, its commands."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """A Python file of the package, read but not run."""

    path: Path
    name: str
    source: str
    tree: ast.Module

    def __str__(self) -> str:
        return self.name


def read_modules() -> Iterator[Module]:
    """Yield the modules of the package in the order of their paths, without the migrations, which Django writes."""
    source = ROOT / "src"
    for path in sorted((source / "imara").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(path, name, text, ast.parse(text))


def read_tracked_files() -> list[Path]:
    """Return the files that Git knows of and that are still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder that the repository is in."""
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Return all modules of the package."""
    return list(read_modules())


@pytest.fixture(scope="session")
def tracked_files() -> list[Path]:
    """Return all files that are part of the repository."""
    return read_tracked_files()
