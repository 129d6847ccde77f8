"""Parts that do not fit together: each is answered at the line where it can be mended."""

from __future__ import annotations

import pytest

STUDY, MOOD, RATING = "study.yaml", "instruments/mood/instrument.yaml", "instruments/rating/instrument.yaml"
STEPS = "programmes/steps/programme.yaml"
RULE = "eligibility.include.adult.rule"
CALM = "scenarios.planned.outcomes.calm"

# id: file, words, what they become, words on the expected line, field, found, part of what is allowed, nearest word
# A table, to be read row by row.
# fmt: off
CASES = {
    # People
    "study that ends before it starts": (
        STUDY, "end: 2026-03-01", "end: 2023-03-01", "dates:", "dates.end", "2023-03-01", "2024-03-01 or later", None),
    "characteristic with a reserved name": (
        STUDY, "  age: {label: Age,", "  arm: {label: Arm, kind: yes-no}\n  age: {label: Age,", "arm: {label",
        "characteristics.arm", "arm", "any name but participant, arm", None),
    "category with one level": (
        STUDY, "levels: {female: Female, male: Male}", "levels: {any: Any}", "levels:", "characteristics.sex.levels",
        "fields any", "two or more entries", None),
    "levels of a yes-no": (
        STUDY, "{label: At work, kind: yes-no}", "{label: At work, kind: yes-no, levels: {a: A, b: B}}", "At work",
        "characteristics.working.levels", "yes-no", "kind: category", None),
    "unit of a yes-no": (
        STUDY, "{label: At work, kind: yes-no}", "{label: At work, kind: yes-no, unit: hours}", "At work",
        "characteristics.working.unit", "hours", "kind: number", None),
    "range of a number turned round": (
        STUDY, "minimum: 0, maximum: 120", "minimum: 120, maximum: 0", "maximum: 0}", "characteristics.age.maximum",
        "0", "more than 120", None),
    "two criteria with one id": (
        STUDY, "{id: busy,", "{id: adult,", "another course", "eligibility.exclude.adult.id", "adult", "of its own",
        None),
    "rule about something unknown": (
        STUDY, "rule: age >= 18", "rule: aeg >= 18", "aeg", RULE, "aeg", "age, sex, working, site", "age"),
    "rule with one equals sign": (
        STUDY, "rule: age >= 18", "rule: age = 18", "age = 18", RULE, "=", "age >= 18", "=="),
    "rule that stops in the middle": (
        STUDY, "rule: age >= 18", "rule: age >= 18 and", "18 and", RULE, "the end of the rule", "comparisons such as",
        None),
    "rule with an open bracket": (
        STUDY, "rule: age >= 18", "rule: (age >= 18", "(age", RULE, "the end of the rule", ")", None),
    "rule with a function": (
        STUDY, "rule: age >= 18", "rule: max(age) >= 18", "max(age)", RULE, "(", "==, !=", None),
    "rule with a level that does not exist": (
        STUDY, "rule: age >= 18", "rule: sex == femal", "femal}", RULE, "femal", "female, male", "female"),
    "rule that orders words": (
        STUDY, "rule: age >= 18", "rule: sex > female", "sex >", RULE, ">", "==, !=, in, not in", "=="),
    "rule that compares a number with a word": (
        STUDY, "rule: age >= 18", "rule: age >= adult", ">= adult", RULE, "adult", "a number", None),
    "versions of consent out of order": (
        STUDY, "approved: 2024-06-01", "approved: 2023-06-01", "2023-06-01", "consent.versions.2.approved",
        "2023-06-01",
        "2024-01-15 or later", None),
    "first version that asks again": (
        STUDY, "approved: 2024-01-15, languages: [en, da]", "approved: 2024-01-15, reconsent: true", "2024-01-15",
        "consent.versions.1.reconsent", "true", "false", "false"),
    "consent in no form": (
        STUDY, "forms: [paper]", "forms: []", "forms: []", "consent.forms", "an empty list", "paper, electronic", None),
    # Arms
    "no reference arm": (
        STUDY, "{label: Usual care, reference: true}", "{label: Usual care}", "arms:", "arms", "fields steps, usual",
        "'reference: true' in one arm", None),
    "two reference arms": (
        STUDY, "programme: steps, grouped: true}", "programme: steps, grouped: true, reference: true}",
        "Usual care, ref",
        "arms.usual.reference", "true", "in one arm only", "false"),
    "programme that does not exist": (
        STUDY, "programme: steps, grouped", "programme: step, grouped", "programme: step,", "arms.steps.programme",
        "step",
        "steps, imr", "steps"),
    "ratio of an unknown arm": (
        STUDY, "ratio: {steps: 2, usual: 1}", "ratio: {steps: 2, usual: 1, usal: 1}", "usal", "allocation.ratio.usal",
        "usal", "steps, usual", "usual"),
    "ratio without an arm": (
        STUDY, "ratio: {steps: 2, usual: 1}", "ratio: {steps: 2}", "ratio:", "allocation.ratio", "fields steps",
        "a share for each of steps, usual", None),
    "unknown stratum": (
        STUDY, "strata: [site, sex]", "strata: [sites, sex]", "strata:", "allocation.strata[0]", "sites",
        "site, age, sex, working", "site"),
    "stratum without levels": (
        STUDY, "strata: [site, sex]", "strata: [site, age]", "strata:", "allocation.strata[1]", "age",
        "site, sex, working", None),
    "stratum that stands twice": (
        STUDY, "strata: [site, sex]", "strata: [site, site]", "strata:", "allocation.strata[1]", "site", "each once",
        None),
    "block that cannot hold the ratio": (
        STUDY, "block_sizes: [3, 6]", "block_sizes: [3, 4]", "block_sizes", "allocation.block_sizes[1]", "4",
        "multiples of 3", "3"),
    "permuted blocks without sizes": (
        STUDY, "  block_sizes: [3, 6]\n", "", "method: permuted-blocks", "allocation.method", "permuted-blocks",
        "as in [6, 9]", None),
    "random element of blocks": (
        STUDY, "block_sizes: [3, 6]", "block_sizes: [3, 6]\n  random_element: 0.8", "random_element",
        "allocation.random_element", "0.8", "minimisation", None),
    "running study without a way to allocate": (
        STUDY, "method: permuted-blocks", "method: not-reported", "method: not-reported", "allocation.method",
        "not-reported", "permuted-blocks, minimisation, simple", None),
    # Visits, forms, instruments
    "first visit not at the start": (
        STUDY, "start: {at: 0 months}", "start: {at: 1 week}", "start: {at", "visits.start.at", "1 week", "0 months",
        "0 months"),
    "visits out of order": (
        STUDY, "end: {at: 3 months, window: [-2 weeks, +2 weeks]}", "end: {at: 12 months}", "later: {at: 9",
        "visits.later.at", "9 months", "more than 12 months", None),
    "windows that overlap": (
        STUDY, "[-4 weeks, +4 weeks]", "[-30 weeks, +4 weeks]", "-30 weeks", "visits.later.window", "a list of 2",
        "each date to one visit", None),
    "window turned round": (
        STUDY, "[-2 weeks, +2 weeks]", "[+2 weeks, -2 weeks]", "[+2", "visits.end.window", "a list of 2",
        "[earliest, latest]", None),
    "window beside its date": (
        STUDY, "[-2 weeks, +2 weeks]", "[1 week, 2 weeks]", "[1 week", "visits.end.window", "a list of 2",
        "an earliest of 0 or less", None),
    "window that reaches past another visit": (
        STUDY, "start: {at: 0 months}", "start: {at: 0 months, window: [0 days, 40 weeks]}", "40 weeks",
        "visits.start.window", "a list of 2", "each date to one visit", None),
    "windows that share some days": (
        STUDY, "[-4 weeks, +4 weeks]", "[-25 weeks, +4 weeks]", "-25 weeks", "visits.later.window", "a list of 2",
        "each date to one visit", None),
    "visit without a form": (
        STUDY, "  end: {at: 3 months,", "  middle: {at: 1 month}\n  end: {at: 3 months,", "middle", "visits.middle",
        "middle", "among the visits of a form", None),
    "form at an unknown visit": (
        STUDY, "visits: [start, end, later], by: participant", "visits: [start, end, later, latr], by: participant",
        "latr", "forms.mood.visits[3]", "latr", "start, end, later", "later"),
    "instrument that does not exist": (
        STUDY, "{instrument: rating,", "{instrument: ratings,", "ratings,", "forms.rating.instrument", "ratings",
        "mood, rating, bdi", "rating"),
    "items of an instrument without any": (
        STUDY, "by: assessor}", "by: assessor, recorded_as: items}", "rating: {instrument", "forms.rating.recorded_as",
        "items", "scores", "scores"),
    "rating by the wrong person": (
        STUDY, "by: assessor", "by: participant", "rating: {instrument", "forms.rating.by", "participant",
        "assessor, practitioner", "assessor"),
    "form named like a characteristic": (
        STUDY, "  working: {label", "  rating: {label: R, kind: yes-no}\n  working: {label", "rating: {instrument",
        "forms.rating", "rating", "another name", None),
    # Outcomes
    "outcome of an unknown form": (
        STUDY, "form: rating, family", "form: ratng, family", "ratng", "outcomes.illness.form", "ratng", "mood, rating",
        "rating"),
    "outcome of an unknown score": (
        STUDY, "score: total", "score: totl", "totl", "outcomes.calm.score", "totl", "total, rest", "total"),
    "outcome of an unknown event": (
        STUDY, "event: admissions,", "event: admision,", "admision,", "outcomes.admissions.event", "admision",
        "admissions, calls", "admissions"),
    "outcome at an unknown visit": (
        STUDY, "family: clinical, at: later, better: lower}\n  admissions",
        "family: clinical, at: latest, better: lower}\n"
        "  admissions", "latest", "outcomes.illness.at", "latest", "start, end, later", "later"),
    "outcome at a visit without its form": (
        STUDY, "instrument: rating, visits: [end, later]", "instrument: rating, visits: [end]", "illness: {label",
        "outcomes.illness.at", "later", "end", None),
    "outcome judged before the start": (
        STUDY, "    at: end\n", "    at: start\n", "    at: start", "outcomes.calm.at", "start", "end, later", None),
    "outcome judged again at an unknown visit": (
        STUDY, "    at: end\n", "    at: end\n    also_at: latr\n", "also_at", "outcomes.calm.also_at", "latr",
        "start, end, later", "later"),
    "outcome judged again at the same visit": (
        STUDY, "    at: end\n", "    at: end\n    also_at: [later, end]\n", "also_at", "outcomes.calm.also_at[1]",
        "end", "further visits: later", None),
    "outcome judged again at one visit twice": (
        STUDY, "    at: end\n", "    at: end\n    also_at: [later, later]\n", "also_at", "outcomes.calm.also_at[1]",
        "later", "each once", None),
    "outcome judged again before the start": (
        STUDY, "    at: end\n", "    at: end\n    also_at: start\n", "also_at", "outcomes.calm.also_at", "start",
        "end, later", None),
    "outcome of a form and an event": (
        STUDY, "    score: total\n", "    score: total\n    event: calls\n", "event: calls", "outcomes.calm.event",
        "calls",
        "'form' or 'event'", None),
    "outcome of nothing": (
        STUDY, "{label: Illness, form: rating,", "{label: Illness,", "label: Illness", "outcomes.illness",
        "fields label, family, at, better", "'form' with a form, or 'event'", None),
    "event without a measure": (
        STUDY, "event: admissions, measure: count,", "event: admissions,", "event: admissions",
        "outcomes.admissions.measure",
        "score, by default", "'measure: count'", "count"),
    "days in an event without duration": (
        STUDY, "event: admissions, measure: count", "event: calls, measure: days", "event: calls",
        "outcomes.admissions.measure", "days", "has_duration: true", "count"),
    "count of a form": (
        STUDY, "    score: total\n", "    score: total\n    measure: count\n", "    measure: count",
        "outcomes.calm.measure", "count", "score", "score"),
    "two primary outcomes": (
        STUDY, "{label: Illness, form: rating,", "{label: Illness, role: primary, form: rating,", "label: Illness",
        "outcomes.illness.role", "primary", "secondary, exploratory", "secondary"),
    "better turned round": (
        STUDY, "better: higher", "better: lower", "    better: lower", "outcomes.calm.better", "lower", "higher",
        "higher"),
    "effect that matters in no direction": (
        STUDY, "better: higher", "better: neither", "smallest_effect", "outcomes.calm.smallest_effect", "2",
        "'better: higher' or 'better: lower'", None),
    "effect beyond the score's range": (
        STUDY, "smallest_effect: 2", "smallest_effect: 10", "smallest_effect", "outcomes.calm.smallest_effect", "10",
        "at most 9", None),
    # Analyses
    "analysis of an unknown outcome": (
        STUDY, "{outcomes: illness,", "{outcomes: ilness,", "ilness", "analyses.ratings.outcomes", "ilness",
        "calm, illness, admissions", "illness"),
    "adjustment for something unknown": (
        STUDY, "adjust: [baseline, site, sex]", "adjust: [baseline, site, gender]", "gender",
        "analyses.primary.adjust[2]",
        "gender", "baseline, site, age, sex, working", None),
    "adjustment for a baseline nobody measured": (
        STUDY, "{outcomes: illness, adjust: [site, sex]", "{outcomes: illness, adjust: [baseline, site, sex]",
        "adjust: [baseline, site, sex], df",
        "analyses.ratings.adjust[0]", "baseline", "adjust: [site, sex]", None),
    "adjustment for such a baseline by default": (
        STUDY, "{outcomes: illness, adjust: [site, sex], df", "{outcomes: illness, df", "outcomes: illness",
        "analyses.ratings.adjust", "baseline", "adjust: []", None),
    "adjustment by visit that is none": (
        STUDY, "adjust_by_visit: [baseline]", "adjust_by_visit: [age]", "adjust_by_visit",
        "analyses.primary.adjust_by_visit[0]", "age", "baseline, site, sex", None),
    "analysis at an unknown visit": (
        STUDY, "    visits: [end, later]\n", "    visits: [end, later, month]\n", "month]",
        "analyses.primary.visits[2]",
        "month", "start, end, later", None),
    "analysis at a visit without the form": (
        STUDY, "{outcomes: illness,", "{outcomes: illness, visits: [start, later],", "outcomes: illness",
        "analyses.ratings.visits[0]", "start", "end, later", None),
    "baseline both analysed and adjusted for": (
        STUDY, "    visits: [end, later]\n", "    visits: [start, end, later]\n", "    visits: [start, end, later]",
        "analyses.primary.visits[0]", "start", "visits after the first", None),
    "analysis without the visit that is judged": (
        STUDY, "    visits: [end, later]\n", "    visits: [later]\n", "    visits: [later]", "analyses.primary.visits",
        "a list of 1", "visits with 'end' among them", None),
    "mixed model of events": (
        STUDY, "{outcomes: admissions, model: negative-binomial,", "{outcomes: admissions,", "outcomes: admissions",
        "analyses.counts.model", "mmrm, by default", "poisson, negative-binomial", "negative-binomial"),
    "count model of a score": (
        STUDY, "{outcomes: illness,", "{outcomes: illness, model: poisson,", "model: poisson", "analyses.ratings.model",
        "poisson", "mmrm", "mmrm"),
    "Kenward-Roger by maximum likelihood": (
        STUDY, "df: satterthwaite, method: ml", "df: kenward-roger, method: ml", "kenward-roger", "analyses.ratings.df",
        "kenward-roger", "satterthwaite", None),
    "Kenward-Roger by default by maximum likelihood": (
        STUDY, "df: satterthwaite, method: ml", "method: ml", "outcomes: illness", "analyses.ratings.method",
        "ml", "satterthwaite", None),
    "Satterthwaite in a count model": (
        STUDY, "negative-binomial, adjust: [site, sex]", "negative-binomial, df: satterthwaite, adjust: [site, sex]",
        "negative-binomial", "analyses.counts.df", "satterthwaite", "asymptotic", None),
    "primary outcome without a main analysis": (
        STUDY, "    outcomes: calm\n", "    outcomes: calm\n    role: sensitivity\n", "  calm:  # main",
        "outcomes.calm",
        "fields label, form, score, family, role, at, better, smallest_effect", "role: main", None),
    "primary analysis without an estimand": (
        STUDY, "    estimand:\n      population: Adults\n      treatments: Steps against usual care\n"
        "      variable: Calm at the end\n      summary: Difference in means\n", "", "  primary:",
        "analyses.primary.estimand", "nothing", "population, treatments, variable", None),
    "clusters in an unknown arm": (
        STUDY, "clusters: {steps: group}", "clusters: {step: group}", "clusters", "analyses.primary.clusters.step",
        "step",
        "steps, usual", "steps"),
    "clusters in an arm without groups": (
        STUDY, "clusters: {steps: group}", "clusters: {usual: group}", "clusters", "analyses.primary.clusters.usual",
        "usual", "steps", None),
    # Scenarios
    "scenario of an unknown outcome": (
        STUDY, "      calm:\n        means", "      clam:\n        means", "clam:", "scenarios.planned.outcomes.clam",
        "clam", "calm, illness", "calm"),
    "means of an unknown arm": (
        STUDY, "usual: {start: 4, end: 5, later: 5}",
        "usual: {start: 4, end: 5, later: 5}\n          other: {start: 4}",
        "other:", f"{CALM}.means.other", "other", "steps, usual", None),
    "means without an arm": (
        STUDY, "          usual: {start: 4, end: 5, later: 5}\n", "", "means:", f"{CALM}.means", "fields steps",
        "steps, usual", None),
    "means at an unknown visit": (
        STUDY, "{start: 4, end: 6, later: 6}", "{start: 4, end: 6, later: 6, lst: 6}", "lst", f"{CALM}.means.steps.lst",
        "lst", "start, end, later", None),
    "means without a visit": (
        STUDY, "{start: 4, end: 6, later: 6}", "{start: 4, end: 6}", "end: 6", f"{CALM}.means.steps",
        "fields start, end", "a number for each of start, end, later", None),
    "mean beyond the score's range": (
        STUDY, "{start: 4, end: 6, later: 6}", "{start: 4, end: 6, later: 60}", "later: 60",
        f"{CALM}.means.steps.later",
        "60", "0 to 9", None),
    "spread beyond the score's range": (
        STUDY, "sds: {start: 2, end: 2, later: 2}", "sds: {start: 2, end: 2, later: 20}", "later: 20",
        f"{CALM}.sds.later", "20", "at most 4.5", None),
    "correlations that cannot be": (
        STUDY, "correlation: 0.5", "correlation: -0.6", "correlation", f"{CALM}.correlation", "-0.6", "more than -0.5",
        None),
    # Data
    "data file that is not there": (
        STUDY, "file: data/calm.csv", "file: data/clam.csv", "clam.csv", "data.file", "data/clam.csv",
        "a file in the study's folder", "data/calm.csv"),
    "data file in another folder": (
        STUDY, "file: data/calm.csv", "file: calm.csv", "file: calm.csv", "data.file", "calm.csv",
        "a file in the study's folder", "data/calm.csv"),
    "data file of quite another name": (
        STUDY, "file: data/calm.csv", "file: trial.xlsx", "trial.xlsx", "data.file", "trial.xlsx",
        "a file in the study's folder", "data/calm.csv"),
    "columns with their sides swapped": (
        STUDY, "columns: {participant: id, mood.i1: q1}", "columns: {id: participant, q1: mood.i1}", "columns: {id",
        "data.columns", "fields id, q1", "our name first", "participant: id"),
    "values with their sides swapped": (
        STUDY, "{A: steps, B: usual}", "{A: steps, usual: B}", "usual: B", "data.values.arm.usual", "B",
        "after the colon: steps, usual", "B: usual"),
    "data file outside the folder": (
        STUDY, "file: data/calm.csv", "file: ../calm.csv", "../calm.csv", "data.file", "../calm.csv",
        "inside the study folder", None),
    "column of an unknown variable": (
        STUDY, "mood.i1: q1", "mood.j1: q1", "mood.j1", "data.columns.mood.j1", "mood.j1", "mood.total", "mood.i1"),
    "column of one visit in a long file": (
        STUDY, "mood.i1: q1", "mood.i1@end: q1", "mood.i1@end", "data.columns.mood.i1@end", "mood.i1@end", "mood.i1",
        "mood.i1"),
    "column of a wide file without its visit": (
        STUDY, "layout: long", "layout: wide", "mood.i1", "data.columns.mood.i1", "mood.i1", "mood.i1@start", None),
    "one column for two variables": (
        STUDY, "mood.i1: q1", "mood.i1: q1, mood.i2: q1", "mood.i2", "data.columns.mood.i2", "q1", "of its own", None),
    "value for an unknown level": (
        STUDY, "{A: steps, B: usual}", "{A: steps, B: usuel}", "usuel", "data.values.arm.B", "usuel", "steps, usual",
        "usual"),
    "value of an unknown variable": (
        STUDY, "working: {Y:", "workin: {Y:", "workin: {", "data.values.workin", "workin", "working", "working"),
    "value that stands for missing": (
        STUDY, "{A: steps, B: usual}", "{NA: steps, B: usual}", "NA: steps", "data.values.arm.NA", "NA",
        "not among 'missing'", None),
    "allocated to an unknown arm": (
        STUDY, "allocated: {steps: 26, usual: 14}", "allocated: {stepz: 26, usual: 14}", "stepz",
        "flow.allocated.stepz",
        "stepz", "steps, usual", "steps"),
    "more people excluded than assessed": (
        STUDY, "not interested: 6", "not interested: 60", "not interested", "flow.excluded", "64", "at most 50", None),
    # Instruments
    "instrument in a folder of another name": (
        MOOD, "instrument: mood", "instrument: moods", "instrument: moods", "instrument", "moods", "mood", "mood"),
    "two items with one id": (
        MOOD, "{id: i3, topic: Worry,", "{id: i1, topic: Worry,", "topic: Worry", "items.i1.id", "i1", "of its own",
        None),
    "item with a range turned round": (
        MOOD, "topic: Calm, minimum: 0, maximum: 3", "topic: Calm, minimum: 3, maximum: 0", "topic: Calm",
        "items.i1.maximum", "0", "more than 3", None),
    "alert that never goes off": (
        MOOD, "alert: 3", "alert: 4", "alert: 4", "items.i3.alert", "4", "1 to 3", None),
    "options that leave out an answer": (
        MOOD, "  - {value: 1}\n", "", "options:", "options", "0, 2, 3",
        "every answer from 0 to 3", None),
    "two options with one value": (
        MOOD, "  - {value: 1}\n", "  - {value: 1}\n  - {value: 1, label: Again}\n", "label: Again", "options[2]",
        "fields value, label", "of its own", None),
    "option no item has": (
        MOOD, "{value: 3, label: Always}", "{value: 3, label: Always}\n  - {value: 4}", "value: 4", "options[4]", "4",
        "0 to 3", None),
    "score of an unknown item": (
        MOOD, "items: [i1, i2]", "items: [i1, i4]", "i4", "scores.rest.items[1]", "i4", "i1, i2, i3", None),
    "sum with a range its items do not give": (
        MOOD, "    maximum: 9", "    maximum: 12", "maximum: 12", "scores.total.maximum", "12", "9", "9"),
    "mean with a range its items do not give": (
        MOOD, "minimum: 0, maximum: 3}\nlicence", "minimum: 0, maximum: 6}\nlicence", "maximum: 6",
        "scores.rest.maximum",
        "6", "3", "3"),
    "every item may be missing": (
        MOOD, "{rule: prorate, allowed: 1}", "{rule: prorate, allowed: 3}", "prorate", "scores.total.missing.allowed",
        "3", "1 to 2", None),
    "proration that allows nothing": (
        MOOD, "{rule: prorate, allowed: 1}", "{rule: prorate}", "prorate", "scores.total.missing.allowed", "0",
        "1 to 2",
        None),
    "sum without items": (
        RATING, "method: entered", "method: sum", "method: sum", "scores.total.method", "sum", "entered", "entered"),
    "entered score with items": (
        MOOD, "method: mean, items: [i1, i2]", "method: entered, items: [i1, i2]", "entered", "scores.rest.items",
        "a list of 2", "no items", None),
    "wording that may not be shipped": (
        RATING, "wording: site-supplied", "wording: may-ship", "may-ship", "licence.wording", "may-ship",
        "site-supplied",
        "site-supplied"),
    "answered by nobody": (
        RATING, "respondent: clinician", "respondent: []", "respondent", "respondent", "an empty list",
        "participant, clinician", None),
    # Programmes
    "programme in a folder of another name": (
        STEPS, "programme: steps", "programme: stairs", "programme: stairs", "programme", "stairs", "steps", "steps"),
    "two modules with one id": (
        STEPS, "{id: next,", "{id: first,", "Next steps", "modules.first.id", "first", "of its own", None),
    "programme of no length": (
        STEPS, "length: 3 months", "length: 0 months", "length", "length", "0 months", "more than 0 days", None),
    "reviewed by nobody": (
        STEPS, "status: draft", "status: reviewed", "status", "status", "reviewed", "'reviewer' with a name", "draft"),
}
# fmt: on


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_one_part_that_does_not_fit_is_answered_with_its_place_and_a_way_out(folder, case):
    name, old, new, words, field, found, allowed, nearest = case
    folder.change(name, old, new)

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 2
    [problem] = answer.errors
    assert (problem["field"], problem["found"], problem["nearest"]) == (field, found, nearest)
    assert problem["file"] == str(folder.file(name))
    assert allowed in problem["allowed"]
    assert problem["line"] == folder.line(name, words)


