"""Maximising a likelihood over covariance matrices by Newton's method with the exact Hessian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imara.engine.cone import move_inside, step_inside
from imara.engine.crossproducts import CrossProducts
from imara.engine.failures import NotConvergedError, NotIdentifiedError
from imara.engine.likelihood import Evaluation, elements, evaluate
from imara.engine.separable import Floats

_DECREMENT = 1e-13
"""Newton decrement (expected fall of -2 log-likelihood, twice) below which a last full step is taken."""
_SETTLED = 1e-8
"""Newton decrement below which a step that gains nothing means that the maximum is reached to rounding."""
_SINGULAR = 1e-9
"""Smallest eigenvalue of the correlation matrix below which the covariance counts as singular."""
_SINGULAR_WORDS = "the likelihood rises towards a singular covariance matrix"
_NEARLY_SINGULAR = 1e-5
"""Below this, a search that gets no further is on its way to the boundary: rounding spoils its steps there."""


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

    Newton steps with the exact Hessian in the elements of the matrix; where they would leave the cone of positive
    definite matrices or gain nothing, steps in a parametrisation that cannot leave it. The result is certified:
    gradient nil, Hessian positive definite, covariance matrix away from the boundary.

    Raises:
        NotIdentifiedError: The likelihood is flat in some direction.
        NotConvergedError: There is no maximum inside the parameter space, or it was not reached.
    """
    failure: NotConvergedError | None = None
    for sigma in (_moments(cross), np.eye(cross.n_visits)):
        try:
            return _search(cross, sigma, reml=reml, max_iterations=max_iterations)
        except NotConvergedError as error:
            # Few data can have a maximum inside beside one on the boundary: look from another side before giving up.
            failure = failure or error
    assert failure is not None
    raise failure


def _search(cross: CrossProducts, sigma: Floats, *, reml: bool, max_iterations: int) -> Maximum:
    here = evaluate(cross, sigma, reml=reml)
    if here is None:
        raise NotConvergedError("no covariance matrix to start from", iterations=0, gradient=float("nan"))
    search = _Search(cross, reml, sigma, here)
    for iteration in range(1, max_iterations + 1):
        step, decrement = _newton_step(search.here)
        last = decrement < _DECREMENT
        if not (search.try_elements(step, decrement) or search.try_inside()):
            if decrement > _SETTLED:
                raise _failure("no step improves the likelihood", search, iteration)
            last = True  # nothing left to gain beyond rounding
        if last:
            return _certify(search, iteration)
        if _condition(search.sigma) < _SINGULAR:
            raise _failure(_SINGULAR_WORDS, search, iteration)
    raise _failure(f"no maximum in {max_iterations} iterations", search, max_iterations)


class _Search:
    """Where the search stands."""

    def __init__(self, cross: CrossProducts, reml: bool, sigma: Floats, here: Evaluation) -> None:
        self.cross = cross
        self.reml = reml
        self.sigma = sigma
        self.here = here
        self.evaluations = 1

    def try_elements(self, step: Floats | None, decrement: float) -> bool:
        """Subtract Newton's step from the elements of the matrix, whole or halved; tell whether that was better."""
        if step is None:
            return False
        rows, cols = elements(self.sigma.shape[0])
        for size in (1.0, 0.5, 0.25):
            trial = self.sigma.copy()
            trial[rows, cols] -= size * step
            trial[cols, rows] = trial[rows, cols]
            if self._accept(trial, decrement):
                return True
        return False

    def try_inside(self) -> bool:
        """Take a step that stays positive definite; tell whether one of its halves was better."""
        step = step_inside(self.sigma, self.here)
        size = 1.0
        while size > 1e-8:
            if self._accept(move_inside(self.sigma, size * step), 0.0):
                return True
            size *= 0.25
        return False

    def _accept(self, trial: Floats, decrement: float) -> bool:
        there = evaluate(self.cross, trial, reml=self.reml)
        self.evaluations += 1
        if there is None or not there.value <= self.here.value + 1e-9 * max(1.0, decrement) * (decrement > 0.0):
            return False
        self.sigma, self.here = trial, there
        return True


def _moments(cross: CrossProducts) -> Floats:
    """Return the moment estimate from the preliminary residuals, drawn to its diagonal until it is well inside."""
    together = cross.observed.T @ (cross.counts[:, None] * cross.observed)
    moments = cross.yy.sum(axis=0) / np.maximum(together, 1.0)
    variances = np.maximum(np.diag(moments), 1e-3)
    shrink = 1.0
    while True:
        sigma: Floats = shrink * moments
        np.fill_diagonal(sigma, variances)
        if _condition(sigma) > 1e-3:
            return sigma
        shrink *= 0.8


def _newton_step(here: Evaluation) -> tuple[Floats | None, float]:
    """Return the step to subtract and the Newton decrement; None and infinity where the Hessian gives no descent."""
    try:
        chol = np.linalg.cholesky(here.hessian)
    except np.linalg.LinAlgError:
        return None, float("inf")
    half: Floats = np.linalg.solve(chol, here.gradient)
    step: Floats = np.linalg.solve(chol.T, half)
    return step, float(half @ half)


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


def _certify(search: _Search, iterations: int) -> Maximum:
    gradient, smallest = _standardised(search.sigma, search.here)
    if smallest <= 1e-7:
        raise NotIdentifiedError(
            "the data do not determine the covariance matrix: the likelihood is flat in some direction "
            f"(smallest eigenvalue of its Hessian {smallest:.2g})"
        )
    if _condition(search.sigma) < _SINGULAR:
        raise _failure(_SINGULAR_WORDS, search, iterations)
    return Maximum(search.sigma, search.here, iterations, search.evaluations, gradient, smallest)


def _failure(reason: str, search: _Search, iterations: int) -> NotConvergedError:
    if _condition(search.sigma) < _NEARLY_SINGULAR:
        reason = _SINGULAR_WORDS
    gradient, _ = _standardised(search.sigma, search.here)
    return NotConvergedError(
        f"{reason} (after {iterations} iterations, largest gradient element {gradient:.2g})",
        iterations=iterations,
        gradient=gradient,
    )
