"""Eligibility rules: what they mean, and what is answered to one that means nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imara.study.expression import And, Comparison, ExpressionError, Membership, Not, Or, comparisons, parse

OLD = Comparison("age", ">=", 65.0)


def without_columns(expression):
    match expression:
        case Comparison(name, operator, value):
            return Comparison(name, operator, value)
        case Membership(name, values):
            return Membership(name, values)
        case Not(operand):
            return Not(without_columns(operand))
        case And(operands):
            return And(tuple(without_columns(one) for one in operands))
        case Or(operands):
            return Or(tuple(without_columns(one) for one in operands))


@pytest.mark.parametrize(
    ("rule", "meaning"),
    [
        ("age >= 65", OLD),
        ("  age>=65.0 ", OLD),
        ("score < -2.5", Comparison("score", "<", -2.5)),
        ("born <= 2006-01-31", Comparison("born", "<=", date(2006, 1, 31))),
        ("in-treatment == no", Comparison("in-treatment", "==", "no")),
        ("diagnosis != 'bipolar type 2'", Comparison("diagnosis", "!=", "bipolar type 2")),
        ('length == ">6m"', Comparison("length", "==", ">6m")),
        ("site in [north, 'the south']", Membership("site", ("north", "the south"))),
        ("site not in [north]", Not(Membership("site", ("north",)))),
        ("not age >= 65", Not(OLD)),
        ("not not age >= 65", Not(Not(OLD))),
        (
            "a == 1 or b == 2 and c == 3",
            Or((Comparison("a", "==", 1.0), And((Comparison("b", "==", 2.0), Comparison("c", "==", 3.0))))),
        ),
        (
            "(a == 1 or b == 2) and not c == 3",
            And((Or((Comparison("a", "==", 1.0), Comparison("b", "==", 2.0))), Not(Comparison("c", "==", 3.0)))),
        ),
        ("((age >= 65))", OLD),
    ],
)
def test_a_rule_means(rule, meaning):
    assert without_columns(parse(rule)) == without_columns(meaning)


@pytest.mark.parametrize(
    ("rule", "column", "found", "nearest"),
    [
        ("", 1, "the end of the rule", None),
        ("age", 4, "the end of the rule", None),
        ("age >=", 7, "the end of the rule", None),
        ("age = 65", 5, "=", "=="),
        ("age => 65", 5, "=>", ">="),
        ("age \u2265 65", 5, "\u2265", ">="),
        ("age >= 65 && b == 1", 11, "&&", "and"),
        ("age >= 65 AND b == 1", 11, "AND", "and"),
        ("age >= 65 b == 1", 11, "b", None),
        ("(age >= 65", 11, "the end of the rule", None),
        ("age >= 65)", 10, ")", None),
        ("site in north", 9, "north", None),
        ("site in [north", 15, "the end of the rule", None),
        ("site in []", 10, "]", None),
        ("65 <= age", 1, "65", None),
        ("born > 2011-02-30", 8, "2011-02-30", None),
        ("age + 1 > 3", 5, "+", None),
        ("f(x)", 2, "(", None),
        ("age >= 'old", 8, "'old", None),
        ("(" * 60 + "a == 1" + ")" * 60, 51, "(", None),
    ],
)
def test_a_rule_that_means_nothing_says_where(rule, column, found, nearest):
    with pytest.raises(ExpressionError) as error:
        parse(rule)

    assert (error.value.column, error.value.found, error.value.nearest) == (column, found, nearest)
    assert error.value.allowed


def test_comparisons_come_from_left_to_right():
    assert [one.name for one in comparisons(parse("a == 1 and (not b in [2] or c > 3)"))] == ["a", "b", "c"]


@given(st.text(max_size=60) | st.text("abin otr()[],'\"<>=!-0123456789", max_size=60))
def test_any_text_is_a_rule_or_refused(text):
    try:
        parse(text)
    except ExpressionError as error:
        place = error.column
        assert 1 <= place <= len(text) + 1  # most texts are no rules, some are
