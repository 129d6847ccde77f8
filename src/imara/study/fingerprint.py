"""The version of a study: a hash of what its definition means, whatever the file looks like."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.study import Study
from imara.study.vocabulary import InOrder, Text


def fingerprint(study: Study, instruments: Mapping[str, Instrument], programmes: Mapping[str, Programme]) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical form of a study and all it refers to."""
    whole = {"study": study, "instruments": dict(instruments), "programmes": dict(programmes)}
    words = json.dumps(canonical(whole), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


def canonical(value: Any) -> Any:
    """Return a definition as plain JSON values that depend on its meaning only.

    Fields left at their default are left out, so that a definition keeps its version when a later release of Imara
    adds a field. Whole numbers lose their decimal point; text is normalised (Unicode NFC), and texts for people also
    lose the line breaks of the file. Entries whose order has a meaning (`InOrder`) become a list of pairs.
    """
    if isinstance(value, Text):
        words = {language: " ".join(text.split()) for language, text in value.model_dump(exclude_none=True).items()}
        return canonical(words)
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        given = {name: getattr(value, name) for name in fields}
        return {
            name: canonical(list(inner.items()) if _in_order(fields[name].metadata) else inner)
            for name, inner in given.items()
            if fields[name].is_required() or inner != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): canonical(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [canonical(inner) for inner in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _in_order(metadata: list[Any]) -> bool:
    return any(isinstance(mark, InOrder) for mark in metadata)
