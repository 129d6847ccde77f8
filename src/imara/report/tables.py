"""Tables as they are printed: a caption, headed columns, headed rows, notes; numbers already in words."""

from __future__ import annotations

from dataclasses import dataclass

from imara.analysis.result import BaselineRow, Contrast, Estimate
from imara.report.interpretation import short
from imara.report.numbers import MISSING, decimals_of
from imara.report.view import View


@dataclass(frozen=True)
class Group:
    """Rows under a heading of their own, or without one."""

    heading: str | None
    rows: tuple[tuple[str, ...], ...]
    """Each row's cells; the first is the row's heading."""


@dataclass(frozen=True)
class Table:
    """A table ready to be set."""

    name: str
    caption: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    words: bool = False
    """Whether the cells hold sentences rather than numbers."""


def baseline_table(view: View) -> Table | None:
    """Return the baseline table: no tests, as chance made the arms."""
    if not view.result.baseline:
        return None
    sizes = {flow.arm: flow.allocated for flow in view.result.flow.arms}
    present = {arm for row in view.result.baseline for arm in row.cells}
    arms = [arm for arm in view.arms if arm in present]
    if "all" in present:
        arms.append("all")
    heads = []
    for arm in arms:
        size = view.result.flow.allocated if arm == "all" else sizes.get(arm)
        heads.append(
            f"{view.names.arm(arm)} (n = {view.numbers.count(size)})" if size is not None else view.names.arm(arm)
        )
    groups: list[Group] = []
    for variable in dict.fromkeys(row.variable for row in view.result.baseline):
        rows = [row for row in view.result.baseline if row.variable == variable]
        groups.append(_baseline_group(view, variable, rows, arms))
    return Table(
        "baseline",
        view.words.say("baseline.caption"),
        (view.words.say("baseline.characteristic"), *heads),
        tuple(groups),
        (view.words.say("baseline.note"),),
    )


def _baseline_group(view: View, variable: str, rows: list[BaselineRow], arms: list[str]) -> Group:
    name, numbers, words = view.names.variable(variable), view.numbers, view.words
    lines: list[tuple[str, ...]] = []
    for row in rows:
        cells = [row.cells.get(arm, {}) for arm in arms]
        if row.kind == "category":
            label = view.names.level(variable, row.level or "")
            lines.append(
                (
                    label,
                    *(
                        MISSING
                        if cell.get("count") is None
                        else f"{numbers.count(cell['count'])} ({_percent(view, cell)})"
                        for cell in cells
                    ),
                )
            )
        else:
            decimals = _decimals(view, variable, row)
            lines.append(
                (
                    words.say("baseline.mean-sd"),
                    *(
                        f"{numbers.fixed(cell.get('mean'), decimals)} ({numbers.fixed(cell.get('sd'), decimals)})"
                        for cell in cells
                    ),
                )
            )
            whole = 0 if decimals == 1 else decimals
            lines.append((words.say("baseline.median-range"), *(_median(view, cell, whole) for cell in cells)))
    missing = [rows[0].cells.get(arm, {}).get("missing") for arm in arms]
    if any(missing):
        lines.append((words.say("baseline.missing"), *(numbers.count(count) for count in missing)))
    return Group(name, tuple(lines))


def _percent(view: View, cell: dict[str, float | None]) -> str:
    percent = cell.get("percent")
    return MISSING if percent is None else view.numbers.percent(percent, 100)


def _median(view: View, cell: dict[str, float | None], decimals: int) -> str:
    low, high = cell.get("minimum"), cell.get("maximum")
    if low is None or high is None:
        return MISSING
    median = cell.get("median")
    half = decimals == 0 and median is not None and median != round(median)
    return f"{view.numbers.fixed(median, 1 if half else decimals)} ({view.numbers.interval(low, high, decimals)})"


