"""What a contrast says in words: the difference, what it rules out, and how far it can be trusted.

A result that is not significant is never called "no effect". What is ruled out is read from the 90% interval, whose
ends are the two one-sided 5% tests of the equivalence statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from imara.analysis.result import Contrast, Equivalence, Estimate
from imara.report.view import View

FEW_PEOPLE = 30
"""Below this many people an analysis is called small."""
COMPLETE_ENOUGH = 0.8
"""Below this share of people with the outcome, readers are warned of what is missing."""
LITTLE_CHANGE = 0.2
"""A change below this many standard deviations is called little."""

Direction = Literal["fell", "rose", "little"]


@dataclass(frozen=True)
class Interpretation:
    """What one judged contrast says."""

    finding: str
    """The difference with its interval and p value; a sentence without its full stop."""
    verdict: str
    """What the interval rules out and what it leaves open, against the smallest effect that matters."""
    short: str
    """The verdict in a few words, for a table."""
    cautions: tuple[str, ...]
    """Why to be careful."""


def interpret(view: View, estimate: Estimate, contrast: Contrast) -> Interpretation:
    """Put a judged contrast into words."""
    verdict, label = _verdict(view, estimate, contrast)
    return Interpretation(finding(view, estimate, contrast), verdict, label, cautions(view, estimate, contrast))


def short(view: View, estimate: Estimate, contrast: Contrast) -> str:
    """Say in a few words what a contrast rules out."""
    return _verdict(view, estimate, contrast)[1]


def _verdict(view: View, estimate: Estimate, contrast: Contrast) -> tuple[str, str]:
    equivalence = view.equivalence(estimate, contrast)
    if equivalence is None:
        return _without_margin(view, estimate, contrast)
    return _against_margin(view, estimate, contrast, equivalence)


def finding(view: View, estimate: Estimate, contrast: Contrast) -> str:
    """Say the difference with direction, interval and p value; without a full stop, as more may follow."""
    decimals = view.names.decimals(estimate.outcome)
    amount = view.numbers.fixed(abs(contrast.estimate), decimals)
    same = amount == view.numbers.fixed(0.0, decimals)
    side = "same" if same else _side(view, estimate, contrast.estimate)
    return view.words.say(
        f"finding.{side}",
        when=view.names.when(contrast.visit),
        outcome=view.names.outcome(estimate.outcome),
        amount=view.numbers.fixed(abs(contrast.estimate), decimals),
        points=_points(view, estimate, contrast.estimate),
        treatment=view.names.arm(contrast.arms[0]),
        reference=view.names.arm(contrast.arms[1]),
        estimate=view.numbers.fixed(contrast.estimate, decimals),
        level=view.numbers.level(view.confidence(estimate)),
        interval=view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals),
        p=view.numbers.p_equals(contrast.p),
    )


def difference_in_words(view: View, estimate: Estimate) -> list[str]:
    """Say each judged difference, and whether its interval includes no difference; for titles of figures."""
    sentences = []
    for contrast in view.judged(estimate):
        decimals = view.names.decimals(estimate.outcome)
        same = view.numbers.fixed(abs(contrast.estimate), decimals) == view.numbers.fixed(0.0, decimals)
        side = "same" if same else _side(view, estimate, contrast.estimate)
        zero = "includes" if contrast.ci_low <= 0 <= contrast.ci_high else "excludes"
        sentences.append(
            view.words.say(
                f"difference.{side}",
                when=view.names.when(contrast.visit),
                amount=view.numbers.fixed(abs(contrast.estimate), decimals),
                points=_points(view, estimate, contrast.estimate),
                treatment=view.names.arm(contrast.arms[0]),
                reference=view.names.arm(contrast.arms[1]),
                interval=view.words.say(
                    f"difference.interval-{zero}",
                    level=view.numbers.level(view.confidence(estimate)),
                    interval=view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals),
                ),
            )
        )
    return sentences


def _side(view: View, estimate: Estimate, difference: float) -> str:
    return f"{'lower' if difference < 0 else 'higher'}.{view.side(estimate, difference)}"


def _against_margin(
    view: View,
    estimate: Estimate,
    contrast: Contrast,
    equivalence: Equivalence,
) -> tuple[str, str]:
    decimals = view.names.decimals(estimate.outcome)
    includes_zero = contrast.ci_low <= 0 <= contrast.ci_high
    low, high = _as_benefit(view, estimate, equivalence.ci90_low, equivalence.ci90_high)
    wide_low, wide_high = _as_benefit(view, estimate, contrast.ci_low, contrast.ci_high)
    margin = equivalence.margin
    case: str = equivalence.conclusion
    if case == "equivalent" and not includes_zero:
        case = "equivalent-but-different." + ("better" if wide_low > 0 else "worse")
    elif case in ("better", "worse"):
        # The size clause looks at the same interval that excludes zero.
        reach = wide_high if case == "better" else -wide_low
        case += ".size-open" if reach >= margin else ".small"
    elif case == "inconclusive":
        benefit, harm = high >= margin, low <= -margin
        case += "." + {(True, True): "both", (True, False): "benefit", (False, True): "harm"}.get(
            (benefit, harm), "neither"
        )
    values: dict[str, object] = {
        "treatment": view.names.arm(contrast.arms[0]),
        "reference": view.names.arm(contrast.arms[1]),
        "when": view.names.when(contrast.visit),
        "outcome": view.names.outcome(estimate.outcome),
        "margin": view.numbers.plain(margin),
        "points": _points(view, estimate, margin),
        "level": view.numbers.level(view.confidence(estimate)),
        "interval": view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals),
        "interval90": view.numbers.interval(equivalence.ci90_low, equivalence.ci90_high, decimals),
        "minus_margin": view.numbers.plain(-margin),
    }
    verdict = view.words.say(f"verdict.{case}", **values)
    if includes_zero and equivalence.conclusion == "equivalent":
        verdict += " " + view.words.say("verdict.not-identical", **values)
    return verdict, view.words.say(f"short.{case.split('.')[0]}", **values)


def _without_margin(view: View, estimate: Estimate, contrast: Contrast) -> tuple[str, str]:
    decimals = view.names.decimals(estimate.outcome)
    includes_zero = contrast.ci_low <= 0 <= contrast.ci_high
    case: str = view.side(estimate, contrast.estimate)
    if includes_zero:
        case = "open" if view.is_judged(estimate) else "unjudged-open"
    values: dict[str, object] = {
        "treatment": view.names.arm(contrast.arms[0]),
        "reference": view.names.arm(contrast.arms[1]),
        "level": view.numbers.level(view.confidence(estimate)),
        "interval": view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals),
        "points": _points(view, estimate, 2),
    }
    return view.words.say(f"no-margin.{case}", **values), view.words.say(f"short.no-margin-{case}", **values)


def cautions(view: View, estimate: Estimate, contrast: Contrast) -> tuple[str, ...]:
    """Return reasons to be careful that the numbers themselves give."""
    found = []
    if estimate.n_participants < FEW_PEOPLE:
        found.append(
            view.words.plural("caution.few", estimate.n_participants, count=view.numbers.count(estimate.n_participants))
        )
    missing = missing_at(view, estimate, contrast.visit)
    if missing is not None and missing[0] < COMPLETE_ENOUGH * missing[1]:
        observed, allocated = missing
        found.append(
            view.words.say(
                "caution.missing",
                when=view.names.when(contrast.visit),
                observed=view.numbers.count(observed),
                allocated=view.numbers.count(allocated),
                percent=view.numbers.percent(observed, allocated),
            )
        )
    found += [_differs(view, other, found_there) for other, found_there in disagreeing(view, estimate, contrast)]
    if not estimate.converged:
        found.append(view.words.say("caution.not-converged"))
    return tuple(found)


def disagreeing(view: View, estimate: Estimate, contrast: Contrast) -> tuple[tuple[Estimate, Contrast], ...]:
    """Return the other analyses of the same outcome whose answer at the same visit is another one."""
    answer = _answer(view, estimate, contrast)
    found = []
    for other in view.others_of(estimate):
        for there in other.contrasts:
            if (there.visit, there.arms) == (contrast.visit, contrast.arms) and _answer(view, other, there) != answer:
                found.append((other, there))
    return tuple(found)


def _answer(view: View, estimate: Estimate, contrast: Contrast) -> str:
    statement = view.equivalence(estimate, contrast)
    if statement is not None:
        return statement.conclusion
    if contrast.ci_low <= 0 <= contrast.ci_high:
        return "open"
    # Where neither direction is better, lower and higher are still two answers.
    side = view.side(estimate, contrast.estimate)
    return side if side != "neither" else "lower" if contrast.estimate < 0 else "higher"


def _differs(view: View, other: Estimate, contrast: Contrast) -> str:
    decimals = view.names.decimals(other.outcome)
    return view.words.say(
        "caution.differs",
        analysis=other.id,
        population=view.words.term("population", other.population),
        difference=view.numbers.fixed(contrast.estimate, decimals),
        level=view.numbers.level(view.confidence(other)),
        interval=view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals),
        short=short(view, other, contrast),
    )


def missing_at(view: View, estimate: Estimate, visit: str) -> tuple[int, int] | None:
    """Return how many people have the outcome at a visit, and how many were allocated; None if that is not known."""
    outcome = view.outcome(estimate)
    if outcome is None:
        return None
    rows = view.completeness(outcome, visit)
    allocated = sum(row.allocated for row in rows)
    return (sum(row.observed for row in rows), allocated) if allocated else None


def changes(view: View, estimate: Estimate) -> dict[str, tuple[float, float, Direction]]:
    """Return, by arm, the observed mean at the start, the estimated mean at the judged visit, and the direction."""
    visit, baseline = view.judged_visit(estimate), view.folder.study.baseline
    found: dict[str, tuple[float, float, Direction]] = {}
    if visit is None or visit == baseline:
        return found
    for arm in view.arms:
        start, end = view.observed(estimate.outcome, arm, baseline), view.mean(estimate, arm, visit)
        if start is None or start.mean is None or start.sd is None or end is None:
            continue
        change = end.estimate - start.mean
        little = abs(change) < LITTLE_CHANGE * start.sd or change == 0
        found[arm] = (start.mean, end.estimate, "little" if little else "fell" if change < 0 else "rose")
    return found


def change_in_words(view: View, estimate: Estimate) -> str:
    """Say how an outcome changed in each arm from the start to the judged visit; empty where that is not known."""
    found = changes(view, estimate)
    visit = view.judged_visit(estimate)
    if not found or visit is None:
        return ""
    directions = [direction for _, _, direction in found.values()]
    values = {"outcome": view.names.outcome(estimate.outcome), "when": view.names.when(visit)}
    if len(set(directions)) == 1:
        many = {1: "one", 2: "both"}.get(len(found), "all")
        return view.words.say(f"change.{directions[0]}.{many}", arm=view.names.arm(next(iter(found))), **values)
    parts = [
        view.words.say(
            f"change.part.{direction}",
            arms=view.words.listing([view.names.arm(arm) for arm in found if found[arm][2] == direction]),
        )
        for direction in dict.fromkeys(directions)
    ]
    return view.words.say("change.mixed", parts=view.words.listing(parts), **values)


def _as_benefit(view: View, estimate: Estimate, low: float, high: float) -> tuple[float, float]:
    """Turn an interval so that positive is good for people."""
    outcome = view.outcome(estimate)
    return (-high, -low) if outcome is not None and outcome.better == "lower" else (low, high)


def _points(view: View, estimate: Estimate, amount: float) -> str:
    outcome = view.outcome(estimate)
    measure = outcome.measure if outcome is not None else "score"
    decimals = view.names.decimals(estimate.outcome)
    singular = view.numbers.plain(abs(amount), decimals) == "1" and view.numbers.fixed(abs(amount), decimals) == "1"
    return view.words.say(f"unit.{measure}.{'one' if singular else 'many'}")


def joined(sentences: Iterable[str]) -> str:
    """Join sentences into a paragraph."""
    return " ".join(sentence for sentence in sentences if sentence)
