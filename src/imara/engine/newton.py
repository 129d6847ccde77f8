"""Maximising a likelihood over covariance matrices by Newton's method with the exact Hessian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imara.engine.crossproducts import CrossProducts
from imara.engine.failures import NotConvergedError, NotIdentifiedError
from imara.engine.likelihood import Evaluation, elements, evaluate
from imara.engine.separable import Floats

_DECREMENT = 1e-13
"""Newton decrement (expected fall of -2 log-likelihood, twice) below which a last full step is taken."""
_SINGULAR = 1e-9


@dataclass(frozen=True)
class Maximum:
    """Where the likelihood is largest, and the certificate that it is."""

    sigma: Floats
    """(m, m) on the scale of the cross-products."""
    at: Evaluation
    iterations: int
    evaluations: int
    gradient: float
    """Largest absolute element of the gradient of -2 log-likelihood in standardised parameters."""
    smallest_eigenvalue: float
    """Of the Hessian of -2 log-likelihood in standardised parameters."""


def maximise(cross: CrossProducts, *, reml: bool, max_iterations: int = 100) -> Maximum:
    """Find the unstructured covariance matrix that maximises the (restricted) likelihood.

    Newton steps with the exact Hessian, or with the expected one where the exact one is not positive definite; halved
    until the likelihood rises. The result is certified: gradient nil, Hessian positive definite, covariance matrix away
    from the boundary.

    Raises:
        NotIdentifiedError: The likelihood is flat in some direction.
        NotConvergedError: There is no maximum inside the parameter space, or it was not reached.
    """
    m = cross.n_visits
    rows, cols = elements(m)
    sigma, here, evaluations = _start(cross, reml)
    for iteration in range(1, max_iterations + 1):
        step, decrement, exact = _direction(here)
        last = exact and decrement < _DECREMENT
        size = 1.0
        while True:
            trial = sigma.copy()
            trial[rows, cols] -= size * step
            trial[cols, rows] = trial[rows, cols]
            there = evaluate(cross, trial, reml=reml)
            evaluations += 1
            if there is not None and there.value <= here.value + 1e-9 * max(1.0, decrement):
                break
            size *= 0.5
            if size < 1e-10:
                if exact and decrement < 1e-8:
                    trial, there, last = sigma, here, True
                    break
                raise _failure("no step improves the likelihood", sigma, here, iteration)
        sigma, here = trial, there
        if last:
            return _certify(sigma, here, iteration, evaluations)
        if _condition(sigma) < _SINGULAR:
            raise _failure("the covariance matrix becomes singular", sigma, here, iteration)
    raise _failure(f"no maximum in {max_iterations} iterations", sigma, here, max_iterations)


def _start(cross: CrossProducts, reml: bool) -> tuple[Floats, Evaluation, int]:
    """Return the moment estimate from the preliminary residuals, drawn to its diagonal until it can be evaluated."""
    together = cross.observed.T @ (cross.counts[:, None] * cross.observed)
    moments = cross.yy.sum(axis=0) / np.maximum(together, 1.0)
    variances = np.maximum(np.diag(moments), 1e-3)
    shrink = 1.0
    for attempt in range(1, 40):
        sigma = shrink * moments
        np.fill_diagonal(sigma, variances)
        if _condition(sigma) > 1e-3:
            here = evaluate(cross, sigma, reml=reml)
            if here is not None:
                return sigma, here, attempt
        shrink *= 0.8
    raise NotConvergedError("no covariance matrix to start from", iterations=0, gradient=float("nan"))


def _direction(here: Evaluation) -> tuple[Floats, float, bool]:
    """Return the step to subtract, the Newton decrement, and whether the exact Hessian gave them."""
    step: Floats
    try:
        chol = np.linalg.cholesky(here.hessian)
    except np.linalg.LinAlgError:
        step = np.linalg.solve(here.expected, here.gradient)
        return step, float(step @ here.gradient), False
    half: Floats = np.linalg.solve(chol, here.gradient)
    step = np.linalg.solve(chol.T, half)
    return step, float(half @ half), True


def _condition(sigma: Floats) -> float:
    """Return the smallest eigenvalue of the correlation matrix."""
    sd = np.sqrt(np.diag(sigma))
    return float(np.linalg.eigvalsh(sigma / np.outer(sd, sd))[0])


def _standardised(sigma: Floats, here: Evaluation) -> tuple[float, float]:
    """Return the largest gradient element and smallest Hessian eigenvalue, per standard deviation of each element."""
    rows, cols = elements(sigma.shape[0])
    unit = np.sqrt(sigma[rows, rows] * sigma[cols, cols])
    hessian = here.hessian * np.outer(unit, unit)
    return float(np.abs(here.gradient * unit).max()), float(np.linalg.eigvalsh(hessian)[0])


def _certify(sigma: Floats, here: Evaluation, iterations: int, evaluations: int) -> Maximum:
    gradient, smallest = _standardised(sigma, here)
    if smallest <= 1e-7:
        raise NotIdentifiedError(
            "the data do not determine the covariance matrix: the likelihood is flat in some direction "
            f"(smallest eigenvalue of its Hessian {smallest:.2g})"
        )
    if _condition(sigma) < _SINGULAR:
        raise _failure("the covariance matrix is singular", sigma, here, iterations)
    return Maximum(sigma, here, iterations, evaluations, gradient, smallest)


def _failure(reason: str, sigma: Floats, here: Evaluation, iterations: int) -> NotConvergedError:
    gradient, _ = _standardised(sigma, here)
    return NotConvergedError(
        f"{reason} (after {iterations} iterations, largest gradient element {gradient:.2g})",
        iterations=iterations,
        gradient=gradient,
    )