def test_examples_with_a_column_of_no_item_are_refused_in_their_own_file(folder):
    folder.change("instruments/mood/scored-examples.csv", "i1,i2,i3", "i1,i2,j3")

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 2
    file = str(folder.file("instruments/mood/scored-examples.csv"))
    assert [(problem["file"], problem["line"]) for problem in answer.errors] == [(file, 1), (file, 1)]
    assert answer.errors[0]["found"] == "j3"


def test_an_instrument_with_computed_scores_needs_examples(folder):
    folder.file("instruments/mood/scored-examples.csv").unlink()

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 2
    [problem] = answer.errors
    assert (problem["line"], problem["found"]) == (15 + 1, "no scored-examples.csv")


def test_the_sound_study_is_sound(folder):
    answer = folder.check(str(folder.path), "--json")

    assert (answer.code, answer.problems) == (0, [])


def test_one_wrong_visit_of_a_form_is_one_problem_whatever_hangs_on_the_form(folder):
    folder.change(
        "study.yaml", "mood: {instrument: mood, visits: [start, end,", "mood: {instrument: mood, visits: [strt, ed,"
    )
    folder.change("study.yaml", "  columns: {participant: id, mood.i1: q1}", "  columns: {participant: id}")

    answer = folder.check(str(folder.path), "--json")

    assert [(problem["field"], problem["nearest"]) for problem in answer.problems] == [
        ("forms.mood.visits[0]", "start"),
        ("forms.mood.visits[1]", "end"),
    ]


