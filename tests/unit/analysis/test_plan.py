"""The plan in the study file is run as written; what cannot be computed is said, never left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from numpy.testing import assert_allclose

from imara.analysis.description import baseline_table, completeness, flow, observed
from imara.analysis.estimates import baseline_sd, estimates
from imara.analysis.populations import analysis_rows
from imara.dataset import read_dataset
from imara.dataset.dataset import Dataset
from imara.study.library import load_study
from imara.study.plan import Missing


@pytest.fixture(scope="module")
def trial() -> Dataset:
    return read_dataset(load_study("beat-the-blues"))


def planned(trial: Dataset, **changes: Any) -> Dataset:
    """Return the dataset with the primary analysis changed."""
    study = trial.folder.study
    primary = study.analyses["primary"].model_copy(update=changes)
    changed = study.model_copy(update={"analyses": {"primary": primary}})
    return replace(trial, folder=replace(trial.folder, study=changed))


def only(dataset: Dataset) -> Any:
    (found,) = estimates(dataset)
    return found


def test_the_formula_is_the_plan(trial: Dataset) -> None:
    assert only(planned(trial)).formula == "depression ~ baseline + drug + length + arm * visit"
    found = only(planned(trial, adjust=("baseline",), adjust_by_visit=("baseline",)))
    assert found.formula == "depression ~ baseline + baseline:visit + arm * visit"
    assert found.converged


def test_one_visit_is_an_analysis_of_covariance(trial: Dataset) -> None:
    found = only(planned(trial, visits=("month-8",)))
    assert found.formula == "depression ~ baseline + drug + length + arm"
    assert (found.n_participants, found.n_observations) == (52, 52)
    assert [c.visit for c in found.contrasts] == ["month-8"]
    assert_allclose(found.contrasts[0].df, 52 - 5, rtol=1e-9)


def test_visits_are_those_after_baseline_where_none_are_named(trial: Dataset) -> None:
    assert only(planned(trial, visits=())).diagnostics.visits == ("month-2", "month-3", "month-5", "month-8")


def test_complete_cases_have_every_visit(trial: Dataset) -> None:
    found = only(planned(trial, population="complete-cases"))
    assert found.n_observations == 4 * found.n_participants
    assert sum(found.participants.values()) == found.n_participants == 52


def test_confidence_and_degrees_of_freedom_follow_the_plan(trial: Dataset) -> None:
    wide, narrow = only(planned(trial, confidence=0.99)), only(planned(trial, confidence=0.8))
    assert wide.contrasts[0].ci_low < narrow.contrasts[0].ci_low
    normal = only(planned(trial, df="asymptotic"))
    assert normal.contrasts[0].df is None
    assert_allclose(
        normal.contrasts[0].ci_high - normal.contrasts[0].estimate, 1.959964 * normal.contrasts[0].se, rtol=1e-6
    )


def test_a_missing_characteristic_leaves_the_person_out_and_says_so(trial: Dataset) -> None:
    people = trial.participants.with_columns(
        drug=pl.when(pl.col("participant") == "2").then(None).otherwise(pl.col("drug"))
    )
    found = only(planned(replace(trial, participants=people)))
    assert found.n_participants == 96
    assert any("1 participant" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "negative-binomial"}, "negative-binomial"),
        ({"covariance": "ar1"}, "ar1"),
        ({"df": "between-within"}, "between-within"),
    ],
)
def test_what_this_version_cannot_do_is_said(trial: Dataset, changes: dict[str, str], words: str) -> None:
    found = only(planned(trial, **changes))
    assert not found.converged
    assert found.contrasts == ()
    assert words in found.warnings[0]


def test_sensitivity_and_clusters_that_are_planned_but_not_done_are_said(trial: Dataset) -> None:
    found = only(planned(trial, missing=Missing(sensitivity=("delta",)), clusters={"beat-the-blues": "group"}))
    assert found.converged
    assert any("'delta'" in warning for warning in found.warnings)
    assert len(found.warnings_da) == len(found.warnings)
    assert any("terapigruppe" in warning for warning in found.warnings_da)
    assert any("intervals may be too narrow" in warning for warning in found.warnings)


def test_a_fit_that_fails_says_why(trial: Dataset) -> None:
    constant = trial.scores.with_columns(pl.lit(20.0).alias("bdi.total"))
    found = only(planned(replace(trial, scores=constant), adjust=("drug",)))
    assert not found.converged
    assert "explained exactly" in found.warnings[0]


def test_an_analysis_without_data_says_so(trial: Dataset) -> None:
    found = only(planned(replace(trial, scores=trial.scores.filter(pl.col("visit") == "baseline"))))
    assert not found.converged
    assert "no participant" in found.warnings[0]


def test_standardised_effects_use_the_spread_at_baseline_within_arms(trial: Dataset) -> None:
    sd = baseline_sd(trial, "bdi.total")
    before = trial.scores.filter(pl.col("visit") == "baseline").join(trial.participants, on="participant")
    parts = [part["bdi.total"] for _, part in before.group_by("arm")]
    squares = sum(float(((p - p.mean()) ** 2).sum()) for p in parts)
    assert sd is not None
    assert_allclose(sd, (squares / (100 - 2)) ** 0.5, rtol=1e-12)
    found = only(planned(trial))
    assert_allclose([s.estimate * sd for s in found.standardised], [c.estimate for c in found.contrasts], rtol=1e-12)
    assert {s.sd_source for s in found.standardised} == {"baseline"}


def test_without_a_baseline_the_models_spread_is_used(trial: Dataset) -> None:
    later = trial.scores.filter(pl.col("visit") != "baseline")
    found = only(planned(replace(trial, scores=later), adjust=("drug",)))
    assert {s.sd_source for s in found.standardised} == {"model"}
    assert_allclose(found.standardised[-1].sd, found.diagnostics.covariance[-1][-1] ** 0.5, rtol=1e-12)


def test_equivalence_is_judged_at_every_judged_visit(trial: Dataset) -> None:
    found = only(planned(trial))
    outcome = trial.folder.study.outcomes["depression"]
    assert [e.visit for e in found.equivalences] == [outcome.at, *outcome.also_at]
    assert found.equivalence == found.equivalences[0]


def test_flow_counts_people(trial: Dataset) -> None:
    found = tuple(estimates(trial))
    counted = flow(trial, found)
    assert counted.allocated == 100
    assert [(a.arm, a.allocated) for a in counted.arms] == [("tau", 48), ("beat-the-blues", 52)]
    assert counted.arms[0].assessed == {"baseline": 48, "month-2": 45, "month-3": 36, "month-5": 29, "month-8": 25}
    assert counted.arms[1].analysed["primary"] == 52


def test_description_agrees_with_counts_by_hand(trial: Dataset) -> None:
    cells = {(c.visit, c.arm): c.observed for c in completeness(trial)}
    assert cells["month-8", "beat-the-blues"] == 27
    row = next(o for o in observed(trial) if (o.visit, o.arm) == ("month-2", "tau"))
    joined = trial.scores.join(trial.participants, on="participant").filter(
        (pl.col("visit") == "month-2") & (pl.col("arm") == "tau")
    )
    assert row.n == 45
    assert_allclose(row.mean, joined["bdi.total"].mean())
    assert_allclose(row.sd, joined["bdi.total"].std())


def test_baseline_table(trial: Dataset) -> None:
    rows = list(baseline_table(trial))
    names = [(row.variable, row.level) for row in rows]
    levels = [("drug", "yes"), ("drug", "no"), ("length", "<6m"), ("length", ">6m")]
    assert names == [*levels, ("bdi.total", None)]
    for row in rows:
        if row.kind == "category":
            assert row.cells["all"]["count"] == row.cells["tau"]["count"] + row.cells["beat-the-blues"]["count"]  # type: ignore[operator]  # counts are there
    drug = [r for r in rows if r.variable == "drug"]
    assert_allclose(sum(r.cells["all"]["percent"] or 0 for r in drug), 100.0)
    assert rows[-1].cells["all"]["n"] == 100


def test_an_outcome_may_bear_the_name_of_a_column(trial: Dataset) -> None:
    study = trial.folder.study
    outcome = study.outcomes["depression"]
    rows = analysis_rows(trial, "drug", outcome, study.analyses["primary"])
    assert rows.outcome == "drug-score"
    assert rows.formula.startswith("`drug-score` ~ ")
