"""The (restricted) Gaussian likelihood of repeated measures, with its exact first and second derivatives.

For subject i with design X_i (m_i, q), covariance S_i (rows and columns of S for its visits) and inverse W_i,

    -2 l(S) = sum_i [ log|S_i| + r_i' W_i r_i ] + log|A| + (N - q) log 2 pi,
    A = sum_i X_i' W_i X_i,    r_i = y_i - X_i b,

with b = A^-1 sum_i X_i' W_i y_i; log|A| and -q are absent for ordinary maximum likelihood. Derivatives are with respect
to the elements s_ab = s_ba of S (a >= b). With D = W E W, E the residual cross-products plus, for REML, the leverages
X A^-1 X':

    d/dk  (-2 l) = sum_i tr(V_k (W_i - D_i)),                                         V_k = dS/ds_k
    d2/dk dl     = sum_i tr(V_k W_i V_l (2 D_i - W_i)) - 2 g_k' A^-1 g_l - tr(A^-1 M_k A^-1 M_l)
    g_k = sum_i X_i' W_i V_k W_i r_i,      M_k = sum_i X_i' W_i V_k W_i X_i = -dA/ds_k

(the last term for REML only). All sums run over the patterns of missing visits, through the cross-products of features
and outcomes: one evaluation takes the same time for a hundred subjects as for a million.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imara.engine.crossproducts import CrossProducts
from imara.engine.separable import Floats, Integers


@dataclass(frozen=True)
class Evaluation:
    """-2 log-likelihood, without the 2 pi constant, and its derivatives at one covariance matrix.

    All in the basis of the cross-products and on their scale.
    """

    value: float
    gradient: Floats
    """(K,)"""
    hessian: Floats
    """(K, K)"""
    gamma: Floats
    """(q,) coefficients of the basis."""
    phi: Floats
    """(q, q) A^-1, the covariance of gamma."""
    m_k: Floats
    """(K, q, q) the matrices M_k."""
    inverses: Floats
    """(P, m, m) W for each pattern, zero outside it."""


def elements(m: int) -> tuple[Integers, Integers]:
    """Return row and column, row >= column, of each element of a symmetric matrix, (K,) each."""
    rows, cols = np.tril_indices(m)
    return rows.astype(np.int64), cols.astype(np.int64)


def duplication(m: int) -> Floats:
    """Return the duplication matrix (m*m, K), whose columns are vec(V_k)."""
    rows, cols = elements(m)
    d = np.zeros((m, m, rows.size))
    d[rows, cols, np.arange(rows.size)] = 1.0
    d[cols, rows, np.arange(rows.size)] = 1.0
    return d.reshape(m * m, rows.size)


def pattern_inverses(cross: CrossProducts, sigma: Floats) -> tuple[Floats, float] | None:
    """Return W for each pattern (P, m, m) and sum_i log|S_i|; None when `sigma` is not positive definite."""
    inside = cross.observed[:, :, None] & cross.observed[:, None, :]
    padded = np.where(inside, sigma, np.eye(cross.n_visits))
    try:
        np.linalg.cholesky(sigma)
        chol = np.linalg.cholesky(padded)
    except np.linalg.LinAlgError:
        return None
    root = np.linalg.inv(chol)
    inverses = np.where(inside, np.swapaxes(root, 1, 2) @ root, 0.0)
    log_det = 2.0 * float(cross.counts @ np.log(np.diagonal(chol, axis1=1, axis2=2)).sum(axis=1))
    return inverses, log_det


def weighted_gram(cross: CrossProducts, weights: Floats) -> Floats:
    """Return sum_i X_i' B_i X_i (q, q) in the basis, for a matrix B (P, m, m) for each pattern."""
    r, m = cross.cc.shape[1], cross.n_visits
    p = cross.counts.size
    s = cross.cc.reshape(p, r * r).T @ weights.reshape(p, m * m)
    s = s.reshape(r, r, m, m).transpose(0, 2, 1, 3).reshape(r * m, r * m)
    return cross.profiles.T @ s @ cross.profiles


