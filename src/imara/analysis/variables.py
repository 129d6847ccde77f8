"""Turning the columns of any dataframe into the numbers and factors of a model."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray


class ModelInputError(ValueError):
    """A formula, a column or an option that cannot be used, said so that it can be mended."""


@dataclass(frozen=True)
class Variables:
    """What a model of repeated measures uses of a dataframe: complete rows only."""

    frame: pd.DataFrame
    """The formula's columns: floats, and categorical columns without unused levels."""
    subjects: NDArray[np.int64]
    """(rows,) subject codes 0..n-1 in order of appearance."""
    visits: pd.Categorical[Any]
    """(rows,) visits, without unused levels."""
    n_dropped: int
    """Rows left out because a value was missing."""


def from_any_frame(data: Any) -> nw.DataFrame[Any]:
    """Accept pandas, Polars or any dataframe that narwhals knows."""
    try:
        return nw.from_native(data, eager_only=True)
    except TypeError as error:
        raise ModelInputError(f"data must be a dataframe (pandas or Polars), not {type(data).__name__}") from error


def factor_levels(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return the levels of each categorical column, in order."""
    return {
        str(name): [str(level) for level in frame[name].cat.categories]
        for name in frame.columns
        if isinstance(frame[name].dtype, pd.CategoricalDtype)
    }


def model_variables(data: Any, names: Iterable[str], *, subject: str, visit: str) -> Variables:
    """Read columns `names` of a dataframe, and who was seen when; drop rows where any of it is missing.

    Text and Boolean columns become categorical, and so does `visit` whatever its type. Levels stand in the order of the
    column's own categories (Enum, Categorical), else sorted. Levels that no complete row has are dropped.

    Raises:
        ModelInputError: A column does not exist or cannot be used, no row is complete, or a subject has a visit twice.
    """
    frame = from_any_frame(data)
    names = list(dict.fromkeys(names))
    unknown = [name for name in dict.fromkeys((*names, subject, visit)) if name not in frame.columns]
    if unknown:
        raise ModelInputError(
            f"the data have no column {', '.join(repr(name) for name in unknown)}; "
            f"there are {', '.join(repr(name) for name in frame.columns)}"
        )
    columns = {name: _column(frame[name], name) for name in names}
    subjects = pd.factorize(frame[subject].to_numpy())[0]
    visits = _column(frame[visit], visit, as_factor=True)
    kept = (subjects >= 0) & (visits.codes >= 0)
    for values in columns.values():
        kept &= ~np.asarray(pd.isna(values))
    if not kept.any():
        raise ModelInputError("no row of the data has all of the values that the model needs")
    codes, _ = pd.factorize(subjects[kept])
    seen = visits[kept].remove_unused_categories()
    _check_duplicates(codes, seen, frame[subject].to_numpy()[kept], subject, visit)
    complete = {name: _complete(values, kept) for name, values in columns.items()}
    return Variables(pd.DataFrame(complete), codes.astype(np.int64), seen, int(kept.size - kept.sum()))


def _complete(values: Any, kept: NDArray[np.bool_]) -> Any:
    part = values[kept]
    return part.remove_unused_categories() if isinstance(part, pd.Categorical) else part


def _check_duplicates(
    codes: NDArray[np.int64], visits: pd.Categorical[Any], names: NDArray[Any], subject: str, visit: str
) -> None:
    cells = codes * len(visits.categories) + visits.codes
    first = pd.Series(cells).duplicated().to_numpy()
    if first.any():
        at = int(np.argmax(first))
        raise ModelInputError(
            f"{int(first.sum())} rows repeat a {subject} and {visit} that stand above: "
            f"first {subject} {names[at]} at {visits[at]}"
        )


def _column(series: nw.Series[Any], name: str, *, as_factor: bool = False) -> Any:
    """Return floats with NaN for missing, or a pandas Categorical."""
    dtype = series.dtype
    if dtype.is_numeric() and not as_factor:
        values = series.cast(nw.Float64).to_numpy().astype(float)
        if np.isinf(values).any():
            raise ModelInputError(f"column {name!r} has infinite values")
        return values
    if isinstance(dtype, (nw.Enum, nw.Categorical)):
        levels = [str(level) for level in series.cat.get_categories().to_list()]
        texts = series.cast(nw.String)
    elif dtype.is_numeric():
        numbers = sorted({float(v) for v in series.drop_nulls().unique().to_list() if not math.isnan(v)})
        labels = [f"{number:.15g}" for number in numbers]
        codes = pd.Categorical(series.cast(nw.Float64).to_numpy(), categories=numbers).codes
        return _categorical(codes, labels)
    elif dtype == nw.Boolean:
        truth = series.cast(nw.Float64).to_numpy()
        return _categorical(np.where(np.isnan(truth), -1.0, truth), ["False", "True"])
    elif dtype in (nw.String, nw.Object):
        texts = series.cast(nw.String)
        levels = sorted(str(level) for level in texts.drop_nulls().unique().to_list())
    else:
        raise ModelInputError(f"column {name!r} has type {dtype}, which a model cannot use")
    codes = texts.replace_strict(levels, list(range(len(levels))), return_dtype=nw.Float64).to_numpy()
    return _categorical(np.where(np.isnan(codes), -1.0, codes), levels)


def _categorical(codes: NDArray[Any], levels: list[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes.astype(np.int64), dtype=pd.CategoricalDtype(levels))
