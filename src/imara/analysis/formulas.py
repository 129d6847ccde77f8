"""Model formulas in R's notation, read by formulaic, for columns named as R and our studies name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from formulaic import Formula
from formulaic.errors import FormulaicError
from numpy.typing import NDArray

from imara.analysis.variables import ModelInputError

_DOT = "\ua78f"
"""A letter that looks like a dot: to formulaic `bdi.pre` would be an attribute, with this letter it is a name."""


@dataclass(frozen=True)
class Design:
    """How rows of predictors become rows of the design matrix."""

    spec: Any
    names: tuple[str, ...]
    """Names of the columns, which are those of the coefficients."""

    def rows(self, predictors: pd.DataFrame) -> NDArray[np.float64]:
        """Return the design's rows (n, q) for rows of predictors."""
        return np.asarray(self.spec.get_model_matrix(_encoded(predictors)), dtype=float)


@dataclass(frozen=True)
class ModelFormula:
    """`outcome ~ predictors`."""

    text: str
    parsed: Any
    outcome: tuple[str, ...]
    """Columns of the data on the left."""
    predictors: tuple[str, ...]
    """Columns of the data on the right."""

    def matrices(self, frame: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64], Design]:
        """Return outcome (n,), design matrix (n, q), and the design, for complete rows of the columns."""
        try:
            made = self.parsed.get_model_matrix(_encoded(frame), output="numpy", na_action="raise")
        except (FormulaicError, ValueError, TypeError) as error:
            raise ModelInputError(f"the formula {self.text!r} cannot be computed from the data: {error}") from error
        y = np.asarray(made.lhs, dtype=float)
        if y.shape[1] != 1:
            raise ModelInputError(f"the formula {self.text!r} must have one outcome")
        spec = made.rhs.model_spec
        return (
            y[:, 0],
            np.asarray(made.rhs, dtype=float),
            Design(spec, tuple(_decode(str(name)) for name in spec.column_names)),
        )


def read_formula(text: str, columns: Sequence[str]) -> ModelFormula:
    """Read a formula over the columns of some data.

    Raises:
        ModelInputError: It cannot be read, or has no outcome.
    """
    encoded = text
    for column in sorted((name for name in columns if "." in name), key=len, reverse=True):
        encoded = re.sub(rf"(?<![\w.]){re.escape(column)}(?![\w.(])", _encode(column), encoded)
    try:
        parsed = Formula(encoded)
    except FormulaicError as error:
        raise ModelInputError(f"the formula {text!r} cannot be read: {error}") from error
    if not hasattr(parsed, "lhs"):
        raise ModelInputError(f"the formula {text!r} has no outcome: write 'outcome ~ predictors'")
    return ModelFormula(
        text=text,
        parsed=parsed,
        outcome=tuple(sorted(_decode(str(name)) for name in parsed.lhs.required_variables)),
        predictors=tuple(sorted(_decode(str(name)) for name in parsed.rhs.required_variables)),
    )


def _encode(name: str) -> str:
    return name.replace(".", _DOT)


def _decode(name: str) -> str:
    return name.replace(_DOT, ".")


def _encoded(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={str(name): _encode(str(name)) for name in frame.columns})
