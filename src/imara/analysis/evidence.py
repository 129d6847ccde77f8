r"""Do the p values of a published table follow from the numbers printed beside them?

Printed numbers are rounded, so each stands for an interval: `.67` for .665 to .675. For every row the smallest and the
largest p value that the printed numbers allow are computed, and the row agrees when the printed p, itself an interval,
meets them. With difference `d`, standard error `s` and `t = d / s`, p is `2 F(-|t|)` and three forms are known:

- means and standard errors: `s^2 = s1^2 + s2^2 - 2 r s1 s2`. Model means share covariates and sites, so they are not
  quite independent, and tables do not print `r`; every `|r|` up to a tolerance (0.1, which moves `s` by about 5%) is
  allowed. F is normal; a t distribution down to 30 degrees of freedom (or `n1 + n2 - 2`, where the table has both) is
  allowed.
- difference and confidence interval: `s` is half the interval's width over the quantile of the same distribution. The
  difference must also be the middle of its interval.
- means, standard deviations and numbers: Welch's t test; Student's with equal variances is allowed.

What is allowed is wide on purpose: a row that is flagged cannot be explained by rounding or by these choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import inf, isinf, sqrt
from typing import Literal

from scipy.special import ndtr, ndtri, stdtr, stdtrit

CORRELATION = 0.1
"""Largest correlation between two model means that is allowed without a flag."""
FEWEST_DF = 30.0
"""Fewest degrees of freedom allowed for where the table does not say how many people there were."""

Form = Literal["means-and-ses", "difference-and-ci", "means-and-sds"]
COLUMNS: Mapping[Form, tuple[str, ...]] = {
    "means-and-ses": ("mean_treatment", "se_treatment", "mean_reference", "se_reference"),
    "difference-and-ci": ("difference", "ci_low", "ci_high"),
    "means-and-sds": (
        "mean_treatment", "sd_treatment", "n_treatment", "mean_reference", "sd_reference", "n_reference",
    ),
}  # fmt: skip
"""Published form to the columns it needs beside `outcome` and `p`; where a row has several, the first is used."""


@dataclass(frozen=True)
class Printed:
    """A number as printed: its value and the interval of numbers that are rounded to it."""

    text: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One row of a published table."""

    outcome: str
    numbers: Mapping[str, Printed]
    """Column to number, without those that are missing."""
    p: Printed | None
    """For `<.001` the interval is 0 to .001 and the value .001."""


@dataclass(frozen=True)
class Finding:
    """What became of recomputing a row."""

    outcome: str
    form: Form | None
    """How the row was read; None when too much of it is missing."""
    p_printed: str | None
    p_published: float | None
    p_recomputed: float | None
    """From the numbers as they stand."""
    p_low: float | None
    """Smallest p value the printed numbers allow."""
    p_high: float | None
    """Largest p value the printed numbers allow."""
    difference: float | None
    """Treatment minus reference."""
    ci_low: float | None
    ci_high: float | None
    agrees: bool | None
    """None when p or what it is computed from is missing."""
    note: str = ""
    """Anything besides p that does not fit."""


@dataclass(frozen=True)
class _Test:
    """A difference, its standard error, and the distribution of their ratio."""

    difference: float
    se: float
    df: float

    @property
    def p(self) -> float:
        return _two_sided(abs(self.difference) / self.se, self.df)


def check(rows: Iterable[Row], *, level: float = 0.95, correlation: float = CORRELATION) -> tuple[Finding, ...]:
    """Recompute the p value of each row and say whether the printed one agrees.

    Args:
        rows: Rows of a table, as `imara.analysis.evidence_table.read_table` reads them.
        level: Level of confidence intervals, printed and recomputed.
        correlation: Largest absolute correlation between two printed model means that is allowed for.
    """
    return tuple(_check_row(row, level, correlation) for row in rows)


