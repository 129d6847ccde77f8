"""Linear functions of the coefficients: estimates, standard errors, and their degrees of freedom in small samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from imara.engine.likelihood import elements, weighted_gram
from imara.engine.mmrm import MmrmFit
from imara.engine.separable import Floats

Method = Literal["satterthwaite", "kenward-roger", "asymptotic"]


@dataclass(frozen=True)
class LinearFunctions:
    """Estimates of l' beta for each row l, with t tests of zero and confidence intervals."""

    estimate: Floats
    se: Floats
    df: Floats
    ci_low: Floats
    ci_high: Floats
    t: Floats
    p: Floats


def linear_functions(
    fit: MmrmFit, rows: Floats, *, df: Method = "kenward-roger", confidence: float = 0.95
) -> LinearFunctions:
    """Estimate linear functions `rows` (l, q) of the coefficients.

    `kenward-roger` is the form that is linear in the elements of the covariance matrix, as SAS gives for an
    unstructured covariance: the covariance of the coefficients is adjusted, and the degrees of freedom of a single
    function are Satterthwaite's.
    """
    rows = np.atleast_2d(np.asarray(rows, dtype=float))
    basis_rows = fit.to_basis(rows)
    phi = fit.maximum.at.phi
    adjusted = kenward_roger_covariance(fit) if df == "kenward-roger" else phi
    variance = np.einsum("lj,ji,li->l", basis_rows, adjusted, basis_rows)
    estimate = rows @ fit.beta
    se = fit.cross.scale * np.sqrt(variance)
    degrees = np.full(estimate.shape, np.inf) if df == "asymptotic" else satterthwaite(fit, basis_rows)
    return from_moments(estimate, se, degrees, confidence)


def from_moments(estimate: Floats, se: Floats, df: Floats, confidence: float) -> LinearFunctions:
    """Return t tests and intervals from estimates, standard errors and degrees of freedom (elementwise)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = estimate / se
    # Infinitely many degrees of freedom: the normal distribution, which the t distribution has reached at 1e12.
    finite = np.where(np.isinf(df), 1e12, df)
    reach = stdtrit(finite, 0.5 + confidence / 2.0) * se
    p = np.minimum(1.0, 2.0 * stdtr(finite, -np.abs(t)))
    return LinearFunctions(estimate, se, df, estimate - reach, estimate + reach, t, p)


def satterthwaite(fit: MmrmFit, basis_rows: Floats) -> Floats:
    """Return Satterthwaite's degrees of freedom 2 v^2 / (g' C g) for functions (l, q) in the basis.

    v = l' Phi l, g its gradient in the elements of the covariance matrix, C their inverse observed information.

    Reference:
        Fai AHT, Cornelius PL (1996). Journal of Statistical Computation and Simulation 54, 363-378.
    """
    at = fit.maximum.at
    through = basis_rows @ at.phi
    variance = np.einsum("lj,lj->l", through, basis_rows)
    gradient = np.einsum("lj,kji,li->lk", through, at.m_k, through, optimize=True)
    spread = np.einsum("lk,kj,lj->l", gradient, fit.theta_covariance, gradient, optimize=True)
    result: Floats = 2.0 * variance**2 / spread
    return result


def kenward_roger_covariance(fit: MmrmFit) -> Floats:
    """Return Kenward and Roger's adjusted covariance of the coefficients (q, q), in the basis of the cross-products.

    Phi + 2 Phi [ sum_kl C_kl (Q_kl - M_k Phi M_l) ] Phi,    Q_kl = sum_i X_i' W V_k W V_l W X_i,

    without the term in second derivatives of S, which are nil in its own elements.

    Reference:
        Kenward MG, Roger JH (1997). Small sample inference for fixed effects from restricted maximum likelihood.
        Biometrics 53, 983-997.
    """
    at, cross = fit.maximum.at, fit.cross
    c = fit.theta_covariance
    m = cross.n_visits
    p = cross.counts.size
    # U = sum_kl C_kl V_k W V_l by pattern: a fixed linear map of W.
    full = _to_all_elements(c, m)
    u = at.inverses.reshape(p, m * m) @ full.transpose(1, 2, 0, 3).reshape(m * m, m * m)
    weights = at.inverses @ u.reshape(p, m, m) @ at.inverses
    root = np.linalg.cholesky(c)
    mixed = np.tensordot(root.T, at.m_k, axes=1)
    product = np.matmul(mixed @ at.phi, mixed).sum(axis=0)
    bracket = weighted_gram(cross, weights) - product
    adjusted = at.phi + 2.0 * at.phi @ bracket @ at.phi
    result: Floats = 0.5 * (adjusted + adjusted.T)
    return result


def _to_all_elements(c: Floats, m: int) -> Floats:
    """Spread C over elements: out[a, b, c, d] = C of elements (a, b) and (c, d), so that U_ad = sum_bc out_abcd W_bc.

    V_k holds its element twice off the diagonal, which the symmetric index already counts.
    """
    rows, cols = elements(m)
    index = np.zeros((m, m), dtype=np.int64)
    index[rows, cols] = index[cols, rows] = np.arange(rows.size)
    flat = index.ravel()
    result: Floats = c[np.ix_(flat, flat)].reshape(m, m, m, m)
    return result
