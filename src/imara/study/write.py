"""Writing a definition as YAML that reads back as the same definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from imara.study.vocabulary import Definition, Duration, Text


def dump(definition: Definition) -> str:
    """Return a definition as YAML, in the short forms people write and without fields left at their default."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # annotated as None in ruamel.yaml
    yaml.width = 110
    out = StringIO()
    yaml.dump(_plain(definition), out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        words = value.model_dump(exclude_none=True)
        return words["en"] if set(words) == {"en"} else words
    if isinstance(value, Duration):
        return _duration(value)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        given = {name: getattr(value, name) for name in fields}
        return {
            name: _plain(inner)
            for name, inner in given.items()
            if fields[name].is_required() or inner != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, (bool, int, float, str, date)) else str(value)


def _duration(value: Duration) -> Any:
    # Amounts that only scientific notation can write keep their two fields.
    try:
        same = Duration.parse(str(value)) == value
    except ValueError:
        same = False
    return str(value) if same else {"amount": value.amount, "unit": value.unit}
