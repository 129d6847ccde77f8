"""Drawing: the next unit's arm, or several units' in one act, as chained records."""

from __future__ import annotations

from collections.abc import Mapping

from imara.rules.allocation.minimisation import draw_minimising
from imara.rules.allocation.permuted_blocks import draw_from_block
from imara.rules.allocation.record import Record, Slot, chain
from imara.rules.allocation.scheme import Factors, Scheme
from imara.rules.allocation.seed import Seed, Stream, label
from imara.rules.allocation.simple import draw_simple
from imara.rules.allocation.standing import Standing, Tally
from imara.study.problems import InputError, Problem


def allocate(scheme: Scheme, seed: Seed, standing: Standing, unit: str, levels: Mapping[str, str]) -> Record:
    """Draw for one unit.

    The arm is a pure function of scheme, seed, the draws before it and the unit's levels. The unit's key has no part in
    it, so nobody can try keys until one suits them.

    Args:
        scheme: How units are allocated.
        seed: The secret.
        standing: Where the study stands (`opening`, `standing_after`).
        unit: Key of the unit.
        levels: Factor to the unit's level.

    Raises:
        InputError: When the unit has been allocated before, or a level is missing or unknown.
    """
    return allocate_together(scheme, seed, standing, {unit: levels})[0]


def allocate_together(
    scheme: Scheme, seed: Seed, standing: Standing, units: Mapping[str, Mapping[str, str]]
) -> tuple[Record, ...]:
    """Draw for several units in one act, such as people who have waited until a group can start.

    The units take their turns in an order drawn from the seed, so it does not matter who is named first, and nobody
    can place a person by the order of a list. Those who are enrolled one after the other should be allocated one after
    the other: there the order is a fact of the trial.

    Args:
        scheme: How units are allocated.
        seed: The secret.
        standing: Where the study stands.
        units: Key of each unit to its levels.

    Returns:
        Records in the order of the draws.

    Raises:
        InputError: When there are no units, one has been allocated before, or a level is missing or unknown; nobody is
            allocated then.
    """
    strata = _checked(scheme, standing, units)
    first = standing.drawn + 1
    tally = Tally(scheme, standing)
    records = []
    for place, unit in enumerate(turns(seed, first, units)):
        now = tally.standing
        arm, slot = draw(scheme, seed, now, strata[unit])
        inputs = {
            "sequence": first + place,
            "unit": unit,
            "act": first,
            "act_size": len(strata),
            "previous": now.head,
        }
        record = chain(seed, inputs, strata[unit], scheme.arms[arm], slot)
        tally.take(record)
        records.append(record)
    return tuple(records)


def turns(seed: Seed, first: int, units: Mapping[str, object]) -> list[str]:
    """Return the order in which units allocated together take their turns: by key, then mixed by the seed."""
    return Stream(seed, label("turns", first)).shuffled(sorted(units))


def draw(scheme: Scheme, seed: Seed, standing: Standing, factors: Factors) -> tuple[int, Slot | None]:
    """Return the place of the next arm in the scheme, and its slot where the method has blocks."""
    if scheme.method == "permuted-blocks":
        return draw_from_block(scheme, seed, factors, standing.slots.get(factors))
    if scheme.method == "minimisation":
        return draw_minimising(scheme, seed, factors, standing.counts, standing.drawn + 1)
    return draw_simple(scheme, seed, standing.drawn + 1), None


def _checked(scheme: Scheme, standing: Standing, units: Mapping[str, Mapping[str, str]]) -> dict[str, Factors]:
    problems: list[Problem] = []
    strata: dict[str, Factors] = {}
    if not units:
        problems.append(Problem("allocation", "nobody was named", allowed=f"one {scheme.kind} or more"))
    for unit, levels in units.items():
        if not unit.strip():
            problems.append(Problem("allocation", f"a {scheme.kind} needs a key", found=repr(unit)))
        if unit in standing.units:
            message = f"this {scheme.kind} has been allocated already; nobody is allocated twice"
            problems.append(Problem("allocation", message, field=unit))
        try:
            strata[unit] = scheme.stratum(levels)
        except InputError as error:
            problems += [
                Problem(
                    "allocation",
                    wrong.message,
                    None,
                    f"{unit}.{wrong.field}",
                    wrong.found,
                    wrong.allowed,
                    wrong.nearest,
                )
                for wrong in error.problems
            ]
    if problems:
        raise InputError(problems)
    return strata
