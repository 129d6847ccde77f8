"""Which answers a rule of eligibility can ever give, seen the values its characteristics can have."""

from __future__ import annotations

from itertools import pairwise

from imara.study.expression import And, Comparison, Expression, Membership, Not, Or, Value
from imara.study.people import Characteristic
from imara.study.study import Study

Answers = frozenset[bool]
BOTH: Answers = frozenset((True, False))


def answers(expression: Expression, study: Study) -> Answers:
    """Return the answers a rule can give to people whose characteristics can be recorded.

    Each comparison is judged by itself, so more answers may be returned than there are (`age < 20 and age > 30`), but
    none is left out.
    """
    if isinstance(expression, Not):
        return frozenset(not answer for answer in answers(expression.operand, study))
    if isinstance(expression, (And, Or)):
        parts = [answers(operand, study) for operand in expression.operands]
        settles = isinstance(expression, Or)  # one answer that decides the whole: true for `or`, false for `and`
        can_settle = any(settles in part for part in parts)
        can_not = all((not settles) in part for part in parts)
        return frozenset(([settles] if can_settle else []) + ([not settles] if can_not else []))
    levels = _levels(expression.name, study)
    if levels:
        return frozenset(_holds(expression, level) for level in levels)
    characteristic = study.characteristics.get(expression.name)
    if characteristic is None or characteristic.kind != "number":
        return BOTH
    return _of_number(expression, characteristic)


def _levels(name: str, study: Study) -> tuple[str, ...]:
    if name == "site":
        return tuple(study.sites)
    characteristic = study.characteristics.get(name)
    if characteristic is None:
        return ()
    return ("yes", "no") if characteristic.kind == "yes-no" else tuple(characteristic.levels)


def _of_number(expression: Comparison | Membership, characteristic: Characteristic) -> Answers:
    """Judge a comparison at the ends of the range, at what it names, and between all of these."""
    given = expression.values if isinstance(expression, Membership) else (expression.value,)
    named = sorted(value for value in given if isinstance(value, float))
    if len(named) != len(given):
        return BOTH  # words and dates are a mistake of their own
    low, high = characteristic.minimum, characteristic.maximum
    low = min(named[0], named[0] if high is None else high) - 1 if low is None else low
    high = max(named[-1], low) + 1 if high is None else high
    places = [low, *(value for value in named if low < value < high), high]
    between = [(first + second) / 2 for first, second in pairwise(places)]
    return frozenset(_holds(expression, value) for value in (*places, *between))


def _holds(expression: Comparison | Membership, value: Value) -> bool:
    if isinstance(expression, Membership):
        return value in expression.values
    other, operator = expression.value, expression.operator
    if operator in ("==", "!="):
        return (value == other) == (operator == "==")
    if not isinstance(value, float) or not isinstance(other, float):
        return True  # words have no order, which is a mistake of its own
    return {"<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other}[operator]
