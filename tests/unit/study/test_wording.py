"""Official wording comes in three forms and one result; what does not fit the instrument is refused with its place."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any

import pytest

from imara.study.instrument import Instrument, Item, Licence, Score
from imara.study.library import load_instrument
from imara.study.problems import InputError
from imara.study.vocabulary import Text
from imara.study.wording import WordingPack, load_wording, wording_notice, wordings_in
from imara.study.wording_redcap import CHOICES, COLUMNS, FORM, LABEL, NAME, SECTION, TYPE

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "i1": "The lighthouse kept me awake.",
    "i2": "I could find my boots, and both of them fitted.",
    "i3": "Gulls stole my sandwich.",
}
LABELS = {0: "On no tide", 1: "On some tides, or half of them", 2: "On every tide"}
LAST = {0: "No gull", 1: "One gull"}
INSTRUCTION = "Think of the last four tides."


@pytest.fixture
def instrument() -> Instrument:
    topics = ("Light", "Boots", "Gulls")
    return Instrument(
        instrument="harbour-3",
        title=Text(en="Harbour Questionnaire"),
        short="HQ-3",
        family="clinical",
        respondent=("participant",),
        better="lower",
        items=tuple(
            Item(id=f"i{n}", topic=Text(en=topic), minimum=0, maximum=2 if n < 3 else 1)
            for n, topic in enumerate(topics, start=1)
        ),
        scores={"total": Score(label=Text(en="Total"), method="sum", minimum=0, maximum=5)},
        licence=Licence(status="public-domain", wording="may-ship", note=Text(en="Invented.")),
        source=("Invented.",),
    )


# The same wording, written in each of the three forms.


def pack(**changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "instrument": "harbour-3",
        "language": "en",
        "source": "Harbour Press, 1901",
        "licence": "Given by the harbour master",
        "instruction": INSTRUCTION,
        "options": LABELS,
        "items": {"i1": TEXTS["i1"], "i2": TEXTS["i2"], "i3": {"text": TEXTS["i3"], "options": LAST}},
    }
    return {key: value for key, value in {**content, **changes}.items() if value is not None}


def write_pack(folder: Path, content: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    # JSON is YAML, one value a line, so that lines can be told apart.
    (folder / "pack.yaml").write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    return folder


def dictionary_rows() -> list[dict[str, str]]:
    rows = []
    for name, text in TEXTS.items():
        labels = LAST if name == "i3" else LABELS
        choices = " | ".join(f"{value}, {label}" for value, label in labels.items())
        row = {NAME: f"hq3_{name}", FORM: "harbour3", TYPE: "radio", LABEL: text, CHOICES: choices}
        rows.append({column: row.get(column, "") for column in COLUMNS})
    rows[0][SECTION] = f"<b>{INSTRUCTION}</b>"
    rows[2][TYPE] = "dropdown"
    total = {NAME: "hq3_total", FORM: "harbour3", TYPE: "calc", LABEL: "Total", CHOICES: "[hq3_i1]+[hq3_i2]"}
    return [*rows, {column: total.get(column, "") for column in COLUMNS}]


def write_dictionary(file: Path, rows: list[dict[str, str]], separator: str = ",", bom: str = "") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(bom + text.getvalue(), encoding="utf-8", newline="")
    return file


def questionnaire(release: str = "R4") -> dict[str, Any]:
    def coded(value: int, label: str) -> dict[str, Any]:
        url = "http://hl7.org/fhir/StructureDefinition/" + ("ordinalValue" if release == "R4" else "itemWeight")
        score = {"url": url, "valueDecimal": value}
        return {"valueCoding": {"extension": [score], "code": f"LA{value}", "display": label}}

    items = [
        {
            "linkId": name,
            "text": text,
            "type": "choice" if release == "R4" else "coding",
            "answerOption": [coded(value, label) for value, label in (LAST if name == "i3" else LABELS).items()],
        }
        for name, text in TEXTS.items()
    ]
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "language": "en-GB",
        "url": "https://harbour.example/Questionnaire/hq3",
        "copyright": "Given by the harbour master",
        "item": [
            {"linkId": "head", "type": "display", "text": INSTRUCTION},
            {"linkId": "group", "type": "group", "item": items[:2]},
            items[2],
        ],
    }


def write_json(file: Path, content: object) -> Path:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def refused(path: Path, instrument: Instrument, **options: Any) -> list[str]:
    given = {"language": "en", "source": "s", "licence": "l"} if path.suffix == ".csv" else {}
    with pytest.raises(InputError) as caught:
        load_wording(path, instrument, **{**given, **options})
    return [str(problem).removeprefix(str(path)) for problem in caught.value.problems]


def assert_is_harbour(pack: WordingPack) -> None:
    assert (pack.instrument, pack.language, pack.instruction) == ("harbour-3", "en", INSTRUCTION)
    assert pack.items == TEXTS
    assert list(pack.items) == ["i1", "i2", "i3"]
    assert pack.options == {"i1": LABELS, "i2": LABELS, "i3": LAST}
    assert pack.licence == "Given by the harbour master"


# Sound packs.


def test_folder(tmp_path: Path, instrument: Instrument) -> None:
    folder = write_pack(tmp_path / "p", pack())
    assert_is_harbour(load_wording(folder, instrument))
    assert_is_harbour(load_wording(folder / "pack.yaml", instrument))
    assert load_wording(folder, instrument).source == "Harbour Press, 1901"


@pytest.mark.parametrize(("separator", "bom"), [(",", ""), (";", ""), ("\t", ""), (",", "\ufeff")])
def test_redcap_dictionary(tmp_path: Path, instrument: Instrument, separator: str, bom: str) -> None:
    assert len(COLUMNS) == 18
    file = write_dictionary(tmp_path / "dictionary.csv", dictionary_rows(), separator, bom)
    loaded = load_wording(file, instrument, language="en", source="Press", licence="Given by the harbour master")
    assert_is_harbour(loaded)


@pytest.mark.parametrize("release", ["R4", "R5"])
def test_fhir_questionnaire(tmp_path: Path, instrument: Instrument, release: str) -> None:
    loaded = load_wording(write_json(tmp_path / "q.json", questionnaire(release)), instrument)
    assert_is_harbour(loaded)
    assert loaded.source == "https://harbour.example/Questionnaire/hq3"


def test_fhir_answers_may_be_codes_or_a_contained_value_set(tmp_path: Path, instrument: Instrument) -> None:
    content = questionnaire()
    concepts = [{"code": str(value), "display": label} for value, label in LABELS.items()]
    content["contained"] = [
        {"resourceType": "ValueSet", "id": "tides", "compose": {"include": [{"concept": concepts}]}}
    ]
    for item in content["item"][1]["item"]:
        del item["answerOption"]
        item["answerValueSet"] = "#tides"
    for option in content["item"][2]["answerOption"]:
        coding = option["valueCoding"]
        coding["code"] = coding.pop("extension")[0]["valueDecimal"]
    assert_is_harbour(load_wording(write_json(tmp_path / "q.json", content), instrument))


def test_other_names_can_be_told_and_other_fields_ignored(tmp_path: Path, instrument: Instrument) -> None:
    rows = dictionary_rows()
    for row, name in zip(rows, ("light", "boots", "gulls"), strict=False):
        row[NAME] = name
    rows.insert(0, {**dict.fromkeys(COLUMNS, ""), NAME: "seen_on", FORM: "harbour3", TYPE: "text", LABEL: "Date"})
    other = {**dict.fromkeys(COLUMNS, ""), NAME: "i1", FORM: "elsewhere", TYPE: "text", LABEL: "Other form"}
    file = write_dictionary(tmp_path / "d.csv", [*rows, other])
    names = {"light": "i1", "boots": "i2", "gulls": "i3"}
    options: dict[str, Any] = {"language": "en", "source": "s", "licence": "Given by the harbour master"}
    loaded = load_wording(file, instrument, names=names, ignore=["seen_on"], **options)
    assert_is_harbour(loaded)


def test_folder_beside_a_dictionary_says_what_the_dictionary_does_not(tmp_path: Path, instrument: Instrument) -> None:
    rows = dictionary_rows()
    for row in rows:
        row[FORM] = "harbour_v2"
    other = {**dict.fromkeys(COLUMNS, ""), NAME: "x", FORM: "elsewhere", TYPE: "text", LABEL: "Other form"}
    folder = write_pack(
        tmp_path / "p", pack(items=None, options=None, instruction=None, file="d.csv", form="harbour_v2")
    )
    write_dictionary(folder / "d.csv", [*rows, other])
    assert_is_harbour(load_wording(folder, instrument))


def test_folder_and_the_file_in_it_speak_one_language(tmp_path: Path, instrument: Instrument) -> None:
    folder = write_pack(tmp_path / "p", pack(items=None, options=None, instruction=None, file="q.json"))
    file = write_json(folder / "q.json", questionnaire())
    assert_is_harbour(load_wording(folder, instrument))
    write_json(file, {**questionnaire(), "language": "da-DK"})
    with pytest.raises(InputError, match=r"q\.json, language: .* another language than the pack \(found: da\)"):
        load_wording(folder, instrument)


def test_pack_cannot_be_changed(tmp_path: Path, instrument: Instrument) -> None:
    loaded = load_wording(write_pack(tmp_path / "p", pack()), instrument)
    with pytest.raises(FrozenInstanceError):
        loaded.source = "elsewhere"  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        loaded.items["i1"] = "other"  # type: ignore[index]  # as above
    with pytest.raises(TypeError):
        loaded.options["i1"][0] = "other"  # type: ignore[index]  # as above


def test_site_folder_holds_one_pack_a_language(tmp_path: Path, instrument: Instrument) -> None:
    assert wordings_in(tmp_path, instrument) == {}
    shelf = tmp_path / "wording" / "harbour-3"
    write_pack(shelf / "english", pack())
    danish = {name: f"{text} (da)" for name, text in TEXTS.items()}
    items = {**danish, "i3": {"text": danish["i3"], "options": LAST}}
    write_pack(shelf / "dansk", pack(language="da", items=items))
    packs = wordings_in(tmp_path, instrument)
    assert set(packs) == {"en", "da"}
    assert packs["da"].items["i1"].endswith("(da)")
    write_pack(shelf / "more", pack())
    with pytest.raises(InputError, match="another pack for harbour-3 in this language"):
        wordings_in(tmp_path, instrument)


def test_long_ranges_need_words_only_at_their_ends(tmp_path: Path, instrument: Instrument) -> None:
    items = (Item(id="i1", topic=Text(en="Depth"), minimum=0, maximum=100),)
    wide = instrument.model_copy(update={"items": items})
    content = pack(items={"i1": "How deep is it?"}, options={0: "Dry", 100: "Deepest"})
    assert load_wording(write_pack(tmp_path / "p", content), wide).options["i1"] == {0: "Dry", 100: "Deepest"}
    content = pack(items={"i1": "How deep is it?"}, options={0: "Dry"})
    assert "for the answer 100" in refused(write_pack(tmp_path / "q", content), wide)[0]


# Broken packs: one fault each, with its place.


@pytest.mark.parametrize(
    ("changes", "line", "expected"),
    [
        ({"items": {"i1": "a", "i2": "b"}}, None, "items: the words of 1 of 3 items are missing: i3"),
        ({"items": {**TEXTS, "i4": "d"}}, 16, "items.i4: harbour-3 has no item 'i4'"),
        ({"items": {"i2": "b", "i1": "a", "i3": "c"}}, 13, "the items stand in another order"),
        ({"items": {**TEXTS, "i1": TEXTS["i2"]}}, 14, "'i1' and 'i2' have the same words"),
        ({"items": {**TEXTS, "i2": " "}}, 14, "items.i2: the item 'i2' has no words"),
        ({"items": {"i1": "Light", "i2": "Boots", "i3": "Gulls"}}, None, "the topic labels that come with Imara"),
        ({"options": {0: "a", 1: "b", 2: "c", 3: "d"}}, 11, "options.3: the item 'i1' cannot be answered with 3"),
        ({"options": {0: "a", 2: "c"}}, 7, "options: the item 'i1' has no words for the answer 1"),
        ({"options": {0: "a", 1: "", 2: "c"}}, 9, "options.1: the option 1 of the item 'i1' has no words"),
        ({"options": {"none": "a"}}, 8, "options.none: an option is the number that is scored"),
        ({"options": {}}, 7, "has no words for the answers 0, 1, 2"),
        ({"instrument": "harbour-4"}, 2, "this pack is for another instrument than harbour-3"),
        ({"language": "de"}, 3, "language"),
        ({"source": None}, None, "'source' is missing"),
        ({"licence": None}, None, "'licence' is missing"),
        ({"items": None}, None, "items: there are no words of items"),
        ({"items": ["a"]}, 12, "items"),
        ({"optoins": {0: "a"}}, 23, "Did you mean 'options'?"),
        ({"file": "d.csv"}, 23, "words stand in this file or in another"),
        ({"file": "d.docx", "items": None}, 12, "REDCap data dictionary or a FHIR Questionnaire"),
        ({"file": "absent.csv", "items": None}, None, "the wording cannot be read"),
    ],
)
def test_broken_folder(
    tmp_path: Path, instrument: Instrument, changes: dict[str, Any], line: int | None, expected: str
) -> None:
    content = pack()
    content.update(changes)
    content = {key: value for key, value in content.items() if value is not None}
    # Items that are worded as plain text all take the shared options, so the third may have two answers too many.
    items = tuple(item.model_copy(update={"maximum": 2}) for item in instrument.items)
    even = instrument.model_copy(update={"items": items}) if isinstance(changes.get("items"), dict) else instrument
    said = refused(write_pack(tmp_path / "p", content), even)
    matching = [words for words in said if expected in words]
    assert matching, said
    if line is not None:
        assert f"pack.yaml, line {line}" in matching[0]


def change_row(number: int, **values: str) -> list[dict[str, str]]:
    rows = dictionary_rows()
    rows[number].update(
        {
            {"name": NAME, "form": FORM, "type": TYPE, "label": LABEL, "choices": CHOICES}[k]: v
            for k, v in values.items()
        }
    )
    return rows


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (change_row(1, name="hq3_other"), f", line 3, {LABEL}: harbour-3 has no item 'hq3_other'"),
        (dictionary_rows()[1:], "the words of 1 of 3 items are missing: i1"),
        (change_row(1, name="other_i1"), f", line 3, {LABEL}: the item 'i1' stands twice, first as 'hq3_i1'"),
        (change_row(1, choices="0, a | 1, b"), f", line 3, {CHOICES}: the item 'i2' has no words for the answer 2"),
        (change_row(1, choices="0, a | 1, b | 2, c | 3, d"), "the item 'i2' cannot be answered with 3"),
        (change_row(1, choices="0, a | 1, b | 1, c | 2, d"), "the item 'i2' has two options with the value 1"),
        (change_row(1, choices="0, a | b | 2, c"), f", line 3, {CHOICES}: a choice of 'hq3_i2' is not a whole number"),
        (change_row(1, choices="0, a | 1, | 2, c"), "the option 1 of the item 'i2' has no words"),
        (change_row(1, choices=""), "no words for the answers 0, 1, 2"),
        (change_row(1, type="text"), "no words for the answers 0, 1, 2"),
        (change_row(1, type="raido"), f", line 3, {TYPE}: there is no such type of field (found: raido)"),
        (change_row(1, label="<p> </p>"), f", line 3, {LABEL}: the item 'i2' has no words"),
        (change_row(1, label=TEXTS["i1"]), "have the same words"),
        ([*change_row(0)[1::-1], *change_row(0)[2:]], "the items stand in another order"),
    ],
)
def test_broken_dictionary(tmp_path: Path, instrument: Instrument, rows: list[dict[str, str]], expected: str) -> None:
    said = refused(write_dictionary(tmp_path / "d.csv", rows), instrument)
    assert any(expected in words for words in said), said


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "a REDCap data dictionary has a column 'Variable / Field Name'"),
        (
            ",".join(f'"{name}"' for name in COLUMNS).replace("Field Label", "Field Lable").encode(),
            "Did you mean 'Field Label'",
        ),
        (
            ",".join(f'"{name}"' for name in COLUMNS).encode() + b"\nx,y\n",
            "this row has 2 cells where the header has 18",
        ),
        (",".join(f'"{name}"' for name in COLUMNS).encode() + b'\n"x\n', "this is not a CSV file"),
        (",".join(f'"{name}"' for name in COLUMNS).encode(), "there is no form 'harbour-3' here"),
        (b"\xe6\xf8\xe5", "a character here is not UTF-8"),
    ],
)
def test_file_that_is_no_dictionary(tmp_path: Path, instrument: Instrument, content: bytes, expected: str) -> None:
    file = tmp_path / "d.csv"
    file.write_bytes(content)
    said = refused(file, instrument)
    assert any(expected in words for words in said), said


def test_dictionary_of_several_forms_needs_to_be_told_which(tmp_path: Path, instrument: Instrument) -> None:
    rows = dictionary_rows()
    for row in rows:
        row[FORM] = "harbor_3"
    other = {**dict.fromkeys(COLUMNS, ""), NAME: "x", FORM: "elsewhere", TYPE: "text", LABEL: "Other form"}
    file = write_dictionary(tmp_path / "d.csv", [*rows, other])
    (said,) = refused(file, instrument)
    assert "there is no form 'harbour-3' here (found: harbor_3, elsewhere)" in said
    assert "Did you mean 'harbor_3'?" in said
    options = {"language": "en", "source": "s", "licence": "Given by the harbour master"}
    assert_is_harbour(load_wording(file, instrument, form="harbor_3", **options))  # type: ignore[arg-type]  # texts


def test_dictionary_alone_does_not_say_language_source_and_licence(tmp_path: Path, instrument: Instrument) -> None:
    file = write_dictionary(tmp_path / "d.csv", dictionary_rows())
    said = refused(file, instrument, language=None, source=None, licence=None)
    assert [words.split(":")[0] for words in said] == [", language", ", source", ", licence"]


def _change(path: str, value: object) -> dict[str, Any]:
    """Return the questionnaire with the value at a path of keys and positions replaced, or removed when it is None."""
    content = questionnaire()
    target: Any = content
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    for step in steps:
        target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return content


OPTION = "item/1/item/0/answerOption"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (_change("resourceType", "Bundle"), "$.resourceType: this is not a FHIR Questionnaire (found: Bundle)"),
        ([], "this is not a FHIR Questionnaire"),
        (_change("item", None), "$.item: there is no list of items"),
        (_change("item/2", None), "the words of 1 of 3 items are missing: i3"),
        (_change("item/2", "x"), "$.item[2]: an item is a set of named values"),
        (_change("item/2/linkId", "i9"), "$.item[2].text: harbour-3 has no item 'i9'"),
        (_change("item/2/linkId", ""), "$.item[2].linkId: an item needs a linkId"),
        (_change("item/2/type", None), "$.item[2].type: an item needs a type"),
        (_change("item/2/text", None), "$.item[2].text: the item 'i3' has no words"),
        (_change("item/2/linkId", "i2"), "$.item[2].text: the item 'i2' stands twice"),
        (_change("item/2/answerOption", {}), "$.item[2].answerOption: options are a list"),
        (_change(f"{OPTION}/2", None), "$.item[1].item[0].answerOption: the item 'i1' has no words for the answer 2"),
        (_change(f"{OPTION}/2", {"valueString": "x"}), "$.item[1].item[0].answerOption[2]: an option needs a number"),
        (
            _change(f"{OPTION}/2/valueCoding/extension", None),
            "answerOption[2].valueCoding: an option needs a whole number",
        ),
        (_change(f"{OPTION}/2/valueCoding/extension/0/valueDecimal", 1.5), "an option needs a whole number"),
        (
            _change(f"{OPTION}/2/valueCoding/extension/0/valueDecimal", 7),
            "valueCoding.display: the item 'i1' cannot be answered with 7",
        ),
        (_change(f"{OPTION}/2/valueCoding/display", None), "the option 2 of the item 'i1' has no words"),
        (
            _change("item/2/answerValueSet", "https://elsewhere.example"),
            "$.item[2].answerValueSet: answers are listed outside",
        ),
        (_change("language", "de"), "language: this language is not used here (found: de)"),
        (_change("copyright", None), "neither the file nor the person who loads it says the licence"),
    ],
)
def test_broken_questionnaire(tmp_path: Path, instrument: Instrument, content: object, expected: str) -> None:
    said = refused(write_json(tmp_path / "q.json", content), instrument)
    assert any(expected in words for words in said), said


def test_json_that_cannot_be_read_is_located(tmp_path: Path, instrument: Instrument) -> None:
    file = tmp_path / "q.json"
    file.write_text('{\n "resourceType": "Questionnaire",\n "item": [}\n', encoding="utf-8")
    assert ", line 3: this is not JSON" in refused(file, instrument)[0]
    file.write_text("[" * 200_000, encoding="utf-8")
    assert "too deeply" in refused(file, instrument)[0]


def test_language_asked_for_must_be_the_files(tmp_path: Path, instrument: Instrument) -> None:
    file = write_json(tmp_path / "q.json", questionnaire())
    assert "language: the file is in another language" in refused(file, instrument, language="da")[0]


def test_names_that_lead_nowhere_are_answered(tmp_path: Path, instrument: Instrument) -> None:
    file = write_dictionary(tmp_path / "d.csv", dictionary_rows())
    assert any(
        "names: 'hq3_i1' is said to be an item" in words for words in refused(file, instrument, names={"hq3_i1": "j1"})
    )


def test_all_problems_are_said_at_once(tmp_path: Path, instrument: Instrument) -> None:
    rows = change_row(1, choices="0, a | 1, b")
    rows[2][LABEL] = ""
    assert len(refused(write_dictionary(tmp_path / "d.csv", rows), instrument, source=None)) == 3


def test_other_files_and_absent_ones_are_answered(tmp_path: Path, instrument: Instrument) -> None:
    (tmp_path / "words.docx").write_bytes(b"")
    assert "wording is a folder, a REDCap data dictionary or a FHIR" in refused(tmp_path / "words.docx", instrument)[0]
    assert "cannot be read" in refused(tmp_path / "absent.json", instrument)[0]
    assert "cannot be read" in refused(tmp_path, instrument)[0]


def test_instrument_without_items_has_nothing_to_word(tmp_path: Path) -> None:
    assert "nothing to word" in refused(write_pack(tmp_path / "p", pack()), load_instrument("gaf-f"))[0]


# Until a pack is loaded.


def test_notice_says_that_labels_are_not_the_validated_wording() -> None:
    assert "not the validated wording of the questionnaire" in wording_notice("en")
    assert "ikke den validerede ordlyd af spørgeskemaet" in wording_notice("da")
    assert "of PHQ-9" in wording_notice("en", load_instrument("phq-9"))
    assert "af PHQ-9" in wording_notice("da", load_instrument("phq-9"))
