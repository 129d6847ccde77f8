"""The algorithm as its documentation states it, written a second time: what anyone could do without our code.

What is computed here uses HMAC, SHA-256 and JSON from the standard library and nothing of `imara.rules.allocation` but
the finished records. The literal values at the end are those of version 1; they never change.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from fractions import Fraction
from typing import Any

import pytest

from imara.rules.allocation.allocate import allocate, allocate_together
from imara.rules.allocation.record import Record
from imara.rules.allocation.scheme import Factor, Scheme, commitment
from imara.rules.allocation.seed import ALGORITHM, Seed
from imara.rules.allocation.standing import Tally, opening

NAME = "imara-allocation-1"
KEY = bytes(range(32))
FACTORS = (Factor("site", ("east", "west")), Factor("diagnosis", ("bipolar", "schizophrenia")))
BLOCKS = Scheme("permuted-blocks", ("imr", "tau"), (1, 2), FACTORS, (3, 6, 12), study="fingerprint")
MINIMISATION = Scheme(
    "minimisation", ("imr", "online", "tau"), (2, 1, 1), FACTORS,
    best_probability=Fraction(3, 4), measure="variance", weights=(2, 1), study="fingerprint",
)  # fmt: skip
BY_RANGE = Scheme(
    "minimisation", ("imr", "online", "tau"), (1, 1, 1), FACTORS, best_probability=Fraction(5, 6), study="fingerprint"
)
SIMPLE = Scheme("simple", ("imr", "tau"), (1, 1), study="fingerprint")
SCHEMES = {"blocks": BLOCKS, "minimisation": MINIMISATION, "by range": BY_RANGE, "simple": SIMPLE}
UNITS = [(f"P-{n:03}", {"site": "east" if n % 3 else "west", "diagnosis": "bipolar" if n % 2 else "schizophrenia"})
         for n in range(1, 61)]  # fmt: skip


def as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def chance(*label: Any):
    """Return a function that gives numbers below n from the stream of a label."""

    def words():
        counter = 0
        while True:
            digest = hmac.new(KEY, f"{as_json([NAME, *label])}/{counter}".encode(), hashlib.sha256).digest()
            for start in range(0, 32, 4):
                yield int.from_bytes(digest[start : start + 4], "big")
            counter += 1

    stream = words()
    return lambda n: next(word % n for word in stream if word < 2**32 // n * n)


def mixed(items: list[Any], below: Any) -> list[Any]:
    for place in reversed(range(1, len(items))):
        other = below(place + 1)
        items[place], items[other] = items[other], items[place]
    return items


def blocks_by_hand(history: list[tuple[Any, str]], stratum: list[list[str]]) -> str:
    queue: list[str] = []
    earlier = sum(1 for pairs, _ in history if pairs == stratum)
    number = 0
    while len(queue) <= earlier:
        below = chance("block", stratum, number)
        size = [3, 6, 12][below(3)]
        queue += mixed(["imr"] * (size // 3) + ["tau"] * (2 * size // 3), below)
        number += 1
    return queue[earlier]


def minimisation_by_hand(history: list[tuple[Any, int]], stratum: list[list[str]], number: int) -> int:
    """Return the share: 0 and 1 are the first arm, 2 the second, 3 the third."""
    totals = []
    for share in range(4):
        total = Fraction(0)
        for weight, pair in zip((2, 1), stratum, strict=True):
            counts = [sum(1 for pairs, drawn in history if pair in pairs and drawn == k) for k in range(4)]
            counts[share] += 1
            mean = Fraction(sum(counts), 4)
            total += weight * sum((count - mean) ** 2 for count in counts) / 4
        totals.append(total)
    below = chance("draw", number)
    best = [share for share in range(4) if totals[share] == min(totals)]
    favoured = best[below(len(best))]
    # Three quarters for the best, a twelfth for each other: of twelve sides of a die, nine, and one each.
    sides = [share for share in range(4) for _ in range(9 if share == favoured else 1)]
    return sides[below(12)]


def draws(scheme: Scheme) -> list[Record]:
    tally = Tally(scheme, opening(scheme, Seed(KEY)))
    records = []
    for unit, levels in UNITS:
        record = allocate(scheme, Seed(KEY), tally.standing, unit, levels if scheme.factors else {})
        tally.take(record)
        records.append(record)
    return records


def test_permuted_blocks_are_those_of_the_description():
    history: list[tuple[Any, str]] = []
    for record in draws(BLOCKS):
        stratum = [list(pair) for pair in record.factors]
        assert record.sealed.arm == blocks_by_hand(history, stratum)
        history.append((stratum, record.sealed.arm))


def test_minimisation_is_that_of_the_description():
    history: list[tuple[Any, int]] = []
    for number, record in enumerate(draws(MINIMISATION), start=1):
        stratum = [list(pair) for pair in record.factors]
        share = minimisation_by_hand(history, stratum, number)
        assert record.sealed.arm == ("imr", "imr", "online", "tau")[share]
        assert record.sealed.slot is not None
        assert record.sealed.slot.position == share
        history.append((stratum, share))


def test_minimisation_by_range_is_that_of_the_description():
    history: list[tuple[list[list[str]], int]] = []
    for number, record in enumerate(draws(BY_RANGE), start=1):
        stratum = [list(pair) for pair in record.factors]
        totals = []
        for arm in range(3):
            counts = [
                [sum(pair in pairs and k == drawn for pairs, drawn in history) for k in range(3)] for pair in stratum
            ]
            supposed = [[count + (k == arm) for k, count in enumerate(row)] for row in counts]
            totals.append(sum(max(row) - min(row) for row in supposed))
        below = chance("draw", number)
        best = [arm for arm in range(3) if totals[arm] == min(totals)]
        favoured = best[below(len(best))]
        # Five sixths for the best, a twelfth for each other: of twelve sides, ten, and one each.
        arm = [arm for arm in range(3) for _ in range(10 if arm == favoured else 1)][below(12)]
        assert record.sealed.arm == BY_RANGE.arms[arm]
        history.append((stratum, arm))


def test_simple_allocation_is_that_of_the_description():
    assert [r.sealed.arm for r in draws(SIMPLE)] == [("imr", "tau")[chance("draw", n)(2)] for n in range(1, 61)]


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_chain_and_seals_are_those_of_the_description(scheme):
    previous = commitment(scheme, Seed(KEY))
    for number, record in enumerate(draws(scheme), start=1):
        inputs = {
            "sequence": number, "unit": f"P-{number:03}", "factors": [list(pair) for pair in record.factors],
            "act": number, "act_size": 1, "previous": previous,
        }  # fmt: skip
        message = f"{as_json([NAME, 'seal'])}/{as_json(inputs)}".encode()
        assert record.sealed.seal == hmac.new(KEY, message, hashlib.sha256).hexdigest()
        slot = record.sealed.slot
        whole = {
            **inputs, "arm": record.sealed.arm, "seal": record.sealed.seal,
            "slot": None if slot is None else [slot.block, slot.position, slot.size],
        }  # fmt: skip
        assert record.hash == hashlib.sha256(as_json(whole).encode()).hexdigest()
        previous = record.hash


def test_the_commitment_is_that_of_the_description():
    terms = {
        "method": "permuted-blocks", "arms": ["imr", "tau"], "ratio": [1, 2], "factors": ["site", "diagnosis"],
        "block_sizes": [3, 6, 12], "best_probability": [1, 1], "measure": "range", "weights": [1, 1],
        "kind": "participant", "study": "fingerprint",
    }  # fmt: skip
    whole = as_json({"algorithm": NAME, "scheme": terms, "seed": KEY.hex()})

    assert commitment(BLOCKS, Seed(KEY)) == hashlib.sha256(whole.encode()).hexdigest()


def test_turns_of_those_allocated_together_are_those_of_the_description():
    units = dict(UNITS[:9])
    records = allocate_together(BLOCKS, Seed(KEY), opening(BLOCKS, Seed(KEY)), units)

    assert [record.unit for record in records] == mixed(sorted(units), chance("turns", 1))


ARMS = {
    "by range": "ittoooittioitioottioiotiotoiitttioiiioottioittitoooitotiioot",
    "blocks": "tttiiitiitittittttittittttttitttittitittittttiitttiititiitit",
    "minimisation": "iiiotoiotioittiottiioiiiotoiitiiitoiiiiotiiittitoooitiiiioto",
    "simple": "ittitiiitiittttiitiititttitittititiittittiiittiiittiitiiittt",
}
HEADS = {
    "by range": "8871b8f13bb42e89",
    "blocks": "6c598f74d48bb675",
    "minimisation": "82942d0ab9991f7d",
    "simple": "d4cb3c056194db51",
}


def test_version_1_stays_what_it_was():
    assert ALGORITHM == NAME
    arms = {name: "".join(record.sealed.arm[0] for record in draws(scheme)) for name, scheme in SCHEMES.items()}
    heads = {name: draws(scheme)[-1].hash[:16] for name, scheme in SCHEMES.items()}
    assert arms == ARMS
    assert heads == HEADS
