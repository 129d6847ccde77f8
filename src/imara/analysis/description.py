"""What the data look like before any model: who was allocated, how they differ, and what is there of each score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from imara.analysis.result import ArmFlow, BaselineRow, Completeness, Estimate, Flow, Observed
from imara.dataset.dataset import Dataset

ALL = "all"


def flow(dataset: Dataset, estimates: tuple[Estimate, ...]) -> Flow:
    """Count participants from allocation to analysis, by arm."""
    study = dataset.folder.study
    arm_of = dataset.participants.select("participant", "arm")
    score_columns = [name for name in dataset.scores.columns if "." in name]
    present = dataset.scores.filter(pl.any_horizontal(pl.col(score_columns).is_not_null())).join(
        arm_of, on="participant"
    )
    seen = _counts(present, ["arm", "visit"])
    allocated = _counts(arm_of, ["arm"])
    reported = study.flow
    return Flow(
        assessed_for_eligibility=reported.assessed if reported else None,
        excluded=dict(reported.excluded) if reported else {},
        allocated=dataset.participants.height,
        arms=tuple(
            ArmFlow(
                arm=arm,
                allocated=allocated.get((arm,), 0),
                assessed={visit: seen.get((arm, visit), 0) for visit in study.visits},
                analysed={found.id: found.participants.get(arm, 0) for found in estimates if found.converged},
            )
            for arm in study.arms
        ),
        note=reported.source.en if reported else None,
    )


def _counts(frame: pl.DataFrame, by: list[str]) -> dict[tuple[str, ...], int]:
    grouped = frame.group_by(by).agg(n=pl.col("participant").n_unique())
    return {tuple(str(row[name]) for name in by): int(row["n"]) for row in grouped.iter_rows(named=True)}


def completeness(dataset: Dataset) -> Iterator[Completeness]:
    """Count who has each form's judged scores at each visit, by arm; its usual score where no outcome judges it."""
    study = dataset.folder.study
    arm_of = dataset.participants.select("participant", "arm")
    allocated = _counts(arm_of, ["arm"])
    for form, definition in study.forms.items():
        judged = [dataset.folder.score_key(one) for one in study.outcomes.values() if one.form == form]
        for score in dict.fromkeys(judged or [dataset.folder.score_key(form)]):
            present = dataset.scores.filter(pl.col(f"{form}.{score}").is_not_null()).join(arm_of, on="participant")
            seen = _counts(present, ["arm", "visit"])
            for visit in (visit for visit in study.visits if visit in definition.visits):
                for arm in study.arms:
                    yield Completeness(form, score, visit, arm, seen.get((arm, visit), 0), allocated.get((arm,), 0))


def observed(dataset: Dataset) -> Iterator[Observed]:
    """Describe each score outcome at each visit in each arm."""
    study = dataset.folder.study
    joined = dataset.scores.join(dataset.participants.select("participant", "arm"), on="participant")
    for key, outcome in study.outcomes.items():
        if outcome.form is None:
            continue
        column = dataset.folder.score_column(outcome)
        found = _described(joined, column, ["arm", "visit"])
        for visit in (visit for visit in study.visits if visit in study.forms[outcome.form].visits):
            for arm in study.arms:
                numbers = found.get((arm, visit), {})
                yield Observed(
                    outcome=key,
                    visit=visit,
                    arm=arm,
                    n=int(numbers.get("n") or 0),
                    mean=numbers.get("mean"),
                    sd=numbers.get("sd"),
                    median=numbers.get("median"),
                    minimum=numbers.get("minimum"),
                    maximum=numbers.get("maximum"),
                )


def _described(frame: pl.DataFrame, column: str, by: list[str]) -> dict[tuple[str, ...], dict[str, Any]]:
    value = pl.col(column)
    grouped = frame.group_by(by).agg(
        n=value.count(),
        missing=value.null_count(),
        mean=value.mean(),
        sd=value.std(),
        median=value.median(),
        minimum=value.min(),
        maximum=value.max(),
    )
    return {
        tuple(str(row.pop(name)) for name in by): {k: (float(v) if v is not None else None) for k, v in row.items()}
        for row in grouped.iter_rows(named=True)
    }


def baseline_table(dataset: Dataset) -> Iterator[BaselineRow]:
    """Describe sites, characteristics and baseline scores, by arm and for all."""
    study = dataset.folder.study
    people = dataset.participants
    if study.sites:
        yield from _levels(dataset, people, "site", list(study.sites))
    for key, characteristic in study.characteristics.items():
        if not characteristic.baseline_table or key not in people.columns:
            continue
        if characteristic.kind == "number":
            yield _numbers(dataset, people, key, "number")
        elif characteristic.kind == "yes-no":
            yield from _levels(dataset, people.with_columns(_as_words(key)), key, ["yes", "no"])
        elif characteristic.kind == "category":
            yield from _levels(dataset, people, key, list(characteristic.levels))
    before = dataset.scores.filter(pl.col("visit") == study.baseline)
    joined = people.select("participant", "arm").join(before, on="participant", how="left")
    for column in dict.fromkeys(
        dataset.folder.score_column(outcome) for outcome in study.outcomes.values() if outcome.form is not None
    ):
        if study.baseline in study.forms[column.split(".")[0]].visits:
            yield _numbers(dataset, joined, column, "score")


def _as_words(key: str) -> pl.Expr:
    return pl.when(pl.col(key)).then(pl.lit("yes")).when(~pl.col(key)).then(pl.lit("no")).alias(key)


def _by_arm(dataset: Dataset, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for arm in dataset.folder.study.arms:
        yield arm, frame.filter(pl.col("arm") == arm)
    yield ALL, frame


def _numbers(dataset: Dataset, frame: pl.DataFrame, column: str, kind: Any) -> BaselineRow:
    cells: dict[str, dict[str, float | None]] = {}
    for arm, part in _by_arm(dataset, frame):
        described = _described(part.with_columns(group=pl.lit(arm)), column, ["group"])
        cells[arm] = described.get((arm,), {"n": 0.0, "missing": 0.0})
    return BaselineRow(column, kind, None, cells)


def _levels(dataset: Dataset, frame: pl.DataFrame, column: str, levels: list[str]) -> Iterator[BaselineRow]:
    counts = {arm: part[column].cast(pl.String).value_counts() for arm, part in _by_arm(dataset, frame)}
    tallies = {arm: dict(zip(table[column], table["count"], strict=True)) for arm, table in counts.items()}
    for level in levels:
        cells: dict[str, dict[str, float | None]] = {}
        for arm, tally in tallies.items():
            missing = tally.get(None, 0)
            known = sum(tally.values()) - missing
            count = tally.get(level, 0)
            cells[arm] = {
                "n": float(known),
                "missing": float(missing),
                "count": float(count),
                "percent": 100.0 * count / known if known else None,
            }
        yield BaselineRow(column, "category", level, cells)
