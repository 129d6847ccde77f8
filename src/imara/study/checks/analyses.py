"""The analysis plan: can what is planned be computed from what is collected?"""

from __future__ import annotations

from imara.study.checks.findings import Findings
from imara.study.document import Place
from imara.study.plan import Analysis
from imara.study.study import Study

_COUNT_MODELS = ("poisson", "negative-binomial")
_LATER_DF = ("kenward-roger", "satterthwaite", "between-within")
"""Degrees of freedom that exist for the linear mixed model only."""


def check_analyses(study: Study, findings: Findings) -> None:
    """Check every analysis, and that each outcome has one."""
    for key, analysis in study.analyses.items():
        place: Place = ("analyses", key)
        _check_outcomes(place, analysis, study, findings)
        _check_visits(place, analysis, study, findings)
        _check_adjustment(place, analysis, study, findings)
        _check_method(place, analysis, study, findings)
        _check_clusters(place, analysis, study, findings)
        if analysis.missing.sensitivity and not study.arms and not findings.lacks_arms:
            message = "assumptions about missing values refer to arms, and there are none"
            findings.wrong((*place, "missing", "sensitivity"), message, "no sensitivity assumptions")
        findings.repeated((*place, "missing", "sensitivity"), analysis.missing.sensitivity, "assumption")
    _check_primary(study, findings)
    _check_unused(study, findings)


def _check_outcomes(place: Place, analysis: Analysis, study: Study, findings: Findings) -> None:
    outcomes = findings.names("outcomes")
    for index, name in enumerate(analysis.outcomes):
        if name not in outcomes:
            findings.unknown((*place, "outcomes", index), name, outcomes, "outcome")
            continue
        outcome = study.outcomes.get(name)
        if outcome is None:
            continue
        if outcome.form is None and outcome.event is None:
            continue
        is_event = outcome.form is None
        if is_event and analysis.model not in _COUNT_MODELS:
            message = f"'{name}' counts events, and {analysis.model} is for scores"
            found = findings.document.found((*place, "model")) or "mmrm, by default"
            findings.wrong((*place, "model"), message, ", ".join(_COUNT_MODELS), _COUNT_MODELS[1], found=found)
        if not is_event and analysis.model in _COUNT_MODELS:
            message = f"'{name}' is a score, and {analysis.model} is for counts of events"
            findings.wrong((*place, "model"), message, "mmrm", "mmrm")
    findings.repeated((*place, "outcomes"), analysis.outcomes, "outcome")


def _check_visits(place: Place, analysis: Analysis, study: Study, findings: Findings) -> None:
    visits = findings.names("visits")
    for index, visit in enumerate(analysis.visits):
        if visit not in visits:
            findings.unknown((*place, "visits", index), visit, visits, "visit")
        elif visit == study.baseline and "baseline" in analysis.adjust:
            message = "the first visit cannot be analysed and adjusted for at once"
            findings.wrong(
                (*place, "visits", index), message, "visits after the first, or no 'baseline' in 'adjust'", found=visit
            )
    findings.repeated((*place, "visits"), analysis.visits, "visit")
    for name in analysis.outcomes:
        outcome = study.outcomes.get(name)
        form = study.forms.get(outcome.form) if outcome is not None and outcome.form is not None else None
        if outcome is None or form is None or outcome.form in findings.unsettled:
            continue
        for index, visit in enumerate(analysis.visits):
            if visit in study.visits and visit not in form.visits:
                message = f"the form '{outcome.form}' of the outcome '{name}' is not answered at '{visit}'"
                findings.wrong((*place, "visits", index), message, ", ".join(form.visits), found=visit)
        modelled = analysis.visits or tuple(visit for visit in form.visits if visit != study.baseline)
        if not modelled:
            message = f"the form '{outcome.form}' of the outcome '{name}' is not answered after the first visit"
            findings.wrong((*place, "outcomes"), message, "an outcome with a visit after the first")
        elif outcome.at in form.visits and outcome.at not in modelled and outcome.at != study.baseline:
            message = f"the effect on '{name}' is judged at '{outcome.at}', which is not among these visits"
            findings.wrong((*place, "visits"), message, f"visits with '{outcome.at}' among them")


def _check_adjustment(place: Place, analysis: Analysis, study: Study, findings: Findings) -> None:
    characteristics = findings.names("characteristics")
    known = ("baseline", *(("site",) if findings.names("sites") else ()), *characteristics)
    for index, name in enumerate(analysis.adjust):
        inner: Place = (*place, "adjust", index)
        if name not in known:
            findings.unknown(inner, name, known, "characteristic")
        elif name in study.characteristics and study.characteristics[name].kind == "date":
            message = f"'{name}' is a date, and a model needs a number, a category or a yes-no"
            findings.wrong(inner, message, ", ".join(word for word in known if word != name))
    findings.repeated((*place, "adjust"), analysis.adjust, "adjustment")
    _check_strata(place, analysis, study, known, findings)
    for index, name in enumerate(analysis.adjust_by_visit):
        if name not in analysis.adjust:
            findings.unknown((*place, "adjust_by_visit", index), name, analysis.adjust, "adjustment")
    if "baseline" in analysis.adjust:
        _check_baseline(place, analysis, study, findings)


