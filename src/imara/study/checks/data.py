"""Data that come with a study, and numbers reported about it: do they speak of what the study defines?"""

from __future__ import annotations

from pathlib import Path

from imara.study.checks.findings import Findings, References
from imara.study.document import Place
from imara.study.problems import nearest_word
from imara.study.study import DataSource, Study

_YES_NO = ("yes", "no")
_DATA_FILES = (".csv", ".parquet")
_OTHER_FOLDERS = ("instruments", "programmes")


def check_data(study: Study, folder: Path, references: References, findings: Findings) -> None:
    """Check the data file's mapping and the reported flow."""
    if study.data is not None:
        _check_file(study.data, folder, findings)
        _check_columns(study.data, study, references, findings)
        _check_values(study.data, study, references, findings)
    if study.flow is not None:
        _check_flow(study, findings)


def _check_file(data: DataSource, folder: Path, findings: Findings) -> None:
    place: Place = ("data", "file")
    if Path(data.file).is_absolute() or ".." in Path(data.file).parts:
        message = "the data file lies outside the study folder, which could then not be passed on as one"
        findings.wrong(place, message, "a path inside the study folder, such as data/trial.csv")
    elif not (folder / data.file).is_file():
        nearest = _nearest_file(data.file, folder)
        findings.misnamed(place, f"there is no file '{data.file}'", "a file in the study's folder", nearest)


def _nearest_file(name: str, folder: Path) -> str | None:
    """Return the data file that was probably meant: one spelt alike, of the same name elsewhere, or the only one."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix.lower() in _DATA_FILES)
    present = {path.as_posix(): path.name for path in sorted(files) if path.parts[0] not in _OTHER_FOLDERS}
    alike = nearest_word(name, tuple(present))
    if alike is None and (word := nearest_word(Path(name).name, tuple(present.values()))) is not None:
        alike = next(path for path, last in present.items() if last == word)
    return alike or (next(iter(present)) if len(present) == 1 else None)


def _check_columns(data: DataSource, study: Study, references: References, findings: Findings) -> None:
    visits = findings.names("visits")
    scores = _score_names(study, references)
    once = _names_once(findings)
    swapped = _swapped(data, once, scores)
    if swapped:
        theirs, ours = next(iter(swapped.items()))
        message = f"columns are written 'our name: the file's column'; these look swapped: {', '.join(swapped)}"
        findings.misnamed(
            ("data", "columns"), message, "our name first, the file's after the colon", f"{ours}: {theirs}"
        )
    for name, column in data.columns.items():
        place: Place = ("data", "columns", name)
        base, _, visit = name.partition("@")
        if name in swapped or _is_unread(base, study, references, findings):
            continue
        if base not in scores and base not in once:
            findings.unknown(place, name, [*once, *_written(scores, data.layout)], "variable")
        elif "@" in name and data.layout == "long":
            message = "in a long file a column holds all visits"
            findings.wrong(place, message, f"'{base}', or 'layout: wide'", base, found=name)
        elif "@" in name and visit not in visits:
            findings.unknown(place, visit, visits, "visit")
        elif "@" in name and base in once:
            findings.wrong(place, f"'{base}' is recorded once, not at visits", base, base, found=name)
        elif base.partition(".")[0] in findings.unsettled and visit in visits:
            continue
        elif "@" in name and visit not in scores[base]:
            message = f"the form of '{base}' is not answered at '{visit}'"
            findings.wrong(place, message, ", ".join(f"{base}@{known}" for known in scores[base]), found=name)
        elif "@" not in name and base in scores and data.layout == "wide":
            allowed = ", ".join(f"{base}@{known}" for known in scores[base])
            findings.wrong(place, "in a wide file each visit has a column of its own", allowed, found=name)
        elif name == "visit" and data.layout == "wide":
            findings.wrong(place, "a wide file has no column for the visit", "'layout: long'", found=name)
        first = next(known for known, other in data.columns.items() if other == column)
        if first != name:
            findings.wrong(place, f"the column '{column}' is already used for '{first}'", "a column of its own")


def _swapped(data: DataSource, once: tuple[str, ...], scores: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the entries whose two sides seem to have changed places."""

    def is_ours(name: str) -> bool:
        return name.partition("@")[0] in (*once, *scores)

    return {name: column for name, column in data.columns.items() if is_ours(column) and not is_ours(name)}


