"""From a validator's complaint to a sentence an author understands, with the place and a way out."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from imara.study.document import Document, Place
from imara.study.problems import Problem, nearest_word
from imara.study.vocabulary import Definition, Duration, Text

_NAME_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_PATTERNS = {
    _NAME_PATTERN: "a name in lower-case letters, digits and single hyphens, such as 'month-3'",
    r"^[A-Z]{2}$": "two capital letters, such as DK",
}
_DURATION_FORM = "a number and a unit, such as '9 months', '-4 weeks' or '0 days'"
_LETTERS = str.maketrans("æøåéü", "aoaeu")
_LENGTH_UNITS = ("days", "weeks", "months", "years")


def explain(error: ValidationError, model: type[Definition], document: Document) -> list[Problem]:
    """Return one problem for each complaint in `error`, in the order of the file's lines."""
    problems = [_explained(detail, model, document) for detail in error.errors(include_url=False)]
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)


def _explained(detail: ErrorDetails, model: type[Definition], document: Document) -> Problem:
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    is_key = "[key]" in detail["loc"]
    shape, info = shape_at(model, place)
    kind = detail["type"]
    while kind != "missing" and place and place not in document.lines:
        place = place[:-1]  # a plain text has no `en` in the file, a single value no position in a list
    context: dict[str, Any] = detail.get("ctx", {})
    written = document.found(place)

    def problem(
        message: str, allowed: str | None, nearest: str | None = None, *, found: str | None = written
    ) -> Problem:
        line = document.line(place)
        return Problem(document.file, message, line, document.path(place) or None, found, allowed, nearest)

    last = str(place[-1]) if place else ""
    if kind == "missing":
        if place and isinstance(place[-1], int):
            needed = len([part for part in get_args(_plain(shape_at(model, place[:-1])[0])) if part is not Ellipsis])
            return problem(f"this list needs {needed} entries", _allowed(shape, info), found=document.found(place[:-1]))
        purpose = _purpose(info)
        return problem(f"'{last}' is missing{f' ({purpose})' if purpose else ''}", _allowed(shape, info), found=None)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        fields = fields_of(shape_at(model, place[:-1])[0])
        near = nearest_word(last, fields)
        return problem(f"there is no field '{last}' here", ", ".join(fields), near, found=last)
    if is_key and kind == "literal_error":
        words = re.findall(r"'((?:[^'\\]|\\.)*)'", str(context.get("expected", "")))
        return problem(f"there is no entry '{last}' here", ", ".join(words), nearest_word(last, words), found=last)
    if is_key:
        message = "this name cannot be used"
        return problem(message, _allowed_text(kind, context), as_name(last), found=last)
    if kind == "literal_error":
        words = re.findall(r"'((?:[^'\\]|\\.)*)'", str(context.get("expected", "")))
        near = nearest_word(str(detail["input"]), words)
        message = "this word is not one of those allowed" if isinstance(detail["input"], str) else "a word belongs here"
        return problem(message, ", ".join(words), near)
    if kind in ("string_pattern_mismatch", "string_too_long", "string_too_short"):
        is_name = context.get("pattern") == _NAME_PATTERN or kind != "string_pattern_mismatch"
        near = as_name(str(detail["input"])) if is_name else _as_code(str(detail["input"]))
        return problem("this is not written as it must be", _allowed_text(kind, context), near)
    if kind == "value_error" or _plain(shape) is Duration:
        return problem("this is not a length of time", _DURATION_FORM, _as_duration(detail["input"]))
    if detail["input"] is None:
        message = f"'{last}' is left empty" if place else "the file is empty"
        return problem(message, f"{_allowed(shape, info)}, or leave the line out", found="nothing")
    if kind in ("too_short", "tuple_too_short"):
        return problem("too few entries stand here", f"{context.get('min_length', 1)} or more entries")
    if kind in ("too_long", "tuple_too_long"):
        return problem("too many entries stand here", f"{context.get('max_length')} entries")
    if kind.startswith(("greater_than", "less_than", "finite_number")):
        return problem("this number is out of range", _allowed(shape, info))
    near = _nearest_of_type(shape, detail["input"], written)
    return problem(f"{_wanted(shape)} belongs here", _allowed(shape, info), near)


def shape_at(model: type[Definition], place: Sequence[str | int]) -> tuple[Any, FieldInfo | None]:
    """Return the annotated type at `place` in `model`, and its field when `place` ends at one."""
    shape: Any = model
    info: FieldInfo | None = None
    for step in place:
        shape, origin = _plain(shape), get_origin(_plain(shape))
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
    shape = _plain(shape)
    return tuple(shape.model_fields) if isinstance(shape, type) and issubclass(shape, Definition) else ()


def _plain(shape: Any) -> Any:
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


