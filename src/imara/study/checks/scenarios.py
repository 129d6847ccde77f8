"""What simulations assume: every mean, spread and correlation must belong to the study and be possible."""

from __future__ import annotations

from collections.abc import Iterable

from imara.study.checks.findings import Findings, References
from imara.study.collection import Form
from imara.study.document import Place
from imara.study.instrument import Score
from imara.study.plan import Outcome
from imara.study.scenario import ScoreScenario
from imara.study.study import Study


def check_scenarios(study: Study, references: References, findings: Findings) -> None:
    """Check every outcome of every scenario."""
    names = findings.names("outcomes")
    for key, scenario in study.scenarios.items():
        for name, assumed in scenario.outcomes.items():
            place: Place = ("scenarios", key, "outcomes", name)
            if name not in names:
                findings.unknown(place, name, names, "outcome")
                continue
            _check_names(place, assumed, findings)
            _check_spread(place, assumed, study, findings)
            outcome = study.outcomes.get(name)
            if outcome is not None and outcome.form is None and outcome.event is not None:
                message = f"'{name}' counts events, and means and standard deviations are for scores"
                findings.wrong(place, message, "outcomes that are scores of a form", found=name)
            elif outcome is not None and (form := study.forms.get(outcome.form or "")) is not None:
                if outcome.form not in findings.unsettled:
                    _check_coverage(place, assumed, form, study, findings)
                _check_range(place, assumed, _score(outcome, form, references), findings)


def _score(outcome: Outcome, form: Form, references: References) -> Score | None:
    instrument = references.instruments.get(form.instrument)
    return None if instrument is None else instrument.scores.get(outcome.named_score or instrument.usual_score)


def _check_names(place: Place, assumed: ScoreScenario, findings: Findings) -> None:
    arms, visits = findings.names("arms"), findings.names("visits")

    def check_visits(inner: Place, names: Iterable[str]) -> None:
        for visit in names:
            if visit not in visits:
                findings.unknown((*inner, visit), visit, visits, "visit")

    for arm, means in assumed.means.items():
        if arm not in arms and not findings.lacks_arms:
            findings.unknown((*place, "means", arm), arm, arms, "arm")
        check_visits((*place, "means", arm), means)
    check_visits((*place, "sds"), assumed.sds)
    check_visits((*place, "missing"), assumed.missing)


def _check_coverage(place: Place, assumed: ScoreScenario, form: Form, study: Study, findings: Findings) -> None:
    """Check that the scenario speaks of all the visits of the form in all arms, and of no others."""
    missing = [arm for arm in study.arms if arm not in assumed.means]
    if missing:
        message = f"no means are given for {', '.join(missing)}"
        findings.wrong((*place, "means"), message, f"means for each of {', '.join(study.arms)}")
    given: dict[Place, tuple[str, ...]] = {
        ("means", arm): tuple(means) for arm, means in assumed.means.items() if arm in study.arms
    }
    given[("sds",)] = tuple(assumed.sds)
    for inner, visits in given.items():
        absent = [visit for visit in form.visits if visit in study.visits and visit not in visits]
        if absent:
            message = f"nothing is given for {', '.join(absent)}, where the form is answered"
            findings.wrong((*place, *inner), message, f"a number for each of {', '.join(form.visits)}")
    given[("missing",)] = tuple(assumed.missing)
    for inner, visits in given.items():
        for visit in visits:
            if visit in study.visits and visit not in form.visits:
                message = f"the form is not answered at '{visit}'"
                findings.wrong((*place, *inner, visit), message, ", ".join(form.visits), found=visit)


def _check_spread(place: Place, assumed: ScoreScenario, study: Study, findings: Findings) -> None:
    # Equal correlations between n visits are possible only above -1/(n-1); below, the matrix has no square root.
    visits = len(assumed.sds)
    if visits > 1 and assumed.correlation <= -1 / (visits - 1):
        message = f"{visits} visits cannot all be correlated this negatively with each other"
        findings.wrong((*place, "correlation"), message, f"more than {-1 / (visits - 1):.3g} and less than 1")
    if assumed.group_icc > 0 and not findings.lacks_arms and not any(arm.grouped for arm in study.arms.values()):
        message = "no arm is delivered in groups, so members of a group have nothing in common"
        findings.wrong((*place, "group_icc"), message, "0, or 'grouped: true' in an arm", "0")


def _check_range(place: Place, assumed: ScoreScenario, score: Score | None, findings: Findings) -> None:
    if score is None:
        return
    low, high = score.minimum, score.maximum
    for arm, means in assumed.means.items():
        for visit, mean in means.items():
            if not low <= mean <= high:
                message = f"a mean outside the score's range, {low:g} to {high:g}"
                findings.wrong((*place, "means", arm, visit), message, f"{low:g} to {high:g}")
    for visit, sd in assumed.sds.items():
        # Half the range is the spread of a score that takes only its two extremes, equally often.
        if sd > (high - low) / 2:
            message = f"no score from {low:g} to {high:g} can spread this far"
            findings.wrong((*place, "sds", visit), message, f"at most {(high - low) / 2:g}")
