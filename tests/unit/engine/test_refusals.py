"""Data that cannot answer are told so by name; no number comes out silently."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from imara.engine.failures import FitError, NotConvergedError, NotIdentifiedError
from imara.engine.inference import linear_functions
from imara.engine.mmrm import MmrmFit, fit_mmrm

Array = NDArray[np.float64]


def cells(n: int, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.repeat(np.arange(n), m), np.tile(np.arange(m), n)


def outcomes(n: int, m: int, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, 1)) + rng.normal(size=(n, m))).ravel()


def test_dependent_columns_are_named() -> None:
    subject, visit = cells(20, 2)
    arm = (subject % 2).astype(float)
    x = np.column_stack([np.ones(40), arm, visit, 1 - arm, np.zeros(40)])
    with pytest.raises(NotIdentifiedError, match="determined by the columns before") as raised:
        fit_mmrm(x, outcomes(20, 2), subject, visit)
    assert raised.value.columns == (3, 4)


def test_visits_never_seen_together_are_named() -> None:
    subject, visit = cells(30, 3)
    keep = ~((subject < 15) & (visit == 2)) & ~((subject >= 15) & (visit == 1))
    with pytest.raises(NotIdentifiedError, match="both visits of a pair") as raised:
        fit_mmrm(np.ones((90, 1))[keep], outcomes(30, 3)[keep], subject[keep], visit[keep])
    assert raised.value.pairs == ((2, 1),)


def test_outcome_explained_exactly() -> None:
    subject, visit = cells(10, 2)
    x = np.column_stack([np.ones(20), visit])
    with pytest.raises(NotIdentifiedError, match="explained exactly"):
        fit_mmrm(x, 3.0 + 2.0 * visit, subject, visit)


def test_constant_outcome() -> None:
    subject, visit = cells(10, 2)
    with pytest.raises(NotIdentifiedError, match="explained exactly"):
        fit_mmrm(np.ones((20, 1)), np.full(20, 7.3), subject, visit)


def test_more_coefficients_than_values() -> None:
    subject, visit = cells(2, 2)
    with pytest.raises(NotIdentifiedError, match="5 coefficients cannot be estimated from 4"):
        fit_mmrm(np.random.default_rng(0).normal(size=(4, 5)), outcomes(2, 2), subject, visit)


def test_one_participant() -> None:
    subject, visit = cells(1, 3)
    with pytest.raises(FitError):
        fit_mmrm(np.ones((3, 1)), outcomes(1, 3), subject, visit)


def test_second_visit_a_multiple_of_the_first() -> None:
    rng = np.random.default_rng(4)
    first = rng.normal(size=30)
    y = np.column_stack([first, 2 * first]).ravel()
    subject, visit = cells(30, 2)
    with pytest.raises((NotConvergedError, NotIdentifiedError)):
        fit_mmrm(np.column_stack([np.ones(60), visit]), y, subject, visit)


def test_fewer_subjects_than_the_covariance_needs() -> None:
    subject, visit = cells(4, 6)
    with pytest.raises(FitError):
        fit_mmrm(np.column_stack([np.ones(24), *np.eye(6)[visit][:, 1:].T]), outcomes(4, 6), subject, visit)


def test_no_values() -> None:
    none = np.zeros(0, dtype=np.int64)
    with pytest.raises(NotIdentifiedError, match="no observed values"):
        fit_mmrm(np.zeros((0, 1)), np.zeros(0), none, none)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite(value: float) -> None:
    subject, visit = cells(10, 2)
    y = outcomes(10, 2)
    y[3] = value
    with pytest.raises(ValueError, match="must be finite"):
        fit_mmrm(np.ones((20, 1)), y, subject, visit)
    x = np.ones((20, 1))
    x[5] = value
    with pytest.raises(ValueError, match="must be finite"):
        fit_mmrm(x, outcomes(10, 2), subject, visit)


def test_a_visit_twice() -> None:
    subject, visit = cells(10, 2)
    visit[1] = 0
    with pytest.raises(ValueError, match="more than one row for the same visit"):
        fit_mmrm(np.ones((20, 1)), outcomes(10, 2), subject, visit)


def test_a_visit_nobody_attended() -> None:
    subject, visit = cells(10, 2)
    with pytest.raises(NotIdentifiedError, match="no observed values"):
        fit_mmrm(np.ones((20, 1)), outcomes(10, 2), subject, 2 * visit)


def test_arrays_of_different_length() -> None:
    subject, visit = cells(10, 2)
    with pytest.raises(ValueError, match="one row"):
        fit_mmrm(np.ones((19, 1)), outcomes(10, 2), subject, visit)


def test_one_visit_is_ordinary_least_squares() -> None:
    rng = np.random.default_rng(7)
    x = np.column_stack([np.ones(30), np.arange(30) % 2, rng.normal(size=30)])
    y = x @ [1.0, 2.0, 3.0] + rng.normal(size=30)
    fit = fit_mmrm(x, y, np.arange(30), np.zeros(30, dtype=np.int64))
    beta, residual, _, _ = np.linalg.lstsq(x, y, rcond=None)
    np.testing.assert_allclose(fit.beta, beta, rtol=1e-12)
    np.testing.assert_allclose(fit.sigma[0, 0], residual[0] / 27, rtol=1e-10)
    for df in ("satterthwaite", "kenward-roger"):
        np.testing.assert_allclose(linear_functions(fit, np.eye(3), df=df).df, 27.0, rtol=1e-9)
    assert np.isinf(linear_functions(fit, np.eye(3), df="asymptotic").df).all()


def test_half_of_the_visits_missing() -> None:
    """Every search ends at a certified maximum or says that there is none inside; never in between."""
    kinds: list[str] = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n, m = int(rng.integers(20, 60)), int(rng.integers(2, 6))
        seen = rng.random((n, m)) > 0.5
        seen[:, 0] |= ~seen.any(axis=1)
        subject, visit = np.nonzero(seen)
        _, subject = np.unique(subject, return_inverse=True)
        later = np.eye(m)[visit][:, 1:]
        y = (rng.normal(size=(n, 1)) + rng.normal(size=(n, m)))[np.nonzero(seen)]
        answer = _fit_or_refusal(np.column_stack([np.ones(y.size), later]), y, subject, visit)
        if isinstance(answer, NotIdentifiedError):
            assert answer.pairs  # the only thing that these designs can lack
        elif isinstance(answer, NotConvergedError):
            assert "singular covariance matrix" in str(answer)
        else:
            assert answer.maximum.gradient < 1e-6
            assert answer.maximum.smallest_eigenvalue > 0
        kinds.append(type(answer).__name__)
    assert kinds.count("MmrmFit") > 90


def _fit_or_refusal(x: Array, y: Array, subject: Array, visit: Array) -> MmrmFit | FitError:
    try:
        return fit_mmrm(x, y, subject.astype(np.int64), visit.astype(np.int64))
    except FitError as error:
        return error
