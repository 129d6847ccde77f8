"""The Danish trial's folder agrees with what was published and with arithmetic."""

from __future__ import annotations

import csv
from math import ceil, sqrt
from pathlib import Path
from statistics import NormalDist

import pytest

from imara.study.folder import StudyFolder
from imara.study.library import CONTENT, load_programme, load_study
from imara.study.scenario import ScoreScenario

SCENARIO_OUTCOMES = {
    "GAF-F": "functioning",
    "GAF-S": "global-symptoms",
    "PSP": "social-functioning",
    "PANSS": "symptoms",
    "Hamilton": "depression",
    "Young Mania": "mania",
    "MHRM": "personal-recovery",
    "State hope": "hope",
    "Patient satisfaction": "satisfaction",
}


@pytest.fixture(scope="module")
def folder() -> StudyFolder:
    return load_study("imr-denmark")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def model_means() -> list[dict[str, str]]:
    return table(CONTENT / "evidence" / "imr-denmark-2019.csv")


def complete_cases(folder: StudyFolder, outcome: str, visit: str) -> dict[str, float]:
    rows = table(folder.path / "published" / "one-year-follow-up-complete-cases.csv")
    row = next(row for row in rows if (row["outcome"], row["visit"]) == (outcome, visit))
    return {name: float(value) for name, value in row.items() if name[:2] in ("n_", "me", "sd")}


def needed_per_arm(difference: float, sd: float, power: float) -> float:
    """Return the people needed in each arm to find a difference of means, two-sided 5%, normal approximation."""
    z = NormalDist().inv_cdf
    return 2 * ((z(0.975) + z(power)) * sd / difference) ** 2


def test_six_points_need_98_people_an_arm(folder: StudyFolder) -> None:
    margin = folder.study.outcomes["functioning"].smallest_effect
    assert margin == 6

    assert needed_per_arm(margin, sd=15, power=0.80) == pytest.approx(98.1, abs=0.05)
    assert needed_per_arm(margin, sd=13, power=0.90) == pytest.approx(98.7, abs=0.05)


@pytest.mark.parametrize(("scenario", "power"), [("as-planned", 0.80), ("as-planned-narrow", 0.90)])
def test_the_planned_scenarios_are_what_200_people_can_find(folder: StudyFolder, scenario: str, power: float) -> None:
    plan = folder.study.scenarios[scenario]
    behaviour = plan.outcomes["functioning"]
    difference = behaviour.means["imr"]["end"] - behaviour.means["tau"]["end"]

    assert plan.participants == folder.study.target == 200
    assert difference == folder.study.outcomes["functioning"].smallest_effect
    assert 2 * ceil(needed_per_arm(difference, behaviour.sds["end"], power)) in range(196, 201)


def test_the_published_table_excludes_the_trials_own_target(folder: StudyFolder) -> None:
    row = model_means()[0]
    margin = folder.study.outcomes["functioning"].smallest_effect
    difference = float(row["mean_treatment"]) - float(row["mean_reference"])
    se = sqrt(float(row["se_treatment"]) ** 2 + float(row["se_reference"]) ** 2)
    low, high = (difference + sign * NormalDist().inv_cdf(0.95) * se for sign in (-1, 1))

    assert row["outcome"] == "GAF-F"
    assert low == pytest.approx(-2.4, abs=0.1)
    assert high == pytest.approx(4.0, abs=0.1)
    assert margin is not None
    assert -margin < low < high < margin
    assert 1 - NormalDist().cdf((margin - difference) / se) == pytest.approx(0.004, abs=0.001)


def test_exactly_three_printed_p_values_do_not_follow_from_means_and_errors() -> None:
    differing = set()
    for row in model_means():
        difference = float(row["mean_treatment"]) - float(row["mean_reference"])
        se = sqrt(float(row["se_treatment"]) ** 2 + float(row["se_reference"]) ** 2)
        p = 2 * (1 - NormalDist().cdf(abs(difference) / se))
        if abs(p - float(row["p"])) > 0.025:
            differing.add(row["outcome"])

    assert differing == {"Young Mania", "Patient satisfaction", "IMRS patient"}


def test_99_people_an_arm_were_allocated(folder: StudyFolder) -> None:
    assert folder.study.flow is not None
    assert folder.study.flow.allocated == {"imr": 99, "tau": 99}
    assert folder.study.flow.assessed is None
    assert sum(folder.study.flow.allocated.values()) == folder.study.scenarios["as-published"].participants


