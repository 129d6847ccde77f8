"""Steps that cannot leave the cone of positive definite matrices, for where Newton's step on the elements would.

The covariance matrix is written S = L L' with lower triangular L whose diagonal is kept as logarithms; gradient and
Hessian follow from those in the elements of S by the chain rule. Where the Hessian is not positive definite its
eigenvalues are taken absolute, so that the step goes down along every direction.
"""

from __future__ import annotations

import numpy as np

from imara.engine.likelihood import Evaluation, elements
from imara.engine.separable import Floats

_LONGEST = 0.7
"""Longest change of a parameter in one step: of a logarithm, or of a loading in standard deviations."""
_FLATTEST = 1e-8


def step_inside(sigma: Floats, here: Evaluation) -> Floats:
    """Return the step to subtract from the parameters of `move_inside`, (K,)."""
    m = sigma.shape[0]
    rows, cols = elements(m)
    chol = np.linalg.cholesky(sigma)
    unit = _units(sigma, chol)
    slope = _symmetric(here.gradient, m)
    gradient = 2.0 * (slope @ chol)[rows, cols]
    # dS = e_c L_d' + L_d e_c' for the element of L in row c, column d.
    change = np.zeros((rows.size, m, m))
    index = np.arange(rows.size)
    change[index, rows, :] += chol.T[cols]
    change[index, :, rows] += chol.T[cols]
    jacobian = change[:, rows, cols]
    hessian = jacobian @ here.hessian @ jacobian.T + 2.0 * np.where(
        cols[:, None] == cols[None, :], slope[np.ix_(rows, rows)], 0.0
    )
    hessian *= np.outer(unit, unit)
    diagonal = rows == cols
    hessian[diagonal, diagonal] += gradient[diagonal] * unit[diagonal]
    values, vectors = np.linalg.eigh(hessian)
    floor = _FLATTEST * max(1.0, float(np.abs(values).max()))
    step = vectors @ ((vectors.T @ (gradient * unit)) / np.maximum(np.abs(values), floor))
    longest = float(np.abs(step).max())
    result: Floats = step * min(1.0, _LONGEST / longest) if longest > 0.0 else step
    return result


def move_inside(sigma: Floats, step: Floats) -> Floats:
    """Return the covariance matrix after a step; positive definite whatever the step."""
    m = sigma.shape[0]
    rows, cols = elements(m)
    chol = np.linalg.cholesky(sigma)
    unit = _units(sigma, chol)
    diagonal = rows == cols
    moved = chol[rows, cols] - step * unit
    moved[diagonal] = chol[rows, cols][diagonal] * np.exp(-step[diagonal])
    root = np.zeros((m, m))
    root[rows, cols] = moved
    result: Floats = root @ root.T
    return result


def _units(sigma: Floats, chol: Floats) -> Floats:
    """Return what one unit of each parameter is in the element of L: its value on the diagonal, else the deviation."""
    rows, cols = elements(sigma.shape[0])
    result: Floats = np.where(rows == cols, chol[rows, cols], np.sqrt(np.diag(sigma))[rows])
    return result


def _symmetric(gradient: Floats, m: int) -> Floats:
    """Spread a gradient in the elements a >= b over the full matrix, so that df = tr(slope dS)."""
    rows, cols = elements(m)
    slope = np.zeros((m, m))
    slope[rows, cols] = np.where(rows == cols, gradient, 0.5 * gradient)
    slope[cols, rows] = slope[rows, cols]
    return slope
