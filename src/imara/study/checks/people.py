"""Who takes part: dates, characteristics, eligibility rules and consent."""

from __future__ import annotations

from datetime import date

from imara.study.checks.findings import Findings
from imara.study.checks.reach import answers
from imara.study.document import Place
from imara.study.expression import (
    Comparison,
    Expression,
    ExpressionError,
    Membership,
    Value,
    comparisons,
    parse,
)
from imara.study.people import Characteristic
from imara.study.study import Study

RESERVED = ("participant", "arm", "site", "visit", "baseline")
"""Names that mean something of their own in data files and plans."""


def check_people(study: Study, findings: Findings) -> None:
    """Check dates, characteristics, criteria and consent."""
    start, end = study.dates.get("start"), study.dates.get("end")
    if start and end and end < start:
        findings.wrong(("dates", "end"), "the study ends before it starts", f"{start} or later")
    for key, characteristic in study.characteristics.items():
        _check_characteristic(key, characteristic, findings)
    _check_criteria(study, findings)
    _check_consent(study, findings)


def _check_characteristic(key: str, characteristic: Characteristic, findings: Findings) -> None:
    place: Place = ("characteristics", key)
    if key in RESERVED:
        message = f"'{key}' has a meaning of its own in data files and cannot name a characteristic"
        findings.wrong(place, message, f"any name but {', '.join(RESERVED)}", found=key)
    if characteristic.kind == "category":
        if len(characteristic.levels) < 2:
            message = "a category needs at least two levels"
            findings.wrong((*place, "levels"), message, "two or more entries 'value: label'")
    elif characteristic.levels:
        message = f"only a category has levels, and this is a {characteristic.kind}"
        findings.wrong((*place, "levels"), message, "levels with 'kind: category'", found=characteristic.kind)
    for name in ("unit", "minimum", "maximum"):
        if characteristic.kind != "number" and getattr(characteristic, name) is not None:
            message = f"only a number has a {name}, and this is a {characteristic.kind}"
            findings.wrong((*place, name), message, f"{name} with 'kind: number'")
    low, high = characteristic.minimum, characteristic.maximum
    if low is not None and high is not None and high <= low:
        findings.wrong((*place, "maximum"), "the largest number is not above the smallest", f"more than {low:g}")


def _check_criteria(study: Study, findings: Findings) -> None:
    seen: dict[str, Place] = {}
    for part in ("include", "exclude"):
        for index, criterion in enumerate(getattr(study.eligibility, part)):
            place: Place = ("eligibility", part, index)
            if criterion.id in seen:
                line = findings.document.line(seen[criterion.id])
                message = f"two criteria have the id '{criterion.id}': the other is on line {line}"
                findings.wrong((*place, "id"), message, "an id of its own for each criterion")
            seen.setdefault(criterion.id, (*place, "id"))
            if criterion.rule is not None:
                _check_rule(criterion.rule, (*place, "rule"), part == "include", study, findings)


def _check_rule(rule: str, place: Place, includes: bool, study: Study, findings: Findings) -> None:
    try:
        expression = parse(rule)
    except ExpressionError as error:
        message = f"the rule cannot be read: {error.message} (column {error.column} of the rule)"
        findings.wrong(place, message, error.allowed, error.nearest, found=error.found)
        return
    known = (*findings.names("characteristics"), *(("site",) if study.sites else ()))
    before = len(findings.problems)
    for comparison in comparisons(expression):
        if comparison.name not in known:
            findings.unknown(place, comparison.name, known, "characteristic")
        elif comparison.name == "site":
            _check_words(comparison, tuple(study.sites), place, findings)
        elif (characteristic := study.characteristics.get(comparison.name)) is not None:
            _check_comparison(comparison, characteristic, place, findings)
    if len(findings.problems) == before:
        _check_reach(expression, place, includes, study, findings)


def _check_reach(expression: Expression, place: Place, includes: bool, study: Study, findings: Findings) -> None:
    """Warn of a rule that says the same of everyone who can be recorded."""
    possible = answers(expression, study)
    if len(possible) > 1:
        return
    names = ", ".join(dict.fromkeys(f"'{comparison.name}'" for comparison in comparisons(expression)))
    always = True in possible
    message = f"this rule can never be {'false' if always else 'true'}: the values that {names} may have exclude it"
    if always == includes:
        message += ", so nobody can be recorded as not eligible"
    findings.doubtful(place, message, "a range or levels that also hold people whom the rule turns away")


def _check_comparison(
    comparison: Comparison | Membership, characteristic: Characteristic, place: Place, findings: Findings
) -> None:
    if characteristic.kind in ("category", "yes-no"):
        levels = tuple(characteristic.levels) if characteristic.kind == "category" else ("yes", "no")
        _check_words(comparison, levels, place, findings)
        return
    wanted: type = float if characteristic.kind == "number" else date
    for value in _values(comparison):
        if not isinstance(value, wanted):
            allowed = "a number" if wanted is float else "a date as year-month-day"
            message = f"'{comparison.name}' is a {characteristic.kind} and cannot be compared with '{_written(value)}'"
            findings.wrong(place, message, allowed, found=_written(value))
        elif isinstance(value, float) and not _within(value, characteristic):
            message = f"'{comparison.name}' never reaches {value:g}, so this rule says the same of everyone"
            low, high = characteristic.minimum, characteristic.maximum
            allowed = f"{'any' if low is None else f'{low:g}'} to {'any' if high is None else f'{high:g}'}"
            findings.doubtful(place, message, allowed, found=f"{value:g}")


def _check_words(
    comparison: Comparison | Membership, levels: tuple[str, ...], place: Place, findings: Findings
) -> None:
    if isinstance(comparison, Comparison) and comparison.operator not in ("==", "!="):
        message = f"the values of '{comparison.name}' have no order"
        findings.wrong(place, message, "==, !=, in, not in", "==", found=comparison.operator)
    for value in _values(comparison):
        if value not in levels:
            word = _written(value)
            if word in levels:
                message = f"'{comparison.name}' holds words, and this is a number; write it in quotes"
                findings.wrong(place, message, f'"{word}"', f'"{word}"', found=word)
            else:
                findings.unknown(place, word, levels, f"value of '{comparison.name}':")


def _values(comparison: Comparison | Membership) -> tuple[Value, ...]:
    return comparison.values if isinstance(comparison, Membership) else (comparison.value,)


def _written(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _within(value: float, characteristic: Characteristic) -> bool:
    low, high = characteristic.minimum, characteristic.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _check_consent(study: Study, findings: Findings) -> None:
    if study.consent is None:
        if study.phase != "completed":
            message = f"the study is {study.phase} but does not say how people consent"
            findings.doubtful(("consent",), message, "a 'consent' entry with its versions", found="nothing")
        return
    latest: date | None = None
    for number, (key, version) in enumerate(study.consent.versions.items()):
        place: Place = ("consent", "versions", key)
        if version.approved is not None:
            if latest is not None and version.approved < latest:
                message = "this version was approved before the one above it"
                findings.wrong((*place, "approved"), message, f"versions from the oldest on, so {latest} or later")
            latest = version.approved
        if number == 0 and version.reconsent:
            message = "the first version has nobody who consented before it"
            findings.wrong((*place, "reconsent"), message, "false, or leave the line out", "false")
        if not version.languages:
            findings.wrong((*place, "languages"), "a version exists in at least one language", "en, da")
        findings.repeated((*place, "languages"), version.languages, "language")
    if not study.consent.forms:
        findings.wrong(("consent", "forms"), "consent is given in at least one form", "paper, electronic")
    findings.repeated(("consent", "forms"), study.consent.forms, "form")
