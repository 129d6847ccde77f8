"""One pass over the data: cross-products for each pattern of missing visits, all that a likelihood needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imara.engine.failures import NotIdentifiedError
from imara.engine.separable import Floats, Integers, SeparableDesign, separate

_ALIASED = 1e-11


@dataclass(frozen=True)
class CrossProducts:
    """Sums over the subjects of each missingness pattern p, of residuals from a preliminary fit.

    The outcome is replaced by (y - X beta0) / scale, which leaves the likelihood's shape alone and keeps digits; the
    design's columns by an orthonormal basis of their profiles, so that nothing depends on units or origins.
    """

    counts: Floats
    """(P,) subjects with the pattern."""
    observed: NDArray[np.bool_]
    """(P, m) visits in the pattern."""
    cc: Floats
    """(P, r, r) features times features."""
    roots: Floats
    """(R, r) rows R_p stacked over patterns, with R_p' R_p the pattern's features times features."""
    root_pattern: Integers
    """(R,) pattern of each of those rows."""
    cy: Floats
    """(P, r, m) features times outcomes, zero at visits outside the pattern."""
    yy: Floats
    """(P, m, m) outcomes times outcomes, zero outside the pattern."""
    profiles: Floats
    """(r*m, q) orthonormal columns: the design's profiles times the inverse of `basis`."""
    basis: Floats
    """(q, q) upper triangular R: coefficients of the basis are R times coefficients of the design's columns."""
    beta0: Floats
    """(q,) preliminary (least squares) coefficients of the design's columns."""
    scale: float
    """Root mean square of the preliminary residuals."""
    n_subjects: int
    n_observations: int

    @property
    def n_visits(self) -> int:
        """Number of visits, m."""
        return int(self.observed.shape[1])


def summarise(x: Floats, y: Floats, subject: Integers, visit: Integers) -> CrossProducts:
    """Reduce data to cross-products.

    Args:
        x: (N, q) design matrix, one row an observed value.
        y: (N,) outcome.
        subject: (N,) subject codes 0..n-1, every code used.
        visit: (N,) visit codes 0..m-1, every code used; each subject has a visit at most once.

    Raises:
        NotIdentifiedError: The design's columns are linearly dependent, there are too few values, or the design
            explains the outcome exactly.
        ValueError: Shapes do not agree, a value is not finite, or a subject has a visit twice.
    """
    n, m = _check_arrays(x, y, subject, visit)
    outcome = np.zeros((n, m))
    outcome[subject, visit] = y
    seen = np.zeros((n, m), dtype=bool)
    seen[subject, visit] = True
    if int(seen.sum()) != y.size:
        raise ValueError("a subject has more than one row for the same visit")
    design = separate(x, subject, visit, n, m)
    order, starts, observed = _patterns(seen)
    c = design.features[order]
    z = outcome[order]
    w = seen[order]
    cc = np.stack([c[s:e].T @ c[s:e] for s, e in starts])
    beta0, basis, profiles = _preliminary(cc, _stack_cy(c, z, starts), observed, design)
    z -= (c @ np.tensordot(design.profiles, beta0, axes=1)) * w
    total = float(np.einsum("ij,ij->", z, z))
    scale = float(np.sqrt(total / y.size))
    spread = float(np.abs(y - y.mean()).max())
    if scale <= 1e-12 * max(spread, float(np.abs(y).max()) * 1e-3):
        raise NotIdentifiedError("the outcome is explained exactly, so there is no residual variance to estimate")
    z /= scale
    roots, root_pattern = _roots(cc)
    return CrossProducts(
        counts=np.array([e - s for s, e in starts], dtype=float),
        observed=observed,
        cc=cc,
        roots=roots,
        root_pattern=root_pattern,
        cy=_stack_cy(c, z, starts),
        yy=np.stack([z[s:e].T @ z[s:e] for s, e in starts]),
        profiles=profiles,
        basis=basis,
        beta0=beta0,
        scale=scale,
        n_subjects=n,
        n_observations=int(y.size),
    )


