"""Writing a design matrix as subject features times visit profiles, so that subjects can be summed over once.

In a repeated-measures design almost every column is a property of the subject (its arm, its baseline score)
times a property of the visit (an indicator, a time). With features `c` (n, r) and profiles `w` (r, m, q),

    x[i, a, j] = sum_k c[i, k] w[k, a, j]

for every observed cell (subject i, visit a) and column j. Any design can be written so: a covariate that varies within
subjects in an arbitrary way takes one feature for each visit. Features that several columns share are found, so that r
is small (5 for a trial with an intercept, an arm, a baseline score and two binary covariates, whatever the visits).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]

_ROUNDING = 8.0 * np.finfo(float).eps


@dataclass(frozen=True)
class SeparableDesign:
    """A design matrix as subject features and visit profiles."""

    features: Floats
    """(n, r), centred and scaled where the design has an intercept."""
    profiles: Floats
    """(r, m, q)."""


class _Feature:
    """A subject feature while it is being found: known only for the subjects seen so far."""

    def __init__(self, n: int) -> None:
        self.values = np.zeros(n)
        self.known = np.zeros(n, dtype=bool)
        self.complete = False

    def match(self, subjects: Integers, cells: Floats) -> float | None:
        """Return w such that cells = w * feature wherever the feature is known, or None.

        Feature values that are not known yet are then set so that it holds for them too.
        """
        values = self.values[subjects]
        known = None if self.complete else self.known[subjects]
        at_known = values if known is None else values[known]
        cells_known = cells if known is None else cells[known]
        weight = 1.0
        if at_known.size:
            first = int(np.argmax(np.abs(at_known)))
            if at_known[first] != 0.0:
                weight = float(cells_known[first] / at_known[first])
            difference = np.abs(cells_known - weight * at_known)
            if np.any(difference > _ROUNDING * np.abs(cells_known)):
                return None
            if weight == 0.0:
                return None
        if known is not None and not known.all():
            unknown = subjects[~known]
            self.values[unknown] = cells[~known] / weight
            self.known[unknown] = True
            self.complete = bool(self.known.all())
        return weight


def separate(x: Floats, subject: Integers, visit: Integers, n: int, m: int) -> SeparableDesign:
    """Write the rows `x` (N, q) of subjects (N,) at visits (N,) as features and profiles.

    Args:
        x: Design matrix, one row an observed cell.
        subject: Subject of each row, 0..n-1.
        visit: Visit of each row, 0..m-1; a subject has each visit at most once.
        n: Number of subjects.
        m: Number of visits.
    """
    q = x.shape[1]
    found: list[_Feature] = []
    entries: list[tuple[int, int, int, float]] = []
    last_used: list[int | None] = [None] * q
    for a in range(m):
        rows = np.flatnonzero(visit == a)
        subjects = subject[rows]
        columns = np.ascontiguousarray(x[rows].T)
        for j in range(q):
            cells = columns[j]
            if not cells.any():
                continue
            favourite = last_used[j]
            order = list(range(len(found)))
            if favourite is not None:
                order.remove(favourite)
                order.insert(0, favourite)
            for k in order:
                weight = found[k].match(subjects, cells)
                if weight is not None:
                    break
            else:
                k = len(found)
                found.append(_Feature(n))
                weight = found[k].match(subjects, cells)
                assert weight is not None
            last_used[j] = k
            entries.append((k, a, j, weight))
    profiles = np.zeros((len(found), m, q))
    for k, a, j, weight in entries:
        profiles[k, a, j] = weight
    features = np.column_stack([feature.values for feature in found]) if found else np.zeros((n, 0))
    return _standardise(features, profiles, np.array([f.known for f in found], dtype=bool).reshape(-1, n))


def _standardise(features: Floats, profiles: Floats, known: NDArray[np.bool_]) -> SeparableDesign:
    """Centre and scale features, moving means into the constant feature's profile; the design stays the same."""
    constant = None
    for k in range(features.shape[1]):
        values = features[known[k], k]
        if values.size and np.all(values == values[0]):
            features[:, k] = values[0]
            constant = k
            break
    for k in range(features.shape[1]):
        if k == constant:
            continue
        if constant is not None:
            mean = features[known[k], k].mean()
            features[:, k] -= mean
            profiles[constant] += (mean / features[0, constant]) * profiles[k]
        scale = np.sqrt(np.mean(features[:, k] ** 2))
        if scale > 0.0:
            features[:, k] /= scale
            profiles[k] *= scale
    return SeparableDesign(features, profiles)
