"""Whatever the scheme and whoever comes: blocks bound the imbalance, records replay, arrays agree with the rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from imara.rules.allocation.allocate import allocate, allocate_together
from imara.rules.allocation.record import Record
from imara.rules.allocation.replay import replay
from imara.rules.allocation.scheme import Factor, Scheme, commitment
from imara.rules.allocation.seed import Seed
from imara.rules.allocation.standing import opening, standing_after
from imara.simulation.allocation.balance import simulate_allocation
from imara.simulation.allocation.recruits import Recruitment
from imara.simulation.allocation.sequences import arms_of, simulate_places, trial_seed

names = st.text(min_size=1, max_size=6)
seeds = st.binary(min_size=32, max_size=32).map(Seed)


@st.composite
def schemes(draw: st.DrawFn, method: str | None = None) -> Scheme:
    method = method or draw(st.sampled_from(["simple", "permuted-blocks", "minimisation"]))
    arms = tuple(draw(st.lists(names, min_size=2, max_size=4, unique=True)))
    ratio = tuple(draw(st.integers(1, 3)) for _ in arms)
    least = 0 if method == "permuted-blocks" else 1
    factors = tuple(
        Factor(name, tuple(draw(st.lists(names, min_size=1, max_size=3, unique=True))))
        for name in draw(st.lists(names, min_size=least, max_size=3, unique=True))
    )
    if method == "simple":
        return Scheme("simple", arms, ratio)
    if method == "permuted-blocks":
        sizes = tuple(sum(ratio) * times for times in draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
        return Scheme("permuted-blocks", arms, ratio, factors, sizes)
    return Scheme(
        "minimisation", arms, ratio, factors,
        best_probability=Fraction(draw(st.integers(55, 100)), 100),
        measure=draw(st.sampled_from(["range", "variance"])),
        weights=draw(st.just(()) | st.tuples(*[st.integers(1, 4) for _ in factors])),
    )  # fmt: skip


@st.composite
def acts(draw: st.DrawFn, scheme: Scheme) -> list[dict[str, dict[str, str]]]:
    """Return units in the order of their acts: alone or several together."""
    units = draw(st.lists(names.filter(str.strip), max_size=20, unique=True))
    levels = [{f.name: draw(st.sampled_from(f.levels)) for f in scheme.factors} for _ in units]
    pairs = list(zip(units, levels, strict=True))
    done = []
    while pairs:
        size = draw(st.integers(1, min(5, len(pairs))))
        done.append(dict(pairs[:size]))
        pairs = pairs[size:]
    return done


def carried_out(scheme: Scheme, seed: Seed, wanted: list[dict[str, dict[str, str]]]) -> list[Record]:
    records: list[Record] = []
    for units in wanted:
        records += allocate_together(scheme, seed, standing_after(scheme, seed, records), units)
    return records


@settings(deadline=None)
@given(schemes(), seeds, st.data())
def test_what_was_drawn_replays(scheme, seed, data):
    records = carried_out(scheme, seed, data.draw(acts(scheme)))
    head = records[-1].hash if records else commitment(scheme, seed)

    done = replay(scheme, seed, records, published=commitment(scheme, seed), head=head)

    assert done.is_sound
    assert done.verified == len(records)
    assert len({record.unit for record in records}) == len(records)
    assert [record.sequence for record in records] == list(range(1, len(records) + 1))


@settings(deadline=None)
@given(schemes("permuted-blocks"), seeds, st.data())
def test_no_stratum_is_ever_further_from_its_ratio_than_one_block_allows(scheme, seed, data):
    records = carried_out(scheme, seed, data.draw(acts(scheme)))
    times = max(scheme.block_sizes) // scheme.total
    for stratum in {record.factors for record in records}:
        for arm, share in zip(scheme.arms, scheme.ratio, strict=True):
            here = 0
            for number, record in enumerate((r for r in records if r.factors == stratum), start=1):
                here += record.sealed.arm == arm
                behind = number * share / scheme.total - here
                # At worst all of a block's other arms come first, or all of its own.
                assert -share * times * (1 - share / scheme.total) - 1e-9 <= behind
                assert behind <= share * times * (1 - share / scheme.total) + 1e-9


@settings(deadline=None, max_examples=40)
@given(schemes(), st.integers(0, 1000), st.data())
def test_arrays_agree_with_the_rules(scheme, number, data):
    units = data.draw(st.integers(1, 12))
    shape = (3, units, len(scheme.factors))
    choices = [st.integers(0, len(factor.levels) - 1) for factor in scheme.factors]
    levels = np.array(
        [[[data.draw(choice) for choice in choices] for _ in range(units)] for _ in range(3)], dtype=np.intp
    ).reshape(shape)

    arms = arms_of(scheme, simulate_places(scheme, levels, number))

    for trial in range(3):
        records: list[Record] = []
        secret = trial_seed(number, trial)
        standing = opening(scheme, secret)
        for unit in range(units):
            answers = {f.name: f.levels[level] for f, level in zip(scheme.factors, levels[trial, unit], strict=True)}
            records.append(allocate(scheme, secret, standing, str(unit), answers))
            standing = standing_after(scheme, secret, records)
        assert [scheme.arms[arm] for arm in arms[trial]] == [record.sealed.arm for record in records]


@settings(deadline=None, max_examples=40)
@given(schemes(), st.integers(1, 15))
def test_shares_of_a_simulation_are_shares(scheme, units):
    result = simulate_allocation(scheme, Recruitment(units), trials=8)

    for share in (result.guess_by_count, result.guess_by_count_in_stratum, result.guess_by_scheme, result.forced):
        assert 0 <= share.value <= 1 + 1e-9
        assert share.standard_error >= 0
    assert result.guess_by_scheme.value >= 1 / len(scheme.arms) - 1e-9
    assert result.overall.largest <= units
    for spread in (result.overall, result.within_strata, result.worst_stratum, *(one for _, one in result.margins)):
        assert abs(sum(share for _, share in spread.shares) - 1) < 1e-9
        assert spread.median <= spread.quantile_95 <= spread.largest


@settings(deadline=None)
@given(schemes(), seeds, st.data())
def test_another_name_for_an_arm_moves_nobody(scheme, seed, data):
    wanted = data.draw(acts(scheme))
    renamed = replace(scheme, arms=tuple(f"{arm} renamed" for arm in scheme.arms))

    before = [record.sealed.arm for record in carried_out(scheme, seed, wanted)]
    # Turns and draws hang on the seed alone, so only the name differs.
    assert [f"{arm} renamed" for arm in before] == [r.sealed.arm for r in carried_out(renamed, seed, wanted)]