def test_a_wrong_visit_of_a_form_is_one_problem_for_its_columns_in_a_wide_file_too(folder):
    folder.change(
        "study.yaml", "mood: {instrument: mood, visits: [start, end,", "mood: {instrument: mood, visits: [start, ed,"
    )
    folder.change("study.yaml", "layout: long", "layout: wide")
    folder.change("study.yaml", "mood.i1: q1", "mood.i1@end: q1")

    [problem] = folder.check(str(folder.path), "--json").problems

    assert problem["field"] == "forms.mood.visits[1]"


def without(folder, part):
    """Take a whole part out of the study file."""
    lines = folder.file("study.yaml").read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{part}:"))
    end = next(n for n, line in enumerate(lines) if n > start and line and not line.startswith(" "))
    folder.file("study.yaml").write_text("\n".join(lines[:start] + lines[end:]), encoding="utf-8")


def test_all_that_names_arms_where_there_are_none_is_one_problem(folder):
    without(folder, "arms")

    answer = folder.check(str(folder.path), "--json")

    [problem] = answer.errors
    assert problem["field"] == "arms"
    assert problem["message"] == (
        "these parts name arms, and the file has none: allocation, analyses.primary.clusters, "
        "analyses.primary.missing.sensitivity, scenarios.planned, data.values.arm, flow.allocated"
    )


