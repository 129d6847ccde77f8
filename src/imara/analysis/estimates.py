"""The plan in the study file, run as written: one estimate for each analysis and outcome."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import cast

import polars as pl

from imara.analysis.judgement import judge
from imara.analysis.means import Contrasts, EstimatedMeans, emmeans
from imara.analysis.mixed_model import MmrmResults, mmrm
from imara.analysis.populations import AnalysisRows, analysis_rows
from imara.analysis.remarks import failed, no_data, not_available, remarks
from imara.analysis.result import Contrast, Diagnostics, Estimate, Mean, StandardisedEffect
from imara.dataset.dataset import Dataset
from imara.engine.failures import FitError
from imara.engine.inference import Method
from imara.study.plan import Analysis, Outcome
from imara.study.vocabulary import Text


def estimates(dataset: Dataset) -> Iterator[Estimate]:
    """Run every analysis of the plan on every one of its outcomes, in the order of the file."""
    study = dataset.folder.study
    for key, analysis in study.analyses.items():
        for outcome in analysis.outcomes:
            identifier = key if len(analysis.outcomes) == 1 else f"{key}.{outcome}"
            yield estimate(dataset, identifier, key, outcome)


def estimate(dataset: Dataset, identifier: str, analysis_key: str, outcome_key: str) -> Estimate:
    """Run one analysis of one outcome. What cannot be computed is said in the estimate's warnings."""
    study = dataset.folder.study
    analysis, outcome = study.analyses[analysis_key], study.outcomes[outcome_key]
    missing = not_available(analysis, outcome)
    if missing is not None:
        return _empty(identifier, analysis_key, outcome_key, analysis, missing)
    rows = analysis_rows(dataset, outcome_key, outcome, analysis)
    if rows.frame.is_empty():
        return _empty(identifier, analysis_key, outcome_key, analysis, no_data())
    data = rows.frame if len(rows.visits) > 1 else rows.frame.with_columns(visit=pl.lit(rows.visits[0]))
    try:
        fit = mmrm(rows.formula, data, subject="participant", visit="visit", method=analysis.method)
        means = emmeans(
            fit,
            "arm",
            by="visit" if len(rows.visits) > 1 else None,
            df=cast("Method", analysis.df),
            confidence=analysis.confidence,
        )
        contrasts = means.contrasts(reference=study.reference_arm)
    except (FitError, ValueError) as error:
        return _empty(identifier, analysis_key, outcome_key, analysis, failed(error), rows)
    return _filled(dataset, identifier, analysis_key, outcome_key, rows, fit, means, contrasts)


def _empty(
    identifier: str,
    analysis_key: str,
    outcome_key: str,
    analysis: Analysis,
    reason: Text,
    rows: AnalysisRows | None = None,
) -> Estimate:
    return Estimate(
        id=identifier,
        analysis=analysis_key,
        outcome=outcome_key,
        model=analysis.model,
        formula=rows.formula if rows else "",
        covariance=analysis.covariance,
        df_method=analysis.df,
        method=analysis.method,
        estimand=analysis.estimand.model_dump(mode="json") if analysis.estimand else None,
        population=analysis.population,
        n_participants=sum(rows.participants.values()) if rows else 0,
        n_observations=rows.frame.height if rows else 0,
        log_likelihood=None,
        converged=False,
        warnings=(reason.en,),
        warnings_da=(reason.to("da"),),
    )


