"""Checking beyond single fields: do the parts of a definition fit together, can what is planned be computed?"""

from __future__ import annotations

from pathlib import Path

from imara.study.checks.analyses import check_analyses
from imara.study.checks.arms import check_arms
from imara.study.checks.collection import check_collection
from imara.study.checks.data import check_data
from imara.study.checks.findings import Findings, References
from imara.study.checks.instruments import check_examples, check_items, check_rights, check_scores
from imara.study.checks.outcomes import check_outcomes
from imara.study.checks.people import check_people
from imara.study.checks.scenarios import check_scenarios
from imara.study.document import Place
from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.problems import Problem
from imara.study.read import Reading
from imara.study.study import Study


def check_study(reading: Reading[Study], path: Path, references: References) -> tuple[Problem, ...]:
    """Return what does not fit within a study, and between it and the definitions it refers to."""
    if reading.definition is None:
        return ()
    findings = Findings(reading.document, reading.whole)
    study = reading.definition
    if path.name == "study.yaml" and path.resolve().parent.name != study.study:
        message = f"the study's name differs from its folder's, '{path.resolve().parent.name}'"
        findings.doubtful(("study",), message, "the same name for both")
    check_people(study, findings)
    check_arms(study, references, findings)
    check_collection(study, references, findings)
    check_outcomes(study, references, findings)
    check_analyses(study, findings)
    check_scenarios(study, references, findings)
    check_data(study, path.parent, references, findings)
    return tuple(findings.problems)


def check_instrument(reading: Reading[Instrument], path: Path) -> tuple[Problem, ...]:
    """Return what does not fit within an instrument and its folder."""
    if reading.definition is None:
        return ()
    findings = Findings(reading.document, reading.whole)
    instrument = reading.definition
    _check_name(("instrument",), instrument.instrument, path, findings)
    check_items(instrument, findings)
    check_scores(instrument, findings)
    check_rights(instrument, findings)
    examples = str(Path(reading.document.file).with_name("scored-examples.csv"))
    check_examples(instrument, path.parent, examples, findings)
    return tuple(findings.problems)


def check_programme(reading: Reading[Programme], path: Path) -> tuple[Problem, ...]:
    """Return what does not fit within a programme and its folder."""
    if reading.definition is None:
        return ()
    findings = Findings(reading.document, reading.whole)
    programme = reading.definition
    _check_name(("programme",), programme.programme, path, findings)
    seen: dict[str, int] = {}
    for index, module in enumerate(programme.modules):
        if module.id in seen:
            line = findings.document.line(("modules", seen[module.id], "id"))
            message = f"two modules have the id '{module.id}': the other is on line {line}"
            findings.wrong(("modules", index, "id"), message, "an id of its own for each module")
        seen.setdefault(module.id, index)
    for name in ("length", "session_every"):
        length = getattr(programme, name)
        if length is not None and length.days <= 0:
            findings.wrong((name,), "this must be longer than nothing", "more than 0 days")
    if programme.status == "reviewed" and programme.reviewer is None:
        message = "a reviewed programme names the clinician who signed it"
        findings.wrong(("status",), message, "'reviewer' with a name, or 'status: draft'", "draft")
    if programme.status == "draft" and programme.reviewer is not None:
        message = "a reviewer is named, but the programme is still marked as a draft"
        findings.doubtful(("reviewer",), message, "'status: reviewed'")
    return tuple(findings.problems)


def _check_name(place: Place, name: str, path: Path, findings: Findings) -> None:
    """Check that a definition is found under its own name: others refer to it by its folder."""
    folder = path.resolve().parent.name
    if path.name == f"{place[0]}.yaml" and folder != name:
        message = f"the {place[0]} lies in a folder of another name, '{folder}'"
        findings.wrong(place, message, folder, folder)
