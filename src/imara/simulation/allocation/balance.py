"""What a scheme does, from many simulated trials: imbalance, and the chance to guess what comes next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imara.rules.allocation.scheme import Scheme
from imara.rules.allocation.seed import ALGORITHM
from imara.simulation.allocation.guessing import convergence, foresee
from imara.simulation.allocation.recruits import Recruitment, recruit
from imara.simulation.allocation.sequences import Places, arms_of, simulate_places, strata_of
from imara.study.problems import InputError, Problem


@dataclass(frozen=True)
class Estimate:
    """A mean over simulated trials."""

    value: float
    standard_error: float
    """Its Monte Carlo standard error: how far it may be off because the trials are not endless."""


@dataclass(frozen=True)
class Distribution:
    """How an imbalance is spread.

    An imbalance is the largest difference between arms in units per share: with equal shares the difference in units,
    at 2:1 the difference between half of the one arm and the whole of the other.
    """

    mean: Estimate
    median: float
    quantile_95: float
    largest: float
    shares: tuple[tuple[float, float], ...]
    """Each imbalance that came up, and how often, in ascending order."""


@dataclass(frozen=True)
class AllocationBalance:
    """What a scheme does before anyone is enrolled."""

    algorithm: str
    method: str
    units: int
    trials: int
    seed: int
    overall: Distribution
    """Imbalance of the whole trial when all are in."""
    within_strata: Distribution
    """Imbalance of every stratum that has anyone in it, of all trials."""
    worst_stratum: Distribution
    """The largest imbalance in any stratum of a trial."""
    margins: tuple[tuple[str, Distribution], ...]
    """Factor to the largest imbalance at any of its levels."""
    guess_by_share: float
    """How often one guesses right who only knows the ratio."""
    guess_by_count: Estimate
    """How often the convergence strategy is right for one who sees all earlier arms of the trial."""
    guess_by_count_in_stratum: Estimate
    """The same for one who sees the earlier arms of the unit's stratum."""
    guess_by_scheme: Estimate
    """How often one guesses right who knows all but the seed: method, block sizes, and every earlier draw."""
    forced: Estimate
    """Share of units whose arm such a guesser knows for certain."""


def simulate_allocation(
    scheme: Scheme, recruitment: Recruitment, *, trials: int = 10_000, seed: int = 1
) -> AllocationBalance:
    """Allocate made-up units with the sealed algorithm, many times over.

    Args:
        scheme: The scheme to try.
        recruitment: Who comes, and in which order.
        trials: How many trials to simulate, 2 or more.
        seed: The same seed gives the same result. It is public, and has nothing to do with the seed of a study.

    Raises:
        InputError: When the recruitment does not fit the scheme, or there are too few trials.
    """
    if trials < 2:
        problem = Problem("simulation", "one trial has no spread", None, "trials", str(trials), "2 or more")
        raise InputError([problem])
    levels = recruit(scheme, recruitment, trials, seed)
    places = simulate_places(scheme, levels, seed)
    arms = arms_of(scheme, places)
    numbers, strata = strata_of(scheme, levels)
    foresight = foresee(scheme, levels, places)
    by_stratum = _imbalances(scheme, arms, numbers, len(strata))
    everyone = np.zeros_like(numbers)
    return AllocationBalance(
        algorithm=ALGORITHM,
        method=scheme.method,
        units=recruitment.units,
        trials=trials,
        seed=seed,
        overall=_spread(_imbalances(scheme, arms, everyone, 1)),
        within_strata=_spread(by_stratum),
        worst_stratum=_spread(np.nanmax(by_stratum, axis=1, keepdims=True)),
        margins=tuple(
            (factor.name, _spread(np.nanmax(at_levels, axis=1, keepdims=True)))
            for place, factor in enumerate(scheme.factors)
            for at_levels in [_imbalances(scheme, arms, levels[:, :, place], len(factor.levels))]
        ),
        guess_by_share=max(scheme.ratio) / scheme.total,
        guess_by_count=_estimate(convergence(scheme, arms, everyone)),
        guess_by_count_in_stratum=_estimate(convergence(scheme, arms, numbers)),
        guess_by_scheme=_estimate(foresight.right),
        forced=_estimate(foresight.forced),
    )


def _imbalances(scheme: Scheme, arms: Places, groups: NDArray[np.intp], kinds: int) -> NDArray[np.float64]:
    """Return the imbalance of each group of each trial, (trials, kinds); NaN for a group without units."""
    trials = len(arms)
    cell = (np.arange(trials)[:, np.newaxis] * kinds + groups) * len(scheme.arms) + arms
    counts = np.bincount(cell.ravel(), minlength=trials * kinds * len(scheme.arms))
    counts = counts.reshape(trials, kinds, len(scheme.arms))
    per_share = counts / np.array(scheme.ratio)
    spread = per_share.max(axis=2) - per_share.min(axis=2)
    return np.where(counts.sum(axis=2) > 0, spread, np.nan)


def _spread(values: NDArray[np.float64]) -> Distribution:
    present = np.sort(values[~np.isnan(values)])
    # Thirds and the like differ in their last digit by how they came about.
    found, times = np.unique(np.round(present, 9), return_counts=True)
    return Distribution(
        mean=Estimate(float(present.mean()), _estimate(np.nanmean(values, axis=1)).standard_error),
        median=float(np.quantile(present, 0.5, method="inverted_cdf")),
        quantile_95=float(np.quantile(present, 0.95, method="inverted_cdf")),
        largest=float(present[-1]),
        shares=tuple((float(value), float(count) / present.size) for value, count in zip(found, times, strict=True)),
    )


def _estimate(by_trial: NDArray[np.float64]) -> Estimate:
    return Estimate(float(by_trial.mean()), float(by_trial.std(ddof=1) / np.sqrt(by_trial.size)))