def _filled(
    dataset: Dataset,
    identifier: str,
    analysis_key: str,
    outcome_key: str,
    rows: AnalysisRows,
    fit: MmrmResults,
    means: EstimatedMeans,
    contrasts: Contrasts,
) -> Estimate:
    study = dataset.folder.study
    analysis, outcome = study.analyses[analysis_key], study.outcomes[outcome_key]
    found = _contrasts(contrasts, rows.visits)
    judged = [visit for visit in (outcome.at, *outcome.also_at) if visit in rows.visits]
    best = fit.fit.maximum
    said = list(remarks(analysis, outcome, rows))
    return Estimate(
        id=identifier,
        analysis=analysis_key,
        outcome=outcome_key,
        model=analysis.model,
        formula=fit.formula,
        covariance=analysis.covariance,
        df_method=analysis.df,
        method=analysis.method,
        estimand=analysis.estimand.model_dump(mode="json") if analysis.estimand else None,
        population=analysis.population,
        n_participants=fit.n_subjects,
        n_observations=fit.nobs,
        log_likelihood=fit.llf,
        converged=True,
        participants=rows.participants,
        contrasts=found,
        means=_means(means, rows.visits),
        standardised=tuple(_standardised(dataset, outcome, fit, found)),
        equivalences=tuple(
            judge(contrast, outcome.smallest_effect, outcome.better)
            for visit in judged
            for contrast in found
            if contrast.visit == visit and outcome.smallest_effect is not None and outcome.better != "neither"
        ),
        diagnostics=Diagnostics(
            evaluations=best.evaluations,
            iterations=best.iterations,
            gradient=best.gradient,
            smallest_eigenvalue=best.smallest_eigenvalue,
            patterns=int(fit.fit.cross.counts.size),
            covariance=tuple(tuple(row) for row in fit.fit.sigma.tolist()),
            visits=rows.visits,
        ),
        warnings=tuple(remark.en for remark in said),
        warnings_da=tuple(remark.to("da") for remark in said),
    )


def _contrasts(contrasts: Contrasts, visits: tuple[str, ...]) -> tuple[Contrast, ...]:
    values = contrasts.values
    within = contrasts.within or [visits[0]] * len(contrasts.pairs)
    return tuple(
        Contrast(
            visit=visit,
            arms=pair,
            estimate=float(values.estimate[i]),
            se=float(values.se[i]),
            df=float(values.df[i]) if isfinite(values.df[i]) else None,
            ci_low=float(values.ci_low[i]),
            ci_high=float(values.ci_high[i]),
            t=float(values.t[i]),
            p=float(values.p[i]),
        )
        for i, (pair, visit) in enumerate(zip(contrasts.pairs, within, strict=True))
    )


def _means(means: EstimatedMeans, visits: tuple[str, ...]) -> tuple[Mean, ...]:
    values = means.values
    return tuple(
        Mean(
            arm=label["arm"],
            visit=label.get("visit", visits[0]),
            estimate=float(values.estimate[i]),
            se=float(values.se[i]),
            df=float(values.df[i]) if isfinite(values.df[i]) else None,
            ci_low=float(values.ci_low[i]),
            ci_high=float(values.ci_high[i]),
        )
        for i, label in enumerate(means.labels)
    )


def _standardised(
    dataset: Dataset, outcome: Outcome, fit: MmrmResults, contrasts: tuple[Contrast, ...]
) -> Iterator[StandardisedEffect]:
    """Divide contrasts by the standard deviation within arms at baseline; without a baseline, by the model's."""
    baseline = baseline_sd(dataset, dataset.folder.score_column(outcome))
    for contrast in contrasts:
        i = fit.visits.index(contrast.visit)
        sd = baseline if baseline is not None else float(fit.fit.sigma[i, i]) ** 0.5
        yield StandardisedEffect(
            visit=contrast.visit,
            arms=contrast.arms,
            estimate=contrast.estimate / sd,
            ci_low=contrast.ci_low / sd,
            ci_high=contrast.ci_high / sd,
            sd=sd,
            sd_source="baseline" if baseline is not None else "model",
        )


def baseline_sd(dataset: Dataset, column: str) -> float | None:
    """Return the standard deviation of a score at baseline, pooled within arms; None where there is none."""
    at_baseline = (
        dataset.scores.filter(pl.col("visit") == dataset.folder.study.baseline)
        .join(dataset.participants.select("participant", "arm"), on="participant")
        .filter(pl.col(column).is_not_null())
    )
    arms = at_baseline.group_by("arm").agg(n=pl.len(), variance=pl.col(column).var()).filter(pl.col("n") > 1)
    degrees = int((arms["n"] - 1).sum())
    if degrees < 1:
        return None
    pooled = float((arms["variance"] * (arms["n"] - 1)).sum()) / degrees
    return pooled**0.5 if pooled > 0.0 else None