def _check_row(row: Row, level: float, correlation: float) -> Finding:
    form = next((form for form, columns in COLUMNS.items() if row.numbers.keys() >= set(columns)), None)
    printed = None if row.p is None else row.p.text
    published = None if row.p is None else row.p.value
    if form is None:
        return Finding(row.outcome, None, printed, published, None, None, None, None, None, None, None)
    main, *others = _tests(form, row.numbers, level, correlation)
    p_values = [main.p, *(test.p for test in others)]
    low, high = min(p_values), max(p_values)
    margin = _quantile(level, main.df) * main.se
    ends = (main.difference - margin, main.difference + margin)
    note = ""
    if form == "difference-and-ci":
        ends = (row.numbers["ci_low"].value, row.numbers["ci_high"].value)
        note = _off_centre(row.numbers)
    agrees = None if row.p is None else _meet(row.p.low, row.p.high, low, high) and not note
    return Finding(row.outcome, form, printed, published, main.p, low, high, main.difference, *ends, agrees, note)


def _tests(form: Form, numbers: Mapping[str, Printed], level: float, correlation: float) -> Iterator[_Test]:
    """Yield the test of the numbers as they stand, then those whose p values bound what the numbers allow."""
    fewest = FEWEST_DF
    if "n_treatment" in numbers and "n_reference" in numbers:
        fewest = numbers["n_treatment"].value + numbers["n_reference"].value - 2
    if form == "difference-and-ci":
        difference, low, high = (numbers[column] for column in COLUMNS[form])
        yield _Test(difference.value, (high.value - low.value) / 2 / _quantile(level, inf), inf)
        widths = (max(high.low - low.high, 1e-300), high.high - low.low)
        for d, width, df in product(_ends(difference.low, difference.high), widths, (fewest, inf)):
            yield _Test(d, width / 2 / _quantile(level, df), df)
        return
    treatment, reference = numbers["mean_treatment"], numbers["mean_reference"]
    main = treatment.value - reference.value
    differences = _ends(treatment.low - reference.high, treatment.high - reference.low)
    if form == "means-and-ses":
        first, second = numbers["se_treatment"], numbers["se_reference"]
        yield _Test(main, _joint_se(first.value, second.value, 0), inf)
        for d, s1, s2, r, df in product(
            differences, (first.low, first.high), (second.low, second.high), (-correlation, correlation), (fewest, inf)
        ):
            yield _Test(d, _joint_se(s1, s2, r), df)
        return
    first, second = numbers["sd_treatment"], numbers["sd_reference"]
    n1, n2 = numbers["n_treatment"].value, numbers["n_reference"].value
    yield _welch(main, first.value, second.value, n1, n2)
    for d, s1, s2 in product(differences, (first.low, first.high), (second.low, second.high)):
        yield _welch(d, s1, s2, n1, n2)
        yield _student(d, s1, s2, n1, n2)


def _ends(low: float, high: float) -> tuple[float, float]:
    """Return the smallest and the largest absolute value between two numbers."""
    nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    return nearest, max(abs(low), abs(high))


def _joint_se(s1: float, s2: float, r: float) -> float:
    return sqrt(s1 * s1 + s2 * s2 - 2 * r * s1 * s2)


def _welch(difference: float, s1: float, s2: float, n1: float, n2: float) -> _Test:
    v1, v2 = s1 * s1 / n1, s2 * s2 / n2
    return _Test(difference, sqrt(v1 + v2), (v1 + v2) ** 2 / (v1 * v1 / (n1 - 1) + v2 * v2 / (n2 - 1)))


def _student(difference: float, s1: float, s2: float, n1: float, n2: float) -> _Test:
    pooled = ((n1 - 1) * s1 * s1 + (n2 - 1) * s2 * s2) / (n1 + n2 - 2)
    return _Test(difference, sqrt(pooled * (1 / n1 + 1 / n2)), n1 + n2 - 2)


def _two_sided(t: float, df: float) -> float:
    return float(2 * (ndtr(-t) if isinf(df) else stdtr(df, -t)))


def _quantile(level: float, df: float) -> float:
    upper = 0.5 + level / 2
    return float(ndtri(upper) if isinf(df) else stdtrit(df, upper))


def _off_centre(numbers: Mapping[str, Printed]) -> str:
    difference, low, high = (numbers[column] for column in COLUMNS["difference-and-ci"])
    if _meet(difference.low, difference.high, (low.low + high.low) / 2, (low.high + high.high) / 2):
        return ""
    return "the difference is not the middle of its confidence interval"


def _meet(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Return whether two intervals share a point, to within the precision of computing them."""
    slack = 1e-9 * max(abs(low), abs(high), abs(other_low), abs(other_high))
    return low <= other_high + slack and other_low <= high + slack
