"""The schema that editors use accepts what we accept, refuses broken fields, and explains every field."""

from __future__ import annotations

import copy
import math
import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from imara.study.instrument import Instrument
from imara.study.library import CONTENT
from imara.study.schema import DIALECT, MODELS, schema_of
from imara.study.write import dump

FILES = sorted(CONTENT.glob("*/*/*.yaml"))
TYPES = {
    "object": dict,
    "array": list,
    "string": (str, date),
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def refused(value, schema, root, place="") -> list[str]:
    """Return the places at which a value breaks a schema, by the words of JSON Schema that our schemas use."""
    schema = {**root["$defs"][schema["$ref"].rsplit("/", 1)[1]], **schema} if "$ref" in schema else schema
    if "anyOf" in schema and all(refused(value, part, root, place) for part in schema["anyOf"]):
        return [place]
    broken = []
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return [place]
    if "enum" in schema and value not in schema["enum"]:
        broken.append(place)
    if "const" in schema and value != schema["const"]:
        broken.append(place)
    if isinstance(value, str):
        fits = re.search(schema.get("pattern", ""), value)
        if not fits or not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
            broken.append(place)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        above = value >= schema.get("minimum", value) and value > schema.get("exclusiveMinimum", -math.inf)
        below = value <= schema.get("maximum", value) and value < schema.get("exclusiveMaximum", math.inf)
        broken += [] if above and below else [place]
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
            broken.append(place)
        for index, inner in enumerate(value):
            parts = schema.get("prefixItems", [])
            part = parts[index] if index < len(parts) else schema.get("items", {})
            broken += refused(inner, part, root, f"{place}[{index}]")
    if isinstance(value, dict):
        broken += [f"{place}.{name}" for name in schema.get("required", ()) if name not in value]
        broken += [place] if len(value) < schema.get("minProperties", 0) else []
        for name, inner in value.items():
            broken += _refused_entry(str(name), inner, schema, root, f"{place}.{name}")
    return broken


def _refused_entry(name, value, schema, root, place):
    if refused(name, schema.get("propertyNames", {}), root, place):
        return [place]
    if name in schema.get("properties", {}):
        return refused(value, schema["properties"][name], root, place)
    for pattern, part in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return refused(value, part, root, place)
    rest = schema.get("additionalProperties", True)
    return [] if rest is True else [place] if rest is False else refused(value, rest, root, place)


def load(path):
    return YAML(typ="safe", pure=True).load(path)


@pytest.mark.parametrize("path", FILES, ids=[path.parent.name for path in FILES])
def test_it_accepts_everything_packaged(path):
    schema = schema_of(path.stem)

    assert refused(load(path), schema, schema) == []


def test_it_accepts_every_instrument_that_the_model_accepts(instruments):
    schema = schema_of("instrument")

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(instruments)
    def accepts(definition: Instrument):
        assert refused(YAML(typ="safe", pure=True).load(dump(definition)), schema, schema) == []

    accepts()


STUDY = CONTENT / "studies" / "beat-the-blues" / "study.yaml"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("tarqet",), 40),
        (("phase",), "runing"),
        (("title",), 5),
        (("visits",), {}),
        (("visits", "month-2", "at"), "2 mths"),
        (("visits", "month-2", "at"), 2),
        (("visits", "Month 2"), {"at": "2 months"}),
        (("forms", "bdi", "by"), "patient"),
        (("arms", "tau", "reference"), "yes"),
        (("outcomes", "depression", "smallest_effect"), 0),
        (("outcomes", "depression", "family"), None),
        (("analyses", "primary", "outcomes"), []),
        (("analyses", "primary", "confidence"), 1),
        (("characteristics", "drug", "kind"), "yes/no"),
    ],
)
def test_it_refuses_a_broken_field(place, value):
    schema = schema_of("study")
    values = copy.deepcopy(load(STUDY))
    inner = values
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value

    [broken] = refused(values, schema, schema)
    assert broken.startswith("." + ".".join(place))


@pytest.mark.parametrize("kind", MODELS)
def test_it_explains_every_field(kind):
    schema = schema_of(kind)

    assert schema["$schema"] == DIALECT
    for name, part in {kind: schema, **schema["$defs"]}.items():
        fields = part.get("properties") or part.get("anyOf", [{}, {}])[1].get("properties", {})
        assert fields, name
        assert part["description"], name
        for field, inner in fields.items():
            assert inner.get("description"), f"{name}.{field}"
