"""The page for participants: what was asked, who took part, what was found, what it means and does not mean."""

from __future__ import annotations

from dataclasses import dataclass

from imara.analysis.result import Contrast, Estimate
from imara.report.interpretation import COMPLETE_ENOUGH, changes, disagreeing, missing_at
from imara.report.names import Said
from imara.report.view import View


@dataclass(frozen=True)
class Part:
    """A question with its answer."""

    name: str
    heading: str
    paragraphs: tuple[str, ...]


def plain_page(view: View) -> tuple[Part, ...]:
    """Return the page's parts; every sentence short, and no claim the numbers do not carry."""
    words = view.words
    return (
        _part(view, "asked", [Said(*_summary(view))]),
        _part(view, "who", _who(view)),
        _part(view, "found", _found(view)),
        _part(view, "means", _means(view)),
        _part(view, "not", [words.say("plain.not.person"), words.say("plain.not.care")]),
        _part(view, "help", [words.say("plain.help.text")]),
        _part(view, "thanks", [words.say("plain.thanks.text")]),
    )


def _part(view: View, name: str, paragraphs: list[str]) -> Part:
    return Part(name, view.words.say(f"plain.{name}.heading"), tuple(paragraphs))


def _summary(view: View) -> tuple[str, str | None]:
    said = view.names.text(view.folder.study.summary)
    return str(said), said.language


def _who(view: View) -> list[str]:
    flow, words, numbers = view.result.flow, view.words, view.numbers
    sentences = [words.plural("plain.who.all", flow.allocated, count=numbers.count(flow.allocated))]
    if len(flow.arms) > 1:
        sentences += [
            words.plural(
                "plain.who.arm", arm.allocated, count=numbers.count(arm.allocated), arm=view.names.arm(arm.arm)
            )
            for arm in flow.arms
        ]
    paragraphs = [" ".join(sentences)]
    key = view.key_estimate
    visit = view.judged_visit(key) if key else None
    seen = missing_at(view, key, visit) if key and visit else None
    if seen is not None and visit is not None:
        paragraphs.append(
            words.say(
                "plain.who.answered",
                when=view.names.when(visit),
                observed=numbers.count(seen[0]),
                allocated=numbers.count(seen[1]),
            )
        )
    return paragraphs


def _found(view: View) -> list[str]:
    key = view.key_estimate
    judged = view.judged(key) if key else ()
    visit = view.judged_visit(key) if key else None
    if key is None or visit is None:
        return [view.words.say("plain.found.nothing")]
    words, numbers = view.words, view.numbers
    outcome = view.outcome(key)
    score = view.names.outcome_score(outcome) if outcome else None
    measured = words.say("plain.found.measured", outcome=view.names.plain_outcome(key.outcome))
    if score is not None and outcome is not None:
        measured += " " + words.say(
            f"plain.found.scale-{outcome.better}",
            minimum=numbers.plain(score.minimum),
            maximum=numbers.plain(score.maximum),
        )
    verdicts = [_verdict(view, key, contrast) for contrast in judged] or [words.say("plain.found.alone")]
    return [measured, _averages(view, key, visit), *verdicts]


def _averages(view: View, key: Estimate, visit: str) -> str:
    words, numbers = view.words, view.numbers
    decimals = view.names.decimals(key.outcome)
    change = changes(view, key)
    sentences = []
    for arm in view.arms:
        mean = view.mean(key, arm, visit)
        if mean is None:
            continue
        if arm in change:
            start, end, _ = change[arm]
            sentences.append(
                words.say(
                    "plain.found.from-to",
                    arm=view.names.arm(arm),
                    start=numbers.fixed(start, decimals),
                    end=numbers.fixed(end, decimals),
                    when=view.names.when(visit),
                )
            )
        else:
            sentences.append(
                words.say(
                    "plain.found.mean",
                    arm=view.names.arm(arm),
                    end=numbers.fixed(mean.estimate, decimals),
                    when=view.names.when(visit),
                )
            )
    return " ".join(sentences)


def verdict_case(view: View, key: Estimate, contrast: Contrast) -> str:
    """Return which of the plain verdicts applies to a judged contrast."""
    statement = view.equivalence(key, contrast)
    if statement is not None:
        if statement.conclusion == "equivalent" and not contrast.ci_low <= 0 <= contrast.ci_high:
            return "small-difference"
        return statement.conclusion
    includes_zero = contrast.ci_low <= 0 <= contrast.ci_high
    if not view.is_judged(key):
        return "unclear-unjudged" if includes_zero else "different-unjudged"
    if includes_zero:
        return "unclear"
    return "better-unmeasured" if view.is_benefit(key, contrast.estimate) else "worse-unmeasured"


def _verdict(view: View, key: Estimate, contrast: Contrast) -> str:
    statement = view.equivalence(key, contrast)
    margin = statement.margin if statement is not None else 0.0
    decimals = view.names.decimals(key.outcome)
    return view.words.say(
        f"plain.verdict.{verdict_case(view, key, contrast)}",
        treatment=view.names.arm(contrast.arms[0]),
        reference=view.names.arm(contrast.arms[1]),
        margin=view.numbers.plain(margin),
        amount=view.numbers.fixed(abs(contrast.estimate), decimals),
    )


def _means(view: View) -> list[str]:
    key = view.key_estimate
    judged = view.judged(key) if key else ()
    if key is None or not judged:
        return [view.words.say("plain.means.nothing")]
    paragraphs = []
    for contrast in judged:
        case = verdict_case(view, key, contrast)
        paragraphs.append(
            view.words.say(
                f"plain.means.{case}",
                treatment=view.names.arm(contrast.arms[0]),
                reference=view.names.arm(contrast.arms[1]),
            )
        )
    if any(disagreeing(view, key, contrast) for contrast in judged):
        paragraphs.append(view.words.say("plain.means.differs"))
    seen = missing_at(view, key, judged[0].visit)
    if seen is not None and seen[0] < COMPLETE_ENOUGH * seen[1]:
        paragraphs.append(view.words.say("plain.means.missing"))
    return list(dict.fromkeys(paragraphs))
