"""From a validator's complaint to a sentence an author understands, with the place and a way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from imara.study.document import Document, Place
from imara.study.guess import as_code, as_duration, as_list, as_name, as_share, nearest_of_type
from imara.study.problems import Problem, nearest_word
from imara.study.shape import (
    DURATION_FORM,
    NAME_PATTERN,
    PATTERNS,
    allowed,
    fields_of,
    plain,
    purpose,
    range_of,
    shape_at,
    wanted,
)
from imara.study.synonyms import meant
from imara.study.vocabulary import Definition, Duration


def explain(error: ValidationError, model: type[Definition], document: Document) -> list[Problem]:
    """Return one problem for each complaint in `error`, in the order of the file's lines."""
    complaints = [_Complaint.of(detail, model, document) for detail in error.errors(include_url=False)]
    # A list whose entries are wrong is also said to be too short, since none of them counts.
    wrong = {complaint.place for complaint in complaints if complaint.kind != "too_short"}
    problems = [_answer(one) for one in complaints if one.kind != "too_short" or one.place not in wrong]
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0)


@dataclass(frozen=True)
class _Complaint:
    """What a validator found, with all that is known about the place."""

    kind: str
    place: Place
    shape: Any
    info: FieldInfo | None
    value: Any
    context: dict[str, Any]
    is_key: bool
    model: type[Definition]
    document: Document

    @classmethod
    def of(cls, detail: ErrorDetails, model: type[Definition], document: Document) -> _Complaint:
        place: Place = tuple(step for step in detail["loc"] if step != "[key]")
        shape, info = shape_at(model, place)
        while detail["type"] != "missing" and place and place not in document.lines:
            place = place[:-1]  # a plain text has no `en` in the file, a single value no position in a list
        is_key = "[key]" in detail["loc"]
        context = detail.get("ctx", {})
        return cls(detail["type"], place, shape, info, detail["input"], context, is_key, model, document)

    @property
    def last(self) -> str:
        return str(self.place[-1]) if self.place else ""

    @property
    def around(self) -> Any:
        """The type that holds the place."""
        return shape_at(self.model, self.place[:-1])[0]

    def problem(self, message: str, may_stand: str | None, nearest: str | None = None) -> Problem:
        return self.problem_with(self.document.found(self.place), message, may_stand, nearest)

    def problem_with(
        self, found: str | None, message: str, may_stand: str | None, nearest: str | None = None
    ) -> Problem:
        line, path = self.document.line(self.place), self.document.path(self.place) or None
        return Problem(self.document.file, message, line, path, found, may_stand, nearest)


def _answer(complaint: _Complaint) -> Problem:
    for applies, answer in _ANSWERS:
        if applies(complaint):
            return answer(complaint)
    message = f"{wanted(complaint.shape)} belongs here"
    written = complaint.document.found(complaint.place)
    near = nearest_of_type(complaint.shape, complaint.value, written)
    near = near or as_share(complaint.value, range_of(complaint.shape, complaint.info))
    return complaint.problem(message, allowed(complaint.shape, complaint.info), near)


def _missing(complaint: _Complaint) -> Problem:
    may_stand = allowed(complaint.shape, complaint.info)
    if complaint.place and isinstance(complaint.place[-1], int):
        needed = len([part for part in get_args(plain(complaint.around)) if part is not Ellipsis])
        found = complaint.document.found(complaint.place[:-1])
        return complaint.problem_with(found, f"this list needs {needed} entries", may_stand)
    what_for = purpose(complaint.info)
    message = f"'{complaint.last}' is missing{f' ({what_for})' if what_for else ''}"
    return complaint.problem_with(None, message, may_stand)


def _unknown_field(complaint: _Complaint) -> Problem:
    fields = fields_of(complaint.around)
    message = f"there is no field '{complaint.last}' here"
    near = nearest_word(complaint.last, fields)
    if near is None and (words := _torn_words(complaint)) is not None:
        message += "; a comma inside { } starts a new field, so put the words in quotes"
        near = words
    return complaint.problem_with(complaint.last, message, ", ".join(fields), near)


