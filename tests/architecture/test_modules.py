"""The shape of the code: how modules are named, how long they are, and what is said about them."""

from __future__ import annotations

import ast

SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc", "base", "lib"}
MOST_LINES = 350


def test_no_module_has_a_name_that_says_nothing(modules):
    assert not [module.name for module in modules if SAY_NOTHING & set(module.name.split("."))]


def test_no_module_is_about_two_things(modules):
    long = {module.name: lines for module in modules if (lines := len(module.source.splitlines())) > MOST_LINES}

    assert not long, f"split by what they are about (more than {MOST_LINES} lines): {long}"


def test_every_module_opens_with_what_it_is_for(modules):
    silent = [module.name for module in modules if not (ast.get_docstring(module.tree) or "").strip()]

    assert not silent


def test_every_public_class_and_function_is_documented(modules):
    silent = [
        f"{module.name}.{node.name}"
        for module in modules
        for node in _public_definitions(module.tree)
        if not ast.get_docstring(node)
    ]

    assert not silent


def test_every_field_of_a_definition_is_documented(modules):
    silent = [
        f"{module.name}.{node.name}.{field}"
        for module in modules
        if module.name.startswith("imara.study.")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Definition" for b in node.bases)
        for field in _undocumented_fields(node)
    ]

    assert not silent


def _public_definitions(tree: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.ClassDef]:
    found: list[ast.FunctionDef | ast.ClassDef] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += _public_definitions(node)
    return found


def _undocumented_fields(node: ast.ClassDef) -> list[str]:
    followers = [*node.body[1:], None]
    return [
        statement.target.id
        for statement, after in zip(node.body, followers, strict=True)
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and not (
            isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        )
    ]