def _check_arrays(x: Floats, y: Floats, subject: Integers, visit: Integers) -> tuple[int, int]:
    if x.ndim != 2 or not (x.shape[0] == y.size == subject.size == visit.size):
        raise ValueError("x needs one row, and y, subject and visit one element, for each observed value")
    if y.size == 0:
        raise NotIdentifiedError("there are no observed values")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite: leave out rows with missing values")
    n, m = int(subject.max()) + 1, int(visit.max()) + 1
    if np.bincount(visit, minlength=m).min() == 0:
        raise NotIdentifiedError("a visit has no observed values")
    if y.size <= x.shape[1]:
        raise NotIdentifiedError(f"{x.shape[1]} coefficients cannot be estimated from {y.size} observed values")
    return n, m


def _patterns(seen: NDArray[np.bool_]) -> tuple[Integers, list[tuple[int, int]], NDArray[np.bool_]]:
    """Return the order that sorts subjects by pattern, the slice of each pattern, and the patterns (P, m)."""
    packed = np.packbits(seen, axis=1)
    keys = packed.view([("", packed.dtype)] * packed.shape[1]).ravel() if packed.shape[1] > 1 else packed.ravel()
    unique, inverse = np.unique(keys, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    ends = np.cumsum(np.bincount(inverse, minlength=unique.size))
    starts = [(int(s), int(e)) for s, e in zip(np.concatenate(([0], ends[:-1])), ends, strict=True)]
    return order, starts, seen[order[[s for s, _ in starts]]]


def _stack_cy(c: Floats, z: Floats, starts: list[tuple[int, int]]) -> Floats:
    return np.stack([c[s:e].T @ z[s:e] for s, e in starts])


def _roots(cc: Floats) -> tuple[Floats, Integers]:
    """Return the rows of a square root of each pattern's cross-products, as many as its rank, and their pattern."""
    values, vectors = np.linalg.eigh(cc)
    kept = values > 1e-15 * values[:, -1:]
    rows = np.sqrt(np.where(kept, values, 0.0))[:, :, None] * np.swapaxes(vectors, 1, 2)
    return rows[kept], np.nonzero(kept)[0]


def _preliminary(
    cc: Floats, cy: Floats, observed: NDArray[np.bool_], design: SeparableDesign
) -> tuple[Floats, Floats, Floats]:
    """Least squares ignoring correlation, after checking that the columns are independent."""
    r, m, q = design.profiles.shape
    profiles = design.profiles.reshape(r * m, q)
    # Sum over patterns of C_p at the visits of the pattern: block diagonal over visits.
    p = cc.shape[0]
    gram = (observed.astype(float).T @ cc.reshape(p, r * r)).reshape(m, r, r)

    def at_visits(w: Floats) -> Floats:
        by_visit = w.reshape(r, m, q).transpose(1, 0, 2)
        total: Floats = (by_visit.transpose(0, 2, 1) @ gram @ by_visit).sum(axis=0)
        return total

    aliased = _aliased_columns(at_visits(profiles))
    if aliased:
        raise NotIdentifiedError(
            "some columns of the design are determined by the columns before them", columns=aliased
        )
    orthonormal, basis = np.linalg.qr(profiles)
    rhs = orthonormal.T @ cy.sum(axis=0).reshape(r * m)
    return np.linalg.solve(basis, np.linalg.solve(at_visits(orthonormal), rhs)), basis, orthonormal


def _aliased_columns(gram: Floats) -> list[int]:
    """Return columns whose part not explained by the columns before them is nil, by sweeping the scaled Gram matrix."""
    size = np.sqrt(np.diag(gram))
    aliased = [int(j) for j in np.flatnonzero(size == 0.0)]
    size = np.where(size == 0.0, 1.0, size)
    g = gram / np.outer(size, size)
    for j in range(g.shape[0]):
        if j in aliased:
            continue
        if g[j, j] < _ALIASED:
            aliased.append(j)
            continue
        g = g - np.outer(g[:, j], g[j]) / g[j, j]
    return sorted(aliased)