def _decimals(view: View, variable: str, row: BaselineRow) -> int:
    if row.kind == "score":
        form, _, score = variable.partition(".")
        return decimals_of(view.names.score(form, score))
    return 1


def completeness_table(view: View) -> Table | None:
    """Return how many people of each arm have each form at each visit."""
    rows = view.result.completeness
    if not rows:
        return None
    present = {row.arm for row in rows}
    arms = [*(arm for arm in view.arms if arm in present), *sorted(present - set(view.arms))]
    groups = []
    for form, score in dict.fromkeys((row.form, row.score) for row in rows):
        mine = {(row.visit, row.arm): row for row in rows if (row.form, row.score) == (form, score)}
        lines = []
        for visit in view.visits_in_order({visit for visit, _ in mine}):
            cells = []
            for arm in arms:
                row = mine.get((visit, arm))
                cells.append(
                    MISSING
                    if row is None
                    else view.words.say(
                        "completeness.share",
                        observed=view.numbers.count(row.observed),
                        allocated=view.numbers.count(row.allocated),
                        percent=view.numbers.percent(row.observed, row.allocated),
                    )
                )
            lines.append((view.names.visit_with_time(visit), *cells))
        groups.append(Group(view.names.form(form, score), tuple(lines)))
    heads = (view.words.say("table.visit"), *(view.names.arm(arm) for arm in arms))
    return Table("completeness", view.words.say("completeness.table"), heads, tuple(groups))


def outcome_table(view: View, estimate: Estimate) -> Table:
    """Return one outcome over time: means by arm, differences, intervals, p values, standardised effects."""
    words, numbers = view.words, view.numbers
    decimals = view.names.decimals(estimate.outcome)
    level = numbers.level(view.confidence(estimate))
    arms = [arm for arm in view.arms if any(mean.arm == arm for mean in estimate.means)]
    several = len({contrast.arms for contrast in estimate.contrasts}) > 1
    heads = [
        words.say("table.visit"),
        *(words.say("table.mean-of", arm=view.names.arm(arm), level=level) for arm in arms),
    ]
    if several:
        heads.append(words.say("table.comparison"))
    heads += [words.say("table.difference", level=level), "p", words.say("table.standardised", level=level)]
    rows: list[tuple[str, ...]] = []
    visits = {mean.visit for mean in estimate.means} | {contrast.visit for contrast in estimate.contrasts}
    for visit in view.visits_in_order(visits):
        means = [view.mean(estimate, arm, visit) for arm in arms]
        cells = [
            MISSING
            if mean is None
            else f"{numbers.fixed(mean.estimate, decimals)} ({numbers.interval(mean.ci_low, mean.ci_high, decimals)})"
            for mean in means
        ]
        head = view.names.visit_with_time(visit)
        if visit == view.judged_visit(estimate):
            head += f" {words.say('table.judged')}"
        contrasts = [contrast for contrast in estimate.contrasts if contrast.visit == visit]
        for contrast in contrasts or (None,):
            pair = [view.names.arm(contrast.arms[0]) if contrast else MISSING] if several else []
            rows.append((head, *cells, *pair, *_contrast_cells(view, estimate, contrast, decimals)))
    plan = view.plan(estimate)
    notes = [
        words.say(
            "table.outcome-note",
            participants=numbers.count(estimate.n_participants),
            observations=numbers.count(estimate.n_observations),
            reference=view.reference_name,
        )
    ]
    if any(effect.sd_source for effect in estimate.standardised):
        first = estimate.standardised[0]
        notes.append(words.say(f"table.sd-{first.sd_source}", sd=numbers.fixed(first.sd, decimals)))
    if plan is not None and plan.note is not None:
        notes.append(view.names.text(plan.note))
    name = f"outcome-{estimate.id.replace('.', '-')}"
    return Table(
        name,
        words.say("table.outcome", outcome=view.names.outcome(estimate.outcome)),
        tuple(heads),
        (Group(None, tuple(rows)),),
        tuple(notes),
    )


