"""The small types every part of a definition is written with: identifiers, texts, durations, models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Language = Literal["en", "da"]

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
"""A short name used to refer to something: lower-case letters, digits and single hyphens (`gaf-f`)."""

LevelName = Annotated[str, StringConstraints(min_length=1, max_length=80)]
"""A level of a category as it stands in data files: any text, `>6m` included."""


class Definition(BaseModel):
    """Base of every part of a definition: frozen, and strict about unknown fields."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


class Text(Definition):
    """Words for people, in one or more languages. A plain string in a file is English."""

    en: str = Field(min_length=1)
    """English."""
    da: str | None = None
    """Danish; English is shown where it is missing."""

    @model_validator(mode="before")
    @classmethod
    def _accept_plain_string(cls, value: Any) -> Any:
        return {"en": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return _or_words(handler(schema), handler, {"type": "string"})

    def to(self, language: Language) -> str:
        """Return the words in `language`, or in English where there are none."""
        return (self.da or self.en) if language == "da" else self.en

    def __str__(self) -> str:
        return self.en


_DURATION = re.compile(r"^([+-]?)\s*(\d+(?:\.\d+)?)\s*(days?|weeks?|months?|years?)$")
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


class Duration(Definition):
    """A signed length of time in the unit the protocol uses, written `9 months` or `-4 weeks`."""

    amount: float
    """How many; negative for a time before."""
    unit: Literal["day", "week", "month", "year"]
    """Of what."""

    @property
    def days(self) -> float:
        """The length in days; a month counts as a twelfth of 365.25 days."""
        return self.amount * _DAYS[self.unit]

    @classmethod
    def parse(cls, words: str) -> Self:
        """Read `9 months`, `-4 weeks` or `+8 weeks`; raise ValueError when it is not of that form."""
        match = _DURATION.match(words.strip())
        if match is None:
            raise ValueError("a length of time is a number and a unit, as in '9 months' or '-4 weeks'")
        sign, number, unit = match.groups()
        return cls(amount=float(number) * (-1.0 if sign == "-" else 1.0), unit=unit.rstrip("s"))

    @model_validator(mode="before")
    @classmethod
    def _accept_words(cls, value: Any) -> Any:
        if isinstance(value, str):
            parsed = cls.parse(value)
            return {"amount": parsed.amount, "unit": parsed.unit}
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return _or_words(handler(schema), handler, {"type": "string", "pattern": _DURATION.pattern})

    def __str__(self) -> str:
        amount = str(int(self.amount)) if self.amount.is_integer() else repr(self.amount)
        return f"{amount} {self.unit}{'' if abs(self.amount) == 1 else 's'}"


def _or_words(schema: JsonSchemaValue, handler: GetJsonSchemaHandler, words: JsonSchemaValue) -> JsonSchemaValue:
    """Let a JSON Schema accept a plain string in place of a set of fields."""
    whole = handler.resolve_ref_schema(schema)
    fields = {key: whole.pop(key) for key in tuple(whole) if key not in ("title", "description")}
    whole["anyOf"] = [words, fields]
    return schema


class _OneOrMore:
    """Marks a list that may be written as a single value when it has one entry."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        listed = handler(schema)
        return {"anyOf": [listed["items"], listed]} if "items" in listed else listed

    @staticmethod
    def _listed(value: Any) -> Any:
        return value if isinstance(value, (list, tuple)) else (value,)


OneOrMore = _OneOrMore()
"""Let a file write a single value where a list is meant."""


@dataclass(frozen=True)
class InOrder:
    """Marks named entries whose order in the file has a meaning, so that it belongs to the study's version."""
