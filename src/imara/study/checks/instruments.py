"""An instrument by itself: items, options, scores and rights must agree."""

from __future__ import annotations

import csv
from pathlib import Path

from imara.study.checks.findings import Findings
from imara.study.document import Place
from imara.study.instrument import Instrument, Item, Score
from imara.study.problems import Problem, nearest_word


def check_items(instrument: Instrument, findings: Findings) -> None:
    """Check items and the options they share."""
    seen: dict[str, int] = {}
    for index, item in enumerate(instrument.items):
        place: Place = ("items", index)
        if item.id in seen:
            line = findings.document.line(("items", seen[item.id], "id"))
            message = f"two items have the id '{item.id}': the other is on line {line}"
            findings.wrong((*place, "id"), message, "an id of its own for each item")
        seen.setdefault(item.id, index)
        if item.maximum <= item.minimum:
            message = f"the highest answer is not above the lowest, {item.minimum}"
            findings.wrong((*place, "maximum"), message, f"more than {item.minimum}")
        elif item.alert is not None and not item.minimum < item.alert <= item.maximum:
            message = "an alert at this answer would go off for everyone or for no one"
            findings.wrong((*place, "alert"), message, f"{item.minimum + 1} to {item.maximum}")
    _check_options(instrument, findings)


def _check_options(instrument: Instrument, findings: Findings) -> None:
    if not instrument.options:
        return
    if not instrument.items:
        findings.wrong(("options",), "there are options but no items to answer with them", "items, or no options")
        return
    values = [option.value for option in instrument.options]
    for index, value in enumerate(values):
        if value in values[:index]:
            findings.wrong(("options", index), f"two options have the value {value}", "a value of its own for each")
        elif not any(item.minimum <= value <= item.maximum for item in instrument.items):
            low, high = min(item.minimum for item in instrument.items), max(item.maximum for item in instrument.items)
            message = f"no item can be answered with {value}"
            findings.wrong(("options", index), message, f"{low} to {high}", found=str(value))
    absent: dict[int, str] = {}
    for item in instrument.items:
        for value in range(item.minimum, min(item.maximum, item.minimum + 1000) + 1):
            if value not in values:
                absent.setdefault(value, item.id)
    if absent:
        low, high = min(item.minimum for item in instrument.items), max(item.maximum for item in instrument.items)
        message = "; ".join(f"the options leave out {value}, which '{item}' allows" for value, item in absent.items())
        found = ", ".join(str(value) for value in sorted(values))
        findings.wrong(("options",), message, f"every answer from {low} to {high}", found=found)


def check_scores(instrument: Instrument, findings: Findings) -> None:
    """Check that each score can be computed from its items and has the range they give."""
    ids = findings.ids("items")
    for key, score in instrument.scores.items():
        place: Place = ("scores", key)
        for index, name in enumerate(score.items):
            if name not in ids:
                findings.unknown((*place, "items", index), name, ids, "item")
        if not findings.whole:
            continue
        findings.repeated((*place, "items"), score.items, "item")
        if score.maximum <= score.minimum:
            message = f"the highest score is not above the lowest, {score.minimum:g}"
            findings.wrong((*place, "maximum"), message, f"more than {score.minimum:g}")
        if score.method == "entered":
            _check_entered(place, score, findings)
        elif not instrument.items:
            message = f"a {score.method} is computed from items, and this instrument has none"
            findings.wrong((*place, "method"), message, "entered, or items", "entered")
        elif all(name in ids for name in score.items) and all(one.minimum < one.maximum for one in instrument.items):
            used = [item for item in instrument.items if not score.items or item.id in score.items]
            _check_range(place, score, used, findings)
            _check_missing(place, score, used, findings)
    _check_unused(instrument, findings)


def _check_entered(place: Place, score: Score, findings: Findings) -> None:
    if score.items:
        message = "a score that is entered is not computed from items"
        findings.wrong((*place, "items"), message, "'method: sum' or 'mean', or no items")
    if score.missing.rule == "prorate":
        message = "a score that is entered has no items that could be missing"
        findings.wrong((*place, "missing", "rule"), message, "forbid, or leave 'missing' out", "forbid")


