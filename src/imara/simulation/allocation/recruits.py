"""Who comes, and in which order: made-up units with their level of each factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imara.rules.allocation.scheme import Scheme
from imara.study.problems import InputError, Problem, nearest_word

Order = Literal["mixed", "site-by-site"]


@dataclass(frozen=True)
class Recruitment:
    """How units are thought to come."""

    units: int
    """How many are allocated."""
    probabilities: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Factor to level to probability, or to any numbers in that proportion; equal for a factor left out. Factors are
    taken to be independent of each other."""
    order: Order = "mixed"
    """`site-by-site` lets one site finish before the next one begins, in the scheme's order of levels."""


def recruit(scheme: Scheme, recruitment: Recruitment, trials: int, seed: int) -> NDArray[np.intp]:
    """Return the level of each factor for each unit of each trial, as a place among the factor's levels.

    Args:
        scheme: Its factors.
        recruitment: How units come.
        trials: How many trials are made up.
        seed: Of NumPy's generator; the same seed gives the same people. It has nothing to do with the seed of a study.

    Returns:
        Array of shape (trials, units, factors).

    Raises:
        InputError: When a probability is impossible, or named for what the scheme does not have.
    """
    shares = _shares(scheme, recruitment)
    chance = np.random.default_rng(seed)
    levels = np.empty((trials, recruitment.units, len(scheme.factors)), dtype=np.intp)
    for place, share in enumerate(shares):
        levels[:, :, place] = chance.choice(len(share), size=(trials, recruitment.units), p=share)
    if recruitment.order == "site-by-site":
        site = [factor.name for factor in scheme.factors].index("site")
        turn = np.argsort(levels[:, :, site], axis=1, kind="stable")
        levels = np.take_along_axis(levels, turn[:, :, np.newaxis], axis=1)
    return levels


def _shares(scheme: Scheme, recruitment: Recruitment) -> list[NDArray[np.float64]]:
    problems: list[Problem] = []
    factors = {factor.name: factor.levels for factor in scheme.factors}
    if recruitment.units < 1:
        problems.append(
            Problem("recruitment", "somebody has to come", None, "units", str(recruitment.units), "1 or more")
        )
    if recruitment.order == "site-by-site" and "site" not in factors:
        message = "the scheme does not look at the site, so sites cannot come one after the other"
        problems.append(Problem("recruitment", message, None, "order", recruitment.order, "mixed"))
    problems += [
        _unknown("probabilities", name, tuple(factors)) for name in recruitment.probabilities if name not in factors
    ]
    shares = []
    for name, levels in factors.items():
        given = recruitment.probabilities.get(name)
        problems += [_unknown(name, level, levels) for level in given or () if level not in levels]
        weight = np.array([1.0 if given is None else given.get(level, 0.0) for level in levels])
        if not np.isfinite(weight).all() or (weight < 0).any() or weight.sum() <= 0:
            message = "probabilities are 0 or more, and not all 0"
            problems.append(Problem("recruitment", message, field=f"probabilities.{name}"))
        else:
            shares.append(weight / weight.sum())
    if problems:
        raise InputError(problems)
    return shares


def _unknown(place: str, name: str, allowed: tuple[str, ...]) -> Problem:
    message = "the scheme has nothing of this name"
    return Problem("recruitment", message, None, place, name, ", ".join(allowed) or "none", nearest_word(name, allowed))