def _torn_words(complaint: _Complaint) -> str | None:
    """Return the text in quotes that a comma inside { } tore apart, if that is where a field came from."""
    around = complaint.place[:-1]
    fields = complaint.document.values_at(around)
    if around not in complaint.document.inline or not isinstance(fields, dict):
        return None
    whole: dict[str, list[str]] = {}
    for name, value in fields.items():
        # Only what has no value of its own can be the rest of the text before it.
        if value is not None:
            whole[name] = [str(value)]
        elif whole:
            whole[list(whole)[-1]].append(name)
    torn = (f'{name}: "{", ".join(parts)}"' for name, parts in whole.items() if complaint.last in parts[1:])
    return next(torn, None)


def _wrong_key(complaint: _Complaint) -> Problem:
    if complaint.kind == "literal_error":
        words = _words(complaint)
        message = f"there is no entry '{complaint.last}' here"
        return complaint.problem_with(complaint.last, message, ", ".join(words), nearest_word(complaint.last, words))
    may_stand = _form(complaint)
    return complaint.problem_with(complaint.last, "this name cannot be used", may_stand, as_name(complaint.last))


def _wrong_word(complaint: _Complaint) -> Problem:
    words = _words(complaint)
    is_word = isinstance(complaint.value, str)
    message = "this word is not one of those allowed" if is_word else "a word belongs here"
    near = meant(str(complaint.value), words) or nearest_word(str(complaint.value), words)
    return complaint.problem(message, ", ".join(words), near)


def _wrong_form(complaint: _Complaint) -> Problem:
    is_code = complaint.context.get("pattern") not in (None, NAME_PATTERN)
    near = as_code(str(complaint.value)) if is_code else as_name(str(complaint.value))
    if not is_code and (several := as_list(str(complaint.value))) is not None:
        is_list = get_origin(plain(shape_at(complaint.model, complaint.place)[0])) is tuple
        near = several if is_list else None
    return complaint.problem("this is not written as it must be", _form(complaint), near)


def _wrong_duration(complaint: _Complaint) -> Problem:
    return complaint.problem("this is not a length of time", DURATION_FORM, as_duration(complaint.value))


def _left_empty(complaint: _Complaint) -> Problem:
    message = f"'{complaint.last}' is left empty"
    may_stand = f"{allowed(complaint.shape, complaint.info)}, or leave the line out"
    return complaint.problem_with("nothing", message, may_stand)


def _too_few(complaint: _Complaint) -> Problem:
    return complaint.problem("too few entries stand here", f"{complaint.context.get('min_length', 1)} or more entries")


def _too_many(complaint: _Complaint) -> Problem:
    return complaint.problem("too many entries stand here", f"{complaint.context.get('max_length')} entries")


def _out_of_range(complaint: _Complaint) -> Problem:
    near = as_share(complaint.value, range_of(complaint.shape, complaint.info))
    return complaint.problem("this number is out of range", allowed(complaint.shape, complaint.info), near)


def _words(complaint: _Complaint) -> list[str]:
    return re.findall(r"'((?:[^'\\]|\\.)*)'", str(complaint.context.get("expected", "")))


def _form(complaint: _Complaint) -> str:
    """Say in words which form a text must have."""
    limits = complaint.context
    if complaint.kind == "string_too_long":
        return f"at most {limits['max_length']} characters"
    if complaint.kind == "string_too_short":
        return "text that is not empty" if limits["min_length"] == 1 else f"at least {limits['min_length']} characters"
    return PATTERNS.get(str(limits.get("pattern", "")), "text")


def _of(*kinds: str) -> Callable[[_Complaint], bool]:
    return lambda complaint: complaint.kind in kinds


_ANSWERS: tuple[tuple[Callable[[_Complaint], bool], Callable[[_Complaint], Problem]], ...] = (
    (_of("missing"), _missing),
    (_of("extra_forbidden"), _unknown_field),
    (lambda complaint: complaint.is_key, _wrong_key),
    (_of("literal_error"), _wrong_word),
    (_of("string_pattern_mismatch", "string_too_long", "string_too_short"), _wrong_form),
    (lambda complaint: complaint.kind == "value_error" or plain(complaint.shape) is Duration, _wrong_duration),
    (lambda complaint: complaint.value is None, _left_empty),
    (_of("too_short"), _too_few),
    (_of("too_long"), _too_many),
    (lambda complaint: complaint.kind.startswith(("greater_than", "less_than", "finite_number")), _out_of_range),
)
"""The first that applies answers; a value of the wrong type is left over."""
