"""Numbers as journals want them: true minus, decimals by scale, p values, and Danish with its comma."""

from __future__ import annotations

import pytest

from imara.report.numbers import MISSING, Numbers, decimals_of
from imara.study.instrument import Score
from imara.study.vocabulary import Text

EN, DA = Numbers("en"), Numbers("da")


@pytest.mark.parametrize(
    ("value", "decimals", "english", "danish"),
    [
        (-3.107, 1, "\u22123.1", "\u22123,1"),
        (0.04, 1, "0.0", "0,0"),
        (-0.04, 1, "0.0", "0,0"),
        (1234.5, 1, "1,234.5", "1.234,5"),
        (100.0, 0, "100", "100"),
        (None, 1, MISSING, MISSING),
        (float("nan"), 1, MISSING, MISSING),
        (float("inf"), 1, MISSING, MISSING),
    ],
)
def test_a_number_has_its_decimals_and_a_true_minus(value, decimals, english, danish):
    assert EN.fixed(value, decimals) == english
    assert DA.fixed(value, decimals) == danish


@pytest.mark.parametrize(
    ("p", "english", "danish"),
    [
        (0.5, ".50", "0,50"),
        (0.034, ".03", "0,03"),
        (0.0499, ".050", "0,050"),
        (0.046, ".046", "0,046"),
        (0.0083, ".008", "0,008"),
        (0.001, ".001", "0,001"),
        (0.00099, "<.001", "<0,001"),
        (0.0, "<.001", "<0,001"),
        (0.995, ">.99", ">0,99"),
        (1.0, ">.99", ">0,99"),
    ],
)
def test_a_p_value_is_exact_but_never_zero(p, english, danish):
    assert EN.p(p) == english
    assert DA.p(p) == danish


def test_a_p_value_in_a_sentence_keeps_its_sign_and_does_not_break():
    assert EN.p_equals(0.034) == "p\u00a0=\u00a0.03"
    assert EN.p_equals(0.0001) == "p\u00a0<\u00a0.001"
    assert DA.p_equals(0.034) == "p\u00a0=\u00a00,03"


def test_ends_of_an_interval_are_joined_by_a_word():
    assert EN.interval(-4.65, 4.26, 1) == "\u22124.7\u00a0to\u00a04.3"
    assert DA.interval(-4.65, 4.26, 1) == "\u22124,7\u00a0til\u00a04,3"


def test_a_share_of_nobody_is_missing():
    assert EN.percent(0, 0) == MISSING
    assert EN.percent(27, 52) == "52%"
    assert DA.percent(27, 52) == "52\u00a0%"


def test_a_level_keeps_the_decimals_it_has():
    assert EN.level(0.95) == "95%"
    assert EN.level(0.975) == "97.5%"
    assert DA.level(0.975) == "97,5\u00a0%"


def test_a_plain_number_drops_decimals_that_say_nothing():
    assert EN.plain(5.0) == "5"
    assert EN.plain(-0.35) == "\u22120.35"
    assert EN.plain(100.0) == "100"
    assert DA.plain(2.5) == "2,5"


@pytest.mark.parametrize(("low", "high", "decimals"), [(1, 5, 2), (0, 63, 1), (30, 210, 1), (0, 1000, 0)])
def test_decimals_fit_the_scale(low, high, decimals):
    score = Score(label=Text(en="Total"), method="entered", minimum=low, maximum=high)
    assert decimals_of(score) == decimals


def test_an_outcome_without_a_scale_gets_one_decimal():
    assert decimals_of(None) == 1
