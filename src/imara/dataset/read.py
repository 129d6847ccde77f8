"""Reading the data of a study: every cell checked against the dictionary, all mistakes told at once, or a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imara.dataset.build import Source, build_dataset
from imara.dataset.columns import Content, Naming, assign_columns
from imara.dataset.dictionary import Dictionary, dictionary_of
from imara.dataset.findings import Findings
from imara.dataset.freeze import is_frozen, read_frozen
from imara.dataset.rows import Rows, read_rows
from imara.dataset.table import open_table
from imara.study.problems import InputError, Problem

if TYPE_CHECKING:
    from imara.dataset.dataset import Dataset
    from imara.study.folder import StudyFolder
    from imara.study.study import DataSource


def read_dataset(
    folder: StudyFolder, path: Path | None = None, source: DataSource | None = None, *, participants: Path | None = None
) -> Dataset:
    """Read a CSV or Parquet file with the data of a study.

    Args:
        folder: The study.
        path: The file, with one row for each participant and visit (long) or one for each participant (wide), or a
            folder with frozen data; the file of `source`, or the study's own data, where left out.
        source: How the file's columns and words map to the study. Where left out, the map of the study's own data
            serves for columns that the file has, and our own names for the others; the layout is then seen from the
            file.
        participants: A file with one row for each participant, for what is recorded once, when `path` holds visits
            only.

    Returns:
        The checked dataset.

    Raises:
        InputError: With every problem of the files (the first fifty in full); nothing is half-read.
    """
    known = source or folder.study.data
    if path is None:
        if known is None:
            raise InputError(
                [Problem(str(folder.path), "the study comes with no data, so a data file must be named", field="data")]
            )
        path = folder.path / known.file
    if is_frozen(path) and participants is None:
        return read_frozen(folder, path)
    dictionary = dictionary_of(folder)
    naming = Naming(known, strict=participants is None and (source is not None or path == _own_file(folder)))
    if participants is None:
        findings = Findings(str(path))
        rows = _read(path, dictionary, naming, "everything", findings)
        read = Source(rows, findings, rows, findings) if rows else None
        all_findings = [findings]
    else:
        people_findings, visits_findings = Findings(str(participants)), Findings(str(path))
        people = _read(participants, dictionary, naming, "participants", people_findings)
        visits = _read(path, dictionary, naming, "visits", visits_findings)
        read = Source(people, people_findings, visits, visits_findings) if people and visits else None
        all_findings = [people_findings, visits_findings]
    dataset = build_dataset(folder, dictionary, read, path.name) if read else None
    problems = [problem for findings in all_findings for problem in findings.problems()]
    if dataset is None or problems:
        raise InputError(problems)
    return dataset


def _own_file(folder: StudyFolder) -> Path | None:
    return folder.path / folder.study.data.file if folder.study.data else None


def _read(path: Path, dictionary: Dictionary, naming: Naming, content: Content, findings: Findings) -> Rows | None:
    table = open_table(path, findings)
    if table is None or not len(table.rows):
        return None
    layout, columns = assign_columns(table.header, dictionary, naming, content, findings)
    if content == "participants":
        layout = "wide"
    return read_rows(table, columns, layout, naming.source, dictionary, findings)
