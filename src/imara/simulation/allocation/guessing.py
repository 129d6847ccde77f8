"""How often the next arm can be guessed: by someone who counts, and by someone who knows everything but the seed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from imara.rules.allocation.minimisation import coins
from imara.rules.allocation.permuted_blocks import unmixed
from imara.rules.allocation.scheme import Scheme
from imara.simulation.allocation.sequences import Margins, Places, places_within, strata_of

Shares = NDArray[np.float64]
"""One number a trial: a mean over its units."""
_CERTAIN = 1 - 1e-9


@dataclass(frozen=True)
class Foresight:
    """What the best guesser without the seed achieves in each trial."""

    right: Shares
    """Mean over units of the probability of the likeliest arm: how often guessing it is right."""
    forced: Shares
    """Share of units whose arm is certain before it is drawn."""


def convergence(scheme: Scheme, arms: Places, groups: NDArray[np.intp]) -> Shares:
    """Return how often the convergence strategy is right: guess the arm with fewest units so far for its share.

    Ties go to the arm with the largest share, further ties to chance, for which its expectation is counted (Blackwell
    and Hodges, Annals of Mathematical Statistics 1957;28:449).

    Args:
        scheme: Its ratio.
        arms: Arm of each unit, (trials, units).
        groups: What the guesser looks at: the earlier units with the same number, (trials, units).
    """
    seen = [_seen_before(arms == arm, groups) for arm in range(len(scheme.arms))]
    scaled = np.stack([count * step for count, step in zip(seen, scheme.scale, strict=True)])
    fewest = scaled == scaled.min(axis=0)
    shares = np.where(fewest, np.array(scheme.ratio)[:, np.newaxis, np.newaxis], 0)
    guesses = shares == shares.max(axis=0)
    right = np.take_along_axis(guesses, arms[np.newaxis].astype(np.intp), axis=0)[0]
    credit: Shares = (right / guesses.sum(axis=0)).mean(axis=1)
    return credit


def foresee(scheme: Scheme, levels: NDArray[np.intp], places: Places) -> Foresight:
    """Return what a guesser achieves who knows the scheme, block sizes included, and every earlier draw.

    Args:
        scheme: How units were allocated.
        levels: Level of each factor, (trials, units, factors).
        places: What was drawn for each unit, (trials, units), as `simulate_places` gives it.
    """
    if scheme.method == "permuted-blocks":
        return _foresee_blocks(scheme, levels, places)
    if scheme.method == "minimisation":
        return _foresee_minimisation(scheme, levels, places)
    share = max(scheme.ratio) / scheme.total
    return Foresight(np.full(len(places), share), np.zeros(len(places)))


def _seen_before(here: NDArray[np.bool_], groups: NDArray[np.intp]) -> NDArray[np.int32]:
    seen = np.zeros(here.shape, dtype=np.int32)
    for number in np.unique(groups):
        member = groups == number
        both = here & member
        seen += np.where(member, np.cumsum(both, axis=1, dtype=np.int32) - both, 0).astype(np.int32)
    return seen


def _foresee_minimisation(scheme: Scheme, levels: NDArray[np.intp], places: Places) -> Foresight:
    trials, units = places.shape
    margins = Margins(scheme, trials)
    table = np.array(coins(scheme), dtype=np.float64)
    table /= table.sum(axis=1, keepdims=True)
    # From the probability of each share as the best one to that of each arm.
    to_arms = np.stack([table[:, np.equal(scheme.shares, arm)].sum(axis=1) for arm in range(len(scheme.arms))])
    right, forced = np.zeros(trials), np.zeros(trials)
    for unit in range(units):
        best = margins.best(levels[:, unit, :])
        likeliest = (to_arms @ (best / best.sum(axis=0))).max(axis=0)
        right += likeliest
        forced += likeliest >= _CERTAIN
        margins.take(levels[:, unit, :], places[:, unit].astype(np.intp))
    return Foresight(right / units, forced / units)


def _foresee_blocks(scheme: Scheme, levels: NDArray[np.intp], arms: Places) -> Foresight:
    """Follow every stratum of every trial as a list of its own, the longest first, so that lists end together."""
    numbers, strata = strata_of(scheme, levels)
    trials, kinds = len(arms), len(strata)
    lists = np.arange(trials)[:, np.newaxis] * kinds + numbers
    length = np.bincount(lists.ravel(), minlength=trials * kinds)
    order = np.argsort(-length, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    drawn = np.zeros((int(length.max()), len(order)), dtype=np.int8)
    drawn[places_within(numbers, kinds), rank[lists]] = arms
    right, forced = np.zeros(len(order)), np.zeros(len(order))
    knowledge = _Blocks(scheme, len(order))
    for place, row in enumerate(drawn):
        going = int((length > place).sum())
        likeliest = knowledge.likeliest(going)
        right[:going] += likeliest
        forced[:going] += likeliest >= _CERTAIN
        knowledge.learn(row[:going].astype(np.intp))
    trial = order // kinds
    units = arms.shape[1]
    return Foresight(
        np.bincount(trial, right, minlength=trials) / units, np.bincount(trial, forced, minlength=trials) / units
    )


class _Blocks:
    """What can be known of the block each list stands in: Bayes' rule over its size and the places used of it."""

    def __init__(self, scheme: Scheme, lists: int) -> None:
        sizes = scheme.block_sizes
        self._prior = {size: float(Fraction(sizes.count(size), len(sizes))) for size in sorted(set(sizes))}
        arms = range(len(scheme.arms))
        self._holds = {size: [unmixed(scheme, size).count(arm) for arm in arms] for size in self._prior}
        largest = max(sizes)
        self._used = np.zeros((largest, len(scheme.arms), lists), dtype=np.int16)
        """Of the last j draws of a list, how many went to each arm: (j, arm, list)."""
        self._weight = {(size, used): np.zeros(lists) for size in self._prior for used in range(size)}
        for size, prior in self._prior.items():
            self._weight[size, 0][:] = prior

    def likeliest(self, going: int) -> NDArray[np.float64]:
        """Return the probability of the likeliest next arm in the first `going` lists."""
        arms = self._used.shape[1]
        chance = np.zeros((arms, going))
        for (size, used), weight in self._weight.items():
            for arm in range(arms):
                chance[arm] += weight[:going] * self._left(size, used, arm, going)
        best: NDArray[np.float64] = chance.max(axis=0)
        return best

    def learn(self, arm: NDArray[np.intp]) -> None:
        """Take in the next draw of the first lists."""
        going = len(arm)
        ended = np.zeros(going)
        for size in self._prior:
            for used in range(size - 1, -1, -1):
                left = np.stack([self._left(size, used, place, going) for place in range(self._used.shape[1])])
                moved = self._weight[size, used][:going] * left[arm, np.arange(going)]
                if used + 1 == size:
                    ended += moved
                else:
                    self._weight[size, used + 1][:going] = moved
        for size, prior in self._prior.items():
            self._weight[size, 0][:going] = prior * ended
        total = sum(weight[:going] for weight in self._weight.values())
        for weight in self._weight.values():
            weight[:going] /= total
        self._used[1:, :, :going] = self._used[:-1, :, :going]
        self._used[1:, arm, np.arange(going)] += 1

    def _left(self, size: int, used: int, arm: int, going: int) -> NDArray[np.float64]:
        """Return the share of an arm among a block's open places. Impossible pasts, below zero, have no weight."""
        left: NDArray[np.float64] = (self._holds[size][arm] - self._used[used, arm, :going]) / (size - used)
        return np.maximum(left, 0.0)
