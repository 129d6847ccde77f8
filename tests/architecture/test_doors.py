"""The doors between the stations: who may import whom."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ENGINE_MAY_IMPORT = {"numpy", "scipy", "imara.engine"} | set(sys.stdlib_module_names)


def test_every_import_contract_is_kept(root, capsys):
    broken = lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True, no_logo=True)

    assert not broken, capsys.readouterr().out


def test_the_contracts_cover_every_station_of_the_tree(root):
    contracts = (root / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r"^layers = \[(.*)\]", contracts, re.MULTILINE)

    assert layers is not None
    stations = {path.parent.name for path in (root / "src/imara").glob("*/__init__.py")}
    assert stations <= set(re.findall(r"\w+", layers[1]))


def test_the_engine_imports_nothing_but_arrays(modules):
    strangers = {
        f"{module.name} imports {name}"
        for module in modules
        if module.name.startswith("imara.engine")
        for name in _imported(module.tree)
        if not any(name == allowed or name.startswith(f"{allowed}.") for allowed in ENGINE_MAY_IMPORT)
    }

    assert not strangers


def test_content_holds_no_code(root):
    assert not list(Path(root / "src/imara/content").rglob("*.py"))


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names.add(node.module or "")
    return names
