"""Every shipped instrument passes the same exam: hand-scored examples, sound ranges, own labels, a full README."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from imara.rules.scoring import answers_needing_attention, is_possible, items_of, score_response
from imara.study.instrument import Instrument
from imara.study.library import CONTENT, load_instrument, packaged

BY_ITEM = {"phq-9", "gad-7", "ham-d6", "bprs", "cgi", "qpr-15", "brief-cope", "core-10"}
SCORE_ONLY = {
    "gaf-f", "gaf-s", "psp", "panss", "ymrs", "mhrm", "state-hope", "csq-8", "bdi", "imrs-client", "imrs-clinician",
}  # fmt: skip
NAMES = packaged("instrument")


def folder(name: str) -> Path:
    return CONTENT / "instruments" / name


def examples(name: str) -> list[dict[str, str]]:
    with (folder(name) / "scored-examples.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def rows() -> list[object]:
    return [pytest.param(name, row, id=f"{name}: {row['case']}") for name in NAMES for row in examples(name)]


def response_in(row: dict[str, str], instrument: Instrument) -> dict[str, float | None]:
    return {item.id: float(row[item.id]) if row[item.id] else None for item in instrument.items}


def test_all_instruments_are_there() -> None:
    assert set(NAMES) >= BY_ITEM | SCORE_ONLY
    assert all(load_instrument(name).items for name in BY_ITEM)
    assert not any(load_instrument(name).items for name in SCORE_ONLY)


@pytest.mark.parametrize(("name", "row"), rows())
def test_example_is_scored_as_by_hand(name: str, row: dict[str, str]) -> None:
    instrument = load_instrument(name)
    if not instrument.items:
        assert row["verdict"] in {"valid", "invalid"}
        assert is_possible(float(row["value"]), instrument.scores[row["score"]]) == (row["verdict"] == "valid")
        return
    expected = {key: row[f"score.{key}"] for key in instrument.scores}
    if "invalid" in expected.values():
        with pytest.raises(ValueError, match="out of range"):
            score_response(response_in(row, instrument), instrument)
        return
    scores = score_response(response_in(row, instrument), instrument)
    assert scores == {key: float(value) if value else None for key, value in expected.items()}


@pytest.mark.parametrize("name", NAMES)
def test_examples_cover_the_range_and_missing_answers(name: str) -> None:
    instrument = load_instrument(name)
    table = examples(name)
    if not instrument.items:
        for key, score in instrument.scores.items():
            verdicts = {row["verdict"] for row in table if row["score"] == key}
            valid = [float(row["value"]) for row in table if row["score"] == key and row["verdict"] == "valid"]
            assert verdicts == {"valid", "invalid"}
            assert (min(valid), max(valid)) == (score.minimum, score.maximum)
        return
    for key, score in instrument.scores.items():
        values = {row[f"score.{key}"] for row in table}
        assert {f"{score.minimum:g}", f"{score.maximum:g}", "", "invalid"} <= values


@pytest.mark.parametrize("name", sorted(BY_ITEM))
def test_computed_range_is_that_of_the_items(name: str) -> None:
    instrument = load_instrument(name)
    for score in instrument.scores.values():
        items = items_of(instrument, score)
        assert score.minimum == sum(item.minimum for item in items)
        assert score.maximum == sum(item.maximum for item in items)


@pytest.mark.parametrize("name", sorted(BY_ITEM))
def test_every_item_counts_and_has_a_label_in_both_languages(name: str) -> None:
    instrument = load_instrument(name)
    used = [item.id for score in instrument.scores.values() for item in items_of(instrument, score)]
    assert sorted(used) == sorted(item.id for item in instrument.items)
    for language in ("en", "da"):
        topics = [item.topic.en if language == "en" else item.topic.da for item in instrument.items]
        assert all(topics)
        assert len(set(topics)) == len(topics)


@pytest.mark.parametrize("name", sorted(BY_ITEM))
def test_labels_are_short_noun_phrases_not_questions_or_statements(name: str) -> None:
    for item in load_instrument(name).items:
        for label in (item.topic.en, item.topic.da or ""):
            words = label.split(" (")[0].replace(",", " ").split()
            assert len(words) <= 7, label
            assert words[0].lower() not in {"i", "i've", "feeling", "being", "have", "jeg", "har", "føler"}, label
            assert not label.rstrip().endswith((".", "?", "!")), label


def test_options_agree_with_items() -> None:
    for name in BY_ITEM:
        instrument = load_instrument(name)
        if instrument.options:
            values = [option.value for option in instrument.options]
            for item in instrument.items:
                assert values == list(range(item.minimum, item.maximum + 1))


def test_alerts_say_which_answer_and_nothing_else() -> None:
    phq = load_instrument("phq-9")
    assert answers_needing_attention({"i9": 1}, phq) == ("i9",)
    assert answers_needing_attention({"i9": 0, "i1": 3}, phq) == ()
    assert answers_needing_attention({"i9": None}, phq) == ()
    assert answers_needing_attention({"i6": 4}, load_instrument("core-10")) == ("i6",)


def test_illness_management_is_scored_both_ways_each_labelled() -> None:
    for name in ("imrs-client", "imrs-clinician"):
        scores = load_instrument(name).scores
        assert (scores["total"].minimum, scores["total"].maximum) == (15, 75)
        assert (scores["item-mean"].minimum, scores["item-mean"].maximum) == (1, 5)
        assert "sum" in scores["total"].label.en
        assert "mean" in scores["item-mean"].label.en


def test_brief_cope_has_fourteen_two_item_scales_and_no_total() -> None:
    instrument = load_instrument("brief-cope")
    assert len(instrument.scores) == 14
    assert "total" not in instrument.scores
    assert {len(score.items) for score in instrument.scores.values()} == {2}


@pytest.mark.parametrize("name", NAMES)
def test_readme_says_source_licence_and_what_is_provisional(name: str) -> None:
    instrument = load_instrument(name)
    text = (folder(name) / "README.md").read_text(encoding="utf-8")
    for heading in ("## What is shipped", "## Licence", "## Provisional", "## Source"):
        assert heading in text
    assert all(source in text for source in instrument.source)
    assert str(instrument.licence.note) in text
    assert instrument.provisional is not None
    assert str(instrument.provisional).strip() in text
