"""What is collected and when: visits in time, forms at visits, instruments behind forms."""

from __future__ import annotations

from itertools import combinations, pairwise

from imara.study.checks.findings import Findings, References
from imara.study.checks.people import RESERVED
from imara.study.collection import Form, Visit
from imara.study.document import Place
from imara.study.instrument import Instrument
from imara.study.study import Study

_ANSWERS_AS = {"participant": "participant", "assessor": "clinician", "practitioner": "clinician"}
"""Who answers a form, in the words an instrument uses."""


def check_collection(study: Study, references: References, findings: Findings) -> None:
    """Check visits, forms and the instruments the forms use."""
    _check_times(study, findings)
    for key, form in study.forms.items():
        _check_form(key, form, study, references, findings)
    answered = {visit for form in study.forms.values() for visit in form.visits}
    for key in study.visits:
        if key not in answered and not findings.unsettled:
            message = f"no form is answered at the visit '{key}'"
            findings.wrong(("visits", key), message, f"'{key}' among the visits of a form", found=key)


def _check_times(study: Study, findings: Findings) -> None:
    first = study.visits[study.baseline]
    if first.at.days != 0:
        message = "the first visit is the baseline, and time is counted from it"
        findings.wrong(("visits", study.baseline, "at"), message, "0 months", "0 months")
    for (above, earlier), (key, later) in pairwise(study.visits.items()):
        if later.at.days <= earlier.at.days:
            message = f"this visit is not later than '{above}' ({earlier.at}), which stands above it"
            findings.wrong(("visits", key, "at"), message, f"visits in time order, so more than {earlier.at}")
    for key, visit in study.visits.items():
        _check_window(key, visit, findings)
    reaching = {key for key, visit in study.visits.items() if _reaches_others(key, visit, study, findings)}
    for (above, earlier), (key, later) in combinations(study.visits.items(), 2):
        (_, end), (begin, _) = _span(earlier), _span(later)
        if begin <= end and earlier.at.days < later.at.days and not reaching & {above, key}:
            place: Place = ("visits", key, "window" if study.visits[key].window else "at")
            message = (
                f"a date may belong both to this visit and to '{above}': this one may begin {begin:.0f} days after "
                f"allocation, that one end at {end:.0f}"
            )
            findings.wrong(place, message, "windows that leave each date to one visit")


def _reaches_others(key: str, visit: Visit, study: Study, findings: Findings) -> bool:
    """Report a window that holds the planned dates of other visits; tell whether it does."""
    begin, end = _span(visit)
    others = [f"'{other}'" for other, its in study.visits.items() if other != key and begin <= its.at.days <= end]
    if visit.window is None or not others:
        return False
    message = (
        f"the window reaches past {', '.join(others)}: it runs from {begin:.0f} to {end:.0f} days after allocation"
    )
    findings.wrong(("visits", key, "window"), message, "windows that leave each date to one visit")
    return True


def _check_window(key: str, visit: Visit, findings: Findings) -> None:
    if visit.window is None:
        return
    place: Place = ("visits", key, "window")
    earliest, latest = visit.window
    if latest.days < earliest.days:
        findings.wrong(place, "the window ends before it begins", "[earliest, latest], as in [-4 weeks, +8 weeks]")
    elif earliest.days > 0 or latest.days < 0:
        message = "the window does not hold the planned date itself"
        findings.wrong(place, message, "an earliest of 0 or less and a latest of 0 or more, as in [-4 weeks, +8 weeks]")


def _span(visit: Visit) -> tuple[float, float]:
    earliest, latest = (0.0, 0.0) if visit.window is None else (visit.window[0].days, visit.window[1].days)
    return visit.at.days + earliest, visit.at.days + latest


def _check_form(key: str, form: Form, study: Study, references: References, findings: Findings) -> None:
    place: Place = ("forms", key)
    visits = findings.names("visits")
    for index, visit in enumerate(form.visits):
        if visit not in visits:
            findings.unknown((*place, "visits", index), visit, visits, "visit")
            findings.unsettled.add(key)
    findings.repeated((*place, "visits"), form.visits, "visit")
    if key in RESERVED or key in study.characteristics:
        other = "a characteristic" if key in study.characteristics else "something else in data files"
        findings.wrong(place, f"'{key}' is also {other}; columns could not be told apart", "another name", found=key)
    if form.instrument not in references.instruments:
        findings.unknown((*place, "instrument"), form.instrument, references.instrument_names, "instrument")
        return
    instrument = references.instruments[form.instrument]
    if instrument is not None:
        _check_use(place, form, instrument, findings)


def _check_use(place: Place, form: Form, instrument: Instrument, findings: Findings) -> None:
    """Check that an instrument is answered by whom, and recorded as, it can be."""
    wanted = _ANSWERS_AS.get(form.by)
    fitting = [who for who, role in _ANSWERS_AS.items() if role in instrument.respondent]
    if wanted is None:
        message = f"'{form.instrument}' was not made to be answered by a {form.by}"
        findings.doubtful((*place, "by"), message, ", ".join(fitting))
    elif wanted not in instrument.respondent:
        message = f"'{form.instrument}' is answered by a {' or a '.join(instrument.respondent)}"
        findings.wrong((*place, "by"), message, ", ".join(fitting), fitting[0] if fitting else None)
    if form.recorded_as == "items" and not instrument.items:
        message = f"'{form.instrument}' has no items here, only scores"
        findings.wrong((*place, "recorded_as"), message, "scores", "scores")
