"""Permuted blocks: within each stratum, blocks that hold the ratio exactly, in an order drawn at random."""

from __future__ import annotations

from imara.rules.allocation.record import Slot
from imara.rules.allocation.scheme import Factors, Scheme
from imara.rules.allocation.seed import Seed, Stream, label


def draw_from_block(scheme: Scheme, seed: Seed, stratum: Factors, last: Slot | None) -> tuple[int, Slot]:
    """Return the place of the next arm in a stratum, and the slot it comes from.

    Args:
        scheme: Ratio and block sizes.
        seed: The secret.
        stratum: The unit's levels.
        last: The slot used last in this stratum; None for its first unit.
    """
    if last is not None and last.position + 1 < last.size:
        number, position = last.block, last.position + 1
    else:
        number, position = (0 if last is None else last.block + 1), 0
    arms = block(scheme, seed, stratum, number)
    if position >= len(arms):
        raise ValueError("a slot of this stratum lies outside its block: the records do not belong to this seed")
    return arms[position], Slot(number, position, len(arms))


def block(scheme: Scheme, seed: Seed, stratum: Factors, number: int) -> list[int]:
    """Return a whole block: places of arms in the scheme's order, as they will be used.

    The block depends on its stratum and number alone, so strata cannot disturb each other and no schedule needs to be
    stored, sorted or uploaded.
    """
    chance = Stream(seed, block_label(stratum, number))
    size = scheme.block_sizes[chance.below(len(scheme.block_sizes))]
    return chance.shuffled(unmixed(scheme, size))


def block_label(stratum: Factors, number: int) -> str:
    """Return the label of the chance behind one block."""
    return label("block", [list(pair) for pair in stratum], number)


def unmixed(scheme: Scheme, size: int) -> list[int]:
    """Return what a block of a size holds, before it is mixed: each arm as often as its share says."""
    times = size // scheme.total
    return [place for place, share in enumerate(scheme.ratio) for _ in range(share * times)]
