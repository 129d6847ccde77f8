"""Who may take part: a study's criteria held against what is known about one person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from imara.study.expression import And, Comparison, Expression, Membership, Not, Operator, Or, Value, parse
from imara.study.people import Characteristic, Criterion
from imara.study.problems import InputError, Problem, nearest_word
from imara.study.study import Study

Answer = float | str | date | bool | None
"""What is known of a characteristic; None when it is not known yet. A yes-no is True, False, `yes` or `no`."""


class Finding(StrEnum):
    """What can be said of one criterion today."""

    MET = "met"
    """It holds. For an exclusion that means that the person is excluded by it."""
    NOT_MET = "not-met"
    """It does not hold."""
    NOT_YET_KNOWN = "not-yet-known"
    """A characteristic it asks about is not known, or the person who screens has answered that they do not know."""
    NEEDS_A_PERSON = "needs-a-person"
    """No rule decides it, and nobody has answered it yet."""


class Outcome(StrEnum):
    """What screening has come to."""

    ELIGIBLE = "eligible"
    """Every inclusion holds, and no exclusion does."""
    NOT_ELIGIBLE = "not-eligible"
    """Something stands in the way that is not expected to change."""
    SCREEN_AGAIN = "screen-again"
    """Only what may be resolved (`until_resolved`) stands in the way: the person may be screened again later."""
    INCOMPLETE = "incomplete"
    """Nothing stands in the way so far, but not all is known."""


@dataclass(frozen=True)
class CriterionFinding:
    """One criterion, and what was found."""

    id: str
    part: Literal["include", "exclude"]
    finding: Finding
    until_resolved: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.finding in (Finding.NOT_YET_KNOWN, Finding.NEEDS_A_PERSON)

    @property
    def is_in_the_way(self) -> bool:
        """Whether it keeps the person out: an inclusion that does not hold, an exclusion that does."""
        return self.finding is (Finding.NOT_MET if self.part == "include" else Finding.MET)


@dataclass(frozen=True)
class Screening:
    """What screening one person has come to, and why."""

    findings: tuple[CriterionFinding, ...]
    """One a criterion, inclusions first, in the order of the study file."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Ids of the criteria that keep the person out."""
        return tuple(finding.id for finding in self.findings if finding.is_in_the_way)

    @property
    def open(self) -> tuple[str, ...]:
        """Ids of the criteria that wait for an answer."""
        return tuple(finding.id for finding in self.findings if finding.is_open)

    @property
    def outcome(self) -> Outcome:
        """What it comes to. One lasting reason is enough, whatever is still open."""
        standing = [finding for finding in self.findings if finding.is_in_the_way]
        if any(not finding.until_resolved for finding in standing):
            return Outcome.NOT_ELIGIBLE
        if standing:
            return Outcome.SCREEN_AGAIN
        return Outcome.INCOMPLETE if self.open else Outcome.ELIGIBLE


def screen(
    study: Study, characteristics: Mapping[str, Answer] | None = None, answers: Mapping[str, bool | None] | None = None
) -> Screening:
    """Hold a study's criteria against what is known about one person.

    Args:
        study: Its `eligibility` and `characteristics`.
        characteristics: Name to value, `site` among them; a name left out, or None, is not known.
        answers: Id of a criterion without a rule to whether it holds; None when the person who screens was asked and
            does not know yet.

    Raises:
        InputError: With every name that the study does not have and every value that cannot be.
    """
    known = _Known(study, dict(characteristics or {}), dict(answers or {}))
    known.refuse()
    values = known.values()
    return Screening(
        tuple(
            CriterionFinding(criterion.id, part, _find(criterion, values, known.answers), criterion.until_resolved)
            for part, criteria in _parts(study)
            for criterion in criteria
        )
    )


def holds(expression: Expression, values: Mapping[str, Value | None]) -> bool | None:
    """Return whether a rule holds, or None when that depends on what is not known.

    Three-valued logic: `and` is false as soon as one part is, `or` true as soon as one part is, whatever is unknown.

    Args:
        expression: The rule as read.
        values: Characteristic to value; one that is left out, or None, is not known.
    """
    match expression:
        case And(operands):
            return _all([holds(operand, values) for operand in operands])
        case Or(operands):
            return _negated(_all([_negated(holds(operand, values)) for operand in operands]))
        case Not(operand):
            return _negated(holds(operand, values))
        case Membership(name, wanted):
            value = values.get(name)
            return None if value is None else value in wanted
        case Comparison(name, operator, wanted_value):
            value = values.get(name)
            return None if value is None else _compare(value, operator, wanted_value)


