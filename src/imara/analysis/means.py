"""Estimated marginal means and their contrasts: the model's answer at chosen levels, averaged over the others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from imara.analysis.mixed_model import METHODS, MmrmResults
from imara.analysis.tables import LabelledTable
from imara.analysis.variables import ModelInputError, factor_levels
from imara.engine.inference import LinearFunctions, Method, linear_functions

_STATISTICS = ("estimate", "se", "df", "ci_low", "ci_high")
_TESTS = (*_STATISTICS, "t", "p")


class EstimatedMeans(LabelledTable):
    """Means of the outcome by the levels of some factors."""

    def __init__(
        self,
        results: MmrmResults,
        specs: tuple[str, ...],
        by: tuple[str, ...],
        labels: list[dict[str, str]],
        rows: NDArray[np.float64],
        df: Method,
        confidence: float,
    ) -> None:
        self.results = results
        self.specs = specs
        self.by = by
        self.labels = labels
        """Level of each factor for each mean."""
        self.rows = rows
        """(means, q) the linear functions of the coefficients that the means are."""
        self.df_method = df
        self.confidence = confidence
        self.values: LinearFunctions = linear_functions(results.fit, rows, df=df, confidence=confidence)
        columns: dict[str, Sequence[Any]] = {name: [label[name] for label in labels] for name in (*specs, *by)}
        columns |= {name: getattr(self.values, name).tolist() for name in _STATISTICS}
        super().__init__(columns, results.backend, f"Estimated means, {confidence:.0%} intervals, df: {df}")

    def contrasts(
        self, method: Literal["pairwise", "reference"] = "pairwise", *, reference: str | None = None
    ) -> Contrasts:
        """Return differences between means within each combination of the `by` factors.

        Args:
            method: `pairwise` (each later level minus each earlier one) or `reference`.
            reference: Level that all others are compared with; implies `method="reference"`.
        """
        if method not in {"pairwise", "reference"}:
            raise ModelInputError(f"method is {method!r}; it can be 'pairwise', or give reference=")
        names = list(dict.fromkeys(self._name(label, self.specs) for label in self.labels))
        if reference is not None and reference not in names:
            raise ModelInputError(f"there is no level {reference!r}; there are {', '.join(names)}")
        if reference is not None:
            pairs = [(name, reference) for name in names if name != reference]
        elif method == "reference":
            pairs = [(name, names[0]) for name in names[1:]]
        else:
            pairs = [(b, a) for i, a in enumerate(names) for b in names[i + 1 :]]
        index = {(self._name(label, self.specs), self._name(label, self.by)): i for i, label in enumerate(self.labels)}
        blocks = list(dict.fromkeys(self._name(label, self.by) for label in self.labels))
        chosen = [(a, b, block) for block in blocks for a, b in pairs]
        if not chosen:
            raise ModelInputError("a contrast needs at least two levels")
        rows = np.stack([self.rows[index[a, block]] - self.rows[index[b, block]] for a, b, block in chosen])
        return Contrasts(self, chosen, rows)

    @staticmethod
    def _name(label: dict[str, str], factors: tuple[str, ...]) -> str:
        return ", ".join(label[name] for name in factors)


class Contrasts(LabelledTable):
    """Differences between estimated means, with t tests."""

    def __init__(self, means: EstimatedMeans, chosen: list[tuple[str, str, str]], rows: NDArray[np.float64]) -> None:
        self.pairs = [(a, b) for a, b, _ in chosen]
        self.within = [block for _, _, block in chosen] if means.by else []
        """Levels of the `by` factors for each contrast; none without `by`."""
        self.rows = rows
        """(contrasts, q) the linear functions of the coefficients that the contrasts are."""
        self.values: LinearFunctions = linear_functions(
            means.results.fit, rows, df=means.df_method, confidence=means.confidence
        )
        columns: dict[str, Sequence[Any]] = {
            "contrast": [f"{a} - {b}" for a, b, _ in chosen],
            "by": [block for _, _, block in chosen],
        }
        columns |= {name: getattr(self.values, name).tolist() for name in _TESTS}
        super().__init__(columns, means.results.backend, f"Contrasts, df: {means.df_method}")


def emmeans(
    fit: MmrmResults,
    specs: str | Sequence[str],
    by: str | Sequence[str] | None = None,
    *,
    df: Method = "kenward-roger",
    weights: Literal["equal", "proportional"] = "equal",
    confidence: float = 0.95,
) -> EstimatedMeans:
    """Estimate marginal means on a reference grid.

    The grid has every combination of the levels of the factors in the model, with numeric predictors at their mean over
    the rows that the model used; factors that are not asked for are averaged over.

    Args:
        fit: A fitted model.
        specs: Factor, or factors, whose means are wanted.
        by: Factor, or factors, within whose levels contrasts are formed.
        df: `kenward-roger` (with its adjusted standard errors), `satterthwaite` or `asymptotic`.
        weights: How other factors are averaged: `equal` over levels, or `proportional` to their joint frequency.
        confidence: Level of the intervals.

    Reference:
        Searle SR, Speed FM, Milliken GA (1980). Population marginal means in the linear model. The American
        Statistician 34, 216-221.
    """
    if df not in METHODS:
        raise ModelInputError(f"df is {df!r}; it can be {', '.join(METHODS)}")
    if weights not in {"equal", "proportional"}:
        raise ModelInputError(f"weights is {weights!r}; it can be 'equal' or 'proportional'")
    if not 0.0 < confidence < 1.0:
        raise ModelInputError("confidence lies between 0 and 1")
    wanted = (specs,) if isinstance(specs, str) else tuple(specs)
    within = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    levels = factor_levels(fit.variables)
    for name in (*wanted, *within):
        if name not in levels:
            raise ModelInputError(f"{name!r} is not a factor of the model; its factors are {', '.join(levels)}")
    others = [name for name in levels if name not in wanted and name not in within]
    shown = [*within, *wanted]
    labels = [dict(zip(shown, combination, strict=True)) for combination in product(*(levels[n] for n in shown))]
    average, share = _averaged_over(fit, levels, others, weights)
    grid = pd.DataFrame([{**label, **other} for label in labels for other in average])
    rows = fit.design.rows(_as_predictors(fit, grid, levels))
    means = np.einsum("lok,o->lk", rows.reshape(len(labels), len(average), -1), share)
    return EstimatedMeans(fit, wanted, within, labels, means, df, confidence)


def _averaged_over(
    fit: MmrmResults, levels: dict[str, list[str]], others: list[str], weights: str
) -> tuple[list[dict[str, str]], NDArray[np.float64]]:
    """Return the combinations of the other factors and their weights, which sum to one."""
    combinations = [dict(zip(others, c, strict=True)) for c in product(*(levels[n] for n in others))]
    if weights == "equal" or not others:
        return combinations, np.full(len(combinations), 1.0 / len(combinations))
    counts = fit.variables.groupby(others, observed=False).size()
    values = counts.to_numpy(dtype=float)
    return combinations, values / values.sum()


def _as_predictors(fit: MmrmResults, grid: pd.DataFrame, levels: dict[str, list[str]]) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name in fit.variables.columns:
        if name in levels:
            columns[str(name)] = pd.Categorical(grid[name], categories=levels[str(name)])
        else:
            columns[str(name)] = np.full(len(grid), float(fit.variables[name].mean()))
    return pd.DataFrame(columns)
