"""The mixed model for repeated measures agrees with R's mmrm and nlme, to far more digits than a paper prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_allclose

import imara
from imara.engine.inference import linear_functions
from imara.engine.mmrm import fit_mmrm

HERE = Path(__file__).parent / "mmrm"

# The gates: relative to the largest element of what is compared, or to each number where it says so.
ESTIMATES = 1e-8
DEGREES = 1e-7


def _factor(frame: pl.DataFrame, **levels: list[str]) -> pl.DataFrame:
    return frame.with_columns(pl.col(name).cast(pl.String).cast(pl.Enum(order)) for name, order in levels.items())


def _read(name: str, **types: Any) -> pl.DataFrame:
    return pl.read_csv(HERE / "data" / f"{name}.csv", schema_overrides=types)


def fev() -> tuple[pl.DataFrame, str, str, str]:
    races = ["Asian", "Black or African American", "White"]
    data = _factor(_read("fev", FEV1=pl.Float64), ARMCD=["PBO", "TRT"], RACE=races, SEX=["Male", "Female"])
    return data, "FEV1 ~ RACE + SEX + ARMCD * AVISIT", "USUBJID", "AVISIT"


def fev_benchmark() -> tuple[pl.DataFrame, str, str, str]:
    return fev()[0], "FEV1 ~ RACE + ARMCD * AVISIT", "USUBJID", "AVISIT"


def bcva() -> tuple[pl.DataFrame, str, str, str]:
    return _read("bcva"), "BCVA_CHG ~ RACE + BCVA_BL + ARMCD * AVISIT", "USUBJID", "AVISIT"


def btheb() -> tuple[pl.DataFrame, str, str, str]:
    data = _factor(
        _read("btheb_long", bdi=pl.Float64),
        treatment=["TAU", "BtheB"],
        length=["<6m", ">6m"],
        month=["2", "3", "5", "8"],
    )
    return data, "bdi ~ bdi.pre + drug + length + treatment * month", "subject", "month"


def antidepressant() -> tuple[pl.DataFrame, str, str, str]:
    data = _factor(_read("antidepressant"), THERAPY=["PLACEBO", "DRUG"], VISIT=["4", "5", "6", "7"])
    return data, "CHANGE ~ BASVAL * VISIT + THERAPY * VISIT", "PATIENT", "VISIT"


def trial198() -> tuple[pl.DataFrame, str, str, str]:
    data = _factor(_read("trial198_long"), arm=["0", "1"], site=["1", "2", "3", "4"], month=["9", "21"])
    return data, "y ~ base + site + dx + arm * month", "id", "month"


MODELS: list[Callable[[], tuple[pl.DataFrame, str, str, str]]] = [
    fev, fev_benchmark, bcva, btheb, antidepressant, trial198
]  # fmt: skip


@cache
def witness(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text())["fits"]["us"]


@cache
def fitted(name: str, method: str) -> Any:
    data, formula, subject, visit = next(m for m in MODELS if m.__name__ == name)()
    return imara.mmrm(formula, data, subject=subject, visit=visit, method=method)  # type: ignore[arg-type]  # reml or ml


def close(found: Any, expected: Any, relative: float) -> None:
    expected = np.asarray(expected, dtype=float)
    assert_allclose(found, expected, rtol=0, atol=relative * np.abs(expected).max())


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("name", [model.__name__ for model in MODELS])
def test_fit_agrees(name: str, method: str) -> None:
    expected = witness(name)[method.upper()]
    fit = fitted(name, method)
    assert fit.nobs == expected["n_obs"]
    assert fit.n_subjects == expected["n_subjects"]
    assert_allclose(fit.llf, expected["logLik"], rtol=1e-12)
    if method == "reml":  # under ML, mmrm leaves the coefficients out of its count; SAS and we do not
        assert_allclose(fit.aic, expected["AIC"], rtol=1e-10)
        assert_allclose(fit.bic, expected["BIC"], rtol=1e-10)
    assert_allclose(fit.params, expected["beta"]["values"], rtol=ESTIMATES)
    close(fit.cov_params(), expected["vcov_beta"]["data"], ESTIMATES)
    close(fit.covariance, expected["cov"]["data"], ESTIMATES)
    assert fit.gradient < 1e-8


@pytest.mark.parametrize("name", [model.__name__ for model in MODELS])
@pytest.mark.parametrize(("df", "key"), [("satterthwaite", "satterthwaite"), ("kenward-roger", "kenward-roger-linear")])
def test_means_and_contrasts_agree(name: str, df: Any, key: str) -> None:
    rows = np.array(witness(name)["L"]["data"], dtype=float)
    expected = np.array(witness(name)[key]["lsmeans"]["data"], dtype=float).T
    found = linear_functions(fitted(name, "reml").fit, rows, df=df)
    assert_allclose(found.estimate, expected[0], rtol=ESTIMATES)
    assert_allclose(found.se, expected[1], rtol=ESTIMATES)
    assert_allclose(found.df, expected[2], rtol=DEGREES)
    assert_allclose(found.t, expected[3], rtol=ESTIMATES)
    assert_allclose(found.p, expected[4], rtol=1e-6, atol=1e-300)


@pytest.mark.parametrize("name", [model.__name__ for model in MODELS])
def test_coefficients_agree_under_kenward_roger(name: str) -> None:
    expected = np.array(witness(name)["kenward-roger-linear"]["coef"]["data"], dtype=float)
    found = fitted(name, "reml").coefficients("kenward-roger")
    assert_allclose(found["se"], expected[:, 1], rtol=ESTIMATES)
    assert_allclose(found["df"], expected[:, 2], rtol=DEGREES)


@pytest.mark.parametrize("name", [model.__name__ for model in MODELS])
def test_satterthwaite_under_ml_agrees(name: str) -> None:
    rows = np.array(witness(name)["L"]["data"], dtype=float)
    expected = np.array(witness(name)["ML"]["satterthwaite"]["data"], dtype=float).T
    found = linear_functions(fitted(name, "ml").fit, rows, df="satterthwaite")
    assert_allclose(found.estimate, expected[0], rtol=ESTIMATES)
    assert_allclose(found.se, expected[1], rtol=ESTIMATES)
    assert_allclose(found.df, expected[2], rtol=DEGREES)


@pytest.mark.parametrize(
    ("name", "arm"),
    [("fev", "ARMCD"), ("bcva", "ARMCD"), ("btheb", "treatment"), ("antidepressant", "THERAPY"), ("trial198", "arm")],
)
def test_reference_grid_is_that_of_emmeans(name: str, arm: str) -> None:
    fit = fitted(name, "reml")
    expected = np.array(witness(name)["L"]["data"], dtype=float)
    labels = witness(name)["L"]["rows"]
    means = imara.emmeans(fit, arm, by=fit.visit)
    found = {f"{label[arm]}@{label[fit.visit]}": row for label, row in zip(means.labels, means.rows, strict=True)}
    for label, row in zip(labels[: len(means)], expected, strict=False):
        # Coefficients stand in another order here than in R, so the estimate is compared, not the row.
        assert_allclose(found[label] @ fit.fit.beta, _r_estimate(name, row), rtol=1e-9)
    contrasts = means.contrasts("pairwise")
    differences = expected[len(means) : len(means) + len(contrasts)]
    assert_allclose(contrasts["estimate"], [_r_estimate(name, row) for row in differences], rtol=1e-8)


def _r_estimate(name: str, row: Any) -> float:
    return float(np.asarray(row) @ np.array(witness(name)["REML"]["beta"]["values"]))


def test_fit_agrees_with_nlme() -> None:
    expected = json.loads((HERE / "fev_gls.json").read_text())
    fit = fitted("fev", "reml")
    assert_allclose(fit.llf, expected["logLik_REML"], rtol=1e-9)
    assert_allclose(fit.params, expected["beta"]["values"], rtol=1e-5, atol=1e-4)  # gls stops early


def test_forty_simulated_trials_agree() -> None:
    stored = np.load(HERE / "data" / "sim40.npz")
    expected = np.array(json.loads((HERE / "sim40.json").read_text())["data"])
    for covariates, outcomes, row in zip(stored["C"].astype(float), stored["Y"], expected, strict=True):
        subject, visit = np.nonzero(~np.isnan(outcomes))
        c = covariates[subject]
        later = np.eye(3)[visit][:, 1:]
        x = np.column_stack([c, later, c[:, [1]] * later])
        used, subjects = np.unique(subject, return_inverse=True)
        fit = fit_mmrm(x, outcomes[subject, visit], subjects, visit)
        last = np.zeros(x.shape[1])
        last[[1, x.shape[1] - 1]] = 1.0
        found = linear_functions(fit, last, df="satterthwaite")
        assert_allclose([found.estimate[0], found.se[0], found.df[0]], row[:3], rtol=1e-8)
        assert_allclose(fit.log_likelihood, row[3], rtol=1e-11)
        assert used.size == fit.cross.n_subjects
