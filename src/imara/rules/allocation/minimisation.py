"""Minimisation after Pocock and Simon: the arm that leaves the factors most alike, with a random element.

An arm with r shares is treated as r arms that happen to be offered the same: at 2:1 there are three shares, two of
which are the first arm. For each share k, suppose the unit went there. At each of its margins (its level of a factor f)
the imbalance is measured over the counts of all shares: their range, or their variance. The sum

    G_k = sum over f of w_f d_f(k)

is smallest for the share that balances best; ties are broken at random. The unit gets that share with probability p,
and each other one with probability (1 - p) / (S - 1), where S is the number of shares.

With equal arms this is the method of Pocock and Simon (Biometrics 1975;31:103). With unequal ones, all shares are
alike, so every single draw has the ratio as its probabilities before anything is known. Dividing counts by the ratio
instead would give the first people nearly always the larger arm (Kuznetsova and Tymofyeyev, Statistics in Medicine
2012;31:701).

All of it is computed in whole numbers, so nothing hangs on how a machine rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from imara.rules.allocation.record import Slot
from imara.rules.allocation.scheme import Factors, Scheme
from imara.rules.allocation.seed import Seed, Stream
from imara.rules.allocation.simple import chosen, draw_label


def draw_minimising(
    scheme: Scheme, seed: Seed, factors: Factors, counts: Mapping[tuple[str, str], Sequence[int]], sequence: int
) -> tuple[int, Slot]:
    """Return the place of the arm for one unit, and which share it is.

    Args:
        scheme: Factors, weights, measure, ratio and random element.
        seed: The secret.
        factors: The unit's level of each factor.
        counts: Margin to units in each share so far; nobody where a margin is left out.
        sequence: Number of the draw.
    """
    chance = Stream(seed, draw_label(sequence))
    imbalance = imbalances(scheme, factors, counts)
    least = min(imbalance)
    best = chosen([int(value == least) for value in imbalance], chance)
    share = chosen(coins(scheme)[best], chance)
    return scheme.shares[share], Slot(0, share, len(scheme.shares))


def imbalances(scheme: Scheme, factors: Factors, counts: Mapping[tuple[str, str], Sequence[int]]) -> list[int]:
    """Return, for each share, the weighted imbalance at the unit's margins if the unit went there.

    Raises:
        ValueError: When the counts are not one a share (counts of arms, say).
    """
    shares = range(len(scheme.shares))
    if any(len(at_margin) != len(shares) for at_margin in counts.values()):
        raise ValueError(f"minimisation counts shares, and this scheme has {len(shares)}")
    nobody = (0,) * len(shares)
    measure = _range if scheme.measure == "range" else _variance
    return [
        sum(
            weight * measure([count + (place == share) for place, count in enumerate(counts.get(margin, nobody))])
            for weight, margin in zip(scheme.factor_weights, factors, strict=True)
        )
        for share in shares
    ]


def coins(scheme: Scheme) -> tuple[tuple[int, ...], ...]:
    """Return, for each share as the best one, the probability of every share as whole numbers with the same sum."""
    count = len(scheme.shares)
    best, whole = scheme.best_probability.numerator, scheme.best_probability.denominator
    return tuple(
        tuple(best * (count - 1) if place == favoured else whole - best for place in range(count))
        for favoured in range(count)
    )


def _range(values: Sequence[int]) -> int:
    return max(values) - min(values)


def _variance(values: Sequence[int]) -> int:
    # The number of shares squared times the variance: a whole number in the same order.
    return len(values) * sum(value * value for value in values) - sum(values) ** 2
