"""Reading the data of a study: every cell checked against the dictionary, all mistakes told at once, or a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from imara.dataset.build import Source, build_dataset
from imara.dataset.columns import Content, assign_columns
from imara.dataset.dictionary import dictionary_of
from imara.dataset.findings import Findings
from imara.dataset.freeze import is_frozen, read_frozen
from imara.dataset.naming import Naming
from imara.dataset.rows import Rows, read_rows
from imara.dataset.table import open_table
from imara.study.problems import InputError, Problem

if TYPE_CHECKING:
    from imara.dataset.dataset import Dataset
    from imara.study.folder import StudyFolder
    from imara.study.study import DataSource


def read_dataset(
    folder: StudyFolder,
    path: Path | str | None = None,
    source: DataSource | None = None,
    *,
    participants: Path | str | None = None,
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
        path = _file_of(known, folder)
    path = Path(path)
    if is_frozen(path) and participants is None:
        return read_frozen(folder, path)
    dictionary = dictionary_of(folder)
    own = source is not None or (known is not None and path == _file_of(known, folder))
    naming = Naming(dictionary, known, strict=own and participants is None)
    if participants is None:
        findings = [Findings(str(path))]
        rows = _read(path, naming, "everything", findings[0])
        read = Source(rows, findings[0], rows, findings[0]) if rows else None
    else:
        findings = [Findings(str(participants)), Findings(str(path))]
        people = _read(Path(participants), naming, "participants", findings[0])
        visits = _read(path, naming, "visits", findings[1])
        read = Source(people, findings[0], visits, findings[1]) if people and visits else None
    dataset = build_dataset(folder, dictionary, read, path.name) if read else None
    problems = [problem for found in findings for problem in found.problems()]
    if dataset is None or problems:
        raise InputError(problems)
    return dataset


def _file_of(source: DataSource, folder: StudyFolder) -> Path:
    return folder.path / source.file


def _read(path: Path, naming: Naming, content: Content, findings: Findings) -> Rows | None:
    table = open_table(path, findings)
    if table is None or not len(table.rows):
        return None
    layout, columns = assign_columns(table.header, naming, content, findings)
    return read_rows(table, columns, layout, naming, findings)