def evaluate(cross: CrossProducts, sigma: Floats, *, reml: bool) -> Evaluation | None:
    """Evaluate the likelihood at `sigma` (m, m); None where it is not positive definite."""
    inverted = pattern_inverses(cross, sigma)
    if inverted is None:
        return None
    w, log_det = inverted
    p, m = cross.counts.size, cross.n_visits
    r = cross.cc.shape[1]
    profiles = cross.profiles
    q = profiles.shape[1]

    a = weighted_gram(cross, w)
    try:
        chol_a = np.linalg.cholesky(a)
    except np.linalg.LinAlgError:
        return None
    root = np.linalg.inv(chol_a)
    phi = root.T @ root
    xwy = profiles.T @ np.matmul(cross.cy, w).sum(axis=0).reshape(r * m)
    gamma = phi @ xwy
    value = log_det + float(np.vdot(w, cross.yy)) - float(xwy @ gamma)
    if reml:
        value += 2.0 * float(np.log(np.diag(chol_a)).sum())

    # E: residual cross-products by pattern, leverages added for REML.
    mask = cross.observed[:, :, None] & cross.observed[:, None, :]
    fitted = (profiles @ gamma).reshape(r, m)
    cross_fit = np.matmul(fitted.T, cross.cy)
    spread = np.outer(fitted, fitted)
    if reml:
        spread += profiles @ phi @ profiles.T
    spread = spread.reshape(r, m, r, m).transpose(0, 2, 1, 3).reshape(r * r, m * m)
    e = (cross.cc.reshape(p, r * r) @ spread).reshape(p, m, m)
    e = np.where(mask, cross.yy - cross_fit - np.swapaxes(cross_fit, 1, 2) + e, 0.0)
    d = w @ e @ w
    nw = cross.counts[:, None, None] * w

    dup = duplication(m)
    rows, cols = elements(m)
    gradient = dup.T @ (nw - d).sum(axis=0).ravel()
    hessian = _curvature(w, 2.0 * d - nw, dup)

    # g_k: residuals against the design.
    residual = np.where(cross.observed[:, None, :], cross.cy - cross.cc @ fitted, 0.0) @ w
    f = w.reshape(p, m * m).T @ residual.reshape(p, r * m)
    f = np.tensordot(f.reshape(m, m, r, m), profiles.reshape(r, m, q), axes=([0, 2], [1, 0]))
    g = dup.T @ f.reshape(m * m, q)
    m_k = _design_derivatives(cross, w, rows, cols)
    hessian -= 2.0 * g @ phi @ g.T
    if reml:
        phi_m = np.matmul(phi, m_k)
        flat = phi_m.reshape(rows.size, q * q)
        hessian -= flat @ np.swapaxes(phi_m, 1, 2).reshape(rows.size, q * q).T
    return Evaluation(value, gradient, 0.5 * (hessian + hessian.T), gamma, phi, m_k, w)


def _curvature(w: Floats, z: Floats, dup: Floats) -> Floats:
    """Return sum_p tr(V_k W_p V_l Z_p) for all k, l."""
    p, m, _ = w.shape
    t = w.reshape(p, m * m).T @ z.reshape(p, m * m)
    t = t.reshape(m, m, m, m).transpose(3, 0, 1, 2).reshape(m * m, m * m)
    result: Floats = dup.T @ t @ dup
    return result


def _design_derivatives(cross: CrossProducts, w: Floats, rows: Integers, cols: Integers) -> Floats:
    """Return M_k (K, q, q): one product of all W-weighted design rows with themselves.

    With C_p = R_p' R_p, a sum over subjects of x_a' x_b, x = W X, is a sum over the few rows of R_p.
    """
    m, r, q = cross.n_visits, cross.cc.shape[1], cross.profiles.shape[1]
    by_visit = cross.profiles.reshape(r, m, q).transpose(1, 0, 2).reshape(m, r * q)
    weighted = (w @ by_visit).reshape(-1, m, r, q).transpose(0, 2, 1, 3).reshape(-1, r, m * q)
    stacked = np.matmul(cross.roots[:, None, :], weighted[cross.root_pattern])[:, 0]
    gram = (stacked.T @ stacked).reshape(m, q, m, q)
    half = gram[rows, :, cols, :]
    result: Floats = np.where((rows == cols)[:, None, None], half, half + np.swapaxes(half, 1, 2))
    return result
