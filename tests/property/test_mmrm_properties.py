"""What a mixed model must not care about: order, names, units, origins; and what it must."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from imara.engine.failures import FitError
from imara.engine.inference import linear_functions
from imara.engine.mmrm import MmrmFit, fit_mmrm
from imara.engine.separable import separate

Rows = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]


@st.composite
def trials(draw: Any) -> Rows:
    """Trials with gaps in any pattern, 40 to 80 people, 2 to 4 visits."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = draw(st.integers(40, 80)), draw(st.integers(2, 4))
    seen = rng.random((n, m)) > draw(st.sampled_from([0.0, 0.2, 0.4]))
    seen[:, 0] |= ~seen.any(axis=1)
    seen[:4] = True
    subject, visit = np.nonzero(seen)
    arm = rng.permutation(np.arange(n) % 2)[subject]
    base = rng.normal(50, 10, size=n)
    time = np.eye(m)[visit][:, 1:]
    x = np.column_stack([np.ones(subject.size), base[subject], arm, time, arm[:, None] * time])
    y = 0.5 * base[subject] - arm + (3 * rng.normal(size=(n, 1)) + 4 * rng.normal(size=(n, m)))[subject, visit]
    return x, y, subject.astype(np.int64), visit.astype(np.int64)


def fitted(rows: Rows) -> MmrmFit | None:
    try:
        return fit_mmrm(*rows)
    except FitError:
        return None


def answer(fit: MmrmFit) -> NDArray[np.float64]:
    found = linear_functions(fit, np.eye(fit.beta.size), df="kenward-roger")
    return np.stack([found.estimate, found.se, found.df])


@settings(max_examples=25, deadline=None)
@given(trials(), st.randoms())
def test_order_of_rows_and_names_of_subjects_do_not_matter(rows: Rows, random: Any) -> None:
    x, y, subject, visit = rows
    fit = fitted(rows)
    if fit is None:
        return
    order = np.array(random.sample(range(y.size), y.size))
    names = np.array(random.sample(range(subject.max() + 1), int(subject.max()) + 1))
    again = fit_mmrm(x[order], y[order], names[subject[order]], visit[order])
    assert_allclose(again.log_likelihood, fit.log_likelihood, rtol=1e-10)
    assert_allclose(answer(again), answer(fit), rtol=1e-7, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(trials(), st.floats(1e-6, 1e6), st.floats(-1e4, 1e4))
def test_units_and_origin_of_the_outcome_carry_through(rows: Rows, factor: float, shift: float) -> None:
    x, y, subject, visit = rows
    fit = fitted(rows)
    if fit is None:
        return
    other = fit_mmrm(x, factor * (y + shift), subject, visit)
    expected = fit.beta.copy()
    expected[0] += shift
    assert_allclose(other.beta, factor * expected, rtol=1e-7, atol=1e-8 * factor * (1 + abs(shift)))
    assert_allclose(other.sigma, factor**2 * fit.sigma, rtol=1e-6)
    assert_allclose(answer(other)[1:], answer(fit)[1:] * [[factor], [1.0]], rtol=1e-5)
    n = y.size - x.shape[1]
    assert_allclose(other.log_likelihood, fit.log_likelihood - n * np.log(factor), rtol=1e-8, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(trials(), st.floats(-1e5, 1e5), st.floats(1e-4, 1e4))
def test_units_and_origin_of_a_covariate_do_not_matter(rows: Rows, shift: float, factor: float) -> None:
    x, y, subject, visit = rows
    fit = fitted(rows)
    if fit is None:
        return
    moved = x.copy()
    moved[:, 1] = factor * (x[:, 1] + shift)
    other = fit_mmrm(moved, y, subject, visit)
    assert_allclose(answer(other)[:, 2:], answer(fit)[:, 2:], rtol=1e-5, atol=1e-7)
    assert_allclose(other.beta[1] * factor, fit.beta[1], rtol=1e-5, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(trials(), st.integers(2, 4))
def test_copies_of_the_data_shrink_standard_errors_as_they_must(rows: Rows, copies: int) -> None:
    x, y, subject, visit = rows
    try:
        fit = fit_mmrm(*rows, reml=False)
    except FitError:
        return
    people = int(subject.max()) + 1
    many = fit_mmrm(
        np.tile(x, (copies, 1)),
        np.tile(y, copies),
        np.concatenate([subject + k * people for k in range(copies)]),
        np.tile(visit, copies),
        reml=False,
    )
    assert_allclose(many.beta, fit.beta, rtol=1e-6, atol=1e-8)
    assert_allclose(many.sigma, fit.sigma, rtol=1e-6)
    assert_allclose(many.cov_beta * copies, fit.cov_beta, rtol=1e-6, atol=1e-12)
    assert_allclose(many.log_likelihood, copies * fit.log_likelihood, rtol=1e-10)


@settings(max_examples=25, deadline=None)
@given(trials())
def test_features_times_profiles_give_the_design_back(rows: Rows) -> None:
    x, _, subject, visit = rows
    rng = np.random.default_rng(0)
    wide = np.column_stack([x, rng.normal(size=x.shape[0]), visit * x[:, 1]])
    n, m = int(subject.max()) + 1, int(visit.max()) + 1
    made = separate(wide, subject, visit, n, m)
    again = np.einsum("ik,kij->ij", made.features[subject], made.profiles[:, visit, :])
    assert_allclose(again, wide, rtol=1e-12, atol=1e-12)
    # Intercept, baseline, arm; and one feature a visit for the covariate that varies freely.
    assert made.features.shape[1] == 3 + m
