"""Analyses and descriptions take the score an outcome means, whichever of an instrument's scores it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from imara.analysis.description import baseline_table, completeness, observed
from imara.analysis.estimates import estimates
from imara.analysis.result import Estimate
from imara.dataset import read_dataset
from imara.dataset.dataset import Dataset
from imara.study.library import load_study


@pytest.fixture(scope="module")
def trial() -> Dataset:
    whole = read_dataset(load_study("beat-the-blues"))
    primary = {"primary": whole.folder.study.analyses["primary"]}
    return changed(whole, analyses=primary)


def changed(trial: Dataset, **parts: Any) -> Dataset:
    """Return the dataset with parts of its study changed."""
    study = trial.folder.study.model_copy(update=parts)
    return replace(trial, folder=replace(trial.folder, study=study))


def renamed(trial: Dataset, name: str) -> Dataset:
    """Return the trial with its scores under another name, after a score that is the same for everyone."""
    total = trial.folder.score_of("bdi", "total")
    instrument = trial.folder.instruments["bdi"].model_copy(update={"scores": {"first": total, name: total}})
    scores = trial.scores.rename({"bdi.total": f"bdi.{name}"}).with_columns(pl.lit(1.0).alias("bdi.first"))
    return replace(trial, folder=replace(trial.folder, instruments={"bdi": instrument}), scores=scores)


def named(trial: Dataset, **fields: Any) -> Dataset:
    """Return the trial with fields of its outcome changed."""
    outcome = trial.folder.study.outcomes["depression"].model_copy(update=fields)
    return changed(trial, outcomes={"depression": outcome})


def only(trial: Dataset) -> Estimate:
    (found,) = estimates(trial)
    return found


@pytest.fixture(scope="module")
def expected(trial: Dataset) -> Estimate:
    return only(trial)


def test_total_is_analysed_where_it_is_not_the_first_score(trial: Dataset, expected: Estimate) -> None:
    found = only(renamed(trial, "total"))

    assert (found.contrasts, found.standardised) == (expected.contrasts, expected.standardised)


def test_the_score_that_is_named_is_analysed(trial: Dataset, expected: Estimate) -> None:
    found = only(named(renamed(trial, "sum"), score="sum"))

    assert (found.contrasts, found.standardised) == (expected.contrasts, expected.standardised)


def test_the_first_score_is_analysed_where_there_is_no_total(trial: Dataset, expected: Estimate) -> None:
    total = trial.folder.score_of("bdi", "total")
    instrument = trial.folder.instruments["bdi"].model_copy(update={"scores": {"sum": total, "other": total}})
    first = replace(
        trial,
        folder=replace(trial.folder, instruments={"bdi": instrument}),
        scores=trial.scores.rename({"bdi.total": "bdi.sum"}),
    )

    assert only(first).contrasts == expected.contrasts
    assert list(observed(first)) == list(observed(trial))


def test_descriptions_are_of_the_judged_score(trial: Dataset) -> None:
    other = named(renamed(trial, "sum"), score="sum")

    assert list(observed(other)) == list(observed(trial))
    assert {row.score for row in completeness(other)} == {"sum"}
    assert [row.observed for row in completeness(other)] == [row.observed for row in completeness(trial)]
    assert [row.variable for row in baseline_table(other) if row.kind == "score"] == ["bdi.sum"]


def test_a_form_that_no_outcome_judges_is_described_by_its_usual_score(trial: Dataset) -> None:
    alone = changed(renamed(trial, "total"), outcomes={}, analyses={})

    assert {row.score for row in completeness(alone)} == {"total"}


def test_where_neither_direction_is_better_nothing_is_judged(trial: Dataset, expected: Estimate) -> None:
    found = only(named(trial, better="neither", smallest_effect=None))

    assert (found.contrasts, found.equivalences) == (expected.contrasts, ())
    assert expected.equivalences


def test_a_smallest_effect_without_a_direction_judges_nothing_either(trial: Dataset) -> None:
    assert only(named(trial, better="neither")).equivalences == ()