def _check_strata(place: Place, analysis: Analysis, study: Study, known: tuple[str, ...], findings: Findings) -> None:
    """Warn when a main analysis leaves out what the allocation balanced: its intervals would then be too wide."""
    strata = study.allocation.strata if study.allocation is not None and study.arms else ()
    left_out = [name for name in strata if name in known and name not in analysis.adjust]
    if analysis.role == "main" and left_out:
        message = f"allocation is balanced within {', '.join(left_out)}, which this main analysis does not adjust for"
        wanted = ", ".join((*analysis.adjust, *left_out))
        found = ", ".join(analysis.adjust) or "nothing"
        findings.doubtful((*place, "adjust"), message, f"adjust: [{wanted}]", found=found)


def _check_baseline(place: Place, analysis: Analysis, study: Study, findings: Findings) -> None:
    written = "adjust" in analysis.model_fields_set
    inner: Place = (*place, "adjust", analysis.adjust.index("baseline")) if written else (*place, "adjust")
    by_default = "" if written else ", which 'adjust' holds when it is left out"
    others = ", ".join(word for word in analysis.adjust if word != "baseline")
    for name in analysis.outcomes:
        outcome = study.outcomes.get(name)
        if outcome is None:
            continue
        form = study.forms.get(outcome.form) if outcome.form is not None else None
        if outcome.event is not None and outcome.form is None:
            message = f"'{name}' counts events, which have no score at the first visit to adjust for{by_default}"
            findings.wrong(inner, message, f"adjust: [{others}]", found="baseline")
        elif form is not None and study.baseline not in form.visits and outcome.form not in findings.unsettled:
            message = (
                f"'{name}' cannot be adjusted for its baseline{by_default}: the form '{outcome.form}' is not answered "
                f"at '{study.baseline}'"
            )
            findings.wrong(inner, message, f"adjust: [{others}]", found="baseline")


def _check_method(place: Place, analysis: Analysis, study: Study, findings: Findings) -> None:
    written = analysis.model_fields_set
    if analysis.model in _COUNT_MODELS:
        events = [name for name in analysis.outcomes if name in study.outcomes and study.outcomes[name].event]
        if not events:
            return  # the model itself is the mistake
        for name, allowed in (("df", "asymptotic, residual"), ("method", "ml"), ("covariance", "no covariance")):
            value = getattr(analysis, name)
            fine = {"df": value not in _LATER_DF, "method": value == "ml", "covariance": False}[name]
            if name in written and not fine:
                message = f"{analysis.model} is a model of counts, and '{value}' belongs to the linear mixed model"
                findings.wrong((*place, name), message, f"{allowed}, or leave the line out")
    elif analysis.df == "kenward-roger" and analysis.method == "ml":
        field = "df" if "df" in written else "method"
        by_default = "" if "df" in written else " (used when 'df' is left out)"
        message = f"the Kenward-Roger degrees of freedom{by_default} are derived for REML, not for ML"
        findings.wrong((*place, field), message, "'method: reml', or 'df' satterthwaite, between-within, residual")


def _check_clusters(place: Place, analysis: Analysis, study: Study, findings: Findings) -> None:
    arms = findings.names("arms")
    for arm in () if findings.lacks_arms else analysis.clusters:
        inner: Place = (*place, "clusters", arm)
        if arm not in arms:
            findings.unknown(inner, arm, arms, "arm")
        elif arm in study.arms and not study.arms[arm].grouped:
            grouped = ", ".join(key for key, value in study.arms.items() if value.grouped)
            message = f"the arm '{arm}' is not delivered in groups, so nothing clusters its people"
            allowed = f"arms with 'grouped: true': {grouped}" if grouped else "arms with 'grouped: true'"
            findings.wrong(inner, message, allowed, found=arm)


def _check_primary(study: Study, findings: Findings) -> None:
    primary = [name for name, outcome in study.outcomes.items() if outcome.role == "primary"]
    for name in primary[:1]:
        main = [key for key, value in study.analyses.items() if value.role == "main" and name in value.outcomes]
        if not main:
            message = f"no main analysis answers the primary outcome '{name}'"
            findings.wrong(("outcomes", name), message, f"an analysis with 'role: main' and 'outcomes: {name}'")
        for key in main[1:]:
            message = f"'{main[0]}' is the main analysis of '{name}' already; a reader would not know which one counts"
            findings.doubtful(("analyses", key, "role"), message, "sensitivity", found="main")
        for key in main:
            if study.analyses[key].estimand is None:
                message = f"the main analysis of the primary outcome '{name}' must say precisely what it estimates"
                allowed = "the fields population, treatments, variable, intercurrent_events, summary"
                findings.wrong(("analyses", key, "estimand"), message, allowed, found="nothing")


def _check_unused(study: Study, findings: Findings) -> None:
    """Warn of outcomes that are collected for nothing."""
    named = {name for analysis in study.analyses.values() for name in analysis.outcomes}
    if any(name not in study.outcomes for name in named):
        return  # a misspelt name may stand for the one that is missing
    for name, outcome in study.outcomes.items():
        if name not in named and outcome.role != "primary":
            message = "no analysis uses this outcome"
            findings.doubtful(("outcomes", name), message, f"'{name}' among the outcomes of an analysis", found=name)
