"""A difference is judged against the smallest effect that matters, never against zero alone."""

from __future__ import annotations

from typing import Any

import pytest
from numpy.testing import assert_allclose
from scipy import stats

from imara.analysis.judgement import judge
from imara.analysis.result import Contrast


def contrast(estimate: float, se: float, df: float | None = 60.0) -> Contrast:
    reach = (stats.t.ppf(0.975, df) if df else stats.norm.ppf(0.975)) * se
    t = estimate / se
    return Contrast("end", ("imr", "tau"), estimate, se, df, estimate - reach, estimate + reach, t, 0.5)


@pytest.mark.parametrize(
    ("estimate", "se", "better", "conclusion"),
    [
        (0.5, 1.0, "higher", "equivalent"),
        (-0.5, 1.0, "lower", "equivalent"),
        (2.5, 1.0, "higher", "equivalent"),  # distinct from zero, and still too small to matter
        (1.0, 4.0, "higher", "inconclusive"),
        (5.5, 2.0, "higher", "better"),
        (5.5, 2.0, "lower", "worse"),
        (-5.5, 2.0, "lower", "better"),
        (-5.5, 2.0, "higher", "worse"),
        (12.0, 2.0, "higher", "better-and-matters"),
        (12.0, 2.0, "lower", "worse-and-matters"),
        (-12.0, 2.0, "lower", "better-and-matters"),
        (-12.0, 2.0, "higher", "worse-and-matters"),
    ],
)
def test_conclusions(estimate: float, se: float, better: Any, conclusion: str) -> None:
    assert judge(contrast(estimate, se), 6.0, better).conclusion == conclusion


def test_two_one_sided_tests_by_hand() -> None:
    found = judge(contrast(1.0, 2.0, 40.0), 6.0, "higher")
    assert_allclose(found.ci90_low, 1.0 - stats.t.ppf(0.95, 40) * 2.0, rtol=1e-12)
    assert_allclose(found.ci90_high, 1.0 + stats.t.ppf(0.95, 40) * 2.0, rtol=1e-12)
    assert_allclose(found.p, max(stats.t.sf(7.0 / 2.0, 40), stats.t.sf(5.0 / 2.0, 40)), rtol=1e-10)


def test_without_degrees_of_freedom_the_normal_distribution_is_used() -> None:
    found = judge(contrast(1.0, 2.0, None), 6.0, "higher")
    assert_allclose(found.ci90_high, 1.0 + stats.norm.ppf(0.95) * 2.0, rtol=1e-9)


def test_the_danish_trial_excludes_its_own_target() -> None:
    """GAF-F at 21 months, 2019: 50.6 (SE 1.38) against 49.8 (SE 1.40); planned for 6 points."""
    found = judge(contrast(0.8, (1.38**2 + 1.40**2) ** 0.5, None), 6.0, "higher")
    assert found.conclusion == "equivalent"
    assert_allclose([found.ci90_low, found.ci90_high], [-2.4, 4.0], atol=0.05)
    assert_allclose(found.p, 0.004, atol=0.001)


@pytest.mark.parametrize("margin", [0.0, -3.0, float("nan")])
def test_a_margin_must_be_positive(margin: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        judge(contrast(1.0, 1.0), margin, "higher")
