"""The ways in which trials' randomisation has gone badly wrong, each tried here.

Reviews of such failures (Yelland and others, Trials 2025, 10.1186/s13063-025-09390-9) and reports by users of trial
systems tell of schedules sorted wrongly, errors in programs, numbers that stood twice, minimisation that counted a
centre twice, one schedule used again, groups whose labels were swapped, and people drawn for under the wrong levels.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from imara.rules.allocation.allocate import allocate, allocate_together, draw
from imara.rules.allocation.minimisation import draw_minimising, imbalances
from imara.rules.allocation.record import Record, chain, hash_of, read_record, write_record
from imara.rules.allocation.replay import Fault, replay
from imara.rules.allocation.scheme import Factor, Scheme, commitment
from imara.rules.allocation.seed import Seed
from imara.rules.allocation.standing import Tally, opening, standing_after
from imara.study.problems import InputError

SEED = Seed(bytes(range(32)))
SITES = Factor("site", ("ballerup", "frederiksberg", "third"))
DIAGNOSES = Factor("diagnosis", ("bipolar", "schizophrenia"))
BLOCKS = Scheme("permuted-blocks", ("imr", "tau"), (1, 1), (SITES, DIAGNOSES), (4, 6))
MINIMISATION = Scheme("minimisation", ("imr", "tau"), (1, 1), (SITES, DIAGNOSES), best_probability=Fraction(4, 5))


def trial(scheme: Scheme = BLOCKS, count: int = 24, seed: Seed = SEED) -> list[Record]:
    tally = Tally(scheme, opening(scheme, seed))
    records = []
    for number in range(1, count + 1):
        levels = {"site": SITES.levels[number % 3], "diagnosis": DIAGNOSES.levels[number % 5 % 2]}
        record = allocate(scheme, seed, tally.standing, f"P-{number:03}", levels)
        tally.take(record)
        records.append(record)
    return records


def rechained(records: list[Record]) -> list[Record]:
    """Return the records linked anew, as a program that wrote them wrongly would have linked them."""
    done: list[Record] = []
    for record in records:
        linked = replace(record, previous=done[-1].hash if done else record.previous)
        done.append(replace(linked, hash=hash_of(linked)))
    return done


def fault(records: list[Record], scheme: Scheme = BLOCKS, seed: Seed = SEED) -> tuple[Fault, int]:
    broken = replay(scheme, seed, records).broken
    assert broken is not None
    return broken.fault, broken.sequence


def test_1_a_mis_sorted_schedule_cannot_arise_and_is_found():
    # There is no schedule to sort: each arm is recomputed from its stratum and its place, whoever came in between.
    records = trial()
    one = [r for r in records if r.factors == records[0].factors]
    alone = standing_after(BLOCKS, SEED, [])
    assert allocate(BLOCKS, SEED, alone, "X", dict(records[0].factors)).sealed.arm == one[0].sealed.arm

    by_arm = sorted(records, key=lambda record: record.sealed.arm)
    assert fault(by_arm)[0] in (Fault.MISSING_RECORD, Fault.REPEATED_RECORD)
    # The same mistake made before anything was written: arms sorted, everything else in order.
    contents = [record.sealed for record in by_arm]
    mistaken = rechained([replace(r, sealed=s) for r, s in zip(records, contents, strict=True)])
    assert fault(mistaken)[1] <= 3


def test_2_an_error_in_the_program_is_found_by_drawing_again():
    # A program that alternates instead of drawing, and writes perfectly consistent records.
    records = [
        replace(record, sealed=replace(record.sealed, arm=BLOCKS.arms[number % 2]))
        for number, record in enumerate(trial())
    ]
    wrong = [
        number for number, (r, t) in enumerate(zip(records, trial(), strict=True), 1) if r.sealed.arm != t.sealed.arm
    ]

    assert fault(rechained(records)) == (Fault.WRONG_ARM, wrong[0])


def test_3_a_number_is_never_used_twice():
    records = trial()
    with pytest.raises(InputError, match="P-003: this participant has been allocated already"):
        allocate(BLOCKS, SEED, standing_after(BLOCKS, SEED, records), "P-003", dict(records[0].factors))

    # Two requests at once that both read the same state: the second takes the number and slot of the first.
    before = standing_after(BLOCKS, SEED, records)
    levels = dict(records[0].factors)
    twins = [allocate(BLOCKS, SEED, before, "P-100", levels), allocate(BLOCKS, SEED, before, "P-101", levels)]
    assert fault([*records, *twins]) == (Fault.REPEATED_RECORD, 26)

    again = trial(count=12)
    same_person = allocate(
        BLOCKS, SEED, replace(standing_after(BLOCKS, SEED, again), units=frozenset()), "P-001", levels
    )
    assert fault([*again, same_person]) == (Fault.UNIT_TWICE, 13)


def test_4_minimisation_counts_a_centre_once():
    with pytest.raises(InputError, match="a factor that stands twice would count twice"):
        replace(MINIMISATION, factors=(SITES, DIAGNOSES, SITES))
    with pytest.raises(InputError, match="a factor that stands twice would count twice"):
        replace(BLOCKS, factors=(SITES, SITES))

    records = trial(MINIMISATION, 60)
    counts = standing_after(MINIMISATION, SEED, records).counts
    for factor in MINIMISATION.factors:
        assert sum(sum(counts[factor.name, level]) for level in factor.levels) == 60

    # Centre 5:3 and diagnosis 3:4. Once each: going to the first leaves 3 + 0, to the second 1 + 2. A tie. Counted
    # twice, the centre would decide: 6 + 0 against 2 + 2.
    mine = (("site", "third"), ("diagnosis", "bipolar"))
    here = {("site", "third"): (5, 3), ("diagnosis", "bipolar"): (3, 4)}
    assert imbalances(MINIMISATION, mine, here) == [3, 3]
    deterministic = replace(MINIMISATION, best_probability=Fraction(1))
    drawn = Counter(draw_minimising(deterministic, Seed(n.to_bytes(32, "big")), mine, here, 9)[0] for n in range(200))
    assert min(drawn.values()) > 60


def test_4_minimisation_counts_shares_and_refuses_counts_of_arms():
    two_to_one = replace(MINIMISATION, ratio=(2, 1))
    mine = (("site", "third"), ("diagnosis", "bipolar"))
    with pytest.raises(ValueError, match="counts shares, and this scheme has 3"):
        draw_minimising(two_to_one, SEED, mine, {("site", "third"): (5, 3)}, 9)


def test_5_one_schedule_is_not_used_again():
    # In another stratum, another study, or another version of the study, the draws or the commitment differ.
    arms = [record.sealed.arm for record in trial(count=60)]
    assert arms != [record.sealed.arm for record in trial(count=60, seed=Seed(bytes(32)))]
    assert commitment(BLOCKS, SEED) != commitment(replace(BLOCKS, study="another"), SEED)

    by_stratum = {
        stratum: tuple(r.sealed.arm for r in trial(count=240) if r.factors == stratum)[:20]
        for stratum in {record.factors for record in trial(count=240)}
    }
    assert len(set(by_stratum.values())) == len(by_stratum) == 6


def test_6_swapped_labels_do_not_pass_unseen():
    swap = {"imr": "tau", "tau": "imr"}
    records = [replace(r, sealed=replace(r.sealed, arm=swap[r.sealed.arm])) for r in trial()]

    assert fault(rechained(records)) == (Fault.WRONG_ARM, 1)
    assert fault(trial(), replace(BLOCKS, arms=("tau", "imr"))) == (Fault.WRONG_COMMITMENT, 1)


def test_7_wrong_levels_are_refused_or_found():
    start = opening(BLOCKS, SEED)
    for levels in ({"site": "third"}, {"site": "Third", "diagnosis": "bipolar"}, {"site": "3", "diagnosis": "bipolar"}):
        with pytest.raises(InputError):
            allocate(BLOCKS, SEED, start, "P-1", levels)

    # The level is corrected later in the record of the draw, instead of beside it.
    records = trial()
    corrected = (records[7].factors[0], ("diagnosis", "bipolar"))
    assert corrected != records[7].factors
    records[7] = replace(records[7], factors=corrected)
    assert fault(records) == (Fault.CHANGED_INPUTS, 8)
    # Even when all hashes are computed anew, since the seal is not.
    assert fault(rechained(records)) == (Fault.CHANGED_INPUTS, 8)


def test_allocated_in_error_stays_in_the_count_and_moves_nobody():
    # The one allocated in error is marked beside the record; taking the record out would move everyone after.
    records = trial()
    assert fault([*records[:5], *records[6:]]) == (Fault.MISSING_RECORD, 6)


def test_units_allocated_together_in_the_order_of_a_list_are_found():
    # A program that has the seed and writes sound records, but lets the list decide who comes first.
    units = {f"P-{number:03}": {"site": "third", "diagnosis": "bipolar"} for number in range(1, 7)}
    tally = Tally(BLOCKS, opening(BLOCKS, SEED))
    records = []
    for number, (unit, levels) in enumerate(units.items(), start=1):
        now = tally.standing
        arm, slot = draw(BLOCKS, SEED, now, BLOCKS.stratum(levels))
        inputs = {"sequence": number, "unit": unit, "act": 1, "act_size": 6, "previous": now.head}
        records.append(chain(SEED, inputs, BLOCKS.stratum(levels), BLOCKS.arms[arm], slot))
        tally.take(records[-1])

    assert fault(records) == (Fault.WRONG_TURN, 6)
    together = allocate_together(BLOCKS, SEED, opening(BLOCKS, SEED), units)
    assert replay(BLOCKS, SEED, together).is_sound
    # The same slots in the same order, whoever gets them.
    assert [record.sealed.arm for record in together] == [record.sealed.arm for record in records]


def test_half_an_act_is_found_without_any_hash_noted_elsewhere():
    units = {f"P-{number:03}": {"site": "third", "diagnosis": "bipolar"} for number in range(1, 7)}
    records = allocate_together(BLOCKS, SEED, opening(BLOCKS, SEED), units)

    broken = replay(BLOCKS, SEED, records[:4]).broken
    assert broken is not None
    assert str(broken) == "Draws 1 to 6 were one act, but those after draw 4 are missing."
    assert (broken.fault, broken.sequence) == (Fault.MISSING_RECORD, 5)


def test_words_say_where_and_what():
    records = trial()
    wrong = replace(
        records[4], sealed=replace(records[4].sealed, arm="tau" if records[4].sealed.arm == "imr" else "imr")
    )
    assert str(replay(BLOCKS, SEED, [*records[:4], wrong, *records[5:]]).broken) == (
        "Draw 5 (P-005): its arm was changed after the draw."
    )
    assert str(replay(BLOCKS, SEED, [*records[:4], *records[7:]]).broken) == (
        "Before draw 8 (P-008), draws 5 to 7 are missing."
    )
    assert str(replay(BLOCKS, SEED, records[:-1], head=records[-1].hash).broken) == (
        "The records end with draw 23, but the last hash that was noted is that of another draw."
    )
    assert str(replay(BLOCKS, SEED, records, published="0" * 64).broken) == (
        "Scheme, seed and study do not give the commitment that was published before the first draw."
    )
    assert replay(BLOCKS, SEED, []).is_sound


def test_records_survive_being_stored():
    for record in [*trial(), *trial(MINIMISATION), *trial()[:1]]:
        assert read_record(write_record(record)) == record
    good = write_record(trial()[0])
    for damage in (
        {"slot": {"block": 0}}, {"slot": 3}, {"sequence": "1"}, {"sequence": True}, {"factors": [["site"]]},
        {"factors": 4},
    ):  # fmt: skip
        with pytest.raises(InputError, match="this is not a record of an allocation") as caught:
            read_record({**good, **damage})
        assert "imr" not in str(caught.value)
        assert "tau" not in str(caught.value)
    with pytest.raises(InputError):
        read_record({key: value for key, value in good.items() if key != "seal"})
