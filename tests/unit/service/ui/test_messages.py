"""Translations: every sentence of the service is said in Danish, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import importlib.util
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[4]
FIELD = re.compile(r"%\((\w+)\)[sd]|%[sd]|{\w*}")

_spec = importlib.util.spec_from_file_location("gather_messages", ROOT / "tools" / "messages.py")
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)


@pytest.fixture(scope="module")
def gathered():
    return messages.gather()


@pytest.fixture(scope="module", params=messages.LANGUAGES)
def translated(request):
    return messages.read(request.param)


def keys(catalog):
    return {(message.context, message.id) for message in catalog if message.id}


def test_sentences_are_gathered_from_code_and_templates(gathered):
    found = {text for _, text in keys(gathered) if isinstance(text, str)}
    assert {"Get help now", "Fill in “%(label)s”", "Call %(number)s"} <= found
    assert ("You have %(n)s letter left", "You have %(n)s letters left") in {text for _, text in keys(gathered)}


def test_every_sentence_is_in_the_file_and_no_other(gathered, translated):
    assert keys(translated) == keys(gathered), "run `make messages`"


def test_every_sentence_is_translated_and_none_by_a_guess(translated):
    assert messages.missing(translated) == []


def test_no_translation_loses_what_is_filled_in(translated):
    wrong = []
    for message in translated:
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        # Of one, a language may say the number or leave it.
        allowed = [{frozenset(FIELD.findall(one)) for one in (ids[0], ids[-1])}, {frozenset(FIELD.findall(ids[-1]))}]
        wrong += [
            ids[0]
            for place, text in enumerate(texts)
            if message.id and text and frozenset(FIELD.findall(text)) not in allowed[min(place, 1)]
        ]
    assert not wrong


def test_what_is_compiled_is_what_is_written(translated):
    path = messages.source_of(str(translated.locale))
    assert path.read_bytes() == messages.written(translated), "run `make messages`"
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    untold = {message.id for message in translated if not all(messages.texts(message))}
    for message in translated:
        if message.id and message.id in untold:
            continue
        if isinstance(message.id, tuple | list):
            said = [compiled.ngettext(*message.id, number) for number in (1, 2)]
            assert said == list(message.string), "run `make messages`"
        elif message.id:
            assert compiled.gettext(message.id) == message.string, "run `make messages`"


def test_what_is_not_translated_is_told():
    catalog = Catalog(locale="da")
    catalog.add("a", "b")
    catalog.add("c", "")
    catalog.add("d", "e", flags=["fuzzy"])
    catalog.add(("f", "fs"), ("g", ""))
    assert sorted(messages.missing(catalog)) == sorted(["c", "d", str(("f", "fs"))])
