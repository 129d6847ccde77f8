"""The labelled face of the mixed model: any dataframe in, names out, and kind words for what cannot be used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose

import imara
from imara.analysis.variables import ModelInputError
from imara.engine.failures import NotIdentifiedError


def trial(n: int = 60, seed: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(n), 3)
    visit = np.tile(np.arange(3), n)
    arm = rng.permutation(np.arange(n) % 2)[person]
    y = (rng.normal(size=(n, 1)) + rng.normal(size=(n, 3))).ravel() + 0.5 * arm * visit
    y[rng.random(3 * n) < 0.1] = np.nan
    return pl.DataFrame(
        {
            "id": [f"P{i:03d}" for i in person],
            "visit": pl.Series(
                [["week 2", "week 10", "month 6"][v] for v in visit], dtype=pl.Enum(["week 2", "week 10", "month 6"])
            ),
            "arm": [["tau", "imr"][a] for a in arm],
            "dx.code": [["bipolar", "schizophrenia"][i % 2] for i in person],
            "smoker": [bool(i % 3 == 0) for i in person],
            "base": rng.normal(50, 10, size=n)[person],
            "y": y,
        }
    ).with_columns(pl.col("y").fill_nan(None))


FORMULA = "y ~ base + dx.code + smoker + arm * visit"


def fit(data: Any, formula: str = FORMULA, **options: Any) -> Any:
    return imara.mmrm(formula, data, subject="id", visit="visit", **options)


def test_pandas_and_polars_give_the_same() -> None:
    data = trial()
    frame = pd.DataFrame(data.to_dict(as_series=False))
    frame["visit"] = pd.Categorical(frame["visit"], ["week 2", "week 10", "month 6"])
    a, b = fit(data), fit(frame)
    assert_allclose(a.params, b.params, rtol=1e-12)
    assert list(a.params.index) == list(b.params.index)
    assert isinstance(a.frame(), pl.DataFrame)
    assert isinstance(b.frame(), pd.DataFrame)
    assert isinstance(imara.emmeans(b, "arm", by="visit").frame(), pd.DataFrame)


def test_order_of_levels() -> None:
    model = fit(trial())
    assert model.visits == ("week 2", "week 10", "month 6")  # that of the Enum, not of the alphabet
    assert {"smoker[T.True]", "dx.code[T.schizophrenia]"} <= set(model.names)
    assert any(name.startswith("arm[T.tau]") for name in model.names)  # text: sorted, so imr is the reference


def test_attributes_of_a_fit() -> None:
    model = fit(trial())
    assert model.converged
    assert model.n_subjects == 60
    assert model.nobs + model.n_dropped == 180
    assert model.covariance.shape == (3, 3)
    assert list(model.covariance.index) == list(model.visits)
    assert_allclose(model.bse**2, np.diag(model.cov_params()), rtol=1e-12)
    assert model.gradient < 1e-8
    text = model.summary()
    assert "REML" in text
    assert "60 subjects" in text
    assert str(model) == text


def test_means_average_over_other_factors_equally_or_by_frequency() -> None:
    model = fit(trial())
    equal = imara.emmeans(model, "arm", by="visit")
    weighted = imara.emmeans(model, "arm", by="visit", weights="proportional")
    assert equal.columns == ["arm", "visit", "estimate", "se", "df", "ci_low", "ci_high"]
    share = trial().drop_nulls("y")["smoker"].mean()
    smoker = model.params[[n for n in model.names if n.startswith("smoker")]].iloc[0]
    other = model.params[[n for n in model.names if n.startswith("dx.code")]].iloc[0]
    code = (trial().drop_nulls("y")["dx.code"] == "schizophrenia").mean()
    expected = smoker * (share - 0.5) + other * (code - 0.5)  # type: ignore[operator]  # polars types a mean loosely
    assert_allclose(weighted.values.estimate - equal.values.estimate, expected, rtol=1e-9)


def test_contrasts() -> None:
    means = imara.emmeans(fit(trial()), "arm", by="visit")
    against = means.contrasts(reference="tau")
    assert against.columns == ["contrast", "by", "estimate", "se", "df", "ci_low", "ci_high", "t", "p"]
    assert list(against["contrast"]) == ["imr - tau"] * 3
    assert list(against["by"]) == ["week 2", "week 10", "month 6"]
    pairs = means.contrasts("pairwise")
    assert list(pairs["contrast"]) == ["tau - imr"] * 3
    assert_allclose(pairs["estimate"], -np.array(against["estimate"]))
    several = imara.emmeans(fit(trial()), "visit", by="arm").contrasts("pairwise")
    assert len(several) == 6


def test_asymptotic_intervals_are_normal() -> None:
    found = imara.emmeans(fit(trial()), "arm", by="visit", df="asymptotic")
    assert_allclose(found.values.ci_high - found.values.estimate, 1.959963984540054 * found.values.se, rtol=1e-6)


def test_a_numeric_visit_column_orders_by_number() -> None:
    data = trial().with_columns(
        visit=pl.col("visit").cast(pl.String).replace_strict({"week 2": 2, "week 10": 10, "month 6": 26})
    )
    assert fit(data, "y ~ arm + C(visit)").visits == ("2", "10", "26")
    assert fit(data, "y ~ arm * visit").names == fit(data, "y ~ arm * visit").names


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ base + nothing", "no column 'nothing'"),
        ("base + arm", "has no outcome"),
        ("y ~ base +", "cannot be read"),
        ("arm ~ base", "must be a number"),
        ("y ~ log(arm)", "cannot be computed"),
    ],
)
def test_formulas_that_cannot_be_used(formula: str, words: str) -> None:
    with pytest.raises(ModelInputError, match=words):
        fit(trial(), formula)


def test_options_that_do_not_exist() -> None:
    with pytest.raises(ModelInputError, match="'reml', 'ml'"):
        fit(trial(), method="mle")
    with pytest.raises(ModelInputError, match="covariance is 'blah'"):
        fit(trial(), covariance="blah")
    model = fit(trial())
    with pytest.raises(ModelInputError, match="kenward-roger"):
        imara.emmeans(model, "arm", df="kenward")  # type: ignore[arg-type]  # what a person might type
    with pytest.raises(ModelInputError, match="its factors are"):
        imara.emmeans(model, "base")
    with pytest.raises(ModelInputError, match="no level 'placebo'"):
        imara.emmeans(model, "arm").contrasts(reference="placebo")
    with pytest.raises(ModelInputError, match="weights"):
        imara.emmeans(model, "arm", weights="some")  # type: ignore[arg-type]  # what a person might type


def test_data_that_cannot_be_used() -> None:
    with pytest.raises(ModelInputError, match="must be a dataframe"):
        fit({"y": [1, 2]})
    with pytest.raises(ModelInputError, match="no row of the data"):
        fit(trial().with_columns(y=pl.lit(None, dtype=pl.Float64)))
    with pytest.raises(ModelInputError, match="infinite"):
        fit(trial().with_columns(base=pl.lit(float("inf"))))
    twice = pl.concat([trial(), trial().drop_nulls("y").head(2)])
    with pytest.raises(ModelInputError, match="2 rows repeat a id and visit"):
        fit(twice)


def test_dependent_columns_are_named() -> None:
    data = trial().with_columns(copy=pl.col("base") * 2 + 1)
    with pytest.raises(NotIdentifiedError, match="columns before them: copy"):
        fit(data, "y ~ base + copy + arm * visit")


def test_visits_never_seen_together_are_named() -> None:
    data = trial().filter(
        ~((pl.col("visit") == "week 10") & (pl.col("id") < "P030"))
        & ~((pl.col("visit") == "month 6") & (pl.col("id") >= "P030"))
    )
    with pytest.raises(NotIdentifiedError, match="week 10 and month 6"):
        fit(data)
