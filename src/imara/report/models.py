"""How the numbers came about: model, estimand, fit, covariance, and what is needed to do it again."""

from __future__ import annotations

from imara.analysis.result import Estimate
from imara.report.numbers import MISSING
from imara.report.tables import Group, Table
from imara.report.view import View


def model_table(view: View, estimate: Estimate) -> Table:
    """Return model and fit of one analysis."""
    words, numbers = view.words, view.numbers
    rows = [
        (words.say("model.model"), words.term("model-name", estimate.model)),
        (words.say("model.formula"), estimate.formula or MISSING),
        (words.say("model.covariance"), words.term("covariance", estimate.covariance)),
        (words.say("model.method"), words.term("method", estimate.method)),
        (words.say("model.df"), words.term("df", estimate.df_method)),
        (words.say("model.population"), words.term("population", estimate.population)),
        (words.say("model.people"), words.say("model.people-value", people=numbers.count(estimate.n_participants),
                                              observations=numbers.count(estimate.n_observations))),
        (words.say("model.missing"), words.say("model.missing-value")),
        (words.say("model.likelihood"), numbers.fixed(estimate.log_likelihood, 4)),
        (words.say("model.converged"), words.say(f"level.{'yes' if estimate.converged else 'no'}")),
    ]
    fit = estimate.diagnostics
    if fit is not None:
        rows += [
            (words.say("model.work"), words.say("model.work-value", evaluations=numbers.count(fit.evaluations),
                                                iterations=numbers.count(fit.iterations))),
            (words.say("model.gradient"), scientific(view, fit.gradient)),
            (words.say("model.eigenvalue"), scientific(view, fit.smallest_eigenvalue)),
            (words.say("model.patterns"), numbers.count(fit.patterns)),
        ]
    return Table(f"model-{estimate.id.replace('.', '-')}", words.say("model.caption", analysis=estimate.id),
                 (words.say("model.item"), words.say("model.value")), (Group(None, tuple(rows)),), words=True)


def scientific(view: View, value: float) -> str:
    """Write a very small or very large number with a power of ten."""
    if value == 0 or 0.01 <= abs(value) < 10_000:  # noqa: PLR2004  # readable without a power
        return view.numbers.fixed(value, 2 if value else 0)
    mantissa, exponent = f"{value:.1e}".split("e")
    power = view.numbers.count(float(exponent))
    return f"{view.numbers.fixed(float(mantissa), 1)} \u00d7 10^{power}"


def covariance_table(view: View, estimate: Estimate) -> Table | None:
    """Return standard deviations and correlations of a person's measurements, as estimated."""
    fit = estimate.diagnostics
    if fit is None or not fit.visits:
        return None
    numbers = view.numbers
    deviations = [row[index] ** 0.5 for index, row in enumerate(fit.covariance)]
    names = [view.names.visit_with_time(visit) for visit in fit.visits]
    rows = []
    for index, name in enumerate(names):
        cells = [MISSING if other > index else numbers.fixed(
            1.0 if other == index else fit.covariance[index][other] / (deviations[index] * deviations[other]), 2)
            for other in range(len(names))]
        rows.append((name, numbers.fixed(deviations[index], view.names.decimals(estimate.outcome)), *cells))
    return Table(
        f"covariance-{estimate.id.replace('.', '-')}", view.words.say("model.covariance-caption", analysis=estimate.id),
        (view.words.say("table.visit"), view.words.say("model.sd"), *names), (Group(None, tuple(rows)),))


def estimand_table(view: View, estimate: Estimate) -> Table | None:
    """Return the five attributes of the estimand (ICH E9(R1)), as the plan words them."""
    plan = view.plan(estimate)
    estimand = plan.estimand if plan is not None else None
    if estimand is None:
        return None
    words, text = view.words, view.names.text
    events = [
        (text(event.event), words.term("strategy", event.strategy)) for event in estimand.intercurrent_events
    ] or [(words.say("estimand.no-events"), "")]
    rows: list[tuple[str, ...]] = [
        (words.say("estimand.population"), text(estimand.population)),
        (words.say("estimand.treatments"), text(estimand.treatments)),
        (words.say("estimand.variable"), text(estimand.variable)),
        *((words.say("estimand.event"), f"{event}: {strategy}" if strategy else event) for event, strategy in events),
        (words.say("estimand.summary"), text(estimand.summary)),
    ]
    return Table(f"estimand-{estimate.id.replace('.', '-')}", words.say("estimand.caption", analysis=estimate.id),
                 (words.say("estimand.attribute"), words.say("estimand.here")), (Group(None, tuple(rows)),), words=True)


def provenance_table(view: View) -> Table:
    """Return what is needed to repeat the analysis."""
    words, origin = view.words, view.result.provenance
    libraries = ", ".join(f"{name} {version}" for name, version in origin.libraries.items())
    rows = [
        (words.say("provenance.study"), origin.study),
        (words.say("provenance.fingerprint"), origin.study_fingerprint),
        (words.say("provenance.data"), origin.data_file),
        (words.say("provenance.data-hash"), origin.data_sha256),
        (words.say("provenance.package"), origin.package),
        (words.say("provenance.python"), origin.python),
        (words.say("provenance.libraries"), libraries or MISSING),
        (words.say("provenance.command"), origin.command),
        (words.say("provenance.seed"), MISSING if origin.seed is None else str(origin.seed)),
        (words.say("provenance.generated"), origin.generated),
    ]
    return Table("provenance", words.say("provenance.caption"),
                 (words.say("model.item"), words.say("model.value")), (Group(None, tuple(rows)),), words=True)