def test_a_misspelt_heading_is_one_problem(folder):
    folder.change("study.yaml", "\narms:\n", "\narmss:\n")

    [problem] = folder.check(str(folder.path), "--json").problems

    assert (problem["field"], problem["nearest"]) == ("armss", "arms")


def test_plain_care_without_arms_is_sound(folder):
    for part in ("arms", "allocation", "analyses", "scenarios", "data"):
        without(folder, part)
    folder.file("study.yaml").write_text(
        folder.file("study.yaml")
        .read_text(encoding="utf-8")
        .split("flow:")[0]
        .replace("role: primary", "role: secondary"),
        encoding="utf-8",
    )

    assert folder.check(str(folder.path), "--json").errors == []


def test_an_outcome_of_nothing_is_not_called_a_count_of_events(folder):
    folder.change("study.yaml", "    form: mood\n    score: total\n", "")

    answer = folder.check(str(folder.path), "--json")

    assert [problem["message"] for problem in answer.errors] == ["the outcome does not say what it is measured by"]


def test_an_outcome_is_judged_again_only_where_its_form_is_answered(folder):
    folder.change("study.yaml", "instrument: rating, visits: [end, later]", "instrument: rating, visits: later")
    folder.change(
        "study.yaml",
        "family: clinical, at: later, better: lower}\n  adm",
        "family: clinical, at: later, also_at: end, better: lower}\n  adm",
    )

    [problem] = folder.check(str(folder.path), "--json").errors

    assert (problem["field"], problem["found"], problem["allowed"]) == ("outcomes.illness.also_at", "end", "later")


