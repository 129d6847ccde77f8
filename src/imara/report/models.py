"""How the numbers came about: model, estimand, fit, covariance, and what is needed to do it again."""

from __future__ import annotations

from collections.abc import Sequence

from imara.analysis.result import Estimate
from imara.report.numbers import MISSING
from imara.report.tables import Group, Table
from imara.report.view import View

_SIDE_BY_SIDE = 3


def computed(estimate: Estimate) -> bool:
    """Say whether an analysis gave any number at all."""
    return bool(estimate.means or estimate.contrasts)


def model_tables(view: View, estimates: Sequence[Estimate], title: str) -> tuple[Table, ...]:
    """Return model and fit of some analyses, side by side, three to a table."""
    tables = []
    for start in range(0, len(estimates), _SIDE_BY_SIDE):
        part = estimates[start : start + _SIDE_BY_SIDE]
        columns = [_model_column(view, estimate) for estimate in part]
        rows = tuple((view.words.say(f"model.{item}"), *(column[item] for column in columns)) for item in columns[0])
        tables.append(
            Table(
                f"model-{part[0].id.replace('.', '-')}",
                view.words.say("model.caption", outcome=title),
                (view.words.say("model.item"), *(estimate.id for estimate in part)),
                (Group(None, rows),),
                words=True,
            )
        )
    return tuple(tables)


def _model_column(view: View, estimate: Estimate) -> dict[str, str]:
    words, numbers, fit = view.words, view.numbers, estimate.diagnostics
    return {
        "model": words.term("model-name", estimate.model),
        "formula": estimate.formula or MISSING,
        "covariance": words.term("covariance", estimate.covariance),
        "method": words.term("method", estimate.method),
        "df": words.term("df", estimate.df_method),
        "population": words.term("population", estimate.population),
        "people": words.say(
            "model.people-value",
            people=numbers.count(estimate.n_participants),
            observations=numbers.count(estimate.n_observations),
        ),
        "missing": words.say("model.missing-value"),
        "likelihood": numbers.fixed(estimate.log_likelihood, 4),
        "converged": words.say(f"level.{'yes' if estimate.converged else 'no'}") if computed(estimate) else MISSING,
        "work": MISSING
        if fit is None
        else words.say(
            "model.work-value", evaluations=numbers.count(fit.evaluations), iterations=numbers.count(fit.iterations)
        ),
        "gradient": MISSING if fit is None else scientific(view, fit.gradient),
        "eigenvalue": MISSING if fit is None else scientific(view, fit.smallest_eigenvalue),
        "patterns": MISSING if fit is None else numbers.count(fit.patterns),
    }


def scientific(view: View, value: float) -> str:
    """Write a very small or very large number as statistics programs do, with an e before the power of ten."""
    if value == 0 or 0.01 <= abs(value) < 10_000:
        return view.numbers.fixed(value, 2 if value else 0)
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{view.numbers.fixed(float(mantissa), 1)}e{view.numbers.count(float(exponent))}"


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
        cells = [
            MISSING
            if other > index
            else numbers.fixed(
                1.0 if other == index else fit.covariance[index][other] / (deviations[index] * deviations[other]), 2
            )
            for other in range(len(names))
        ]
        rows.append((name, numbers.fixed(deviations[index], view.names.decimals(estimate.outcome)), *cells))
    return Table(
        f"covariance-{estimate.id.replace('.', '-')}",
        view.words.say("model.covariance-caption", outcome=view.names.outcome(estimate.outcome), analysis=estimate.id),
        (view.words.say("table.visit"), view.words.say("model.sd"), *names),
        (Group(None, tuple(rows)),),
    )


def estimand_table(view: View, estimate: Estimate) -> Table | None:
    """Return the five attributes of the estimand (ICH E9(R1)), as the plan words them."""
    plan = view.plan(estimate)
    estimand = plan.estimand if plan is not None else None
    if estimand is None:
        return None
    words, text = view.words, view.names.text
    events: list[tuple[str, str]] = [
        (text(event.event), words.term("strategy", event.strategy)) for event in estimand.intercurrent_events
    ] or [(words.say("estimand.no-events"), "")]
    rows: list[tuple[str, ...]] = [
        (words.say("estimand.population"), text(estimand.population)),
        (words.say("estimand.treatments"), text(estimand.treatments)),
        (words.say("estimand.variable"), text(estimand.variable)),
        *((words.say("estimand.event"), f"{event}: {strategy}" if strategy else event) for event, strategy in events),
        (words.say("estimand.summary"), text(estimand.summary)),
    ]
    return Table(
        f"estimand-{estimate.id.replace('.', '-')}",
        words.say("estimand.caption", analysis=estimate.id, outcome=view.names.outcome(estimate.outcome)),
        (words.say("estimand.attribute"), words.say("estimand.here")),
        (Group(None, tuple(rows)),),
        words=True,
    )


def software(view: View) -> str:
    """Name the program and its version."""
    return view.words.say("provenance.package-value", version=view.result.provenance.package.removeprefix("imara "))


def provenance_table(view: View) -> Table:
    """Return what is needed to repeat the analysis."""
    words, origin = view.words, view.result.provenance
    libraries = ", ".join(f"{name} {version}" for name, version in origin.libraries.items())
    rows = [
        (words.say("provenance.study"), origin.study),
        (words.say("provenance.fingerprint"), origin.study_fingerprint),
        (words.say("provenance.data"), origin.data_file),
        (words.say("provenance.data-hash"), origin.data_sha256),
        (words.say("provenance.package"), software(view)),
        (words.say("provenance.python"), origin.python),
        (words.say("provenance.libraries"), libraries or MISSING),
        (words.say("provenance.command"), origin.command),
        (words.say("provenance.seed"), MISSING if origin.seed is None else str(origin.seed)),
        (words.say("provenance.generated"), origin.generated),
    ]
    return Table(
        "provenance",
        words.say("provenance.caption"),
        (words.say("model.item"), words.say("model.value")),
        (Group(None, tuple(rows)),),
        words=True,
    )
