"""What the project depends on: all that it imports, and nothing that it does not use."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

# Packages whose module has another name than they have.
MODULE = {
    "django-allauth": "allauth",
    "django-axes": "axes",
    "django-htmx": "django_htmx",
    "fonttools": "fontTools",
    "import-linter": "importlinter",
    "ruamel-yaml": "ruamel",
}
# What the service is being built on. Take a line away when the first module imports it.
AWAITED = {
    "cryptography",
    "django",
    "django-allauth",
    "django-axes",
    "django-htmx",
    "granian",
    "psycopg",
    "whitenoise",
    "django-stubs",
    "pytest-django",
}
# Part of how Pydantic, Jinja and Sphinx are used, and brought by them.
BROUGHT = {"annotated_types", "pydantic_core", "markupsafe", "docutils"}
# Used without being imported: by the type checker, by pytest, from the command line, or by a setting.
USED_OTHERWISE = {"furo", "mypy", "pandas-stubs", "pytest-xdist", "ruff", "scipy-stubs", "myst-parser", "sphinx"}
OURS = {"imara", "benchmarks", "tests", "describe_commands", "describe_definitions", "describe_results"}


@pytest.fixture(scope="module")
def declared(root):
    """Return what pyproject.toml asks for: to run, and to develop."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return _names(project["project"]["dependencies"]), _names(groups["dev"] + groups["docs"])


def test_the_package_imports_only_what_it_asks_for(root, declared):
    run, _ = declared
    missing = _imports(root / "src") - _modules(run) - OURS - BROUGHT

    assert not missing, "add them to [project] dependencies"


def test_tests_and_documentation_import_only_what_is_asked_for(root, declared):
    run, develop = declared
    folders = [root / "tests", root / "benchmarks", root / "docs"]
    missing = set().union(*(_imports(folder) for folder in folders)) - _modules(run | develop) - OURS - BROUGHT

    assert not missing, "add them to the dev group"


def test_nothing_is_asked_for_in_vain(root, declared):
    run, develop = declared
    inside = _imports(root / "src")
    around = inside.union(*(_imports(root / folder) for folder in ("tests", "benchmarks", "docs")))

    assert not [name for name in run - AWAITED if not _modules([name]) & inside]
    assert not [name for name in develop - USED_OTHERWISE - AWAITED if not _modules([name]) & around]


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[; ]", line)[0].lower().replace(".", "-") for line in requirements}


def _modules(names: Iterable[str]) -> set[str]:
    return {MODULE.get(name, name.replace("-", "_")) for name in names}


def _imports(folder: Path) -> set[str]:
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"__future__"}