def _names_once(findings: Findings) -> tuple[str, ...]:
    """Return our names of columns that hold one value a row."""
    named = [name for name, part in (("arm", "arms"), ("site", "sites")) if findings.names(part)]
    named += ["arm"] if findings.lacks_arms else []
    return ("participant", *named, "visit", "date", *findings.names("characteristics"))


def _is_unread(name: str, study: Study, references: References, findings: Findings) -> bool:
    """Tell whether a name belongs to a form that the file has but that could not be read, nor its instrument."""
    key, _, inner = name.partition(".")
    if key not in findings.names("forms"):
        return False
    form = study.forms.get(key)
    return form is None or (bool(inner) and references.instruments.get(form.instrument) is None)


def _score_names(study: Study, references: References) -> dict[str, tuple[str, ...]]:
    """Return our names of columns that hold scores and items, each with the visits of its form."""
    names: dict[str, tuple[str, ...]] = {}
    for key, form in study.forms.items():
        names[key] = form.visits
        instrument = references.instruments.get(form.instrument)
        if instrument is not None:
            names |= {f"{key}.{score}": form.visits for score in instrument.scores}
            names |= {f"{key}.{item.id}": form.visits for item in instrument.items}
    return names


def _written(scores: dict[str, tuple[str, ...]], layout: str) -> list[str]:
    if layout == "long":
        return list(scores)
    return [f"{name}@{visit}" for name, visits in scores.items() for visit in visits]


def _check_values(data: DataSource, study: Study, references: References, findings: Findings) -> None:
    scores = _score_names(study, references)
    once = _names_once(findings)
    levels = {"arm": findings.names("arms"), "site": findings.names("sites"), "visit": findings.names("visits")}
    for key, characteristic in study.characteristics.items():
        if characteristic.kind in ("category", "yes-no"):
            words = tuple(characteristic.levels) if characteristic.kind == "category" else _YES_NO
            levels.setdefault(key, words)
    for name, values in data.values.items():
        base = name.partition("@")[0]
        if _is_unread(base, study, references, findings):
            continue
        if base not in once and base not in scores:
            findings.unknown(("data", "values", name), name, [*once, *scores], "variable")
            continue
        for written, ours in values.items():
            place: Place = ("data", "values", name, written)
            if base in levels and ours not in levels[base] and written in levels[base]:
                message = f"values are written 'the file's value: our value'; these look swapped: {written}, {ours}"
                allowed = f"one of ours after the colon: {', '.join(levels[base])}"
                findings.misnamed(place, message, allowed, f"{ours}: {written}", found=ours)
            elif base in levels and ours not in levels[base] and not (base == "arm" and findings.lacks_arms):
                findings.unknown(place, ours, levels[base], f"value of '{base}':")
            if written in data.missing:
                message = f"'{written}' already stands for a missing value"
                findings.wrong(place, message, "a text that is not among 'missing'", found=written)


def _check_flow(study: Study, findings: Findings) -> None:
    flow = study.flow
    if flow is None:
        return
    arms = findings.names("arms")
    for arm in flow.allocated:
        if arm not in arms and not findings.lacks_arms:
            findings.unknown(("flow", "allocated", arm), arm, arms, "arm")
    excluded = sum(flow.excluded.values())
    if flow.assessed is None:
        return
    left = flow.assessed - excluded
    if left < 0:
        message = f"{excluded} people were excluded, more than the {flow.assessed} who were assessed"
        findings.wrong(("flow", "excluded"), message, f"at most {flow.assessed} in all", found=str(excluded))
    elif flow.allocated and left != sum(flow.allocated.values()):
        allocated = sum(flow.allocated.values())
        message = f"{flow.assessed} assessed less {excluded} excluded leave {left}, but {allocated} were allocated"
        findings.doubtful(("flow", "allocated"), message, f"{left} in all", found=str(allocated))
