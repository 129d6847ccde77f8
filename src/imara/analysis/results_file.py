"""`results.json`: a result as text that any program can read, and back."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from imara.analysis.result import Result
from imara.study.problems import InputError, Problem

NAME = "results.json"


def write_results(result: Result, path: Path) -> None:
    """Write a result with full double precision. A number that does not exist is null."""
    path.write_text(to_json(result), encoding="utf-8")


def to_json(result: Result) -> str:
    """Return a result as JSON. Each analysis also has `equivalence`, the first of its `equivalences`."""
    content = asdict(result)
    for entry, found in zip(content["analyses"], result.analyses, strict=True):
        entry["equivalence"] = asdict(found.equivalence) if found.equivalence else None
    return json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_results(path: Path) -> Result:
    """Read what `write_results` wrote.

    Raises:
        InputError: There is no such file, it is not JSON, or it is not a result.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError([Problem(str(path), "there is no such file; `imara analyse` writes it")]) from None
    except UnicodeDecodeError:
        raise InputError([Problem(str(path), "this is not a text file in UTF-8")]) from None
    except json.JSONDecodeError as error:
        raise InputError([Problem(str(path), "this is not JSON", line=error.lineno, found=error.msg)]) from None
    try:
        return TypeAdapter(Result).validate_python(content)
    except ValidationError as error:
        raise InputError(
            Problem(
                str(path),
                f"this is not a result that `imara analyse` wrote: {problem['msg'].lower()}",
                field=".".join(str(step) for step in problem["loc"]),
            )
            for problem in error.errors()
        ) from None


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