def _wanted(shape: Any) -> str:
    """Name the kind of value a type stands for, with its article."""
    shape = _plain(shape)
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


def _allowed(shape: Any, info: FieldInfo | None) -> str:
    """Describe all that may stand where a type is wanted."""
    bare = _plain(shape)
    if bare is Text:
        return "text, or text by language as in {en: Hope, da: Håb}"
    if bare is Duration:
        return _DURATION_FORM
    if bare is date:
        return "a date as year-month-day, such as 2011-02-28"
    if bare is str:
        patterns = [getattr(limit, "pattern", None) for limit in _limits(shape, info)]
        return next((_PATTERNS[pattern] for pattern in patterns if pattern in _PATTERNS), "text, in quotes if need be")
    origin = get_origin(bare)
    if origin is Literal:
        return ", ".join(str(word) for word in get_args(bare))
    if origin is tuple:
        return f"a list, as in [one, two], each entry {_wanted(get_args(bare)[0])}"
    if origin in (dict, Mapping):
        inner = get_args(bare)[1]
        return f"entries 'name: ...', each holding {_wanted(inner)}"
    if fields := fields_of(bare):
        return f"the fields {', '.join(fields)}"
    limits = _range(shape, info)
    return f"{_wanted(bare)}{f', {limits}' if limits else ''}"


def _allowed_text(kind: str, context: dict[str, Any]) -> str:
    if kind == "string_too_long":
        return f"at most {context['max_length']} characters"
    if kind == "string_too_short":
        return (
            "text that is not empty" if context["min_length"] == 1 else f"at least {context['min_length']} characters"
        )
    pattern = str(context.get("pattern", ""))
    return _PATTERNS.get(pattern, "text")


def _purpose(info: FieldInfo | None) -> str:
    """Return the first sentence of a field's description, without its full stop."""
    if info is None or not info.description:
        return ""
    words = " ".join(info.description.split())
    sentence = re.split(r"(?<=[^.])\.(?:\s|$)", words, maxsplit=1)[0].replace("`", "'")
    return sentence[:1].lower() + sentence[1:] if not sentence[:2].isupper() else sentence


def as_name(word: str) -> str | None:
    """Return `word` as an identifier (`GAF F` to `gaf-f`), or None when nothing of it would be left."""
    plain = re.sub(r"[^a-z0-9]+", "-", word.lower().translate(_LETTERS))
    plain = plain.strip("-")
    plain = re.sub(r"^[0-9-]+", "", plain)[:40].rstrip("-")
    return plain if plain and plain != word else None


def _as_code(word: str) -> str | None:
    return word.strip().upper() if re.fullmatch(r"\s*[A-Za-z]{2}\s*", word) else None


def _as_duration(value: Any) -> str | None:
    """Guess what length of time was meant: `9 mths` is `9 months`, `9` in months perhaps."""
    words = re.fullmatch(r"\s*([+-]?)\s*(\d+(?:[.,]\d+)?)\s*([A-Za-z]*)\.?\s*", str(value))
    if words is None or isinstance(value, bool):
        return None
    sign, number, unit = words.groups()
    known = {unit_name[:length]: unit_name for unit_name in _LENGTH_UNITS for length in range(1, len(unit_name) + 1)}
    short = {"mths": "months", "mth": "months", "mdr": "months", "wks": "weeks", "wk": "weeks", "yrs": "years"}
    meant = short.get(unit.lower()) or known.get(unit.lower()) or nearest_word(unit, _LENGTH_UNITS)
    if not unit:
        meant = "days" if float(number.replace(",", ".")) == 0 else "months"
    if meant is None:
        return None
    amount = number.replace(",", ".")
    return f"{'-' if sign == '-' else ''}{amount} {meant.removesuffix('s') if amount == '1' else meant}"


def _nearest_of_type(shape: Any, value: Any, written: str | None) -> str | None:
    """Return what was probably meant when a value has the wrong type."""
    bare = _plain(shape)
    if bare is bool:
        words = {"yes": "true", "no": "false", "on": "true", "off": "false", "1": "true", "0": "false"}
        return words.get(str(value).lower()) or nearest_word(str(value), ("true", "false"))
    if bare is int and isinstance(value, float) and value.is_integer():
        return str(int(value))
    if bare in (int, float) and isinstance(value, str):
        number = value.strip().replace(",", ".")
        if re.fullmatch(r"[+-]?\d+", number) or (bare is float and re.fullmatch(r"[+-]?\d*\.?\d+", number)):
            return number
        return None
    if bare in (str, Text) and isinstance(value, (bool, int, float, date)) and written is not None:
        return f'"{written}"'
    if bare is date and isinstance(value, str):
        parts = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", value.strip())
        if parts:
            day, month, year = (int(part) for part in parts.groups())
            day, month = (month, day) if month > 12 >= day else (day, month)
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None
