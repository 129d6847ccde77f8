"""Simulated allocation: the same algorithm, draw for draw, and figures that agree with theory."""

from __future__ import annotations

import itertools
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binom

from imara.rules.allocation.allocate import allocate
from imara.rules.allocation.from_study import scheme_of
from imara.rules.allocation.scheme import Factor, Scheme
from imara.rules.allocation.seed import Seed, Stream
from imara.rules.allocation.standing import Tally, opening
from imara.simulation.allocation import sequences
from imara.simulation.allocation.balance import Estimate, simulate_allocation
from imara.simulation.allocation.guessing import convergence, foresee
from imara.simulation.allocation.recruits import Recruitment, recruit
from imara.simulation.allocation.sequences import Keys, arms_of, simulate_places, strata_of, trial_seed
from imara.study.library import load_study
from imara.study.problems import InputError

SITE = Factor("site", ("east", "north", "south"))
DIAGNOSIS = Factor("diagnosis", ("bipolar", "schizophrenia"))
BOTH = (SITE, DIAGNOSIS)
SCHEMES = {
    "simple": Scheme("simple", ("imr", "tau"), (1, 1)),
    "simple 3:1:2": Scheme("simple", ("a", "b", "c"), (3, 1, 2)),
    "blocks": Scheme("permuted-blocks", ("imr", "tau"), (1, 1), BOTH, (4, 6)),
    "blocks of one size": Scheme("permuted-blocks", ("imr", "tau"), (1, 1), (SITE,), (4,)),
    "large blocks 2:1, no strata": Scheme("permuted-blocks", ("imr", "tau"), (2, 1), (), (3, 12, 18)),
    "minimisation": Scheme("minimisation", ("imr", "tau"), (1, 1), BOTH, best_probability=Fraction(4, 5)),
    "minimisation 2:1:1": Scheme(
        "minimisation", ("a", "b", "c"), (2, 1, 1), BOTH,
        best_probability=Fraction(7, 10), measure="variance", weights=(3, 1),
    ),
    "minimisation, certain": Scheme("minimisation", ("imr", "tau"), (1, 1), BOTH),
}  # fmt: skip
every_scheme = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)


def by_the_rules(scheme: Scheme, secret: Seed, levels: np.ndarray) -> list[int]:
    tally = Tally(scheme, opening(scheme, secret))
    arms = []
    for number, unit in enumerate(levels):
        answers = {factor.name: factor.levels[level] for factor, level in zip(scheme.factors, unit, strict=True)}
        record = allocate(scheme, secret, tally.standing, str(number), answers)
        tally.take(record)
        arms.append(scheme.arms.index(record.sealed.arm))
    return arms


def within(estimate: Estimate, expected: float, errors: float = 4.5) -> bool:
    return abs(estimate.value - expected) <= errors * estimate.standard_error + 1e-12


# The same algorithm


@every_scheme
@pytest.mark.parametrize("order", ["mixed", "site-by-site"])
def test_every_simulated_trial_is_what_the_rules_give_under_its_seed(scheme, order):
    if order == "site-by-site" and SITE not in scheme.factors:
        order = "mixed"
    levels = recruit(scheme, Recruitment(60, order=order), 12, seed=5)
    arms = arms_of(scheme, simulate_places(scheme, levels, seed=9))

    for trial in range(12):
        assert arms[trial].tolist() == by_the_rules(scheme, trial_seed(9, trial), levels[trial])


@every_scheme
def test_numbers_that_are_thrown_away_are_thrown_away_in_arrays_too(scheme, monkeypatch):
    # Such a number is one in a billion. Here chance comes in numbers below 59, of which up to half are thrown away.
    most = 59
    monkeypatch.setattr(sequences, "_WORD_VALUES", most)
    monkeypatch.setattr("imara.rules.allocation.seed._WORD_VALUES", most)
    words, word = Keys.words, Stream._word
    monkeypatch.setattr(Keys, "words", lambda *given: words(*given) % most)
    monkeypatch.setattr(Stream, "_word", lambda stream: word(stream) % most)
    handed_over = []
    for name in ("block", "Stream"):
        real = getattr(sequences, name)
        monkeypatch.setattr(sequences, name, lambda *given, real=real: handed_over.append(1) or real(*given))
    levels = recruit(scheme, Recruitment(40), 20, seed=5)

    arms = arms_of(scheme, simulate_places(scheme, levels, seed=9))

    assert handed_over
    for trial in range(20):
        assert arms[trial].tolist() == by_the_rules(scheme, trial_seed(9, trial), levels[trial])


def test_digests_are_hmac():
    keys = Keys(3, 4)
    words = keys.words([2, 0], [b"one", b"two"], 2)
    for row, (trial, text) in zip(words, [(2, b"one"), (0, b"two")], strict=True):
        digest = keys.seeds[trial].digest(text)
        assert [int(word).to_bytes(4, "big") for word in row] == [digest[n : n + 4] for n in range(0, 32, 4)]


