"""From the values an analysis returns to a page that lists every field of `results.json`."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from types import EllipsisType, ModuleType

from imara.analysis import result

WORDS = {"str": "words", "int": "whole number", "float": "number", "bool": "true or false", "object": "any"}


@dataclass(frozen=True)
class Field:
    """One field of a result."""

    name: str
    type: str
    meaning: str


def describe_results() -> str:
    """Return a section a kind of value, the whole result first."""
    sections = list(_classes(result))
    sections.sort(key=lambda section: section[0] != "Result")
    return "\n".join(_describe(*section) for section in sections)


def _classes(module: ModuleType) -> list[tuple[str, str, list[Field]]]:
    tree = ast.parse(inspect.getsource(module))
    nodes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    classes = {node.name: f"[{node.name}](#{node.name.lower()})" for node in nodes}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() as alternatives):
                classes[name] = _in_words(alternatives, classes)
    return [(node.name, ast.get_docstring(node) or "", _fields(node, classes)) for node in nodes]


def _in_words(annotation: ast.expr, classes: dict[str, str]) -> str:
    match annotation:
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[of, ast.Constant(value=EllipsisType())])):
            return f"list of {_in_words(of, classes)}"
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=parts)):
            return "list of " + " and ".join(_in_words(part, classes) for part in parts)
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, of])):
            return f"{_in_words(of, classes)} by name"
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=options)):
            return ", ".join(f"`{ast.literal_eval(option)}`" for option in options)
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return f"{_in_words(left, classes)} or `null`"
        case ast.Name(id=name) if name in classes:
            return classes[name]
        case ast.Name(id=name):
            return WORDS.get(name, f"`{name}`")
        case _:
            return f"`{ast.unparse(annotation)}`".replace("|", "or")


def _fields(node: ast.ClassDef, classes: dict[str, str]) -> list[Field]:
    found = []
    for statement, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            meaning = inspect.cleandoc(str(said.value)) if isinstance(said, ast.Constant) else ""
            found.append(Field(statement.target.id, _in_words(statement.annotation, classes), meaning))
    return found


def _describe(name: str, docstring: str, fields: list[Field]) -> str:
    rows = "\n".join(f"| `{field.name}` | {field.type} | {' '.join(field.meaning.split())} |" for field in fields)
    return f"## {name}\n\n{docstring}\n\n| Field | Type | Meaning |\n|---|---|---|\n{rows}\n"
