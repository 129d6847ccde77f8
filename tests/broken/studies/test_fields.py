"""Single fields gone wrong: each is answered with its file, line, field, what stands there and what may."""

from __future__ import annotations

import pytest

STUDY, MOOD, STEPS = "study.yaml", "instruments/mood/instrument.yaml", "programmes/steps/programme.yaml"

# id: file, words, what they become, words on the expected line, field, found, part of what is allowed, nearest word
# A table, to be read row by row.
# fmt: off
CASES = {
    "unknown field at the top": (
        STUDY, "target: 40", "tarqet: 40", "tarqet", "tarqet", "tarqet", "study, title, summary", "target"),
    "unknown field deep inside": (
        STUDY, "programme: steps, grouped", "progamme: steps, grouped", "progamme", "arms.steps.progamme", "progamme",
        "label, description, programme, grouped, reference", "programme"),
    "unknown field of an instrument": (
        MOOD, "short: M3", "abbreviation: M3\nshort: M3", "abbreviation", "abbreviation", "abbreviation",
        "instrument, title, short", None),
    "word not allowed": (
        STUDY, "phase: running", "phase: runing", "runing", "phase", "runing", "planned, running, completed",
        "running"),
    "word in capitals": (
        STUDY, "by: participant", "by: Participant", "Participant", "forms.mood.by", "Participant",
        "participant, assessor, practitioner, coordinator, supporter", "participant"),
    "word in a list": (
        STUDY, "[jump-to-reference]", "[jump-to-referense]", "referense", "analyses.primary.missing.sensitivity[0]",
        "jump-to-referense", "jump-to-reference, copy-reference", "jump-to-reference"),
    "word where true or false belongs": (
        STUDY, "assessors: true", "assessors: yes", "assessors: yes", "blinding.assessors", "yes", "true or false",
        "true"),
    "number where true or false belongs": (
        STUDY, "grouped: true", "grouped: 1", "grouped: 1", "arms.steps.grouped", "1", "true or false", "true"),
    "true where a number belongs": (
        STUDY, "smallest_effect: 2", "smallest_effect: true", "smallest_effect", "outcomes.calm.smallest_effect",
        "true",
        "a number, more than 0", None),
    "text where a number belongs": (
        STUDY, "smallest_effect: 2", "smallest_effect: large", "smallest_effect", "outcomes.calm.smallest_effect",
        "large", "a number, more than 0", None),
    "number with a decimal comma": (
        STUDY, "smallest_effect: 2", "smallest_effect: 2,5", "smallest_effect", "outcomes.calm.smallest_effect", "2,5",
        "a number, more than 0", "2.5"),
    "number in quotes": (
        STUDY, "target: 40", 'target: "40"', "target", "target", "40", "a whole number, 2 or more", "40"),
    "broken number where a whole one belongs": (
        STUDY, "target: 40", "target: 40.5", "target", "target", "40.5", "a whole number, 2 or more", None),
    "whole number with a decimal point": (
        STUDY, "target: 40", "target: 40.0", "target", "target", "40.0", "a whole number, 2 or more", "40"),
    "not a number": (
        STUDY, "smallest_effect: 2", "smallest_effect: .nan", "smallest_effect", "outcomes.calm.smallest_effect",
        ".nan", "a number, more than 0", None),
    "number too small": (
        STUDY, "target: 40", "target: 1", "target", "target", "1", "a whole number, 2 or more", None),
    "share above one": (
        STUDY, "missing: {end: 0.1, later: 0.2}", "missing: {end: 0.1, later: 20}", "later: 20",
        "scenarios.planned.outcomes.calm.missing.later", "20", "a share from 0 to 1", "0.2"),
    "share above a hundred": (
        STUDY, "missing: {end: 0.1, later: 0.2}", "missing: {end: 0.1, later: 120}", "later: 120",
        "scenarios.planned.outcomes.calm.missing.later", "120", "a share from 0 to 1", None),
    "share with a percent sign": (
        STUDY, "missing: {end: 0.1, later: 0.2}", "missing: {end: 0.1, later: 38.9%}", "later: 38.9%",
        "scenarios.planned.outcomes.calm.missing.later", "38.9%", "a share from 0 to 1", "0.389"),
    "confidence in percent": (
        STUDY, "{outcomes: illness,", "{outcomes: illness, confidence: 95,", "confidence: 95",
        "analyses.ratings.confidence", "95", "more than 0.5 and less than 1", "0.95"),
    "number that must be positive": (
        STUDY, "sds: {start: 2,", "sds: {start: 0,", "sds:", "scenarios.planned.outcomes.calm.sds.start", "0",
        "a number, more than 0", None),
    "correlation of one": (
        STUDY, "correlation: 0.5", "correlation: 1", "correlation", "scenarios.planned.outcomes.calm.correlation", "1",
        "more than -1 and less than 1", None),
    "number where text belongs": (
        STUDY, "label: As planned", "label: 2024", "label: 2024", "scenarios.planned.label", "2024",
        "text, or text by language", '"2024"'),
    "version number where text belongs": (
        STUDY, "licence: CC0-1.0", "licence: 1.10", "licence: 1.10", "data.licence", "1.10", "text", '"1.10"'),
    "text in an unknown language": (
        STUDY, "{en: Calm days, da: Rolige dage}", "{en: Calm days, dk: Rolige dage}", "dk:", "title.dk", "dk",
        "en, da", None),
    "text without English": (
        STUDY, "{en: Calm days, da: Rolige dage}", "{da: Rolige dage}", "title:", "title.en", None, "text", None),
    "text left empty": (
        STUDY, "label: As planned", 'label: ""  # not yet', "not yet", "scenarios.planned.label", "nothing",
        "text that is not empty", None),
    "field left empty": (
        STUDY, "label: As planned", "label:  # not yet", "not yet", "scenarios.planned.label", "nothing",
        "leave the line out", None),
    "list where entries belong": (
        STUDY, "sds: {start: 2, end: 2, later: 2}", "sds: [2, 2, 2]", "sds:", "scenarios.planned.outcomes.calm.sds",
        "a list of 3", "entries 'name: ...', each holding a number", None),
    "text where a list of fields belongs": (
        STUDY, "blinding: {assessors: true}", "blinding: assessors", "blinding", "blinding", "assessors",
        "the fields participants, practitioners, assessors, analysts", None),
    "single value where a list belongs": (
        STUDY, "strata: [site, sex]", "strata: site", "strata", "allocation.strata", "site", "a list", "[site]"),
    "two values where a list belongs": (
        STUDY, "strata: [site, sex]", "strata: site, sex", "strata", "allocation.strata", "site, sex", "a list",
        "[site, sex]"),
    "two names where one may stand alone": (
        STUDY, "visits: [end, later], by: assessor", "visits: 'end, later', by: assessor", "rating: {",
        "forms.rating.visits", "end, later", "a name", "[end, later]"),
    "two names where one belongs": (
        STUDY, "    at: end\n", "    at: end, later\n", "    at: end, later", "outcomes.calm.at", "end, later",
        "a name", None),
    "missing field": (
        STUDY, ", by: assessor}", "}", "rating: {instrument", "forms.rating.by", None, "participant, assessor", None),
    "missing field at the top": (
        STUDY, "summary: {en: A small made-up study.}\n", "", "study: calm-days", "summary", None, "text", None),
    "missing field of a list entry": (
        STEPS, "{id: next, title: Next steps, sessions: 8}", "{id: next, sessions: 8}", "id: next",
        "modules.next.title",
        None, "text", None),
    "name with a space and capitals": (
        STUDY, "score: total", "score: total\n    event: Home Visits", "Home Visits", "outcomes.calm.event",
        "Home Visits",
        "lower-case letters, digits and single hyphens", "home-visits"),
    "entry with a name that cannot be used": (
        STUDY, "  calls: {label: Calls", "  Phone_Calls: {label: Calls", "Phone_Calls", "events.Phone_Calls",
        "Phone_Calls", "lower-case letters, digits and single hyphens", "phone-calls"),
    "name that is too long": (
        STUDY, "  calls: {label: Calls", f"  {'c' * 41}: {{label: Calls", "c" * 41, f"events.{'c' * 41}", "c" * 41,
        "at most 40 characters", "c" * 40),
    "country in words": (
        STUDY, "{label: North, country: DK}", "{label: North, country: dk}", "label: North", "sites.north.country",
        "dk",
        "two capital letters", "DK"),
    "length of time without a unit": (
        STUDY, "end: {at: 3 months,", "end: {at: 3,", "end: {at: 3,", "visits.end.at", "3", "a number and a unit",
        "3 months"),
    "length of time with an unknown unit": (
        STUDY, "end: {at: 3 months,", "end: {at: 3 mnths,", "mnths", "visits.end.at", "3 mnths", "a number and a unit",
        "3 months"),
    "length of time in words": (
        STEPS, "length: 3 months", "length: a quarter", "a quarter", "length", "a quarter", "a number and a unit",
        None),
    "window with one end": (
        STUDY, "[-2 weeks, +2 weeks]", "[-2 weeks]", "[-2 weeks]", "visits.end.window[1]", "a list of 1",
        "a number and a unit", None),
    "window with three ends": (
        STUDY, "[-2 weeks, +2 weeks]", "[-2 weeks, 0 weeks, +2 weeks]", "0 weeks", "visits.end.window", "a list of 3",
        "2 entries", None),
    "window without a list": (
        STUDY, "[-2 weeks, +2 weeks]", "2 weeks", "window: 2", "visits.end.window", "2 weeks",
        "a list, as in [-4 weeks, +4 weeks]", "[-2 weeks, +2 weeks]"),
    "window with both signs": (
        STUDY, "[-2 weeks, +2 weeks]", "+/- 2 weeks", "window: +/-", "visits.end.window", "+/- 2 weeks",
        "a list, as in [-4 weeks, +4 weeks]", "[-2 weeks, +2 weeks]"),
    "words torn apart by a comma": (
        STUDY, "{en: A small made-up study.}", "{en: A small, made-up study.}", "made-up", "summary.made-up study.",
        "made-up study.", "en, da", 'en: "A small, made-up study."'),
    "date in another order": (
        STUDY, "start: 2024-03-01", "start: 01/03/2024", "01/03/2024", "dates.start", "01/03/2024", "year-month-day",
        "2024-03-01"),
    "date that does not exist": (
        STUDY, "start: 2024-03-01", "start: 2024-02-30", "2024-02-30", "dates.start", "2024-02-30", "year-month-day",
        None),
    "empty list that needs an entry": (
        STUDY, "outcomes: illness, adjust", "outcomes: [], adjust", "outcomes: []", "analyses.ratings.outcomes",
        "an empty list", "1 or more entries", None),
    "no entries where one is needed": (
        MOOD, "source: [Nobody. Made up for a test.]", "source: []", "source", "source", "an empty list",
        "1 or more entries", None),
    "unknown key of dates": (
        STUDY, "end: 2026-03-01", "stop: 2026-03-01", "stop:", "dates.stop", "stop", "start, end", None),
    "an item's answer in words": (
        MOOD, "{id: i1, topic: Calm, minimum: 0,", "{id: i1, topic: Calm, minimum: never,", "never", "items.i1.minimum",
        "never", "a whole number", None),
}
# fmt: on