@every_scheme
def test_the_same_seed_gives_the_same_result(scheme):
    one = simulate_allocation(scheme, Recruitment(30), trials=50, seed=4)
    assert one == simulate_allocation(scheme, Recruitment(30), trials=50, seed=4)
    assert one != simulate_allocation(scheme, Recruitment(30), trials=50, seed=5)
    with pytest.raises(FrozenInstanceError):
        one.units = 3  # type: ignore[misc]


# Who comes


def test_people_come_with_the_probabilities_given():
    scheme = SCHEMES["blocks"]
    shares = {"site": {"east": 6, "north": 3, "south": 1}, "diagnosis": {"bipolar": 0.25, "schizophrenia": 0.75}}
    levels = recruit(scheme, Recruitment(100, shares), 200, seed=1)

    assert np.bincount(levels[..., 0].ravel()) / 20_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.015)
    assert np.bincount(levels[..., 1].ravel()) / 20_000 == pytest.approx([0.25, 0.75], abs=0.015)
    even = recruit(scheme, Recruitment(100), 200, seed=1)
    assert np.bincount(even[..., 0].ravel()) / 20_000 == pytest.approx([1 / 3] * 3, abs=0.015)


def test_sites_can_come_one_after_the_other():
    levels = recruit(SCHEMES["blocks"], Recruitment(50, order="site-by-site"), 20, seed=1)

    assert (np.diff(levels[..., 0], axis=1) >= 0).all()
    assert not (np.diff(levels[..., 1], axis=1) >= 0).all()


@pytest.mark.parametrize(
    ("recruitment", "words"),
    [
        (Recruitment(0), "somebody has to come"),
        (Recruitment(9, {"sight": {}}), "Did you mean 'site'?"),
        (Recruitment(9, {"site": {"noth": 1}}), "Did you mean 'north'?"),
        (Recruitment(9, {"site": {"north": -1, "east": 2}}), "0 or more, and not all 0"),
        (Recruitment(9, {"site": {"north": 0}}), "0 or more, and not all 0"),
        (Recruitment(9, {"site": {"north": float("nan")}}), "0 or more, and not all 0"),
    ],
)
def test_impossible_recruitment_is_refused(recruitment, words):
    with pytest.raises(InputError) as caught:
        recruit(SCHEMES["blocks"], recruitment, 2, seed=1)
    assert words in str(caught.value)


def test_what_does_not_fit_the_scheme_is_refused():
    with pytest.raises(InputError, match="sites cannot come one after the other"):
        simulate_allocation(SCHEMES["simple"], Recruitment(9, order="site-by-site"))
    with pytest.raises(InputError, match="one trial has no spread"):
        simulate_allocation(SCHEMES["simple"], Recruitment(9), trials=1)


# Figures that theory gives


def test_simple_allocation_is_imbalanced_like_coins():
    result = simulate_allocation(SCHEMES["simple"], Recruitment(50), trials=3000)
    heads = np.arange(51)
    expected = float((np.abs(2 * heads - 50) * binom.pmf(heads, 50, 0.5)).sum())

    assert within(result.overall.mean, expected)
    assert within(result.guess_by_count, 0.5)
    assert result.guess_by_scheme == Estimate(0.5, 0.0)
    assert result.forced == Estimate(0.0, 0.0)
    assert sum(share for _, share in result.overall.shares) == pytest.approx(1)


def test_blocks_of_four_are_guessed_as_theory_says():
    # In a block of 4, counting is right 17 times in 24 and a third of the draws are certain (places 3 and 4 of them).
    scheme = Scheme("permuted-blocks", ("imr", "tau"), (1, 1), (), (4,))
    result = simulate_allocation(scheme, Recruitment(40), trials=2000)

    assert within(result.guess_by_count, 17 / 24)
    assert within(result.guess_by_scheme, 17 / 24)
    assert within(result.forced, 1 / 3)
    assert result.overall.largest == 0


def test_sizes_drawn_at_random_leave_less_that_is_certain():
    fixed = simulate_allocation(SCHEMES["blocks of one size"], Recruitment(90), trials=400)
    mixed = simulate_allocation(
        replace(SCHEMES["blocks of one size"], block_sizes=(4, 6, 8)), Recruitment(90), trials=400
    )

    assert mixed.forced.value < 0.25 * fixed.forced.value
    assert mixed.guess_by_scheme.value < fixed.guess_by_scheme.value


@every_scheme
def test_the_one_who_knows_is_right_as_often_as_foreseen_and_never_worse_than_counting(scheme):
    levels = recruit(scheme, Recruitment(60), 400, seed=2)
    places = simulate_places(scheme, levels, seed=2)
    arms, strata = arms_of(scheme, places), strata_of(scheme, levels)[0]
    right = foresee(scheme, levels, places).right

    for groups in (strata, np.zeros_like(strata)):
        difference = right - convergence(scheme, arms, groups)
        assert difference.mean() > -4.5 * difference.std(ddof=1) / np.sqrt(400) - 1e-12