def _check_range(place: Place, score: Score, items: list[Item], findings: Findings) -> None:
    share = 1 / len(items) if score.method == "mean" else 1.0
    ends = {
        "minimum": sum(item.minimum for item in items) * share,
        "maximum": sum(item.maximum for item in items) * share,
    }
    for name, computed in ends.items():
        if abs(getattr(score, name) - computed) > 1e-9:
            message = f"the {score.method} of these {len(items)} items has the {name} {computed:g}"
            findings.wrong((*place, name), message, f"{computed:g}", f"{computed:g}")


def _check_missing(place: Place, score: Score, items: list[Item], findings: Findings) -> None:
    inner: Place = (*place, "missing", "allowed")
    allowed = score.missing.allowed
    if score.missing.rule == "forbid" and allowed:
        message = "'forbid' allows no missing item"
        findings.wrong(inner, message, "0, or 'rule: prorate'", "0")
    if score.missing.rule == "prorate":
        if allowed == 0:
            message = "'prorate' must say how many items may be missing"
            findings.wrong(inner, message, f"1 to {len(items) - 1}", found="0")
        elif allowed >= len(items):
            message = f"at least one of the {len(items)} items must be answered"
            findings.wrong(inner, message, f"1 to {len(items) - 1}")
        if len({(item.minimum, item.maximum) for item in items}) > 1:
            message = "items with different ranges cannot stand in for each other"
            findings.wrong((*place, "missing", "rule"), message, "forbid", "forbid")


def _check_unused(instrument: Instrument, findings: Findings) -> None:
    computed = [score for score in instrument.scores.values() if score.method != "entered"]
    if any(not score.items for score in computed):
        return
    used = {name for score in computed for name in score.items}
    for index, item in enumerate(instrument.items):
        if item.id not in used:
            message = f"no score uses the item '{item.id}'"
            findings.doubtful(("items", index), message, "an item of a score", found=item.id)


def check_rights(instrument: Instrument, findings: Findings) -> None:
    """Check that what may be shipped fits what is known about the rights."""
    licence = instrument.licence
    if licence.wording == "may-ship" and licence.status in ("licensed", "ask", "unclear"):
        message = f"official wording cannot be passed on while its status is '{licence.status}'"
        findings.wrong(("licence", "wording"), message, "site-supplied", "site-supplied")
    if not instrument.respondent:
        findings.wrong(("respondent",), "nobody can answer this", "participant, clinician")
    for name in ("respondent", "languages"):
        findings.repeated((name,), getattr(instrument, name), name)


def check_examples(instrument: Instrument, folder: Path, file: str, findings: Findings) -> None:
    """Check that computed scores come with worked examples of these items and scores.

    Args:
        instrument: The instrument.
        folder: Its folder.
        file: How people name the file of examples.
        findings: Where problems go.
    """
    computed = [key for key, score in instrument.scores.items() if score.method != "entered"]
    if not computed or not findings.whole or findings.problems:
        return  # columns can be judged only by sound items and scores
    try:
        with (folder / "scored-examples.csv").open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines), [])
    except (OSError, UnicodeDecodeError):
        message = "no worked examples show how answers become scores"
        allowed = "a file scored-examples.csv, in UTF-8, beside instrument.yaml"
        findings.wrong(("scores",), message, allowed, found="no scored-examples.csv")
        return
    wanted = ["case", *(item.id for item in instrument.items), *(f"score.{key}" for key in computed)]
    known = [*wanted, *(f"score.{key}" for key in instrument.scores)]
    for column in [name for name in header if name not in known]:
        message = f"there is no item or score '{column}'"
        near = nearest_word(column, [name for name in wanted if name not in header] or wanted)
        findings.problems.append(Problem(file, message, 1, column, column, ", ".join(wanted), near))
    absent = [name for name in wanted if name not in header]
    if absent:
        message = f"the examples have no column for {', '.join(absent)}"
        found = ", ".join(header) or "nothing"
        findings.problems.append(Problem(file, message, 1, absent[0], found, ", ".join(wanted)))