# What people write, where, and the word of ours it stands for.
WORDS = {
    "us": ("df: satterthwaite, method: ml}", "method: ml, df: satterthwaite, covariance: us}", "unstructured"),
    "KR": ("df: satterthwaite, method: ml}", "df: KR}", "kenward-roger"),
    "J2R": ("[jump-to-reference]", "[J2R]", "jump-to-reference"),
    "down": ("better: higher", "better: down", "lower"),
    "integer": ("{label: Age, kind: number,", "{label: Age, kind: integer,", "number"),
    "lmm": ("{outcomes: illness,", "{outcomes: illness, model: lmm,", "mmrm"),
    "finished": ("phase: running", "phase: finished", "completed"),
    "in progress": ("phase: running", "phase: in progress", "running"),
    "patient": ("by: participant", "by: patient", "participant"),
    "main": ("role: primary", "role: main", "primary"),
    "primary": ("{outcomes: illness,", "{outcomes: illness, role: primary,", "main"),
    "itt": ("{outcomes: illness,", "{outcomes: illness, population: itt,", "intention-to-treat"),
}


@pytest.mark.parametrize("word", WORDS)
def test_another_word_for_ours_is_understood(folder, word):
    old, new, nearest = WORDS[word]
    folder.change("study.yaml", old, new)

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 2
    [problem] = answer.errors
    assert (problem["found"], problem["nearest"]) == (word, nearest)


