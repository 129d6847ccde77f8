"""Every packaged study and programme loads, with nothing for `imara check` to say about it."""

from __future__ import annotations

import pytest

from imara.study.library import Kind, load_programme, load_study, locate, packaged, read_study

STUDIES = packaged("study")
PROGRAMMES = packaged("programme")


def test_the_studies_and_programmes_are_there() -> None:
    assert {"beat-the-blues", "imr-denmark"} <= set(STUDIES)
    assert "imr" in PROGRAMMES


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_has_no_problems_not_even_doubts(name: str) -> None:
    reading = read_study(locate(name, "study"))

    assert [str(problem) for problem in reading.problems] == []


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_named_like_its_folder(name: str) -> None:
    folder = load_study(name)

    assert folder.study.study == folder.path.name == name


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_is_named_like_its_folder(name: str) -> None:
    assert load_programme(name).programme == name


FOLDERS: list[tuple[Kind, str]] = [("study", name) for name in STUDIES] + [("programme", name) for name in PROGRAMMES]


@pytest.mark.parametrize(("kind", "name"), FOLDERS)
def test_each_folder_says_where_its_facts_come_from(kind: Kind, name: str) -> None:
    readme = locate(name, kind).parent / "README.md"

    assert "source" in readme.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", STUDIES)
def test_data_come_with_source_licence_and_codebook(name: str) -> None:
    folder = load_study(name)
    if folder.study.data is None:
        assert "No data come with this folder" in (folder.path / "README.md").read_text(encoding="utf-8")
        return

    file = folder.path / folder.study.data.file
    codebook = (file.parent / "README.md").read_text(encoding="utf-8")
    header = file.read_text(encoding="utf-8").splitlines()[0]
    columns = [column.strip('"') for column in header.split(",")]

    assert folder.study.data.licence in codebook
    assert [column for column in columns if f"`{column}`" not in codebook] == []


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_programme_nobody_has_signed_says_it_is_a_draft(name: str) -> None:
    programme = load_programme(name)
    readme = (locate(name, "programme").parent / "README.md").read_text(encoding="utf-8")

    assert (programme.status == "reviewed") == (programme.reviewer is not None)
    assert programme.status == "reviewed" or "draft" in readme
