"""Types in plain words: what a field holds, and what may stand in it."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from imara.study.vocabulary import Definition, Duration, Text

NAME_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
PATTERNS = {
    NAME_PATTERN: "a name in lower-case letters, digits and single hyphens, such as 'month-3'",
    r"^[A-Z]{2}$": "two capital letters, such as DK",
}
DURATION_FORM = "a number and a unit, such as '9 months', '-4 weeks' or '0 days'"


def shape_at(model: type[Definition], place: Sequence[str | int]) -> tuple[Any, FieldInfo | None]:
    """Return the annotated type at `place` in `model`, and its field when `place` ends at one."""
    shape: Any = model
    info: FieldInfo | None = None
    for step in place:
        shape, origin = plain(shape), get_origin(plain(shape))
        if isinstance(shape, type) and issubclass(shape, Definition):
            info = shape.model_fields.get(str(step))
            shape = info.annotation if info is not None else None
        elif origin is dict or origin is Mapping:
            shape, info = get_args(shape)[1], None
        elif origin is tuple:
            parts = get_args(shape)
            index = 0 if Ellipsis in parts else min(int(step), len(parts) - 1)
            shape, info = parts[index], None
        else:
            return None, None
    return shape, info


def fields_of(shape: Any) -> tuple[str, ...]:
    """Return the field names of a model type."""
    shape = plain(shape)
    return tuple(shape.model_fields) if isinstance(shape, type) and issubclass(shape, Definition) else ()


def plain(shape: Any) -> Any:
    """Strip `Annotated` and `None` from a type."""
    while True:
        origin = get_origin(shape)
        if origin is Annotated:
            shape = get_args(shape)[0]
        elif origin in (Union, types.UnionType):
            shape = next(part for part in get_args(shape) if part is not type(None))
        else:
            return shape


def _limits(shape: Any, info: FieldInfo | None) -> Iterable[Any]:
    if info is not None:
        yield from info.metadata
    while get_origin(shape) is not None:
        if get_origin(shape) is Annotated:
            for extra in get_args(shape)[1:]:
                yield from extra.metadata if isinstance(extra, FieldInfo) else (extra,)
            shape = get_args(shape)[0]
        elif get_origin(shape) in (Union, types.UnionType):
            shape = next(part for part in get_args(shape) if part is not type(None))
        else:
            return


def range_of(shape: Any, info: FieldInfo | None) -> tuple[float | None, float | None]:
    """Return the lowest and highest number a type stands for, ends included or not; None where there is no limit."""
    low = high = None
    for limit in _limits(shape, info):
        low = getattr(limit, "ge", getattr(limit, "gt", low))
        high = getattr(limit, "le", getattr(limit, "lt", high))
    return low, high


def _range(shape: Any, info: FieldInfo | None) -> str:
    words = []
    for limit in _limits(shape, info):
        if isinstance(limit, Ge):
            words.append(f"{limit.ge:g} or more")
        elif isinstance(limit, Gt):
            words.append(f"more than {limit.gt:g}")
        elif isinstance(limit, Le):
            words.append(f"{limit.le:g} or less")
        elif isinstance(limit, Lt):
            words.append(f"less than {limit.lt:g}")
    return " and ".join(words)


def wanted(shape: Any) -> str:
    """Name the kind of value a type stands for, with its article."""
    shape = plain(shape)
    names: dict[Any, str] = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "text",
        date: "a date",
        Text: "text",
        Duration: "a length of time",
    }
    if shape in names:
        return names[shape]
    origin = get_origin(shape)
    if origin is Literal:
        return "a word"
    if origin is tuple:
        return "a list"
    return "a set of named entries" if origin in (dict, Mapping) else "a set of fields"


def allowed(shape: Any, info: FieldInfo | None) -> str:
    """Describe all that may stand where a type is wanted."""
    bare = plain(shape)
    if bare is Text:
        return "text, or text by language as in {en: Hope, da: Håb}"
    if bare is Duration:
        return DURATION_FORM
    if bare is date:
        return "a date as year-month-day, such as 2011-02-28"
    if bare is str:
        patterns = [getattr(limit, "pattern", None) for limit in _limits(shape, info)]
        return next((PATTERNS[pattern] for pattern in patterns if pattern in PATTERNS), "text, in quotes if need be")
    origin = get_origin(bare)
    if origin is Literal:
        return ", ".join(str(word) for word in get_args(bare))
    if origin is tuple:
        example = "[-4 weeks, +4 weeks]" if plain(get_args(bare)[0]) is Duration else "[one, two]"
        return f"a list, as in {example}, each entry {wanted(get_args(bare)[0])}"
    if origin in (dict, Mapping):
        inner = get_args(bare)[1]
        return f"entries 'name: ...', each holding {wanted(inner)}"
    if fields := fields_of(bare):
        return f"the fields {', '.join(fields)}"
    limits = _range(shape, info)
    if limits == "0 or more and 1 or less":
        return "a share from 0 to 1"
    return f"{wanted(bare)}{f', {limits}' if limits else ''}"


def purpose(info: FieldInfo | None) -> str:
    """Return the first sentence of a field's description, without its full stop."""
    if info is None or not info.description:
        return ""
    words = " ".join(info.description.split())
    sentence = re.split(r"(?<=[^.])\.(?:\s|$)", words, maxsplit=1)[0].replace("`", "'")
    return sentence[:1].lower() + sentence[1:] if not sentence[:2].isupper() else sentence