def test_the_torn_words_say_what_the_comma_did(folder):
    folder.change("study.yaml", "{label: Steps, programme", "{label: Steps, small ones, and a coach, programme")

    answer = folder.check(str(folder.path), "--json")

    assert [(problem["found"], problem["nearest"]) for problem in answer.errors] == [
        (words, 'label: "Steps, small ones, and a coach"') for words in ("small ones", "and a coach")
    ]
    assert "a comma inside { } starts a new field" in answer.errors[0]["message"]


def test_a_field_without_a_value_on_a_line_of_its_own_is_no_torn_text(folder):
    folder.change("study.yaml", "    score: total\n", "    score: total\n    rest:\n")

    [problem] = folder.check(str(folder.path), "--json").errors

    assert problem["message"] == "there is no field 'rest' here"


def test_the_suggestion_stands_before_a_long_list(folder):
    folder.change("study.yaml", "target: 40", "tarqet: 40")
    folder.change("study.yaml", "by: participant", "by: participants")

    answer = folder.check()

    assert "(found: tarqet). Did you mean 'target'? Allowed: study, title, summary, " in answer.err
    assert "supporter. Did you mean 'participant'?" in answer.err


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_one_wrong_field_is_answered_with_its_place_and_a_way_out(folder, case):
    name, old, new, words, field, found, allowed, nearest = case
    folder.change(name, old, new)

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 2
    [problem] = answer.errors
    assert problem["file"] == str(folder.file(name))
    assert (problem["field"], problem["found"], problem["nearest"]) == (field, found, nearest)
    assert allowed in problem["allowed"]
    assert problem["line"] == folder.line(name, words)


