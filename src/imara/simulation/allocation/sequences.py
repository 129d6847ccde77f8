"""The sealed algorithm for thousands of trials at once: the same draws as `rules.allocation`, many to an array.

Every trial has a seed of its own, and what comes out for it is, draw for draw, what `allocate` gives under that seed.
Digests are computed one by one; all that follows from them is done in arrays. A number that must be thrown away (see
`Stream`) is rare, about one in a billion, and such a draw is handed to the rules themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from imara.rules.allocation.minimisation import coins
from imara.rules.allocation.permuted_blocks import block, block_label, unmixed
from imara.rules.allocation.scheme import Factors, Scheme
from imara.rules.allocation.seed import WORDS, Seed, Stream, label, message
from imara.rules.allocation.simple import chosen, draw_label

Places = NDArray[np.int8]
_WORD_VALUES = 1 << 32
_INNER, _OUTER = (bytes(byte ^ mask for byte in range(256)) for mask in (0x36, 0x5C))


def trial_seed(seed: int, trial: int) -> Seed:
    """Return the seed of one simulated trial, with which `allocate` gives the same draws."""
    return Seed(hashlib.sha256(label("simulation", seed, trial).encode()).digest())


class Keys:
    """The seeds of many trials, ready for many digests: the two halves of HMAC's padded key for each."""

    def __init__(self, seed: int, trials: int) -> None:
        self.seeds = [trial_seed(seed, trial) for trial in range(trials)]
        padded = [key.secret.ljust(64, b"\0") for key in self.seeds]
        self._inner = [key.translate(_INNER) for key in padded]
        self._outer = [key.translate(_OUTER) for key in padded]

    def words(self, trials: Iterable[int], messages: Iterable[bytes], rows: int) -> NDArray[np.int64]:
        """Return the eight numbers of HMAC-SHA-256(seed of the trial, message) for each pair: (rows, 8)."""
        inner, outer, sha = self._inner, self._outer, hashlib.sha256
        digests = [
            sha(outer[trial] + sha(inner[trial] + text).digest()).digest()
            for trial, text in zip(trials, messages, strict=True)
        ]
        return np.frombuffer(b"".join(digests), dtype=">u4").astype(np.int64).reshape(rows, WORDS)


def simulate_places(scheme: Scheme, levels: NDArray[np.intp], seed: int) -> Places:
    """Return what is drawn for each unit of each trial: a place among the arms; for minimisation, among the shares.

    Args:
        scheme: How units are allocated.
        levels: Level of each factor, (trials, units, factors).
        seed: From which the trials' own seeds come (`trial_seed`).

    Returns:
        Array of shape (trials, units).
    """
    keys = Keys(seed, levels.shape[0])
    if scheme.method == "permuted-blocks":
        return _permuted_blocks(scheme, levels, keys)
    if scheme.method == "minimisation":
        return _minimisation(scheme, levels, keys)
    return _simple(scheme, levels.shape[1], keys)


def arms_of(scheme: Scheme, places: Places) -> Places:
    """Return the arm of each unit, as a place in the scheme, from what `simulate_places` gave."""
    return np.array(scheme.shares, dtype=np.int8)[places] if scheme.method == "minimisation" else places


def strata_of(scheme: Scheme, levels: NDArray[np.intp]) -> tuple[NDArray[np.intp], list[Factors]]:
    """Return each unit's stratum as a number, (trials, units), and the strata the numbers stand for."""
    numbers = np.zeros(levels.shape[:2], dtype=np.intp)
    strata: list[Factors] = [()]
    for place, factor in enumerate(scheme.factors):
        numbers = numbers * len(factor.levels) + levels[:, :, place]
        strata = [(*stratum, (factor.name, level)) for stratum in strata for level in factor.levels]
    return numbers, strata


def places_within(numbers: NDArray[np.intp], kinds: int) -> NDArray[np.intp]:
    """Return how many earlier units of its trial each unit's stratum has had, (trials, units)."""
    places = np.empty_like(numbers)
    for number in range(kinds):
        here = numbers == number
        places[here] = (np.cumsum(here, axis=1) - 1)[here]
    return places


def _simple(scheme: Scheme, units: int, keys: Keys) -> Places:
    trials = len(keys.seeds)
    arms = np.empty((trials, units), dtype=np.int8)
    upper = np.cumsum(scheme.ratio)
    limit = _limit(scheme.total)
    for place in range(units):
        text = message(draw_label(place + 1), 0)
        word = keys.words(range(trials), [text] * trials, trials)[:, 0]
        arms[:, place] = np.searchsorted(upper, word % scheme.total, side="right")
        for trial in np.flatnonzero(word >= limit):
            arms[trial, place] = chosen(scheme.ratio, Stream(keys.seeds[trial], draw_label(place + 1)))
    return arms


def _permuted_blocks(scheme: Scheme, levels: NDArray[np.intp], keys: Keys) -> Places:
    numbers, strata = strata_of(scheme, levels)
    places = places_within(numbers, len(strata))
    arms = np.empty(numbers.shape, dtype=np.int8)
    for number, stratum in enumerate(strata):
        here = numbers == number
        needed = here.sum(axis=1)
        if needed.max(initial=0) == 0:
            continue
        schedule = _schedule(scheme, stratum, needed, keys)
        trial, unit = np.nonzero(here)
        arms[trial, unit] = schedule[trial, places[trial, unit]]
    return arms