def test_the_default_of_df_is_named_only_where_it_is_one(folder):
    folder.change("study.yaml", "df: satterthwaite, method: ml", "df: kenward-roger, method: ml")
    written = folder.check(str(folder.path), "--json").errors[0]["message"]
    folder.change("study.yaml", "df: kenward-roger, method: ml", "method: ml")
    by_default = folder.check(str(folder.path), "--json").errors[0]["message"]

    assert "left out" not in written
    assert "used when 'df' is left out" in by_default


# What is changed to what, the field, and part of the message.
WARNINGS = {
    "outcome in no analysis": (
        "  ratings: {outcomes: illness, adjust: [site, sex], df: satterthwaite, method: ml}\n",
        "",
        "outcomes.illness",
        "no analysis uses this outcome",
    ),
    "stratum that is not adjusted for": (
        "adjust: [baseline, site, sex]",
        "adjust: [baseline, site]",
        "analyses.primary.adjust",
        "allocation is balanced within sex, which this main analysis does not adjust for",
    ),
    "rule that can never be false": (
        "minimum: 0, maximum: 120",
        "minimum: 18, maximum: 120",
        RULE,
        "this rule can never be false: the values that 'age' may have exclude it, so nobody",
    ),
    "rule of levels that can never be false": (
        "rule: age >= 18",
        "rule: 'sex in [female, male] and (age >= 0 or site == north)'",
        RULE,
        "this rule can never be false: the values that 'sex', 'age', 'site' may have exclude it",
    ),
    "rule that can never be true": ("rule: age >= 18", "rule: age < 0", RULE, "this rule can never be true"),
    "process of care by an instrument of recovery": (
        "form: rating, family: clinical",
        "form: rating, family: process",
        "outcomes.illness.family",
        "'rating' measures clinical recovery",
    ),
    "rule that excludes nobody": (
        "Is the person in another course?,",
        "Is the person in another course?, rule: age < 0,",
        "eligibility.exclude.busy.rule",
        "this rule can never be true",
    ),
}


