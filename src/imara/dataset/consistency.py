"""What cells say together: rows that repeat or contradict each other, visits out of order, arms nobody is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from imara.dataset.cells import as_text
from imara.dataset.findings import shorten
from imara.dataset.numbering import first_of, keys_of
from imara.study.problems import Problem

if TYPE_CHECKING:
    from imara.dataset.dictionary import Dictionary
    from imara.dataset.findings import Findings
    from imara.dataset.numbering import Codes
    from imara.study.folder import StudyFolder

Names = dict[tuple[str, str | None], str]
"""Variable and, in wide files, visit to the file's column name."""


def note_repeated(ids: pl.Series, codes: Codes, first: Codes, rows: pl.Series, column: str, findings: Findings) -> None:
    """Note rows about a participant who already has one."""
    again = np.flatnonzero(first[codes] != np.arange(len(codes)))
    findings.each(
        again,
        lambda at: Problem(
            findings.file,
            f"this participant already stands in row {rows[int(first[codes[at]])]}",
            rows[at],
            column,
            shorten(ids[at]),
            "one row for each participant",
        ),
    )


def note_repeated_visits(
    visits: pl.DataFrame, participants: pl.Series, column: str, dictionary: Dictionary, findings: Findings
) -> None:
    """Note rows about a participant's visit that already has one."""
    keys = keys_of(visits, dictionary)
    first = first_of(keys, np.arange(len(keys)), len(participants) * len(dictionary.by_name["visit"].levels))
    again = np.flatnonzero(first[keys] != np.arange(len(keys)))
    rows, visit, code = visits["row"], visits["visit"], visits["code"]
    findings.each(
        again,
        lambda at: Problem(
            findings.file,
            f"this participant's visit {visit[at]} already stands in row {rows[int(first[keys[at]])]}",
            rows[at],
            column,
            shorten(participants[code[at]]),
            "one row for each participant and visit",
        ),
    )


def constant(
    values: pl.Series, codes: Codes, first: Codes, rows: pl.Series, column: str, findings: Findings
) -> pl.Series:
    """Return each participant's value, null where no row gives one; note rows that contradict an earlier one."""
    given = np.flatnonzero(values.is_not_null().to_numpy())
    chosen = first_of(codes, given, len(first))
    kept = values.gather(np.maximum(chosen, 0)).set(pl.Series(chosen < 0), None)
    if len(codes) > len(first):
        expected = kept.gather(codes[given])
        different = given[(values.gather(given) != expected).to_numpy()]
        findings.each(
            different,
            lambda at: Problem(
                findings.file,
                "the value is not the same in all rows of this participant: row "
                f"{rows[int(chosen[codes[at]])]} has {_say(values[int(chosen[codes[at]])])}",
                rows[at],
                column,
                _say(values[at]),
                "one value for each participant",
            ),
        )
    return kept


def note_without(
    empty: pl.Series, codes: Codes, people: pl.DataFrame, noun: str, column: str, allowed: str, findings: Findings
) -> None:
    """Note participants all of whose rows are `empty` where each must have a value."""
    said = np.zeros(people.height, dtype=bool)
    said[codes[(~empty).to_numpy()]] = True
    findings.each(
        np.flatnonzero(~said),
        lambda at: Problem(
            findings.file,
            f"participant '{shorten(people['participant'][at])}' has no {noun}",
            people["row"][at],
            column,
            allowed=allowed,
        ),
    )


def note_uncollected(visits: pl.DataFrame, names: Names, dictionary: Dictionary, findings: Findings) -> None:
    """Note values of a form at visits where it is not collected."""
    for variable in dictionary:
        if not variable.at_visits or variable.name not in visits.columns:
            continue
        values = visits[variable.name]
        for visit in dictionary.by_name["visit"].levels:
            if visit not in variable.visits:
                findings.cells(
                    values.is_not_null() & (visits["visit"] == visit),
                    as_text(values),
                    visits["row"],
                    f"{variable.form} is not collected at {visit}, so this cell must be empty",
                    column=names[variable.name, None],
                    allowed=f"values at {', '.join(variable.visits)}",
                )


def note_dates(visits: pl.DataFrame, people: pl.DataFrame, names: Names, findings: Findings) -> None:
    """Note visits dated before an earlier visit of the same participant. `visits` are in order."""
    if "date" not in visits.columns:
        return
    dated = visits.select(pl.col("date").cum_max().over("code").alias("latest"), "date", "row", "visit", "code")
    wrong = np.flatnonzero((dated["date"] < dated["latest"]).fill_null(False).to_numpy())

    def describe(at: int) -> Problem:
        visit, date, row = dated["visit"][at], dated["date"][at], dated["row"][at]
        participant = shorten(people["participant"][dated["code"][at]])
        return Problem(
            findings.file,
            f"{visit} of participant '{participant}' has a date before that of an earlier visit",
            row,
            names.get(("date", None)) or names.get(("date", visit)),
            str(date),
            f"{dated['latest'][at]} or later",
        )

    findings.each(wrong, describe)


def note_unused_arms(people: pl.DataFrame, names: Names, folder: StudyFolder, findings: Findings) -> None:
    """Note arms that nobody is in: a mistake in a completed study, to be expected while one is running."""
    if "arm" not in people.columns:
        return
    used = set(people["arm"].unique().drop_nulls().to_list())
    for arm in folder.study.arms:
        if arm in used:
            continue
        message = f"no participant is in the arm '{arm}'"
        if folder.study.phase == "completed":
            column, found = names["arm", None], f"only {', '.join(sorted(used))}"
            findings.add(f"{message}, so there is nothing to compare", column=column, found=found)
        else:
            findings.warn(f"{message} yet")


def _say(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else shorten(str(value))
