"""The mixed model for repeated measures: time of a fit, evaluations it needs, and what one evaluation costs.

Peers' times were measured once on a machine of the same kind (two shared AMD EPYC cores, one thread), each program on
the same data: they are printed for scale, not as a race in this run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

import imara
from benchmarks.machine import describe, in_units, timed
from imara.analysis.formulas import read_formula
from imara.analysis.variables import model_variables
from imara.engine.crossproducts import summarise
from imara.engine.inference import linear_functions
from imara.engine.likelihood import evaluate
from imara.engine.mmrm import fit_mmrm

DATA = Path(__file__).parent.parent / "tests" / "reference" / "mmrm" / "data"

PEERS = {
    "FEV": "R mmrm 0.3.18: fit 39 ms, with contrasts 73 ms, Kenward-Roger (linear) 92 ms; nlme::gls 418 ms",
    "BCVA": "R mmrm 0.3.18: fit 2.96 s, Kenward-Roger (linear) 31.8 s; glmmTMB 11.7 s; nlme::gls 103.5 s",
    "trial of 198": "R mmrm 0.3.18, 198 people at 3 visits: 40 ms with Satterthwaite, 52 ms with Kenward-Roger",
}
TARGETS = {
    "FEV": "engine 3 ms, face 15 ms",
    "BCVA": "engine 25 ms, face 60 ms",
    "trial of 198": "no target of its own for a single fit",
}


def _fev() -> tuple[pl.DataFrame, str, str, str, str]:
    data = pl.read_csv(DATA / "fev.csv", schema_overrides={"FEV1": pl.Float64})
    return data, "FEV1 ~ RACE + SEX + ARMCD * AVISIT", "USUBJID", "AVISIT", "ARMCD"


def _bcva() -> tuple[pl.DataFrame, str, str, str, str]:
    return pl.read_csv(DATA / "bcva.csv"), "BCVA_CHG ~ RACE + BCVA_BL + ARMCD * AVISIT", "USUBJID", "AVISIT", "ARMCD"


def _trial() -> tuple[pl.DataFrame, str, str, str, str]:
    data = pl.read_csv(DATA / "trial198_long.csv")
    factors = data.with_columns(
        pl.col("arm", "site").cast(pl.String), pl.col("month").cast(pl.String).cast(pl.Enum(["9", "21"]))
    )
    return factors, "y ~ base + site + dx + arm * month", "id", "month", "arm"


def main() -> None:
    """Print every figure."""
    print(f"\nMixed model for repeated measures, unstructured, REML\n{describe()}")
    cases: dict[str, Callable[[], tuple[pl.DataFrame, str, str, str, str]]] = {
        "FEV": _fev, "BCVA": _bcva, "trial of 198": _trial
    }  # fmt: skip
    for name, make in cases.items():
        _fits(name, *make())
    _evaluations()


def _fits(name: str, data: pl.DataFrame, formula: str, subject: str, visit: str, arm: str) -> None:
    model = read_formula(formula, data.columns)
    read = model_variables(data, [*model.outcome, *model.predictors], subject=subject, visit=visit)
    y, x, _ = model.matrices(read.frame)
    places = read.visits.codes.astype(np.int64)
    labelled = imara.mmrm(formula, data, subject=subject, visit=visit)
    rows = imara.emmeans(labelled, arm, by=visit).contrasts("pairwise").rows

    def engine() -> None:
        linear_functions(fit_mmrm(x, y, read.subjects, places), rows, df="kenward-roger")

    def face() -> None:
        fit = imara.mmrm(formula, data, subject=subject, visit=visit)
        imara.emmeans(fit, arm, by=visit, df="kenward-roger").contrasts("pairwise")

    best = labelled.fit.maximum
    print(f"\n{name}: {labelled.n_subjects} subjects, {labelled.nobs} values, {len(labelled.visits)} visits")
    print(f"  fit from arrays                     {timed(lambda: fit_mmrm(x, y, read.subjects, places))}")
    print(f"  with contrasts and Kenward-Roger    {timed(engine)}")
    print(f"  from formula and dataframe          {timed(face)}")
    print(
        f"  needed {best.evaluations} evaluations in {best.iterations} iterations; "
        f"{labelled.fit.cross.counts.size} patterns; largest gradient element {best.gradient:.1e}"
    )
    print(f"  target: {TARGETS[name]}\n  peers:  {PEERS[name]}")


def _evaluations() -> None:
    print("\nOne evaluation of likelihood, gradient and Hessian, 5 visits, every pattern of gaps:")
    for n in (100, 1_000, 10_000, 100_000, 1_000_000):
        rows = _simulated(n)
        cross = summarise(*rows)
        evaluation = timed(partial(evaluate, cross, np.eye(5), reml=True), runs=5, inner=20)
        before = timed(partial(summarise, *rows), runs=1, inner=1).median
        print(
            f"  {n:>9,} subjects, {cross.counts.size} patterns: {evaluation}; one pass over the data {in_units(before)}"
        )


def _simulated(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    m = 5
    seen = rng.random((n, m)) > 0.2
    seen[np.arange(1, 2**m), :] = (np.arange(1, 2**m)[:, None] >> np.arange(m)) & 1 == 1
    seen[:, 0] |= ~seen.any(axis=1)
    subject, visit = np.nonzero(seen)
    arm = (np.arange(n) % 2)[subject].astype(float)
    later = np.eye(m)[visit][:, 1:]
    x = np.column_stack([np.ones(subject.size), rng.normal(size=n)[subject], arm, later, arm[:, None] * later])
    y = (rng.normal(size=(n, 1)) + rng.normal(size=(n, m)))[subject, visit]
    return x, y, subject.astype(np.int64), visit.astype(np.int64)
