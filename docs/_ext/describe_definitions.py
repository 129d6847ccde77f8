"""From the models of a definition to a page that lists every field."""

from __future__ import annotations

import re
import types
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

PLAIN = {
    str: "words",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    date: "date, as in `2011-02-28`",
}
SMALL = {"Text": "[text](#small-types)", "Duration": "[length of time](#small-types)"}
NAME = "[name](#small-types)"
LIMITS: dict[type, tuple[str, str]] = {
    Ge: ("ge", "at least"),
    Gt: ("gt", "more than"),
    Le: ("le", "at most"),
    Lt: ("lt", "less than"),
}


def describe_definition(top: type[BaseModel]) -> str:
    """Return a section with a table of fields for a model and for every model inside it, in reading order."""
    return "\n".join(_describe(model) for model in _models_in(top, [])) + SMALL_TYPES


def _models_in(model: type[BaseModel], found: list[type[BaseModel]]) -> list[type[BaseModel]]:
    if model.__name__ not in SMALL and model not in found:
        found.append(model)
        for field in model.model_fields.values():
            for inner in _classes(field.annotation):
                _models_in(inner, found)
    return found


def _classes(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _classes(inner)]


def _describe(model: type[BaseModel]) -> str:
    rows = "\n".join(_row(name, field) for name, field in model.model_fields.items())
    heading = _heading(model)
    return f"""## {heading}

{(model.__doc__ or "").strip()}

| Field | What it is | Written as | If left out |
|---|---|---|---|
{rows}
"""


def _row(name: str, field: FieldInfo) -> str:
    written = "; ".join([_written(field.annotation, field.metadata), *_limits(field.metadata)])
    cells = (f"`{name}`", field.description or "", written, _left_out(field))
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def _heading(model: type[BaseModel]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).capitalize()


def _written(annotation: Any, metadata: list[Any]) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation is str and any(str(getattr(mark, "pattern", "")).startswith("^[a-z]") for mark in metadata):
        return NAME
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        heading = _heading(annotation)
        return SMALL.get(annotation.__name__, f"[{heading.lower()}](#{heading.lower().replace(' ', '-')})")
    if origin is Annotated:
        return "; ".join([_written(inner[0], list(inner[1:])), *_limits(list(inner[1:]))])
    if origin is Literal:
        return _one_of([f"`{value}`" for value in inner])
    if origin in (Union, types.UnionType):
        return _one_of([_written(part, metadata) for part in inner if part is not type(None)])
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return f"list of {_written(inner[0], [])}"
        return "list of " + " and ".join(_written(part, []) for part in inner)
    if origin is not None and len(inner) == 2:
        return f"{_written(inner[1], [])} by {_written(inner[0], [])}"
    raise TypeError(f"say how {annotation} is written")


def _one_of(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _limits(metadata: list[Any]) -> list[str]:
    known = [(mark, *LIMITS[type(mark)]) for mark in metadata if type(mark) in LIMITS]
    return [f"{words} {getattr(mark, name):g}" for mark, name, words in known] + [
        f"at least {mark.min_length}" for mark in metadata if isinstance(mark, MinLen)
    ]


def _left_out(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be there**"
    default = field.default
    if default is None or default is PydanticUndefined or default == () or isinstance(default, BaseModel):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return "`[" + ", ".join(str(value) for value in default) + "]`"
    return f"`{default}`"


SMALL_TYPES = """
## Small types

**name**: lower-case letters, digits and single hyphens, beginning with a letter: `gaf-f`, `month-2`.

**text**: words for people. A plain text is English; for more languages write `{en: Usual care, da: Vanlig behandling}`.

**length of time**: a number and a unit: `9 months`, `-4 weeks`, `+8 weeks`. Units are days, weeks, months and years.

Where a list is meant, a single value may be written as it is: `visits: baseline` instead of `visits: [baseline]`.
"""
