"""Definitions made up by Hypothesis from the models themselves, so that new fields are covered as they come."""

from __future__ import annotations

import types
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.study import Study
from imara.study.vocabulary import Definition, Duration, Text

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
# Everything a person may type or paste: letters of any script, quotes, colons, hashes, line breaks.
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n"), max_size=30)
AWKWARD = st.sampled_from(["yes", "no", "true", "null", "~", "1.10", "007", "2011-02-28", "1e3", "a: b", "- x", "#"])


def values_of(shape: Any, metadata: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """Return a strategy for values of an annotated type, within its limits."""
    origin = get_origin(shape)
    if origin is Annotated:
        inner, *extra = get_args(shape)
        return values_of(inner, (*extra, *metadata))
    limits = {}
    for limit in [one for part in metadata for one in (part.metadata if isinstance(part, FieldInfo) else [part])]:
        limits |= {key: getattr(limit, key) for key in _LIMITS if getattr(limit, key, None) is not None}
    if origin in (Union, types.UnionType):
        [inner] = [part for part in get_args(shape) if part is not type(None)]
        return st.none() | values_of(inner, metadata)
    if origin is Literal:
        return st.sampled_from(get_args(shape))
    if origin is tuple:
        parts = get_args(shape)
        if Ellipsis not in parts:
            return st.tuples(*(values_of(part) for part in parts))
        return st.lists(values_of(parts[0]), min_size=limits.get("min_length", 0), max_size=3).map(tuple)
    if origin is dict:
        key, value = get_args(shape)
        return st.dictionaries(values_of(key), values_of(value), min_size=limits.get("min_length", 0), max_size=3)
    return _SIMPLE[shape](limits) if shape in _SIMPLE else definitions(shape)


_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")


def _numbers(limits: dict[str, Any]) -> st.SearchStrategy[float]:
    low, high = limits.get("ge", limits.get("gt")), limits.get("le", limits.get("lt"))
    return st.floats(
        low, high, exclude_min="gt" in limits, exclude_max="lt" in limits, allow_nan=False, allow_infinity=False
    )


def _texts(limits: dict[str, Any]) -> st.SearchStrategy[str]:
    if limits.get("pattern") == r"^[A-Z]{2}$":
        return st.sampled_from(["DK", "NO", "SE"])
    if "pattern" in limits:
        return NAMES
    return (WORDS | AWKWARD).filter(lambda words: len(words) >= limits.get("min_length", 0))


_SIMPLE: dict[Any, Any] = {
    bool: lambda limits: st.booleans(),
    int: lambda limits: st.integers(limits.get("ge", -5), 1000),
    float: _numbers,
    str: _texts,
    date: lambda limits: st.dates(),
    Text: lambda limits: st.builds(Text, en=WORDS.filter(bool) | AWKWARD, da=st.none() | WORDS),
    Duration: lambda limits: st.builds(
        Duration,
        amount=st.floats(-1e9, 1e9) | st.integers(-500, 500).map(float),
        unit=st.sampled_from(["day", "week", "month", "year"]),
    ),
}


def definitions(model: type[Definition]) -> st.SearchStrategy[Definition]:
    """Return a strategy for whole definitions; each optional field is given or left out."""
    required, optional = {}, {}
    for name, field in model.model_fields.items():
        into = required if field.is_required() else optional
        into[name] = values_of(field.annotation, tuple(field.metadata))
    return st.fixed_dictionaries(required, optional=optional).map(lambda given: model(**given))


@pytest.fixture(scope="session")
def studies() -> st.SearchStrategy[Definition]:
    return definitions(Study)


@pytest.fixture(scope="session")
def instruments() -> st.SearchStrategy[Definition]:
    return definitions(Instrument)


@pytest.fixture(scope="session")
def programmes() -> st.SearchStrategy[Definition]:
    return definitions(Programme)
