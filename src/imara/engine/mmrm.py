"""The mixed model for repeated measures: unstructured covariance, REML or ML, any pattern of missing visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imara.engine.crossproducts import CrossProducts, summarise
from imara.engine.failures import NotIdentifiedError
from imara.engine.newton import Maximum, maximise
from imara.engine.separable import Floats, Integers


@dataclass(frozen=True)
class MmrmFit:
    """A fitted model: y_i = X_i beta + e_i, e_i ~ N(0, S_i), S_i the part of S for the visits of subject i."""

    beta: Floats
    """(q,) coefficients."""
    cov_beta: Floats
    """(q, q) A^-1, their model-based covariance."""
    sigma: Floats
    """(m, m) covariance of a subject's measurements."""
    log_likelihood: float
    """Restricted (with the constant -(N - q)/2 log 2 pi and -1/2 log|X'WX|, as SAS, nlme and mmrm) or ordinary."""
    reml: bool
    cross: CrossProducts
    maximum: Maximum

    @property
    def theta_covariance(self) -> Floats:
        """(K, K) inverse observed information of the elements of S, on the scale of the cross-products."""
        inverse: Floats = np.linalg.inv(self.maximum.at.hessian)
        return 2.0 * inverse

    def to_basis(self, rows: Floats) -> Floats:
        """Express linear functions (l, q) of beta as functions of the coefficients of the orthonormal basis."""
        solved: Floats = np.linalg.solve(self.cross.basis.T, np.atleast_2d(rows).T)
        return solved.T


def fit_mmrm(x: Floats, y: Floats, subject: Integers, visit: Integers, *, reml: bool = True) -> MmrmFit:
    """Fit a mixed model for repeated measures with unstructured covariance.

    Args:
        x: (N, q) design matrix, one row an observed value.
        y: (N,) outcome.
        subject: (N,) subject codes 0..n-1, every code used.
        visit: (N,) visit codes 0..m-1 in time order, every code used; a subject has a visit at most once.
        reml: Restricted (true) or ordinary maximum likelihood.

    Raises:
        NotIdentifiedError: Design or covariance is not determined by the data (says which part).
        NotConvergedError: No certified maximum was found.
        ValueError: The arrays do not fit together.

    Reference:
        Jennrich RI, Schluchter MD (1986). Unbalanced repeated-measures models with structured covariance matrices.
        Biometrics 42, 805-820.
    """
    cross = summarise(x, y, subject, visit)
    _check_visits(cross)
    best = maximise(cross, reml=reml)
    q = cross.basis.shape[0]
    n_constant = cross.n_observations - (q if reml else 0)
    inverse = np.linalg.inv(cross.basis)
    # log|X'WX| of the design's own columns is that of the basis plus 2 log|R|; the outcome's scale adds its own part.
    value = best.at.value + n_constant * (np.log(2.0 * np.pi) + 2.0 * np.log(cross.scale))
    if reml:
        value += 2.0 * float(np.log(np.abs(np.diag(cross.basis))).sum())
    return MmrmFit(
        beta=cross.beta0 + cross.scale * (inverse @ best.at.gamma),
        cov_beta=cross.scale**2 * (inverse @ best.at.phi @ inverse.T),
        sigma=cross.scale**2 * best.sigma,
        log_likelihood=-0.5 * value,
        reml=reml,
        cross=cross,
        maximum=best,
    )


def _check_visits(cross: CrossProducts) -> None:
    together = cross.observed.T @ (cross.counts[:, None] * cross.observed)
    m = together.shape[0]
    apart = [(a, b) for a in range(m) for b in range(a) if together[a, b] == 0.0]
    if apart:
        raise NotIdentifiedError(
            "no subject was seen at both visits of a pair, so their covariance is unknown", pairs=apart
        )
