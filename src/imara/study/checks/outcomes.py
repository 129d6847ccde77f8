"""What success is measured by: each outcome must be a score or a count that the study really collects."""

from __future__ import annotations

from collections.abc import Iterator

from imara.study.checks.findings import Findings, References
from imara.study.document import Place
from imara.study.instrument import Instrument
from imara.study.plan import Outcome
from imara.study.study import Study


def check_outcomes(study: Study, references: References, findings: Findings) -> None:
    """Check every outcome, and their roles together."""
    for key, outcome in study.outcomes.items():
        place: Place = ("outcomes", key)
        _check_judged(place, outcome, study, findings)
        if outcome.form is not None and outcome.event is not None:
            message = "an outcome is either a score of a form or a number of events, not both"
            findings.wrong((*place, "event"), message, "'form' or 'event'")
        elif outcome.form is not None:
            _check_score(place, outcome, outcome.form, study, references, findings)
        elif outcome.event is not None:
            _check_event(place, outcome, outcome.event, study, findings)
        else:
            message = "the outcome does not say what it is measured by"
            findings.wrong(place, message, "'form' with a form, or 'event' with a kind of event")
        if outcome.better == "neither" and outcome.smallest_effect is not None:
            message = "no effect can be judged against this where neither direction is better"
            findings.wrong(
                (*place, "smallest_effect"), message, "'better: higher' or 'better: lower', or no such effect"
            )
    _check_roles(study, findings)


def _check_judged(place: Place, outcome: Outcome, study: Study, findings: Findings) -> None:
    """Check the visits at which the effect is judged: they exist, come later, and the form is answered there."""
    visits = findings.names("visits")
    later = [visit for visit in study.visits if visit != study.baseline]
    form = study.forms.get(outcome.form) if outcome.form is not None and outcome.event is None else None
    for inner, visit in _judged_at(place, outcome):
        if visit not in visits:
            findings.unknown(inner, visit, visits, "visit")
        elif visit == study.baseline and study.arms:
            message = "the effect cannot be judged at the first visit, before anyone was offered anything"
            findings.wrong(inner, message, ", ".join(later) or "a later visit", found=visit)
        elif form is not None and outcome.form not in findings.unsettled and visit not in form.visits:
            message = f"the form '{outcome.form}' is not answered at '{visit}'"
            findings.wrong(inner, message, ", ".join(form.visits), found=visit)
        elif inner[-1] != "at" and visit == outcome.at:
            message = f"the effect is judged at '{visit}' already, which 'at' says"
            others = ", ".join(one for one in later if one != visit)
            findings.wrong(
                inner, message, f"further visits{f': {others}' if others else ', or no also_at'}", found=visit
            )
    findings.repeated((*place, "also_at"), outcome.also_at, "visit")


def _judged_at(place: Place, outcome: Outcome) -> Iterator[tuple[Place, str]]:
    yield (*place, "at"), outcome.at
    for index, visit in enumerate(outcome.also_at):
        yield (*place, "also_at", index), visit


def _check_score(
    place: Place, outcome: Outcome, key: str, study: Study, references: References, findings: Findings
) -> None:
    forms = findings.names("forms")
    if key not in forms:
        findings.unknown((*place, "form"), key, forms, "form")
        return
    form = study.forms.get(key)
    if form is None:
        return
    if outcome.measure != "score":
        message = f"a form gives a score; '{outcome.measure}' is for events"
        findings.wrong((*place, "measure"), message, "score", "score")
    if outcome.exposure is not None:
        findings.wrong((*place, "exposure"), "only a count of events has an exposure", "no exposure")
    instrument = references.instruments.get(form.instrument)
    if instrument is not None:
        _check_instrument(place, outcome, instrument, findings)


def _check_instrument(place: Place, outcome: Outcome, instrument: Instrument, findings: Findings) -> None:
    name = outcome.named_score or instrument.usual_score
    score = instrument.scores.get(name)
    if score is None:
        findings.unknown((*place, "score"), name, instrument.scores, f"score of {instrument.instrument}:")
        return
    if outcome.named_score is None and name != "total" and len(instrument.scores) > 1:
        message = f"no score is named, so '{name}' is used, the first of {instrument.instrument}"
        findings.doubtful(place, message, f"'score' with one of {', '.join(instrument.scores)}")
    if outcome.better != "neither" and instrument.better not in ("neither", outcome.better):
        message = f"'{instrument.instrument}' says that {instrument.better} is better"
        findings.wrong((*place, "better"), message, instrument.better, instrument.better)
    width = score.maximum - score.minimum
    if outcome.smallest_effect is not None and outcome.smallest_effect > width:
        message = f"no difference can be this large: scores run from {score.minimum:g} to {score.maximum:g}"
        findings.wrong((*place, "smallest_effect"), message, f"more than 0, at most {width:g}")
    if instrument.family in ("clinical", "personal") and instrument.family != outcome.family:
        message = f"'{instrument.instrument}' measures {instrument.family} recovery"
        findings.doubtful((*place, "family"), message, instrument.family)


def _check_event(place: Place, outcome: Outcome, key: str, study: Study, findings: Findings) -> None:
    events = findings.names("events")
    if key not in events:
        findings.unknown((*place, "event"), key, events, "event")
        return
    event = study.events.get(key)
    if outcome.measure == "score":
        message = "an event has no score"
        found = findings.document.found((*place, "measure")) or "score, by default"
        findings.wrong((*place, "measure"), message, "'measure: count' or 'measure: days'", "count", found=found)
    elif outcome.measure == "days" and event is not None and not event.has_duration:
        message = f"'{key}' has no duration, so there are no days to add up"
        findings.wrong((*place, "measure"), message, f"count, or 'has_duration: true' in the event '{key}'", "count")
    if outcome.named_score is not None:
        findings.wrong((*place, "score"), "an event has no score", "leave the line out")


def _check_roles(study: Study, findings: Findings) -> None:
    primary = [key for key, outcome in study.outcomes.items() if outcome.role == "primary"]
    for key in primary[1:]:
        message = f"'{primary[0]}' is the primary outcome already"
        findings.wrong(("outcomes", key, "role"), message, "secondary, exploratory", "secondary")
    if study.outcomes and study.arms and not primary:
        findings.doubtful(("outcomes",), "no outcome is primary", "'role: primary' in one outcome")
