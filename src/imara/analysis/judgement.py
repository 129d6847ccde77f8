"""What a difference says against the smallest effect that matters: shown, ruled out, or left open."""

from __future__ import annotations

from typing import Literal

from scipy.special import stdtr, stdtrit

from imara.analysis.result import Conclusion, Contrast, Equivalence

_ONE_SIDED = 0.05
_NORMAL = 1e12
"""Degrees of freedom at which the t distribution has become the normal one."""


def judge(contrast: Contrast, margin: float, better: Literal["higher", "lower"]) -> Equivalence:
    """Judge a contrast against the margin by two one-sided tests, each at the 5% level.

    Two arms are equivalent when the 90% interval of their difference lies within the margins. A difference that is
    also statistically distinct from zero is then too small to matter, and `equivalent` is said all the same.

    Args:
        contrast: Treatment minus reference, with its confidence interval.
        margin: Smallest difference that matters, in points; positive.
        better: Which direction is good for people.

    Reference:
        Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach. Journal of
        Pharmacokinetics and Biopharmaceutics 15, 657-680.
    """
    if not margin > 0.0:
        raise ValueError(f"the smallest effect that matters must be above zero, not {margin}")
    df = contrast.df if contrast.df is not None else _NORMAL
    reach = float(stdtrit(df, 1.0 - _ONE_SIDED)) * contrast.se
    low, high = contrast.estimate - reach, contrast.estimate + reach
    p_low = float(stdtr(df, -(contrast.estimate + margin) / contrast.se))
    p_high = float(stdtr(df, (contrast.estimate - margin) / contrast.se))
    return Equivalence(
        visit=contrast.visit,
        arms=contrast.arms,
        margin=margin,
        ci90_low=low,
        ci90_high=high,
        p=max(p_low, p_high),
        conclusion=_conclude(contrast, low, high, margin, better),
    )


def _conclude(
    contrast: Contrast, low: float, high: float, margin: float, better: Literal["higher", "lower"]
) -> Conclusion:
    if -margin < low and high < margin:
        return "equivalent"
    upward = contrast.ci_low > 0.0
    downward = contrast.ci_high < 0.0
    if not (upward or downward):
        return "inconclusive"
    good = upward == (better == "higher")
    matters = contrast.ci_low > margin or contrast.ci_high < -margin
    if matters:
        return "better-and-matters" if good else "worse-and-matters"
    return "better" if good else "worse"