def _contrast_cells(view: View, estimate: Estimate, contrast: Contrast | None, decimals: int) -> tuple[str, str, str]:
    if contrast is None:
        return MISSING, MISSING, MISSING
    numbers = view.numbers
    effect = view.standardised(estimate, contrast)
    return (
        f"{numbers.fixed(contrast.estimate, decimals)} "
        f"({numbers.interval(contrast.ci_low, contrast.ci_high, decimals)})",
        numbers.p(contrast.p),
        MISSING
        if effect is None
        else f"{numbers.fixed(effect.estimate, 2)} ({numbers.interval(effect.ci_low, effect.ci_high, 2)})",
    )


def family_table(view: View, family: str) -> Table | None:
    """Return a family's outcomes at their judged visits, with what each rules out."""
    rows: list[tuple[str, ...]] = []
    words = view.words
    several = len(view.folder.study.treatment_arms) > 1
    levels = {view.confidence(estimate) for estimate in view.family(family)}
    for estimate in view.family(family):
        outcome = view.folder.study.outcomes[estimate.outcome]
        name = view.names.outcome(estimate.outcome)
        if outcome.role == "primary":
            name += f" {words.say('table.primary')}"
        judged = view.judged(estimate)
        if not judged:
            rows.append(
                (
                    name,
                    words.say(f"better.{outcome.better}"),
                    MISSING,
                    MISSING,
                    MISSING,
                    MISSING,
                    words.say("table.not-computed"),
                )
            )
        for contrast in (*judged, *view.also_judged(estimate)):
            label = f"{name}: {view.names.arm(contrast.arms[0])}" if several else name
            difference, p, effect = _contrast_cells(view, estimate, contrast, view.names.decimals(estimate.outcome))
            rows.append(
                (
                    label,
                    words.say(f"better.{outcome.better}"),
                    view.names.visit_with_time(contrast.visit),
                    difference,
                    p,
                    effect,
                    short(view, estimate, contrast),
                )
            )
    if not rows:
        return None
    level = view.numbers.level(min(levels))
    heads = ("table.outcome-head", "table.better", "table.judged-at")
    return Table(
        f"family-{family}",
        words.say(f"table.family-{family}"),
        (
            *(words.say(head) for head in heads),
            words.say("table.difference", level=level),
            "p",
            words.say("table.standardised", level=level),
            words.say("table.says"),
        ),
        (Group(None, tuple(rows)),),
        (words.say("table.family-note", reference=view.reference_name),),
    )


def sensitivity_table(view: View, estimate: Estimate) -> Table | None:
    """Return the judged difference under every analysis of an outcome, side by side."""
    others = view.others_of(estimate)
    if not others:
        return None
    words, numbers, decimals = view.words, view.numbers, view.names.decimals(estimate.outcome)
    rows = []
    for one in (estimate, *others):
        for contrast in view.judged(one) or (None,):
            difference, p, _ = _contrast_cells(view, one, contrast, decimals)
            label = one.id + (f" {words.say('table.main')}" if one is estimate else "")
            if contrast is not None and len(view.folder.study.treatment_arms) > 1:
                label += f": {view.names.arm(contrast.arms[0])}"
            rows.append(
                (
                    label,
                    words.term("population", one.population),
                    words.term("df", one.df_method),
                    numbers.count(one.n_participants),
                    difference,
                    p,
                    words.say("table.not-computed") if contrast is None else short(view, one, contrast),
                )
            )
    heads = ("table.analysis", "table.population", "table.df", "table.people")
    level = numbers.level(view.confidence(estimate))
    return Table(
        f"sensitivity-{estimate.outcome}",
        words.say("table.sensitivity", outcome=view.names.outcome(estimate.outcome)),
        (
            *(words.say(head) for head in heads),
            words.say("table.difference", level=level),
            "p",
            words.say("table.says"),
        ),
        (Group(None, tuple(rows)),),
    )
