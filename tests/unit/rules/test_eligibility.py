"""Screening: each criterion, what it comes to, and what cannot be entered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from imara.rules.eligibility import Finding, Outcome, holds, screen
from imara.study.expression import parse
from imara.study.library import load_study
from imara.study.problems import InputError
from imara.study.study import Study

IMR = load_study("imr-denmark").study
INCLUDED = {"diagnosis": True, "attached": True, "danish": True, "consent": True}
NOT_EXCLUDED = {
    "guardian-or-forensic": False, "dementia-or-intellectual-disability": False, "substance-abuse": False,
    "supported-housing": False, "psycho-education": False,
}  # fmt: skip
SUITABLE = {**INCLUDED, **NOT_EXCLUDED}


def study(**eligibility: Any) -> Study:
    return Study.model_validate(
        {
            "study": "calm", "title": "Calm", "summary": "Is it calm?", "sites": {"north": {"label": "North"}},
            "characteristics": {
                "age": {"label": "Age", "kind": "number", "minimum": 0, "maximum": 120},
                "since": {"label": "Ill since", "kind": "date"},
                "smoker": {"label": "Smokes", "kind": "yes-no"},
                "diagnosis": {"label": "Diagnosis", "kind": "category", "levels": {"1": "One", "other": "Other"}},
                "weight": {"label": "Weight", "kind": "number", "minimum": 20},
                "points": {"label": "Points", "kind": "number", "maximum": 10},
                "height": {"label": "Height", "kind": "number"},
            },
            "visits": {"baseline": {"at": "0 months", "label": "Start"}}, "eligibility": eligibility,
        }
    )  # fmt: skip


def finding(rule: str, **known: Any) -> Finding:
    return screen(study(include=[{"id": "one", "ask": "One?", "rule": rule}]), known).findings[0].finding


def test_who_fits_is_eligible():
    result = screen(IMR, {"age": 18}, SUITABLE)

    assert result.outcome is Outcome.ELIGIBLE
    assert result.reasons == result.open == ()
    assert [found.id for found in result.findings] == ["adult", *INCLUDED, *NOT_EXCLUDED]


def test_nothing_known_is_incomplete_and_says_who_must_answer():
    result = screen(IMR)

    assert result.outcome is Outcome.INCOMPLETE
    assert result.findings[0].finding is Finding.NOT_YET_KNOWN
    assert {found.finding for found in result.findings[1:]} == {Finding.NEEDS_A_PERSON}
    assert result.open == ("adult", *SUITABLE)


def test_someone_who_was_asked_and_does_not_know_yet_is_not_asked_again():
    result = screen(IMR, {"age": 40}, {**SUITABLE, "diagnosis": None})

    assert result.outcome is Outcome.INCOMPLETE
    assert result.open == ("diagnosis",)
    assert result.findings[1].finding is Finding.NOT_YET_KNOWN


@pytest.mark.parametrize("name", INCLUDED)
def test_an_inclusion_that_does_not_hold_keeps_out(name):
    result = screen(IMR, {"age": 40}, {**SUITABLE, name: False})
    assert (result.outcome, result.reasons) == (Outcome.NOT_ELIGIBLE, (name,))


@pytest.mark.parametrize("name", NOT_EXCLUDED)
def test_an_exclusion_that_holds_keeps_out_for_good_or_for_now(name):
    result = screen(IMR, {"age": 40}, {**SUITABLE, name: True})
    for_now = name in ("substance-abuse", "psycho-education")

    assert result.outcome is (Outcome.SCREEN_AGAIN if for_now else Outcome.NOT_ELIGIBLE)
    assert result.reasons == (name,)


def test_only_passing_reasons_together_let_someone_be_screened_again():
    both = screen(IMR, {"age": 40}, {**SUITABLE, "substance-abuse": True, "psycho-education": True})
    assert (both.outcome, both.reasons) == (Outcome.SCREEN_AGAIN, ("substance-abuse", "psycho-education"))

    lasting = screen(IMR, {"age": 17}, {**SUITABLE, "substance-abuse": True})
    assert (lasting.outcome, lasting.reasons) == (Outcome.NOT_ELIGIBLE, ("adult", "substance-abuse"))


def test_a_reason_stands_whatever_is_still_open():
    assert screen(IMR, {"age": 17}).outcome is Outcome.NOT_ELIGIBLE
    assert screen(IMR, {}, {"psycho-education": True}).outcome is Outcome.SCREEN_AGAIN


def test_a_passing_inclusion_lets_someone_be_screened_again():
    later = study(include=[{"id": "settled", "ask": "Settled?", "until_resolved": True}])
    assert screen(later, {}, {"settled": False}).outcome is Outcome.SCREEN_AGAIN


def test_a_study_without_criteria_takes_everyone():
    assert screen(study()).outcome is Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("rule", "known", "expected"),
    [
        ("age >= 18", {"age": 18}, Finding.MET),
        ("age >= 18", {"age": 17.9}, Finding.NOT_MET),
        ("age > 18", {"age": 18}, Finding.NOT_MET),
        ("age < 18", {"age": 18}, Finding.NOT_MET),
        ("age <= 18", {"age": 18}, Finding.MET),
        ("age == 18", {"age": 18}, Finding.MET),
        ("age != 18", {"age": 18}, Finding.NOT_MET),
        ("age >= 18", {}, Finding.NOT_YET_KNOWN),
        ("age >= 18", {"age": None}, Finding.NOT_YET_KNOWN),
        ("smoker == yes", {"smoker": True}, Finding.MET),
        ("smoker == yes", {"smoker": "yes"}, Finding.MET),
        ("smoker == yes", {"smoker": False}, Finding.NOT_MET),
        ("smoker == no", {"smoker": "no"}, Finding.MET),
        ('diagnosis == "1"', {"diagnosis": "1"}, Finding.MET),
        ("diagnosis in [other]", {"diagnosis": "1"}, Finding.NOT_MET),
        ("diagnosis not in [other]", {"diagnosis": "1"}, Finding.MET),
        ("diagnosis not in [other]", {}, Finding.NOT_YET_KNOWN),
        ("since < 2011-02-28", {"since": date(2011, 2, 27)}, Finding.MET),
        ("since < 2011-02-28", {"since": date(2011, 2, 28)}, Finding.NOT_MET),
        ("site == north", {"site": "north"}, Finding.MET),
        # What is not known matters only where it can still decide.
        ("age >= 18 and smoker == yes", {"age": 17}, Finding.NOT_MET),
        ("smoker == yes and age >= 18", {"age": 17}, Finding.NOT_MET),
        ("age >= 18 and smoker == yes", {"age": 18}, Finding.NOT_YET_KNOWN),
        ("age >= 18 or smoker == yes", {"age": 18}, Finding.MET),
        ("age >= 18 or smoker == yes", {"age": 17}, Finding.NOT_YET_KNOWN),
        ("not (age >= 18 and smoker == yes)", {"age": 17}, Finding.MET),
        ("not age >= 18", {}, Finding.NOT_YET_KNOWN),
    ],
)
def test_a_rule_decides(rule, known, expected):
    assert finding(rule, **known) is expected


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"agee": 3}, "the study has no characteristic of this name (found: agee)"),
        ({"agee": 3}, "Did you mean 'age'?"),
        ({"age": -1}, "a number from 0 to 120"),
        ({"age": "18"}, "a number from 0 to 120"),
        ({"age": float("nan")}, "a number from 0 to 120"),
        ({"age": True}, "a number from 0 to 120"),
        ({"weight": 3}, "a number, 20 or more"),
        ({"points": 11}, "a number, 10 or less"),
        ({"height": "tall"}, "a number"),
        ({"smoker": "maybe"}, "Allowed: yes, no"),
        ({"diagnosis": "othr"}, "Did you mean 'other'?"),
        ({"diagnosis": 1}, "Allowed: 1, other"),
        ({"since": "2011-02-28"}, "a date without a time"),
        ({"since": datetime(2011, 2, 28, 12)}, "a date without a time"),
        ({"site": "south"}, "Allowed: north"),
    ],
)
def test_what_cannot_be_is_refused(known, words):
    with pytest.raises(InputError) as caught:
        screen(study(), known)
    assert words in str(caught.value)


def test_answers_are_to_criteria_that_ask_a_person():
    with pytest.raises(InputError) as caught:
        screen(IMR, {"age": 200}, {"adult": True, "diagnosi": True, "danish": "yes"})  # type: ignore[dict-item]
    message = str(caught.value)
    assert "adult: its rule decides this criterion" in message
    assert "Did you mean 'diagnosis'?" in message
    assert "an answer to a criterion is yes, no or not known (found: yes)" in message
    assert "a number from 0 to 120" in message


def test_words_and_numbers_have_no_order():
    with pytest.raises(TypeError, match="has no order"):
        holds(parse("age > 3"), {"age": "old"})
