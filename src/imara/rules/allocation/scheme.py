"""How people are allocated: method, arms, ratio and factors, checked so that an impossible scheme cannot be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Literal, get_args

from imara.rules.allocation.seed import ALGORITHM, Seed, sha256
from imara.study.problems import InputError, Problem, nearest_word

Method = Literal["permuted-blocks", "minimisation", "simple"]
Measure = Literal["range", "variance"]
Kind = Literal["participant", "cluster"]
Factors = tuple[tuple[str, str], ...]
"""A unit's level of each factor, in the scheme's order: its stratum."""

_FINEST = 1 << 32


@dataclass(frozen=True)
class Factor:
    """A characteristic (or the site) that allocation looks at."""

    name: str
    levels: tuple[str, ...]
    """Levels known today. A level added later (a new centre) changes nobody's draw, so levels are not sealed."""


@dataclass(frozen=True)
class Scheme:
    """Everything but the seed that decides a draw."""

    method: Method
    arms: tuple[str, ...]
    """In a fixed order: a draw picks a place in it."""
    ratio: tuple[int, ...]
    """Shares, one an arm."""
    factors: tuple[Factor, ...] = ()
    """What makes strata (permuted blocks) or is balanced at its margins (minimisation)."""
    block_sizes: tuple[int, ...] = ()
    """For permuted blocks: each block's size is drawn from these, each place in the list equally likely."""
    best_probability: Fraction = Fraction(1)
    """For minimisation: probability of the share that balances best; 1 leaves chance to break ties only."""
    measure: Measure = "range"
    """For minimisation: how imbalance at one margin is measured."""
    weights: tuple[int, ...] = ()
    """For minimisation: weight of each factor, as whole numbers; equal when empty."""
    kind: Kind = "participant"
    """What one unit is. In a cluster trial everyone in a cluster has the cluster's arm."""
    study: str = ""
    """Fingerprint of the study the scheme was sealed with."""

    def __post_init__(self) -> None:
        problems = [
            Problem("allocation", words, field=field, allowed=allowed) for field, words, allowed in _wrong(self)
        ]
        if problems:
            raise InputError(problems)

    @property
    def total(self) -> int:
        """The sum of all shares: the smallest block."""
        return sum(self.ratio)

    @property
    def shares(self) -> tuple[int, ...]:
        """The place of the arm that each share belongs to, for the ratio in lowest terms: (0, 0, 1) for 4:2."""
        divisor = gcd(*self.ratio)
        return tuple(place for place, share in enumerate(self.ratio) for _ in range(share // divisor))

    @property
    def scale(self) -> tuple[int, ...]:
        """Whole numbers that make counts in different shares comparable: a least common multiple over each share."""
        whole = lcm(*self.ratio)
        return tuple(whole // share for share in self.ratio)

    @property
    def factor_weights(self) -> tuple[int, ...]:
        """Weight of each factor."""
        return self.weights or (1,) * len(self.factors)

    def stratum(self, answers: Mapping[str, str]) -> Factors:
        """Return a unit's level of each factor, in order.

        Raises:
            InputError: When a level is missing or unknown, or a name is no factor; all at once.
        """
        names = tuple(factor.name for factor in self.factors)
        problems = [
            Problem("allocation", "the scheme does not look at this", None, name, name, ", ".join(names) or "nothing",
                    nearest_word(name, names))
            for name in answers
            if name not in names
        ]  # fmt: skip
        for factor in self.factors:
            level = answers.get(factor.name)
            if level not in factor.levels:
                message = "a level is needed before allocation" if level is None else "there is no such level"
                nearest = nearest_word(str(level), factor.levels) if level is not None else None
                found = None if level is None else str(level)
                allowed = ", ".join(factor.levels)
                problems.append(Problem("allocation", message, None, factor.name, found, allowed, nearest))
        if problems:
            raise InputError(problems)
        return tuple((name, answers[name]) for name in names)

    def sealed_terms(self) -> dict[str, Any]:
        """Return what is committed to, as plain JSON values: all that decides a draw, and the study's fingerprint."""
        return {
            "method": self.method,
            "arms": list(self.arms),
            "ratio": list(self.ratio),
            "factors": [factor.name for factor in self.factors],
            "block_sizes": list(self.block_sizes),
            "best_probability": [self.best_probability.numerator, self.best_probability.denominator],
            "measure": self.measure,
            "weights": list(self.factor_weights),
            "kind": self.kind,
            "study": self.study,
        }


def commitment(scheme: Scheme, seed: Seed) -> str:
    """Return what is published before the first draw: a hash that binds algorithm, scheme, study and seed.

    It is the SHA-256, in hexadecimal, of the canonical JSON of all four. Thirty-two random bytes are in it, so it gives
    nothing away.
    """
    return sha256({"algorithm": ALGORITHM, "scheme": scheme.sealed_terms(), "seed": seed.secret.hex()})


def _wrong(scheme: Scheme) -> list[tuple[str, str, str | None]]:
    found: list[tuple[str, str, str | None]] = []
    if scheme.method not in get_args(Method):
        found.append(("method", f"there is no method '{scheme.method}'", ", ".join(get_args(Method))))
    if len(scheme.arms) < 2 or len(set(scheme.arms)) != len(scheme.arms):
        found.append(("arms", "allocation is between two or more different arms", None))
    if len(scheme.ratio) != len(scheme.arms) or any(share < 1 for share in scheme.ratio):
        found.append(("ratio", "each arm has a share", "one whole number, 1 or more, for each arm"))
        return found
    names = [factor.name for factor in scheme.factors]
    if len(set(names)) != len(names):
        found.append(("strata", "a factor that stands twice would count twice", "each factor once"))
    for factor in scheme.factors:
        if not factor.levels or len(set(factor.levels)) != len(factor.levels):
            found.append(("strata", f"'{factor.name}' needs levels that differ", None))
    return [*found, *_wrong_blocks(scheme), *_wrong_minimisation(scheme)]


def _wrong_blocks(scheme: Scheme) -> list[tuple[str, str, str | None]]:
    if scheme.method != "permuted-blocks":
        return [("block_sizes", f"{scheme.method} has no blocks", None)] if scheme.block_sizes else []
    if not scheme.block_sizes:
        return [("block_sizes", "permuted blocks need their sizes", f"multiples of {scheme.total}")]
    return [
        ("block_sizes", f"a block of {size} cannot hold the ratio", f"multiples of {scheme.total}")
        for size in scheme.block_sizes
        if size < 1 or size % scheme.total
    ]


def _wrong_minimisation(scheme: Scheme) -> list[tuple[str, str, str | None]]:
    found: list[tuple[str, str, str | None]] = []
    if scheme.method == "simple" and scheme.factors:
        found.append(("strata", "simple allocation does not look at strata", None))
    if scheme.method != "minimisation":
        if scheme.best_probability != 1 or scheme.weights:
            found.append(("random_element", f"{scheme.method} has neither a random element nor weights", None))
        return found
    if not scheme.factors:
        found.append(("strata", "minimisation needs something to balance", None))
    if scheme.measure not in get_args(Measure):
        found.append(("measure", f"there is no measure '{scheme.measure}'", ", ".join(get_args(Measure))))
    if scheme.weights and (len(scheme.weights) != len(scheme.factors) or any(weight < 1 for weight in scheme.weights)):
        found.append(("weights", "each factor has a weight", "one whole number, 1 or more, for each factor"))
    least = Fraction(1, len(scheme.shares))
    if not least < scheme.best_probability <= 1:
        message = "the share that balances best must be likelier than the others"
        found.append(("random_element", message, f"above {float(least):.3g}, at most 1"))
    elif scheme.best_probability.denominator * len(scheme.shares) > _FINEST:
        found.append(("random_element", "this probability is too fine to be drawn", "at most six decimals"))
    return found
