r"""Minimisation after Pocock and Simon: the arm that leaves the factors most alike, with a random element.

For each arm k, suppose the unit went there. At each of its margins (its level of a factor f) the imbalance is
measured over the arms' counts, each divided by the arm's share: their range, or their variance. The sum

    G_k = sum over f of w_f d_f(k)

is smallest for the arm that balances best. Ties are broken at random, each tied arm as likely as its share.

The best arm is then given with probability p when its share is the smallest of all; another arm k with probability
q r_k, where r are the shares, R their sum and q = (1 - p) / (R - min r). The best arm has what is left, so an arm with
a larger share has a larger probability than p. With equal shares that is p and (1 - p) / (K - 1), as in Pocock and
Simon (Biometrics 1975;31:103); with unequal ones it keeps the ratio in the long run (biased-coin minimisation: Han,
Enas and McEntegart, Statistics in Medicine 2009;28:3329).

All of it is computed in whole numbers, so nothing hangs on how a machine rounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from imara.rules.allocation.scheme import Factors, Scheme
from imara.rules.allocation.seed import Seed, Stream
from imara.rules.allocation.simple import chosen, draw_label


def draw_minimising(
    scheme: Scheme, seed: Seed, factors: Factors, counts: Mapping[tuple[str, str], Sequence[int]], sequence: int
) -> int:
    """Return the place of the arm for one unit.

    Args:
        scheme: Factors, weights, measure, ratio and random element.
        seed: The secret.
        factors: The unit's level of each factor.
        counts: Margin to units in each arm so far, in the scheme's order; nobody where a margin is left out.
        sequence: Number of the draw.
    """
    chance = Stream(seed, draw_label(sequence))
    imbalance = imbalances(scheme, factors, counts)
    least = min(imbalance)
    tied = [share if value == least else 0 for share, value in zip(scheme.ratio, imbalance, strict=True)]
    best = chosen(tied, chance)
    return chosen(coins(scheme)[best], chance)


def imbalances(scheme: Scheme, factors: Factors, counts: Mapping[tuple[str, str], Sequence[int]]) -> list[int]:
    """Return, for each arm, the weighted imbalance at the unit's margins if the unit went there."""
    nobody = (0,) * len(scheme.arms)
    scale = scheme.scale
    measure = _range if scheme.measure == "range" else _variance
    return [
        sum(
            weight
            * measure([(n + (place == arm)) * s for place, (n, s) in enumerate(zip(at_margin, scale, strict=True))])
            for weight, margin in zip(scheme.factor_weights, factors, strict=True)
            for at_margin in [counts.get(margin, nobody)]
        )
        for arm in range(len(scheme.arms))
    ]


def coins(scheme: Scheme) -> tuple[tuple[int, ...], ...]:
    """Return, for each arm as the best one, the probability of every arm as whole numbers with a common sum."""
    rest = scheme.total - min(scheme.ratio)
    q = (1 - scheme.best_probability) / rest
    rows = [
        [share * q if place != best else 1 - (scheme.total - scheme.ratio[best]) * q
         for place, share in enumerate(scheme.ratio)]
        for best in range(len(scheme.arms))
    ]  # fmt: skip
    whole = lcm(*(Fraction(value).denominator for row in rows for value in row))
    return tuple(tuple(int(value * whole) for value in row) for row in rows)


def _range(values: Sequence[int]) -> int:
    return max(values) - min(values)


def _variance(values: Sequence[int]) -> int:
    # The number of arms squared times the variance: a whole number in the same order.
    return len(values) * sum(value * value for value in values) - sum(values) ** 2