def test_every_wrong_field_of_a_file_is_reported_at_once(folder):
    folder.change("study.yaml", "phase: running", "phase: runing")
    folder.change("study.yaml", "target: 40", "target: many")
    folder.change("study.yaml", ", by: assessor}", "}")
    folder.change("study.yaml", "programme: steps, grouped", "programme: stepz, grouped")
    folder.change("study.yaml", "strata: [site, sex]", "strata: [site, gender]")

    answer = folder.check(str(folder.path), "--json")

    assert [problem["field"] for problem in answer.errors] == [
        "phase",
        "target",
        "arms.steps.programme",
        "allocation.strata[1]",
        "forms.rating.by",
    ]


def test_what_was_left_out_while_reading_is_not_held_against_the_author(folder):
    # The misspelt role and reference leave no primary outcome and no reference arm: neither is a second mistake.
    folder.change("study.yaml", "role: primary", "role: primry")
    folder.change("study.yaml", "reference: true}", "reference: ture}")
    folder.change("study.yaml", "mood: {instrument: mood,", "mood: {instrument: 7,")

    answer = folder.check(str(folder.path), "--json")

    assert [problem["field"] for problem in answer.errors] == [
        "arms.usual.reference",
        "forms.mood.instrument",
        "outcomes.calm.role",
    ]


def test_problems_of_the_study_its_instruments_and_its_programmes_come_together(folder):
    folder.change("study.yaml", "phase: running", "phase: runing")
    folder.change("instruments/mood/instrument.yaml", "method: sum", "method: summ")
    folder.change("programmes/steps/programme.yaml", "status: draft", "status: drafted")

    answer = folder.check()

    assert answer.code == 2
    for file, line, field in (
        ("study.yaml", 4, "phase"),
        ("instruments/mood/instrument.yaml", 19, "scores.total.method"),
        ("programmes/steps/programme.yaml", 4, "status"),
    ):
        assert f"{folder.file(file)}, line {line}, {field}: " in answer.err
    assert "3 problems to mend" in answer.out


def test_no_message_speaks_the_validator_s_language(folder):
    folder.change("study.yaml", "target: 40", "target: [1, 2]")
    folder.change("study.yaml", "title: {en: Calm days, da: Rolige dage}", "title: [Calm days]")
    folder.change("study.yaml", "end: {at: 3 months,", "end: {at: {},")
    folder.change("study.yaml", "levels: {female: Female, male: Male}", "levels: Female")

    answer = folder.check()

    assert "5 problems to mend" in answer.out
    for jargon in (
        "Input should",
        "validation error",
        "instance",
        "dict",
        "tuple",
        "str ",
        "type=",
        "None",
        "pydantic",
    ):
        assert jargon not in answer.err
