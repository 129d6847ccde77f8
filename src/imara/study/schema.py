"""JSON Schema of studies, instruments and programmes, with which editors complete and explain fields."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.study import Study
from imara.study.vocabulary import Definition

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, type[Definition]] = {"study": Study, "instrument": Instrument, "programme": Programme}
"""Kind of definition to its model."""


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of definition: study, instrument or programme.

    The schema says which fields there are and what each may hold, plain-string forms of texts and lengths of time
    included. Whether the parts fit together only `imara check` knows.

    Raises:
        KeyError: When there is no such kind.
    """
    schema = MODELS[kind].model_json_schema(mode="validation", schema_generator=_Strict)
    return {"$schema": DIALECT, **schema, "title": f"{kind}.yaml"}


class _Strict(GenerateJsonSchema):
    """Like pydantic's own, without titles made from field names, and with names held to their pattern."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say no to every field: editors would show such a title in place of the description."""
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Refuse entries whose name does not match the pattern of names."""
        named = super().dict_schema(schema)
        return {**named, "additionalProperties": False} if "patternProperties" in named else named
