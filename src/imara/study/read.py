"""Reading a definition file: YAML to a frozen model, with every problem of the file in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from imara.study.document import Document, Place, read_document
from imara.study.explain import explain
from imara.study.problems import InputError, Problem
from imara.study.vocabulary import Definition

D = TypeVar("D", bound=Definition)


@dataclass(frozen=True)
class Reading(Generic[D]):
    """What came of reading one definition file."""

    document: Document
    """The file with its places."""
    definition: D | None
    """The definition; without its faulty parts when `whole` is False; None when too little is left."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the file taken by itself."""

    @property
    def whole(self) -> bool:
        """Whether the definition is all that the file says."""
        return self.definition is not None and not self.problems


def read_definition(path: Path, model: type[D], file: str) -> Reading[D]:
    """Read a definition file and collect all that is wrong with its fields.

    Args:
        path: Where the file is.
        model: `Study`, `Instrument` or `Programme`.
        file: How the person named the file, for messages.

    Raises:
        InputError: When the file is not readable YAML at all.
    """
    document = read_document(path, file)
    values: Any = document.values
    problems = list(document.problems)
    try:
        return Reading(document, _validated(model, values), tuple(problems))
    except ValidationError as error:
        problems += explain(error, model, document)
        faulty = error
    # References are checked on what remains, so that the author sees misspelt names in the same go.
    for _ in range(8):
        values = _without(values, faulty)
        try:
            return Reading(document, _validated(model, values), tuple(problems))
        except ValidationError as error:
            faulty = error
    return Reading(document, None, tuple(problems))


def load_definition(path: Path, model: type[D], file: str) -> D:
    """Read one definition file by itself; raise InputError with all that is wrong with it."""
    reading = read_definition(path, model, file)
    if reading.definition is None or not reading.whole:
        raise InputError(reading.problems)
    return reading.definition


def _validated(model: type[D], values: Any) -> D:
    # Strict, so that `true` is never taken for 1 nor "3" for 3; lists become tuples, as strict models want them.
    return model.model_validate(_with_tuples(values), strict=True)


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_with_tuples(inner) for inner in value)
    return value


def _without(values: Any, error: ValidationError) -> Any:
    """Return a copy of `values` without the parts that `error` complains about."""
    places: set[Place] = set()
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = tuple(step for step in detail["loc"] if step != "[key]")
        places.add(place[:-1] if detail["type"] == "missing" else place)
    return _pruned(values, (), _existing(values, places))


def _existing(values: Any, places: Iterable[Place]) -> set[Place]:
    found: set[Place] = set()
    for place in places:
        value, reached = values, 0
        for step in place:
            if isinstance(value, dict) and step in value:
                value = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                break
            reached += 1
        whole_list = reached and isinstance(place[reached - 1], int) and isinstance(value, dict)
        # Taking one entry out of a list would move the others away from their lines, so the list goes as a whole.
        found.add(place[: reached - 1] if whole_list else place[:reached])
    return found


def _pruned(value: Any, here: Place, places: set[Place]) -> Any:
    if isinstance(value, dict):
        inside = {key: (*here, key) for key in value}
        return {key: _pruned(value[key], place, places) for key, place in inside.items() if place not in places}
    if isinstance(value, list):
        return [
            _pruned(inner, (*here, index), places) for index, inner in enumerate(value) if (*here, index) not in places
        ]
    return value