def _all(parts: list[bool | None]) -> bool | None:
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _compare(value: Value, operator: Operator, wanted: Value) -> bool:
    if operator in ("==", "!="):
        return (value == wanted) == (operator == "==")
    both_numbers = isinstance(value, float) and isinstance(wanted, float)
    if not both_numbers and not (isinstance(value, date) and isinstance(wanted, date)):
        raise TypeError(f"a {type(value).__name__} has no order beside a {type(wanted).__name__}")
    order = (value > wanted) - (value < wanted)  # type: ignore[operator]  # both are numbers or both are dates
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


_parse = lru_cache(maxsize=512)(parse)


def _find(criterion: Criterion, values: Mapping[str, Value | None], answers: Mapping[str, bool | None]) -> Finding:
    if criterion.rule is not None:
        truth = holds(_parse(criterion.rule), values)
    elif criterion.id in answers:
        truth = answers[criterion.id]
    else:
        return Finding.NEEDS_A_PERSON
    if truth is None:
        return Finding.NOT_YET_KNOWN
    return Finding.MET if truth else Finding.NOT_MET


def _parts(study: Study) -> tuple[tuple[Literal["include", "exclude"], tuple[Criterion, ...]], ...]:
    return (("include", study.eligibility.include), ("exclude", study.eligibility.exclude))


@dataclass(frozen=True)
class _Known:
    """What was entered about one person, checked against the study."""

    study: Study
    characteristics: dict[str, Answer]
    answers: dict[str, bool | None]

    def refuse(self) -> None:
        problems = [*self._wrong_characteristics(), *self._wrong_answers()]
        if problems:
            raise InputError(problems)

    def values(self) -> dict[str, Value | None]:
        return {name: _as_value(value) for name, value in self.characteristics.items()}

    def _wrong_characteristics(self) -> list[Problem]:
        names = ("site", *self.study.characteristics)
        problems = []
        for name, value in self.characteristics.items():
            if name not in names:
                message = "the study has no characteristic of this name"
                allowed, nearest = ", ".join(names), nearest_word(name, names)
                problems.append(Problem("screening", message, None, name, name, allowed, nearest))
            elif value is not None and (wanted := _refusal(name, value, self.study)) is not None:
                nearest = nearest_word(str(value), wanted.split(", "))
                problems.append(Problem("screening", "this value cannot be", None, name, str(value), wanted, nearest))
        return problems

    def _wrong_answers(self) -> list[Problem]:
        criteria = {criterion.id: criterion for _, part in _parts(self.study) for criterion in part}
        asked = tuple(name for name, criterion in criteria.items() if criterion.rule is None)
        problems = []
        for name, answer in self.answers.items():
            if name not in asked:
                message = "its rule decides this criterion" if name in criteria else "the study has no such criterion"
                allowed, nearest = ", ".join(asked) or "none", nearest_word(name, asked)
                problems.append(Problem("screening", message, None, name, name, allowed, nearest))
            elif answer is not None and not isinstance(answer, bool):
                message = "an answer to a criterion is yes, no or not known"
                problems.append(Problem("screening", message, None, name, str(answer), "True, False, None"))
        return problems


def _as_value(value: Answer) -> Value | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return float(value) if isinstance(value, int) else value


def _refusal(name: str, value: float | str | date | bool, study: Study) -> str | None:
    """Return what is allowed when `value` is not, else None."""
    if name == "site":
        return None if isinstance(value, str) and value in study.sites else ", ".join(study.sites) or "no site"
    characteristic = study.characteristics[name]
    if characteristic.kind == "number":
        return None if _is_possible(value, characteristic) else _range(characteristic)
    if characteristic.kind == "category":
        levels = characteristic.levels
        return None if isinstance(value, str) and value in levels else ", ".join(levels)
    if characteristic.kind == "yes-no":
        return None if isinstance(value, bool) or value in ("yes", "no") else "yes, no"
    return None if isinstance(value, date) and not isinstance(value, datetime) else "a date without a time"


def _is_possible(value: float | str | date | bool, characteristic: Characteristic) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    low, high = characteristic.minimum, characteristic.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _range(characteristic: Characteristic) -> str:
    low, high = characteristic.minimum, characteristic.maximum
    if low is None and high is None:
        return "a number"
    if low is None or high is None:
        return f"a number, {high:g} or less" if low is None else f"a number, {low:g} or more"
    return f"a number from {low:g} to {high:g}"