def _schedule(scheme: Scheme, stratum: Factors, needed: NDArray[np.intp], keys: Keys) -> Places:
    """Return blocks one after the other until every trial has as many places as it needs in this stratum."""
    largest = max(scheme.block_sizes)
    schedule = np.full((len(needed), int(needed.max()) + largest), -1, dtype=np.int8)
    filled = np.zeros(len(needed), dtype=np.intp)
    number = 0
    while (open_trials := np.flatnonzero(filled < needed)).size:
        sizes, content = _blocks(scheme, stratum, number, open_trials, keys)
        columns = filled[open_trials, np.newaxis] + np.arange(largest)
        inside = np.arange(largest) < sizes[:, np.newaxis]
        schedule[np.broadcast_to(open_trials[:, np.newaxis], inside.shape)[inside], columns[inside]] = content[inside]
        filled[open_trials] += sizes
        number += 1
    return schedule


def _blocks(
    scheme: Scheme, stratum: Factors, number: int, trials: NDArray[np.intp], keys: Keys
) -> tuple[NDArray[np.intp], Places]:
    """Return the size and content of one block in each of the trials; places beyond a block's size mean nothing."""
    rows, largest = len(trials), max(scheme.block_sizes)
    text = block_label(stratum, number)
    # One word for the size, one for each step of the mixing.
    words = np.hstack(
        [keys.words(trials.tolist(), [message(text, counter)] * rows, rows) for counter in range(-(-largest // WORDS))]
    )
    rejected = words[:, 0] >= _limit(len(scheme.block_sizes))
    sizes = np.array(scheme.block_sizes, dtype=np.intp)[words[:, 0] % len(scheme.block_sizes)]
    content = np.zeros((rows, largest), dtype=np.int8)
    for size in set(scheme.block_sizes):
        some = np.flatnonzero(sizes == size)
        mixed = np.tile(np.array(unmixed(scheme, size), dtype=np.int8), (len(some), 1))
        index = np.arange(len(some))
        for step, place in enumerate(range(size - 1, 0, -1), start=1):
            word = words[some, step]
            rejected[some] |= word >= _limit(place + 1)
            other = word % (place + 1)
            mixed[index, place], mixed[index, other] = mixed[index, other], mixed[index, place].copy()
        content[some, :size] = mixed
    for row in np.flatnonzero(rejected):
        right = block(scheme, keys.seeds[trials[row]], stratum, number)
        sizes[row] = len(right)
        content[row, : len(right)] = right
    return sizes, content


def _minimisation(scheme: Scheme, levels: NDArray[np.intp], keys: Keys) -> Places:
    trials, units = levels.shape[:2]
    places = np.empty((trials, units), dtype=np.int8)
    upper = np.cumsum(coins(scheme), axis=1)
    whole = int(upper[0, -1])
    margins = Margins(scheme, trials)
    for unit in range(units):
        tied = np.cumsum(margins.best(levels[:, unit, :]), axis=0, dtype=np.int64)
        text = message(draw_label(unit + 1), 0)
        words = keys.words(range(trials), [text] * trials, trials)
        tie, coin = words[:, 0], words[:, 1]
        number, toss = tie % tied[-1], coin % whole
        best = sum((number >= limit for limit in tied[:-1]), np.zeros(trials, dtype=np.intp))
        share = sum((toss >= limit[best] for limit in upper.T[:-1]), np.zeros(trials, dtype=np.intp))
        rejected = (tie >= _WORD_VALUES - _WORD_VALUES % tied[-1]) | (coin >= _limit(whole))
        for trial in np.flatnonzero(rejected):
            chance = Stream(keys.seeds[trial], draw_label(unit + 1))
            first = chosen([int(step) for step in np.diff(tied[:, trial], prepend=0)], chance)
            share[trial] = chosen(coins(scheme)[first], chance)
        places[:, unit] = share
        margins.take(levels[:, unit, :], share)
    return places


class Margins:
    """Counts of units at every margin of many trials, and the shares that would leave them most alike."""

    def __init__(self, scheme: Scheme, trials: int) -> None:
        self._scheme = scheme
        self._trial = np.arange(trials)
        # Shares first: what follows then works on long rows of trials, which is several times faster.
        self._counts = [np.zeros((len(scheme.shares), trials, len(f.levels)), dtype=np.int64) for f in scheme.factors]

    def best(self, levels: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which shares balance best for one unit of each trial: (shares, trials).

        Args:
            levels: The units' level of each factor, (trials, factors).
        """
        imbalance = self.imbalance(levels)
        least: NDArray[np.bool_] = imbalance == imbalance.min(axis=0)
        return least

    def imbalance(self, levels: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the weighted imbalance that each share would leave, (shares, trials)."""
        shares = len(self._scheme.shares)
        total = np.zeros((shares, len(self._trial)), dtype=np.int64)
        for place, (counts, weight) in enumerate(zip(self._counts, self._scheme.factor_weights, strict=True)):
            here = counts[:, self._trial, levels[:, place]]
            for share in range(shares):
                here[share] += 1
                if self._scheme.measure == "range":
                    total[share] += weight * (here.max(axis=0) - here.min(axis=0))
                else:
                    total[share] += weight * (shares * (here**2).sum(axis=0) - here.sum(axis=0) ** 2)
                here[share] -= 1
        return total

    def take(self, levels: NDArray[np.intp], share: NDArray[np.intp]) -> None:
        """Count one more unit of each trial."""
        for place, counts in enumerate(self._counts):
            counts[share, self._trial, levels[:, place]] += 1


def _limit(n: int) -> int:
    return _WORD_VALUES - _WORD_VALUES % n
