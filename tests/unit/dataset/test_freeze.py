"""Frozen data come back as they were, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from imara.dataset import freeze, read_dataset, read_frozen
from imara.study.problems import InputError


@pytest.fixture
def dataset(read, long_text):
    return read(long_text)


@pytest.fixture
def frozen(dataset, tmp_path):
    return freeze(dataset, tmp_path / "locked", created=datetime(2026, 3, 1, 12, tzinfo=UTC))


def _refusal(small, frozen):
    with pytest.raises(InputError) as caught:
        read_frozen(small, frozen)
    return caught.value.problems


def test_frozen_data_come_back_as_they_were(small, dataset, frozen):
    again = read_dataset(small, frozen)

    for part in ("participants", "scores", "items", "dates"):
        assert getattr(again, part).equals(getattr(dataset, part)), part
        assert getattr(again, part).schema == getattr(dataset, part).schema, part
    assert (again.sha256, again.source, again.warnings) == (dataset.sha256, dataset.source, dataset.warnings)


def test_a_trial_without_items_and_dates(trial, tmp_path):
    dataset = read_dataset(trial)

    again = read_frozen(trial, freeze(dataset, tmp_path / "locked"))

    assert again.items is None
    assert again.dates is None
    assert again.scores.equals(dataset.scores)


def test_the_manifest_says_what_is_frozen(small, dataset, frozen):
    manifest = json.loads((frozen / "manifest.json").read_text())

    assert manifest["study"] == "small-study"
    assert manifest["study_fingerprint"] == small.fingerprint
    assert manifest["sha256"] == dataset.sha256
    assert manifest["created"] == "2026-03-01T12:00:00+00:00"
    assert (manifest["participants"], manifest["visits"]) == (3, 7)
    assert set(manifest["files"]) == {
        "participants.parquet", "scores.parquet", "items.parquet", "dates.parquet", "dictionary.csv", "dictionary.json",
    }  # fmt: skip


def test_a_changed_byte_anywhere_is_found(small, frozen):
    for path in sorted(frozen.iterdir()):
        whole = path.read_bytes()
        for place in (0, len(whole) // 3, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])

            problems = _refusal(small, frozen)

            assert [problem.file for problem in problems] == [str(path)], (path.name, place)
        path.write_bytes(whole)
    assert read_frozen(small, frozen)


def test_a_changed_file_is_named_with_both_hashes(small, frozen):
    (frozen / "scores.parquet").write_bytes(b"PAR1")

    (problem,) = _refusal(small, frozen)

    assert problem.message == "the file was changed after the data were frozen"
    manifest = json.loads((frozen / "manifest.json").read_text())
    assert problem.allowed == f"SHA-256 {manifest['files']['scores.parquet']}"


def test_files_gone_and_files_added_are_said_together(small, frozen):
    (frozen / "items.parquet").unlink()
    (frozen / "new.csv").touch()

    assert [(problem.file, problem.message) for problem in _refusal(small, frozen)] == [
        (str(frozen / "items.parquet"), "the file is gone since the data were frozen"),
        (str(frozen / "new.csv"), "the file was not there when the data were frozen"),
    ]


def test_a_changed_study_is_refused_with_both_versions(small, frozen):
    changed = replace(small, fingerprint="0" * 64)

    (problem,) = _refusal(changed, frozen)

    assert problem.field == "study_fingerprint"
    assert problem.message.startswith("the study's definition has changed since the data were frozen")
    assert (problem.found, problem.allowed) == ("0" * 64, small.fingerprint)


def test_another_study_is_refused(trial, frozen):
    (problem,) = _refusal(trial, frozen)

    assert problem.message == "these are the data of another study"
    assert (problem.found, problem.allowed) == ("small-study", "beat-the-blues")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the manifest is damaged: it is not JSON any more"),
        ("[1, 2]", "this is no frozen dataset that this version can read"),
        ('{"format": "imara frozen dataset 99"}', "this is no frozen dataset that this version can read"),
        ('{"format": "imara frozen dataset 1"}', "the manifest was changed after the data were frozen"),
    ],
)
def test_a_damaged_manifest(small, frozen, content, message):
    (frozen / "manifest.json").write_text(content)

    assert [problem.message for problem in _refusal(small, frozen)] == [message]


def test_a_folder_without_a_manifest(small, tmp_path):
    (problem,) = _refusal(small, tmp_path)

    assert problem.message == "there is no such file, so this is no frozen dataset"


def test_frozen_data_are_never_overwritten(dataset, frozen):
    with pytest.raises(InputError, match="there is something here already"):
        freeze(dataset, frozen)


def test_an_empty_folder_may_be_used_and_nothing_is_left_beside_it(small, dataset, tmp_path):
    (tmp_path / "inner" / "locked").mkdir(parents=True)

    freeze(dataset, tmp_path / "inner" / "locked")

    assert [path.name for path in (tmp_path / "inner").iterdir()] == ["locked"]
    assert read_frozen(small, tmp_path / "inner" / "locked").sha256 == dataset.sha256


def test_nothing_is_left_when_freezing_fails(dataset, tmp_path):
    broken = replace(dataset, participants=None)

    with pytest.raises(AttributeError):
        freeze(broken, tmp_path / "inner" / "locked")

    assert list((tmp_path / "inner").iterdir()) == []
