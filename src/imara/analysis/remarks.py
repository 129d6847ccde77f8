"""What a reader must know beside an estimate, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from imara.analysis.populations import AnalysisRows
from imara.engine.inference import Method
from imara.study.plan import Analysis, Outcome
from imara.study.vocabulary import Text


def not_available(analysis: Analysis, outcome: Outcome) -> Text | None:
    """Return what this version lacks to run an analysis, or None when it can."""
    if outcome.measure != "score":
        return _not_yet("analyse counts of events", "analysere antal hændelser")
    if analysis.model != "mmrm":
        return _not_yet(f"fit the model '{analysis.model}'", f"beregne modellen '{analysis.model}'")
    if analysis.covariance != "unstructured":
        return _not_yet(
            f"fit the covariance structure '{analysis.covariance}'",
            f"beregne kovariansstrukturen '{analysis.covariance}'",
        )
    if analysis.df not in get_args(Method):
        return _not_yet(f"compute degrees of freedom by '{analysis.df}'", f"beregne frihedsgrader med '{analysis.df}'")
    return None


def no_data() -> Text:
    """Return that there is nothing to analyse."""
    return Text(
        en="Not computed: no participant has the data it needs.",
        da="Ikke beregnet: ingen deltager har de data, der skal bruges.",
    )


def failed(error: Exception) -> Text:
    """Return why a fit failed; the engine's own words are English."""
    return Text(en=f"Not computed: {error}.", da=f"Ikke beregnet. Programmets egne ord: {error}.")


def remarks(analysis: Analysis, outcome: Outcome, rows: AnalysisRows) -> Iterator[Text]:
    """Return what to know about an estimate that was computed."""
    if rows.n_without_predictors:
        n = rows.n_without_predictors
        yield Text(
            en=f"{_people(n)} with this outcome {'is' if n == 1 else 'are'} left out, because a characteristic or the "
            "baseline score is missing.",
            da=f"{n} {'deltager' if n == 1 else 'deltagere'} med dette udfald er udeladt, fordi en oplysning eller "
            "scoren ved starten mangler.",
        )
    for arm, unit in analysis.clusters.items():
        yield Text(
            en=f"Planned with a random effect of {unit} in arm '{arm}', which this version cannot yet estimate: people "
            "treated together may be alike, so intervals may be too narrow.",
            da=f"Planlagt med en tilfældig effekt af {_UNITS[unit]} i gruppen '{arm}', som denne version endnu ikke "
            "kan beregne: mennesker, der behandles sammen, kan ligne hinanden, så intervallerne kan være for smalle.",
        )
    for strategy in analysis.missing.sensitivity:
        yield _not_yet(
            f"repeat the analysis under the assumption '{strategy}'",
            f"gentage analysen under antagelsen '{strategy}'",
        )
    if outcome.at not in rows.visits:
        yield Text(
            en=f"The outcome is judged at '{outcome.at}', which is not among the visits of this analysis.",
            da=f"Udfaldet bedømmes ved '{outcome.at}', som ikke er blandt analysens målinger.",
        )


_UNITS = {"group": "terapigruppe", "facilitator": "gruppeleder"}


def _people(n: int) -> str:
    return "1 participant" if n == 1 else f"{n} participants"


def _not_yet(en: str, da: str) -> Text:
    return Text(
        en=f"Planned, but not computed: this version cannot yet {en}.",
        da=f"Planlagt, men ikke beregnet: denne version kan endnu ikke {da}.",
    )
