"""The version of a study follows its meaning: not its key order, comments or style, but every change of sense."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from imara.study.fingerprint import canonical, fingerprint
from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.library import load_study
from imara.study.read import load_definition
from imara.study.study import Study

CALM = Path(__file__).parents[2] / "broken" / "studies" / "sound" / "calm-days"
IN_ORDER = {"levels", "versions", "scores"}
"""Entries whose order has a meaning: the first level is the reference, the first score the default."""


def read(text, model, tmp_path):
    path = tmp_path / "definition.yaml"
    path.write_text(text, encoding="utf-8")
    return load_definition(path, model, "definition.yaml")


def shuffled(value, shuffle, key=None):
    if isinstance(value, dict):
        keys = list(value)
        if key not in IN_ORDER:
            shuffle(keys)
        return {name: shuffled(value[name], shuffle, name) for name in keys}
    return [shuffled(inner, shuffle) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["beat-the-blues", "imr-denmark"])
def test_the_order_of_keys_and_the_style_of_the_file_change_nothing(name, tmp_path):
    folder = load_study(name)
    yaml = YAML(typ="safe", pure=True)
    values = yaml.load(folder.path / "study.yaml")
    for seed in range(3):
        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = bool(seed)
        yaml.sort_base_mapping_type_on_output = False
        yaml.width = 40 + 60 * seed
        with (tmp_path / "other.yaml").open("w", encoding="utf-8") as out:
            yaml.dump(shuffled(values, random.Random(seed).shuffle), out)
        again = load_definition(tmp_path / "other.yaml", Study, "other.yaml")

        assert fingerprint(again, folder.instruments, folder.programmes) == folder.fingerprint


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_study_keeps_its_version_when_its_fields_are_written_in_another_order(studies, data):
    study = data.draw(studies)
    values = study.model_dump()
    order = shuffled(values, data.draw(st.randoms(use_true_random=False)).shuffle)

    assert fingerprint(Study.model_validate(order), {}, {}) == fingerprint(study, {}, {})


def test_numbers_and_texts_are_compared_by_what_they_say(tmp_path):
    plain = "study: s\ntitle: A long title\nsummary: S\nvisits: {v: {at: 1 month}}\nassumed: [One two]\n"
    other = (
        "# a comment\nsummary: {en: S}\nassumed:\n  - en: >\n      One\n      two\nphase: completed\n"
        "title: |\n  A long\n  title\nvisits:\n  v: {at: 1.0 months, label: null}\nstudy: 's'\n"
    )
    versions = {fingerprint(read(text, Study, tmp_path), {}, {}) for text in (plain, other)}

    assert len(versions) == 1


def test_letters_written_in_two_ways_are_the_same_letters(tmp_path):
    text = "study: s\ntitle: H{}b\nsummary: S\nvisits: {{v: {{at: 1 month}}}}\n"
    versions = {fingerprint(read(text.format(letter), Study, tmp_path), {}, {}) for letter in ("\u00e5", "a\u030a")}

    assert len(versions) == 1


def changed(value):
    """Yield `value` with one single thing in it changed, once for every thing."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: other} for other in changed(inner))
            yield {name: kept for name, kept in value.items() if name != key}
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in changed(inner))
            yield [*value[:index], *value[index + 1 :]]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield value + 1
        yield value / 2
    elif isinstance(value, str):
        yield value + "x"


@pytest.mark.parametrize(
    ("file", "model"),
    [
        ("study.yaml", Study),
        ("instruments/mood/instrument.yaml", Instrument),
        ("programmes/steps/programme.yaml", Programme),
    ],
)
def test_every_change_of_sense_changes_the_version(file, model):
    values = YAML(typ="safe", pure=True).load(CALM / file)
    original = model.model_validate(values)
    tried = 0
    for other in changed(values):
        try:
            definition = model.model_validate(other)
        except ValidationError:
            continue
        tried += definition != original
        assert (canonical(definition) == canonical(original)) == (definition == original), other
    assert tried > 15


def test_the_order_of_levels_is_part_of_the_version(tmp_path):
    text = (
        "study: s\ntitle: T\nsummary: S\nvisits: {v: {at: 1 month}}\n"
        "characteristics: {sex: {label: Sex, kind: category, levels: {%s}}}\n"
    )
    versions = {fingerprint(read(text % levels, Study, tmp_path), {}, {}) for levels in ("f: F, m: M", "m: M, f: F")}

    assert len(versions) == 2


def test_instruments_and_programmes_are_part_of_the_version():
    folder = load_study(CALM)
    total = folder.instruments["mood"].scores["total"].model_copy(update={"maximum": 10.0})
    scores = {**folder.instruments["mood"].scores, "total": total}
    mood = folder.instruments["mood"].model_copy(update={"scores": scores})
    steps = folder.programmes["steps"].model_copy(update={"group_size": 9})

    assert fingerprint(folder.study, folder.instruments, folder.programmes) == folder.fingerprint
    assert fingerprint(folder.study, {**folder.instruments, "mood": mood}, folder.programmes) != folder.fingerprint
    assert fingerprint(folder.study, folder.instruments, {"steps": steps}) != folder.fingerprint


def test_the_version_of_a_definition_stays_over_releases():
    # Changes only on purpose: a new number here gives every study in use a new version.
    assert load_study(CALM).fingerprint == "5abc52b9b8f340cadbce80b02c5db6916123efe75b6d05e521df58e841b2cc68"
