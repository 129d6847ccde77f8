"""Outcomes that only describe: their differences are shown and never called good or bad, whatever their family."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from imara.report.figures.forest import forest_figure, forest_rows
from imara.report.interpretation import cautions, difference_in_words, interpret
from imara.report.page import build, html_page
from imara.report.plain import plain_page, verdict_case
from imara.report.tables import family_table
from imara.report.view import View

VERDICT = re.compile(r"\b(bett|wors|favour|bedre|bedst|dårlig|fordel)\w*")
EXPLAINED = {"en": "neither direction is better", "da": "ingen retning er(?: bedst)?|er ingen retning bedst"}


def changed(plan: dict[str, Any], key: str, **fields: Any) -> dict[str, Any]:
    outcome = {name: value for name, value in plan["outcomes"][key].items() if name not in fields} | fields
    return {**plan, "outcomes": {**plan["outcomes"], key: outcome}}


@pytest.fixture(scope="module", params=["en", "da"])
def view(cast, request) -> View:
    """Three outcomes: functioning, symptoms, and hope as part of the process of care without a better direction."""
    folder = cast.folder(changed(cast.three_arms, "hope", family="process", better="neither"), *cast.scales)
    return View.of(cast.invent(folder), folder, request.param)


def estimate_of(view: View, outcome: str):
    return next(one for one in view.main_estimates if one.outcome == outcome)


def test_the_process_of_care_comes_after_the_two_families(view):
    names = [section.name for section in build(view)]

    assert names[names.index("clinical") :][:4] == ["clinical", "personal", "process", "all"]


def test_a_study_without_outcomes_of_the_process_has_no_such_section(three_arms):
    assert "process" not in [section.name for section in build(three_arms)]


def test_its_table_says_that_no_direction_is_better(view):
    rows = family_table(view, "process").groups[0].rows

    assert {row[1] for row in rows} == {view.words.say("better.neither")}
    assert family_table(view, "personal") is None


@pytest.mark.parametrize("difference", [-1.0, 1.0])
@pytest.mark.parametrize("half", [0.5, 2.0])
def test_a_difference_is_described_and_not_judged(view, difference, half):
    estimate = estimate_of(view, "hope")
    contrast = replace(estimate.contrasts[0], estimate=difference, ci_low=difference - half, ci_high=difference + half)

    said = interpret(view, estimate, contrast)

    words = " ".join((said.finding, said.verdict, said.short, *difference_in_words(view, estimate)))
    assert not VERDICT.search(re.sub(EXPLAINED[view.words.language], "", words))
    assert view.side(estimate, difference) == "neither"


def test_another_answer_of_another_analysis_is_still_a_caution(view):
    main = estimate_of(view, "hope")
    contrast = replace(main.contrasts[0], estimate=1.0, ci_low=0.5, ci_high=1.5)
    there = replace(contrast, estimate=-1.0, ci_low=-1.5, ci_high=-0.5)
    other = replace(main, id="other", analysis="other", contrasts=(there,))
    both = replace(view, result=replace(view.result, analyses=(*view.result.analyses, other)))

    assert len(cautions(both, main, contrast)) == len(cautions(view, main, contrast)) + 1


def test_the_forest_shows_only_what_can_be_turned_towards_the_good(view):
    assert {row.family for row in forest_rows(view)} == {"clinical"}
    assert view.words.say("forest.caption-unjudged") in forest_figure(view).caption


def test_the_forest_of_a_study_with_directions_leaves_nothing_out(three_arms):
    assert three_arms.words.say("forest.caption-unjudged") not in forest_figure(three_arms).caption


def test_every_outcome_without_a_direction_still_makes_a_page(cast):
    plan = cast.three_arms
    for key in plan["outcomes"]:
        plan = changed(plan, key, better="neither", smallest_effect=None)
    folder = cast.folder(plan, *cast.scales)

    for language in ("en", "da"):
        shown = View.of(cast.invent(folder), folder, language)
        page = html_page(shown, build(shown))
        assert forest_figure(shown) is None
        assert shown.words.say("better.neither") in page


@pytest.mark.parametrize(("difference", "case"), [(0.5, "unclear-unjudged"), (5.0, "different-unjudged")])
@pytest.mark.parametrize("language", ["en", "da"])
def test_the_plain_page_of_such_a_key_outcome_praises_no_group(cast, difference, case, language):
    study = changed(cast.study, "depression", better="neither", smallest_effect=None)
    (first, *_) = cast.result.analyses
    contrasts = tuple(
        replace(one, estimate=difference, ci_low=difference - 2, ci_high=difference + 2) for one in first.contrasts
    )
    shown = cast.view(cast.with_estimate(contrasts=contrasts, equivalences=()), study, language)

    assert verdict_case(shown, shown.key_estimate, shown.judged(shown.key_estimate)[0]) == case
    said = " ".join(words for part in plain_page(shown) for words in part.paragraphs)
    names = {"treatment": shown.names.arm("beat-the-blues"), "reference": shown.names.arm("tau")}
    amount = shown.numbers.fixed(difference, shown.names.decimals("depression"))
    assert shown.words.say(f"plain.verdict.{case}", amount=amount, **names) in said
    assert shown.words.say(f"plain.means.{case}", **names) in said
