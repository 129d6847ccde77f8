"""Freezing: a dataset kept with its dictionary and its hash, so that nobody can analyse other data by mistake."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from imara.dataset import dictionary_table
from imara.dataset.canonical import content_hash
from imara.dataset.dataset import Dataset
from imara.dataset.dictionary import Dictionary, Variable, dictionary_of
from imara.study.problems import InputError, Problem

if TYPE_CHECKING:
    from imara.study.folder import StudyFolder

FORMAT = "imara frozen dataset 1"
MANIFEST = "manifest.json"
"""What makes a folder a frozen dataset: what is in it, and hashes of it all."""
_PARTS = ("participants", "scores", "items", "dates")


def freeze(dataset: Dataset, folder: Path, *, created: datetime | None = None) -> Path:
    """Write a frozen dataset: Parquet tables, the data dictionary and `manifest.json`; return its folder.

    The folder appears whole or not at all.

    Args:
        dataset: What to freeze.
        folder: Where to; must not exist or be empty.
        created: The moment noted in the manifest; now where left out.

    Raises:
        InputError: When there is something in `folder` already: a frozen dataset is never overwritten.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(
            [
                Problem(
                    str(folder),
                    "there is something here already, and frozen data are not overwritten",
                    allowed="a folder that does not exist yet, or is empty",
                )
            ]
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(dataset, building, created or datetime.now(UTC))
        building.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return folder


def is_frozen(folder: Path) -> bool:
    """Return whether a folder holds a frozen dataset."""
    return (folder / MANIFEST).is_file()


def read_frozen(study: StudyFolder, folder: Path) -> Dataset:
    """Read a frozen dataset back and verify it: every byte, its content, and that the study is still the same.

    Raises:
        InputError: When a file is missing, changed or added, or the study's definition is another.
    """
    manifest = _manifest(folder)
    problems = [*_study_problems(manifest, study, folder), *_file_problems(manifest, folder)]
    if problems:
        raise InputError(problems)
    dictionary = dictionary_of(study)
    tables = {
        part: _typed(pl.read_parquet(folder / f"{part}.parquet"), dictionary)
        for part in _PARTS
        if f"{part}.parquet" in manifest["files"]
    }
    dataset = Dataset(
        study,
        tables["participants"],
        tables["scores"],
        manifest["source"],
        manifest["sha256"],
        items=tables.get("items"),
        dates=tables.get("dates"),
        warnings=tuple(manifest["warnings"]),
    )
    found = content_hash(dataset)
    if found != dataset.sha256:
        raise InputError(
            [
                Problem(
                    str(folder / MANIFEST),
                    "the data are not those that were frozen",
                    field="sha256",
                    found=found,
                    allowed=dataset.sha256,
                )
            ]
        )
    return dataset


def _write(dataset: Dataset, folder: Path, created: datetime) -> None:
    for part in _PARTS:
        table: pl.DataFrame | None = getattr(dataset, part)
        if table is not None:
            # Categories as plain text: any program can read them, and the definition knows their order.
            table.with_columns(pl.col(pl.Enum).cast(pl.String)).write_parquet(folder / f"{part}.parquet")
    dictionary = dictionary_of(dataset.folder)
    (folder / "dictionary.csv").write_text(dictionary_table.to_csv(dictionary), encoding="utf-8")
    (folder / "dictionary.json").write_text(dictionary_table.to_json(dictionary), encoding="utf-8")
    manifest = {
        "format": FORMAT,
        "study": dataset.folder.study.study,
        "study_fingerprint": dataset.folder.fingerprint,
        "sha256": dataset.sha256,
        "source": dataset.source,
        "created": created.astimezone(UTC).isoformat(timespec="seconds"),
        "package": version("imara"),
        "participants": dataset.participants.height,
        "visits": dataset.scores.height,
        "warnings": list(dataset.warnings),
        "files": {path.name: _sha256(path) for path in sorted(folder.iterdir())},
    }
    manifest["seal"] = _seal(manifest)
    (folder / MANIFEST).write_text(_canonical(manifest), encoding="utf-8")


def _canonical(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def _seal(manifest: dict[str, Any]) -> str:
    """Return the hash of all of a manifest but its seal."""
    open_part = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(_canonical(open_part).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST

    def refuse(message: str, **details: str) -> InputError:
        return InputError([Problem(str(path), message, **details)])  # type: ignore[arg-type]  # texts only

    try:
        text = path.read_bytes().decode()
        manifest = json.loads(text)
    except FileNotFoundError:
        raise refuse("there is no such file, so this is no frozen dataset") from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise refuse("the manifest is damaged: it is not JSON any more") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise refuse(
            "this is no frozen dataset that this version can read", field="format", found=str(found), allowed=FORMAT
        )
    if manifest.get("seal") != _seal(manifest) or text != _canonical(manifest):
        raise refuse("the manifest was changed after the data were frozen", field="seal")
    return manifest


def _study_problems(manifest: dict[str, Any], study: StudyFolder, folder: Path) -> list[Problem]:
    file = str(folder / MANIFEST)
    if manifest["study"] != study.study.study:
        return [
            Problem(
                file,
                "these are the data of another study",
                field="study",
                found=manifest["study"],
                allowed=study.study.study,
            )
        ]
    if manifest["study_fingerprint"] != study.fingerprint:
        return [
            Problem(
                file,
                "the study's definition has changed since the data were frozen: analyse with the "
                "definition of that time, or freeze the data again",
                field="study_fingerprint",
                found=study.fingerprint,
                allowed=manifest["study_fingerprint"],
            )
        ]
    return []


def _file_problems(manifest: dict[str, Any], folder: Path) -> list[Problem]:
    problems = []
    there = {name for name in os.listdir(folder) if name != MANIFEST}
    for name, sha256 in manifest["files"].items():
        if name not in there:
            problems.append(Problem(str(folder / name), "the file is gone since the data were frozen"))
        elif (found := _sha256(folder / name)) != sha256:
            problems.append(
                Problem(
                    str(folder / name),
                    "the file was changed after the data were frozen",
                    found=f"SHA-256 {found}",
                    allowed=f"SHA-256 {sha256}",
                )
            )
    problems += [
        Problem(str(folder / name), "the file was not there when the data were frozen")
        for name in sorted(there - set(manifest["files"]))
    ]
    return problems


def _typed(table: pl.DataFrame, dictionary: Dictionary) -> pl.DataFrame:
    """Return a table with its categories as the definition orders them."""
    categories: dict[str, Variable] = {
        name: variable for name in table.columns if (variable := dictionary.by_name[name]).kind == "category"
    }
    return table.with_columns(
        pl.col(name).cast(pl.Enum(list(variable.levels))) for name, variable in categories.items()
    )