def test_what_is_foreseen_in_blocks_is_bayes_rule_by_enumeration():
    # All ways in which blocks of 2 and 4 can begin, listed, against the filter, on every history of five draws.
    scheme = Scheme("permuted-blocks", ("imr", "tau"), (1, 1), (), (2, 4))
    start: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
    orders = {size: sorted(set(itertools.permutations([0] * (size // 2) + [1] * (size // 2)))) for size in (2, 4)}
    while any(len(line) < 6 for line, _ in start):
        start = [
            (line + order, chance * 0.5 / len(orders[size])) if len(line) < 6 else (line, chance)
            for line, chance in start
            for size, order in (((size, o) for size in orders for o in orders[size]) if len(line) < 6 else [(0, ())])
        ]
    histories = sorted({line[:6] for line, _ in start})
    arms = np.array(histories, dtype=np.int8)
    levels = np.empty((len(arms), 6, 0), dtype=np.intp)

    found = foresee(scheme, levels, arms)

    for row, history in enumerate(histories):
        best, certain = 0.0, 0
        for place in range(6):
            after = [sum(c for line, c in start if line[: place + 1] == (*history[:place], arm)) for arm in (0, 1)]
            best += max(after) / sum(after)
            certain += min(after) == 0
        assert found.right[row] == pytest.approx(best / 6, abs=1e-12)
        assert found.forced[row] == pytest.approx(certain / 6)


def test_the_convergence_guess_is_the_one_counted_by_hand():
    scheme = Scheme("simple", ("a", "b"), (1, 1))
    arms = np.array([[0, 0, 1, 1, 1]], dtype=np.int8)
    # Toss-up, wrong (1:0), right (2:0), right (2:1), toss-up (2:2).
    assert convergence(scheme, arms, np.zeros((1, 5), dtype=np.intp)).tolist() == [(0.5 + 0 + 1 + 1 + 0.5) / 5]
    # In two groups: toss-up, toss-up, right (0:1 of its own), right, wrong.
    groups = np.array([[0, 1, 0, 1, 1]])
    assert convergence(scheme, arms, groups).tolist() == [(0.5 + 0.5 + 1 + 1 + 0.5) / 5]
    unequal = Scheme("simple", ("a", "b"), (2, 1))
    # 2:1. First a (its share is larger): right. Then b is behind (1/2 to 0): wrong. Then b: right. Then even: a: wrong.
    assert convergence(unequal, arms[:, :4], np.zeros((1, 4), dtype=np.intp)).tolist() == [0.5]


def test_imbalances_are_those_counted_by_hand():
    scheme = SCHEMES["blocks"]
    levels = recruit(scheme, Recruitment(40), 30, seed=1)
    arms = arms_of(scheme, simulate_places(scheme, levels, 1))
    result = simulate_allocation(scheme, Recruitment(40), trials=30, seed=1)

    overall = [abs(int((row == 0).sum()) - int((row == 1).sum())) for row in arms]
    assert result.overall.mean.value == pytest.approx(np.mean(overall))
    assert result.overall.largest == max(overall)
    assert result.overall.mean.standard_error == pytest.approx(np.std(overall, ddof=1) / 30**0.5)
    worst = []
    for row, unit in zip(arms, levels, strict=True):
        strata = {tuple(level) for level in unit.tolist()}
        here = [[arm for arm, level in zip(row, unit.tolist(), strict=True) if tuple(level) == s] for s in strata]
        worst.append(max(abs(2 * sum(map(int, group)) - len(group)) for group in here))
    assert result.worst_stratum.mean.value == pytest.approx(np.mean(worst))
    assert dict(result.margins).keys() == {"site", "diagnosis"}
    assert result.worst_stratum.largest <= 3


def test_minimisation_balances_margins_better_than_blocks_balance_the_whole():
    minimised = simulate_allocation(SCHEMES["minimisation"], Recruitment(90), trials=300)
    tossed = simulate_allocation(SCHEMES["simple"], Recruitment(90), trials=300)
    certain = simulate_allocation(SCHEMES["minimisation, certain"], Recruitment(90), trials=300)

    assert minimised.overall.mean.value < 0.4 * tossed.overall.mean.value
    assert minimised.forced.value == 0
    assert certain.forced.value > 0.5
    assert certain.guess_by_scheme.value > minimised.guess_by_scheme.value


def test_the_danish_study_before_it_opens():
    scheme = scheme_of(load_study("imr-denmark").study)
    result = simulate_allocation(scheme, Recruitment(198, order="site-by-site"), trials=300)

    assert result.units == 198
    assert result.within_strata.largest <= 3
    assert result.overall.quantile_95 <= 6
    assert 0.6 < result.guess_by_scheme.value < 0.75
