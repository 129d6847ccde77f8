"""The likelihood is what its formula says, and its derivatives are those of its value."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from imara.engine.crossproducts import summarise
from imara.engine.likelihood import duplication, elements, evaluate
from imara.engine.mmrm import fit_mmrm

Array = NDArray[np.float64]


def trial(seed: int = 1, n: int = 60, m: int = 4) -> tuple[Array, Array, NDArray[np.int64], NDArray[np.int64]]:
    """Rows of a small trial with gaps: intercept, arm, a covariate that varies over time, visits, arm by visit."""
    rng = np.random.default_rng(seed)
    seen = rng.random((n, m)) > 0.25
    seen[:, 0] |= ~seen.any(axis=1)
    subject, visit = np.nonzero(seen)
    arm = (np.arange(n) % 2)[subject]
    time = np.eye(m)[visit][:, 1:]
    moving = rng.normal(size=subject.size)
    x = np.column_stack(
        [np.ones(subject.size), arm, 40 + 5 * rng.normal(size=n)[subject], moving, time, arm[:, None] * time]
    )
    root = np.tril(rng.normal(size=(m, m))) + 2 * np.eye(m)
    noise = rng.normal(size=(n, m)) @ root.T
    y = 20 + x[:, 1] * 2 + 0.3 * x[:, 2] + noise[subject, visit]
    _, subject = np.unique(subject, return_inverse=True)
    return x, y, subject.astype(np.int64), visit.astype(np.int64)


def by_hand(x: Array, y: Array, subject: Array, visit: Array, sigma: Array, *, reml: bool) -> float:
    """Minus twice the log-likelihood, subject by subject, from the textbook."""
    q = x.shape[1]
    information, score, parts = np.zeros((q, q)), np.zeros(q), []
    for i in np.unique(subject):
        rows = subject == i
        s = sigma[np.ix_(visit[rows], visit[rows])]
        w = np.linalg.inv(s)
        information += x[rows].T @ w @ x[rows]
        score += x[rows].T @ w @ y[rows]
        parts.append((rows, w, np.linalg.slogdet(s)[1]))
    beta = np.linalg.solve(information, score)
    value = sum(log + (y[r] - x[r] @ beta) @ w @ (y[r] - x[r] @ beta) for r, w, log in parts)
    value += (y.size - (q if reml else 0)) * np.log(2 * np.pi)
    return float(value + (np.linalg.slogdet(information)[1] if reml else 0.0))


@pytest.mark.parametrize("reml", [True, False])
def test_likelihood_equals_the_textbook_computation(reml: bool) -> None:
    x, y, subject, visit = trial()
    fit = fit_mmrm(x, y, subject, visit, reml=reml)
    assert_allclose(-2 * fit.log_likelihood, by_hand(x, y, subject, visit, fit.sigma, reml=reml), rtol=1e-12)


@pytest.mark.parametrize("reml", [True, False])
def test_derivatives_are_those_of_the_value(reml: bool) -> None:
    cross = summarise(*trial())
    rng = np.random.default_rng(2)
    root = rng.normal(size=(4, 4))
    sigma = root @ root.T / 4 + np.eye(4)
    rows, cols = elements(4)

    def moved(k: int, by: float) -> Array:
        other = sigma.copy()
        other[rows[k], cols[k]] += by
        other[cols[k], rows[k]] = other[rows[k], cols[k]]
        return other

    here = evaluate(cross, sigma, reml=reml)
    assert here is not None
    step = 1e-5
    for k in range(rows.size):
        up, down = evaluate(cross, moved(k, step), reml=reml), evaluate(cross, moved(k, -step), reml=reml)
        assert up is not None
        assert down is not None
        assert_allclose(here.gradient[k], (up.value - down.value) / (2 * step), rtol=1e-6, atol=1e-5)
        assert_allclose(here.hessian[k], (up.gradient - down.gradient) / (2 * step), rtol=1e-6, atol=1e-5)


def test_not_positive_definite_has_no_value() -> None:
    assert evaluate(summarise(*trial()), -np.eye(4), reml=True) is None


def test_duplication_restores_the_matrix() -> None:
    rows, cols = elements(3)
    matrix = np.arange(9.0).reshape(3, 3) + np.arange(9.0).reshape(3, 3).T
    assert_allclose(duplication(3) @ matrix[rows, cols], matrix.ravel())


def test_one_evaluation_reads_as_much_for_many_subjects_as_for_few() -> None:
    small, large = (summarise(*trial(n=n, m=2)) for n in (60, 60_000))
    # The covariate that varies over time is what keeps its patterns; none of these grow with the subjects.
    for name in ("counts", "cc", "cy", "yy", "profiles", "roots"):
        assert getattr(small, name).shape == getattr(large, name).shape
    assert large.n_subjects == 1000 * small.n_subjects
