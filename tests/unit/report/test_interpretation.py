"""What a difference is said to mean: every conclusion, both directions, and never more than the numbers carry."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from imara.analysis.judgement import judge
from imara.analysis.result import Completeness, Contrast
from imara.report.interpretation import Interpretation, change_in_words, difference_in_words, interpret
from imara.report.plain import plain_page, verdict_case
from imara.report.view import View

PAIR = ("beat-the-blues", "tau")
MINUS = "\u2212"

# Differences in the direction that is good for people, with the half-width of the 95% interval; the margin is 5.
CASES = {
    "equivalent": (0.5, 3.0),
    "equivalent-but-different": (2.0, 1.5),
    "better": (4.0, 3.0),
    "better-small": (3.4, 1.7),
    "better-and-matters": (9.0, 3.0),
    "worse": (-4.0, 3.0),
    "worse-and-matters": (-9.0, 3.0),
    "inconclusive-both": (0.0, 9.0),
    "inconclusive-benefit": (3.0, 4.0),
    "inconclusive-harm": (-3.0, 4.0),
}
EVERY = list(product(CASES, ("lower", "higher")))


@pytest.fixture
def said(cast):
    """Interpret a difference of a size, in either direction of the scale."""

    def interpreted(benefit: float, half: float, better: str, margin: float | None = 5.0, language: str = "en"):
        estimate = -benefit if better == "lower" else benefit
        se = half / 2.0
        contrast = Contrast(
            "month-8", PAIR, estimate, se, 60.0, estimate - half, estimate + half, estimate / se,
            0.5 if abs(benefit) < half else 0.01,
        )  # fmt: skip
        outcome = {**cast.study["outcomes"]["depression"], "better": better, "smallest_effect": margin}
        study = {**cast.study, "outcomes": {"depression": outcome}}
        statements = (judge(contrast, margin, better),) if margin else ()
        result = cast.with_estimate(contrasts=(contrast,), equivalences=statements, standardised=())
        view = cast.view(result, study, language)
        return view, view.result.analyses[0], contrast, interpret(view, view.result.analyses[0], contrast)

    return interpreted


def all_words(reading: Interpretation) -> str:
    return " ".join([reading.finding, reading.verdict, reading.short, *reading.cautions]).replace("\u00a0", " ")


@pytest.mark.parametrize(("case", "better"), EVERY)
def test_nothing_is_called_no_effect(said, case, better):
    view, _, _, reading = said(*CASES[case], better)
    spoken = all_words(reading) + " ".join(" ".join(part.paragraphs) for part in plain_page(view))
    for overclaim in ("no effect", "no difference between", "not effective", "did not work", "does not work",
                      "proves", "proof", "no benefit", "significant", "failed"):  # fmt: skip
        assert overclaim not in spoken.lower()


@pytest.mark.parametrize(("case", "better"), EVERY)
def test_finding_says_size_direction_interval_and_p(said, case, better):
    benefit, half = CASES[case]
    view, _, contrast, reading = said(benefit, half, better)
    if benefit == 0:
        assert "came out alike" in reading.finding
    else:
        direction = "lower" if contrast.estimate < 0 else "higher"
        goodness = "better" if benefit > 0 else "worse"
        assert f"{abs(benefit):.1f} points {direction} ({goodness}) with Beat the Blues" in reading.finding
    assert view.numbers.interval(contrast.ci_low, contrast.ci_high, 1) in reading.finding
    assert view.numbers.p_equals(contrast.p) in reading.finding


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_equivalent_rules_out_both_sides_and_says_it_is_not_identity(said, better):
    _, estimate, _, reading = said(*CASES["equivalent"], better)
    assert estimate.equivalences[0].conclusion == "equivalent"
    assert (
        "rule out that Beat the Blues is better or worse than Treatment as usual by 5 points or more" in reading.verdict
    )
    assert f"lies between {MINUS}5 and 5" in reading.verdict
    assert "does not show that the two are identical" in reading.verdict
    assert reading.short == "a difference of 5 points or more is ruled out"


@pytest.mark.parametrize(("better", "sign"), list(product(("lower", "higher"), (1, -1))))
def test_a_difference_too_small_to_matter_is_still_said_to_be_there(said, better, sign):
    benefit, half = CASES["equivalent-but-different"]
    view, estimate, contrast, reading = said(sign * benefit, half, better)
    assert estimate.equivalences[0].conclusion == "equivalent"
    favoured = "Beat the Blues" if sign > 0 else "Treatment as usual"
    assert f"There is a difference in favour of {favoured}, but the data rule out" in reading.verdict
    assert "identical" not in reading.verdict
    assert reading.short == "a difference, but smaller than 5 points"
    assert verdict_case(view, estimate, contrast) == "small-difference"


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_better_leaves_open_whether_it_is_enough(said, better):
    _, estimate, _, reading = said(*CASES["better"], better)
    assert estimate.equivalences[0].conclusion == "better"
    assert "in favour of Beat the Blues, but leave open whether it is as large as 5 points" in reading.verdict


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_better_with_an_interval_short_of_the_margin_is_called_smaller(cast, said, better):
    view, estimate, contrast, _ = said(*CASES["better-small"], better)
    # The 90% interval may pass the margin by more than the 95% one only in an interval of another level.
    statement = replace(estimate.equivalences[0], conclusion="better", margin=6.0)
    estimate = replace(estimate, equivalences=(statement,))
    assert "smaller than 6 points" in interpret(view, estimate, contrast).verdict


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_better_and_matters_says_all_of_the_interval_lies_beyond(said, better):
    _, estimate, _, reading = said(*CASES["better-and-matters"], better)
    assert estimate.equivalences[0].conclusion == "better-and-matters"
    assert "in favour of Beat the Blues that is large enough to matter" in reading.verdict
    assert reading.short == "better with Beat the Blues, by 5 points or more"


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_worse_names_the_arm_that_did_worse(said, better):
    _, estimate, _, reading = said(*CASES["worse"], better)
    assert estimate.equivalences[0].conclusion == "worse"
    assert "in favour of Treatment as usual, so Beat the Blues did worse" in reading.verdict
    assert "leave open" in reading.verdict


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_worse_and_matters_is_not_softened(said, better):
    _, estimate, _, reading = said(*CASES["worse-and-matters"], better)
    assert estimate.equivalences[0].conclusion == "worse-and-matters"
    assert "Beat the Blues did worse, and by enough to matter" in reading.verdict
    assert reading.short == "worse with Beat the Blues, by 5 points or more"


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize(
    ("case", "ruled_out", "open_side"),
    [
        ("inconclusive-both", None, "or that it is worse by as much"),
        (
            "inconclusive-benefit",
            "that Beat the Blues is worse than",
            "not that it is better",
        ),
        ("inconclusive-harm", "that Beat the Blues is better than", "not that it is worse"),
    ],
)
def test_inconclusive_says_which_side_is_ruled_out(said, case, ruled_out, open_side, better):
    _, estimate, _, reading = said(*CASES[case], better)
    assert estimate.equivalences[0].conclusion == "inconclusive"
    assert reading.verdict.startswith("The data do not settle the question.")
    assert open_side in reading.verdict
    assert ("They rule out" in reading.verdict) == (ruled_out is not None)
    if ruled_out:
        assert ruled_out in reading.verdict
    assert "remains possible" in reading.short


@pytest.mark.parametrize(("case", "better"), list(product(("equivalent", "better", "worse"), ("lower", "higher"))))
def test_without_a_margin_nothing_is_said_to_matter_or_to_be_ruled_out(said, case, better):
    view, estimate, contrast, reading = said(*CASES[case], better, margin=None)
    assert "names no smallest effect that matters" in reading.verdict
    assert "rules out" not in reading.verdict
    assert verdict_case(view, estimate, contrast) in ("unclear", "better-unmeasured", "worse-unmeasured")
    if case == "equivalent":
        assert "differences anywhere in that interval remain possible" in reading.verdict


@pytest.mark.parametrize(("case", "better"), EVERY)
def test_the_plain_page_agrees_with_the_clinicians_sentence(said, case, better):
    benefit, half = CASES[case]
    view, *_ = said(benefit, half, better)
    parts = {part.name: " ".join(part.paragraphs) for part in plain_page(view)}
    found = parts["found"]
    assert ("We cannot tell from this study" in found) == case.startswith("inconclusive")
    assert ("did better on average" in found) == (case in ("better", "better-and-matters"))
    assert ("did less well on average" in found) == case.startswith("worse")
    assert ("about the same" in found) == (case == "equivalent")
    assert "Thank you" in parts["thanks"]
    assert "112" in parts["help"]
    assert f"A {better} score is better." in found


@pytest.mark.parametrize(("case", "better"), EVERY)
def test_danish_says_the_same_with_a_comma(said, case, better):
    benefit, half = CASES[case]
    *_, reading = said(benefit, half, better, language="da")
    spoken = all_words(reading)
    assert not re.search(r"\d\.\d", spoken)
    if benefit:
        assert ("(bedre)" in spoken) == (benefit > 0)


def test_a_tiny_sample_is_called_tiny(cast):
    view = cast.view(cast.with_estimate(n_participants=6))
    estimate = view.result.analyses[0]
    cautions = interpret(view, estimate, view.judged(estimate)[0]).cautions
    assert "Only 6 people are in this analysis" in cautions[0]


def test_one_person_is_a_person(cast):
    view = cast.view(cast.with_estimate(n_participants=1))
    estimate = view.result.analyses[0]
    assert "Only 1 person is" in interpret(view, estimate, view.judged(estimate)[0]).cautions[0]


def test_missing_answers_are_a_caution_with_their_number(view):
    estimate = view.result.analyses[0]
    cautions = interpret(view, estimate, view.judged(estimate)[0]).cautions
    assert any("52 of 100 people (52%) have this outcome" in caution for caution in cautions)


def test_complete_data_of_enough_people_need_no_caution(cast):
    complete = tuple(
        Completeness("bdi", "total", row.visit, row.arm, row.allocated, row.allocated)
        for row in cast.result.completeness
    )
    view = cast.view(replace(cast.with_estimate(), completeness=complete))
    estimate = view.result.analyses[0]
    assert interpret(view, estimate, view.judged(estimate)[0]).cautions == ()


def test_another_analysis_that_disagrees_is_named(cast):
    main, other = cast.result.analyses
    statement = replace(other.equivalences[0], conclusion="inconclusive", ci90_low=-7.0)
    result = replace(cast.result, analyses=(main, replace(other, equivalences=(statement,))))
    view = cast.view(result)
    cautions = interpret(view, main, view.judged(main)[0]).cautions
    assert any("satterthwaite" in caution and "another answer" in caution for caution in cautions)
    plain = {part.name: " ".join(part.paragraphs) for part in plain_page(view)}
    assert "did not all give the same answer" in plain["means"]


def test_another_analysis_that_agrees_is_no_caution(view):
    estimate = view.result.analyses[0]
    assert not any("another answer" in one for one in interpret(view, estimate, view.judged(estimate)[0]).cautions)


def test_a_fit_that_did_not_converge_is_a_caution(cast):
    view = cast.view(cast.with_estimate(converged=False))
    estimate = view.result.analyses[0]
    assert "did not converge" in interpret(view, estimate, view.judged(estimate)[0]).cautions[-1]


def test_a_single_visit_is_judged_where_it_is(cast):
    main = cast.result.analyses[0]
    only = replace(main.contrasts[0], visit="month-2")
    view = cast.view(cast.with_estimate(contrasts=(only,), equivalences=()))
    assert view.judged_visit(view.result.analyses[0]) == "month-2"
    assert interpret(view, view.result.analyses[0], only).finding.startswith("After\u00a02".replace("\u00a0", " "))


def test_change_is_said_for_the_arms_it_happened_in(cast, view):
    assert change_in_words(view, view.result.analyses[0]) == "Depression (BDI) fell in both arms."
    main = cast.result.analyses[0]
    steady = tuple(replace(mean, estimate=24.0) if mean.arm == "tau" else mean for mean in main.means)
    mixed = cast.view(cast.with_estimate(means=steady))
    assert change_in_words(mixed, mixed.result.analyses[0]) == (
        "Depression (BDI) fell with Beat the Blues and changed little with Treatment as usual."
    )


def test_change_is_not_said_where_the_start_is_not_known(cast):
    view = cast.view(replace(cast.with_estimate(), observed=()))
    assert change_in_words(view, view.result.analyses[0]) == ""


def test_a_title_says_when_the_interval_includes_zero(view):
    (sentence,) = difference_in_words(view, view.result.analyses[0])
    assert sentence.endswith("which includes zero).")


def test_every_arm_gets_its_sentence(three_arms):
    estimate = three_arms.key_estimate
    assert estimate is not None
    sentences = difference_in_words(three_arms, estimate)
    assert len(sentences) == 2
    assert "with supporters" in sentences[1]
    assert isinstance(three_arms, View)
