"""Chance that comes from a secret: even, repeatable, and silent about itself."""

from __future__ import annotations

import copy
import hmac
import pickle
from collections import Counter

import pytest
from scipy.stats import chisquare

from imara.rules.allocation import seed as module
from imara.rules.allocation.allocate import allocate
from imara.rules.allocation.scheme import Scheme
from imara.rules.allocation.seed import Seed, Stream, canonical, label
from imara.rules.allocation.standing import opening

SECRET = b"a secret of thirty-two bytes...."
SEED = Seed(SECRET)


@pytest.mark.parametrize("wrong", [b"", b"short", bytes(31), bytes(33), "x" * 32, bytearray(32), None, 7])
def test_a_seed_is_exactly_32_bytes_and_the_refusal_does_not_show_it(wrong):
    with pytest.raises(ValueError, match=r"^a seed is exactly 32 bytes$"):
        Seed(wrong)


def test_a_seed_never_shows_itself():
    for thing in (SEED, [SEED], {"seed": SEED}, Stream(SEED, "x"), opening(Scheme("simple", ("a", "b"), (1, 1)), SEED)):
        for text in (repr(thing), str(thing), f"{thing}"):
            assert "secret of" not in text
            assert SECRET.hex() not in text


def test_seeds_are_equal_when_their_bytes_are():
    assert Seed(SECRET) == SEED
    assert hash(Seed(SECRET)) == hash(SEED)
    assert Seed(bytes(32)) != SEED
    assert SEED != SECRET
    assert copy.deepcopy(SEED) == SEED == pickle.loads(pickle.dumps(SEED))


def test_a_stream_gives_the_same_numbers_again_and_other_numbers_under_another_label():
    def first(words):
        stream = Stream(SEED, words)
        return [stream.below(1000) for _ in range(40)]

    assert first("a") == first("a")
    assert first("a") != first("b")


def test_labels_cannot_be_mistaken_for_each_other():
    assert label("block", [["site", "a"]], 1) != label("block", [["site", "a1"]], 0)
    assert label("a", "b,c") != label("a,b", "c")
    assert canonical({"b": 1, "a": "ø"}) == '{"a":"ø","b":1}'


@pytest.mark.parametrize("n", [2, 3, 5, 6, 7, 12])
def test_numbers_are_even(n):
    stream = Stream(SEED, f"even/{n}")
    found = Counter(stream.below(n) for _ in range(3000))

    assert set(found) == set(range(n))
    assert chisquare(list(found.values())).pvalue > 0.001


def test_numbers_that_would_tilt_the_draw_are_thrown_away():
    # Three quarters of 2^32: without throwing away, the lower third would come up twice as often.
    n = 3 << 30
    stream = Stream(SEED, "tilt")
    thirds = Counter(stream.below(n) // (1 << 30) for _ in range(3000))
    assert chisquare(list(thirds.values())).pvalue > 0.001

    digests = [hmac.digest(SECRET, f"tilt/{counter}".encode(), "sha256") for counter in range(600)]
    words = [word for digest in digests for word in module.words_of(digest)]
    again = Stream(SEED, "tilt")
    assert [again.below(n) for _ in range(3000)] == [word for word in words if word < n][:3000]
    assert sum(word >= n for word in words) > 900


@pytest.mark.parametrize("n", [0, -1, (1 << 32) + 1])
def test_what_cannot_be_drawn_is_refused(n):
    with pytest.raises(ValueError, match="cannot be drawn"):
        Stream(SEED, "x").below(n)


def test_every_order_is_equally_likely():
    orders = Counter(tuple(Stream(SEED, str(number)).shuffled("abc")) for number in range(1200))

    assert len(orders) == 6
    assert chisquare(list(orders.values())).pvalue > 0.001


def test_an_error_in_the_midst_of_a_draw_shows_neither_seed_nor_arm():
    scheme = Scheme("simple", ("wanted", "unwanted"), (1, 1))
    with pytest.raises(ValueError, match="nothing") as caught:
        allocate(scheme, SEED, opening(scheme, SEED), "P-1", {"site": "north"})
    shown = []
    trace = caught.tb
    while trace is not None:
        inside = trace.tb_frame.f_code.co_filename
        if "rules" in inside and "test" not in inside:
            # A debugger's page shows the local values of every frame; the scheme lists its arms, a draw none.
            shown += [repr(value) for name, value in trace.tb_frame.f_locals.items() if name not in ("scheme", "self")]
        trace = trace.tb_next
    assert shown
    assert not any("secret of" in text or SECRET.hex() in text or "wanted" in text for text in shown)
