"""From the rows of files to the dataset: participants completed and checked, scores computed from items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from imara.dataset.canonical import content_hash
from imara.dataset.consistency import note_dates, note_unused_arms
from imara.dataset.dataset import Dataset
from imara.dataset.findings import shorten
from imara.dataset.numbering import in_order
from imara.rules.scoring import score_answers
from imara.study.problems import Problem, nearest_word

if TYPE_CHECKING:
    from imara.dataset.dictionary import Dictionary, Variable
    from imara.dataset.findings import Findings
    from imara.dataset.rows import Rows
    from imara.study.folder import StudyFolder


@dataclass(frozen=True)
class Source:
    """Rows read, from one file or from two, and where their problems are noted."""

    people: Rows
    people_findings: Findings
    visits: Rows
    visits_findings: Findings


def build_dataset(folder: StudyFolder, dictionary: Dictionary, source: Source, name: str) -> Dataset | None:
    """Return the dataset, or None when something is wrong: then it is noted in the findings of `source`."""
    people, findings = source.people.participants, source.people_findings
    visits = source.visits.visits
    if source.people is not source.visits:
        visits = _match(source, visits)
    visits = in_order(visits, dictionary)
    if not findings.total:
        note_unused_arms(people, source.people.names, folder, findings)
    note_dates(visits, people, source.visits.names, source.visits_findings)
    if findings.total or source.visits_findings.total:
        return None
    participants = pl.DataFrame(
        [
            people["participant"],
            *(
                people[variable.name] if variable.name in people.columns else _unrecorded(variable, people.height)
                for variable in dictionary.with_role("arm", "site", "characteristic")
            ),
        ]
    )
    visits = visits.with_columns(people["participant"].gather(visits["code"]).alias("participant"))
    items = _part(visits, [variable.name for variable in dictionary.with_role("item")])
    scored = _with_computed(visits, folder, dictionary)
    scores = scored.select(
        "participant",
        "visit",
        *(
            pl.col(variable.name)
            if variable.name in scored.columns
            else pl.lit(None, pl.Float64()).alias(variable.name)
            for variable in dictionary.with_role("score")
        ),
    )
    dataset = Dataset(
        folder=folder,
        participants=participants,
        scores=_some(scores),
        source=name,
        sha256="",
        items=_some(items) if items.width > 2 else None,
        dates=_some(_part(visits, ["date"])) if "date" in visits.columns else None,
        warnings=tuple(dict.fromkeys([*findings.warnings, *source.visits_findings.warnings])),
    )
    return replace(dataset, sha256=content_hash(dataset))


def _match(source: Source, visits: pl.DataFrame) -> pl.DataFrame:
    """Let the visits of one file point to the participants of the other; note those who are not there."""
    listed = source.people.participants["participant"]
    found = source.visits.participants["participant"]
    places = found.to_frame().join(
        listed.to_frame().with_row_index("place"), on="participant", how="left", maintain_order="left"
    )["place"]
    unknown = places.is_null()
    if unknown.any():
        words = listed.to_list()
        column = source.visits.names["participant", None]
        rows = source.visits.participants["row"]
        findings = source.visits_findings
        findings.each(
            np.flatnonzero(unknown.to_numpy()),
            lambda at: Problem(
                findings.file,
                f"unknown participant: not in {source.people_findings.file}",
                rows[at],
                column,
                shorten(found[at]),
                f"one of the {len(words):,} participants listed there",
                nearest_word(found[at], words[:10_000]),
            ),
        )
    codes = places.gather(visits["code"]).cast(pl.Int64)
    return visits.with_columns(codes.alias("code")).filter(codes.is_not_null())


def _unrecorded(variable: Variable, height: int) -> pl.Series:
    """Return a column for what the file does not say; with a single site everybody is there."""
    dtype: pl.DataType = {"number": pl.Float64(), "yes-no": pl.Boolean(), "date": pl.Date()}.get(
        variable.kind, pl.Enum(list(variable.levels))
    )
    only = next(iter(variable.levels)) if variable.role == "site" and len(variable.levels) == 1 else None
    return pl.repeat(only, height, dtype=dtype, eager=True).alias(variable.name)


def _with_computed(visits: pl.DataFrame, folder: StudyFolder, dictionary: Dictionary) -> pl.DataFrame:
    forms = dict.fromkeys(variable.form for variable in dictionary.with_role("score") if variable.computed)
    for form in filter(None, forms):
        instrument = folder.instrument_of(form)
        answers = visits.select(pl.col(f"{form}.{item.id}").alias(item.id) for item in instrument.items)
        scores = score_answers(answers, instrument)
        visits = visits.hstack([scores[name].alias(f"{form}.{name}") for name in scores.columns])
    return visits


def _part(visits: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    return visits.select("participant", "visit", *(name for name in names if name in visits.columns))


def _some(part: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that hold anything."""
    return part.filter(pl.any_horizontal(pl.all().exclude("participant", "visit").is_not_null()))
