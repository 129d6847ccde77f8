"""Who is in an analysis, and the rows their data make: one a participant and visit, baseline beside it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from imara.dataset.dataset import Dataset
from imara.study.plan import Analysis, Outcome


@dataclass(frozen=True)
class AnalysisRows:
    """The rows of one analysis of one outcome."""

    frame: pl.DataFrame
    """`participant`, `visit` (Enum of the analysis' visits), the outcome, and every predictor; complete rows only."""
    outcome: str
    """Name of the outcome's column."""
    formula: str
    visits: tuple[str, ...]
    participants: dict[str, int]
    """Arm to its participants."""
    n_without_predictors: int
    """Participants with an outcome who are left out because a predictor is missing."""


def analysis_visits(dataset: Dataset, outcome: Outcome, analysis: Analysis) -> tuple[str, ...]:
    """Return the analysis' visits in time order: those named, or all after baseline at which the form is answered."""
    study = dataset.folder.study
    if outcome.form is None:
        return ()
    answered = study.forms[outcome.form].visits
    wanted = analysis.visits or tuple(visit for visit in answered if visit != study.baseline)
    return tuple(visit for visit in study.visits if visit in wanted)


def analysis_rows(dataset: Dataset, key: str, outcome: Outcome, analysis: Analysis) -> AnalysisRows:
    """Gather the rows of an analysis.

    Args:
        dataset: The data.
        key: The outcome's key in the study; names its column.
        outcome: A score of a form.
        analysis: What is planned.
    """
    study = dataset.folder.study
    visits = analysis_visits(dataset, outcome, analysis)
    column = dataset.folder.score_column(outcome)
    name = (
        key
        if key not in {*study.characteristics, "arm", "site", "visit", "baseline", "participant"}
        else f"{key}-score"
    )
    after = dataset.scores.select("participant", "visit", pl.col(column).alias(name)).filter(
        pl.col("visit").is_in(list(visits)) & pl.col(name).is_not_null()
    )
    if analysis.population == "complete-cases":
        seen = after.group_by("participant").len().filter(pl.col("len") == len(visits))
        after = after.join(seen.select("participant"), on="participant", how="semi", maintain_order="left")
    predictors = dataset.participants.select(
        "participant", "arm", *(_predictor(dataset, variable) for variable in analysis.adjust if variable != "baseline")
    )
    if "baseline" in analysis.adjust:
        before = dataset.scores.filter(pl.col("visit") == study.baseline)
        predictors = predictors.join(
            before.select("participant", pl.col(column).alias("baseline")), on="participant", how="left"
        )
    joined = after.with_columns(pl.col("visit").cast(pl.Enum(list(visits)))).join(
        predictors, on="participant", how="left", maintain_order="left"
    )
    complete = joined.drop_nulls()
    return AnalysisRows(
        frame=complete,
        outcome=name,
        formula=_formula(name, analysis, several=len(visits) > 1),
        visits=visits,
        participants=dict(
            complete.group_by("arm").agg(pl.col("participant").n_unique()).cast({"arm": pl.String}).iter_rows()
        ),
        n_without_predictors=joined["participant"].n_unique() - complete["participant"].n_unique(),
    )


def _predictor(dataset: Dataset, variable: str) -> pl.Expr:
    """Return a characteristic or the site; yes-no becomes a factor, so that means are averaged over both answers."""
    if dataset.participants.schema[variable] == pl.Boolean:
        answers = pl.Enum(["no", "yes"])
        return (
            pl.when(pl.col(variable))
            .then(pl.lit("yes"))
            .when(~pl.col(variable))
            .then(pl.lit("no"))
            .cast(answers)
            .alias(variable)
        )
    return pl.col(variable)


def _formula(outcome: str, analysis: Analysis, *, several: bool) -> str:
    terms = [*analysis.adjust]
    if several:
        terms += [f"{_quoted(variable)}:visit" for variable in analysis.adjust_by_visit]
    quoted = [term if ":" in term else _quoted(term) for term in terms]
    return f"{_quoted(outcome)} ~ " + " + ".join([*quoted, "arm * visit" if several else "arm"])


def _quoted(name: str) -> str:
    return f"`{name}`" if "-" in name else name