@pytest.mark.parametrize("case", WARNINGS.values(), ids=WARNINGS.keys())
def test_what_is_worth_a_look_is_a_warning(folder, case):
    old, new, field, message = case
    folder.change("study.yaml", old, new)

    answer = folder.check(str(folder.path), "--json")

    assert answer.code == 0
    [problem] = answer.problems
    assert (problem["severity"], problem["field"]) == ("warning", field)
    assert message in problem["message"]


def test_an_outcome_may_have_no_better_direction_whatever_its_instrument_says(folder):
    folder.change("study.yaml", "at: later, better: lower}\n  admissions", "at: later, better: neither}\n  admissions")

    assert folder.check(str(folder.path), "--json").problems == []


@pytest.mark.parametrize(
    "rule",
    [
        "age > 17",
        "age != 30",
        "age in [20, 30]",
        "sex == male or age < 60",
        "not (age < 18)",
        "age >= 0 and site == north",
        "site != south",
        "working == yes",
    ],
)
def test_a_rule_that_tells_people_apart_is_no_warning(folder, rule):
    folder.change("study.yaml", "rule: age >= 18", f"rule: '{rule}'")

    assert folder.check(str(folder.path), "--json").problems == []


def test_warnings_do_not_fail(folder):
    folder.change("study.yaml", "role: primary", "role: secondary")

    answer = folder.check()

    assert answer.code == 0
    assert "Warning: " in answer.err
    assert "no outcome is primary" in answer.err
    assert "1 warning to look at" in answer.out