@pytest.mark.parametrize(("outcome", "key"), SCENARIO_OUTCOMES.items())
def test_the_published_scenario_is_the_published_table(folder: StudyFolder, outcome: str, key: str) -> None:
    scenario = folder.study.scenarios["as-published"].outcomes[key]
    for visit in ("end", "follow-up"):
        row = complete_cases(folder, outcome, visit)
        n, m = row["n_treatment"], row["n_reference"]
        pooled = sqrt(((n - 1) * row["sd_treatment"] ** 2 + (m - 1) * row["sd_reference"] ** 2) / (n + m - 2))

        assert scenario.means["imr"][visit] == row["mean_treatment"]
        assert scenario.means["tau"][visit] == row["mean_reference"]
        assert scenario.sds[visit] == pytest.approx(pooled, abs=0.0051)
        assert scenario.missing[visit] == pytest.approx(1 - (n + m) / 198, abs=0.00051)


@pytest.mark.parametrize("key", [key for key in SCENARIO_OUTCOMES.values() if key != "satisfaction"])
def test_the_made_up_start_is_the_same_in_both_arms(folder: StudyFolder, key: str) -> None:
    scenario: ScoreScenario = folder.study.scenarios["as-published"].outcomes[key]
    low, high = sorted(arm["end"] for arm in scenario.means.values())

    assert scenario.means["imr"]["baseline"] == scenario.means["tau"]["baseline"]
    assert low <= scenario.means["imr"]["baseline"] <= high
    assert "assumed" in scenario.source.en


def test_scenarios_cover_every_visit_of_their_outcomes_form(folder: StudyFolder) -> None:
    study = folder.study
    for scenario in study.scenarios.values():
        for key, behaviour in scenario.outcomes.items():
            form = study.outcomes[key].form
            assert form is not None
            visits = set(study.forms[form].visits)
            assert set(behaviour.sds) == visits
            assert all(set(means) == visits for means in behaviour.means.values())


def test_two_exclusions_end_with_time(folder: StudyFolder) -> None:
    later = [criterion.id for criterion in folder.study.eligibility.exclude if criterion.until_resolved]

    assert later == ["substance-abuse", "psycho-education"]


def test_who_rates_is_blinded_and_who_knows_the_arm_is_not_called_an_assessor(folder: StudyFolder) -> None:
    study = folder.study
    respondents = {key: form.by for key, form in study.forms.items()}

    assert study.blinding.assessors
    assert not study.blinding.participants
    assert not study.blinding.practitioners
    assert respondents["gaf-f"] == "assessor"
    assert respondents["imrs-clinician"] == "practitioner"
    assert {key for key, by in respondents.items() if by == "participant"} == {
        "mhrm",
        "state-hope",
        "csq-8",
        "imrs-client",
    }


def test_one_outcome_is_primary_with_a_full_estimand(folder: StudyFolder) -> None:
    study = folder.study
    primary = [key for key, outcome in study.outcomes.items() if outcome.role == "primary"]
    estimand = study.analyses["primary"].estimand

    assert primary == ["functioning"]
    assert (study.outcomes["functioning"].form, study.outcomes["functioning"].at) == ("gaf-f", "end")
    assert study.outcomes["functioning"].also_at == ("follow-up",)
    assert estimand is not None
    assert {event.strategy for event in estimand.intercurrent_events} == {"treatment-policy", "hypothetical"}


def test_every_outcome_is_analysed_once_as_a_main_analysis(folder: StudyFolder) -> None:
    study = folder.study
    planned = [key for analysis in study.analyses.values() if analysis.role == "main" for key in analysis.outcomes]

    assert sorted(planned) == sorted(study.outcomes)


def test_no_smallest_effect_is_invented(folder: StudyFolder) -> None:
    with_effect = {key for key, outcome in folder.study.outcomes.items() if outcome.smallest_effect is not None}

    assert with_effect == {"functioning"}


def test_therapy_groups_are_in_the_plan(folder: StudyFolder) -> None:
    study = folder.study

    assert study.arms["imr"].grouped
    assert not study.arms["tau"].grouped
    assert study.analyses["primary"].clusters == {"imr": "group"}
    assert study.analyses["without-groups"].clusters == {}


def test_what_is_not_known_is_said(folder: StudyFolder) -> None:
    said = " ".join(entry.en for entry in folder.study.assumed)

    for unknown in ("third", "strata", "windows", "Hamilton", "alcohol", "power", "covariance", "start"):
        assert unknown in said
    assert folder.study.allocation is not None
    assert folder.study.allocation.assumed is not None


def test_the_programme_has_eleven_modules_and_37_counted_sessions() -> None:
    programme = load_programme("imr")

    assert len(programme.modules) == 11
    assert [module.sessions for module in programme.modules] == [4, 4, 3, 7, 4, None, 4, 5, 6, None, None]
    assert sum(module.sessions or 0 for module in programme.modules) == 37
    assert all(module.source for module in programme.modules)
    assert (programme.group_size, programme.facilitators, str(programme.length), str(programme.session_every)) == (
        10,
        2,
        "9 months",
        "1 week",
    )
