"""Words in packaged studies and programmes: in English and Danish, and plain where they are for participants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from imara.study.library import load_programme, load_study, packaged
from imara.study.vocabulary import Definition, Language, Text

DEFINITIONS: dict[str, Definition] = {
    **{f"study {name}": load_study(name).study for name in packaged("study")},
    **{f"programme {name}": load_programme(name) for name in packaged("programme")},
}
LANGUAGES: tuple[Language, ...] = ("en", "da")
PLAIN = 40
"""LIX below 25 is a children's book, below 35 a story, below 45 a newspaper (Björnsson 1968)."""


def texts(value: object, place: str = "") -> Iterator[tuple[str, Text]]:
    """Yield every text in a definition with its place."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, Definition):
        for field in type(value).model_fields:
            yield from texts(getattr(value, field), f"{place}.{field}")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts(part, f"{place}.{key}")
    elif isinstance(value, (tuple, list)):
        for index, part in enumerate(value):
            yield from texts(part, f"{place}.{index}")


def lix(words: str) -> float:
    """Return LIX, the readability index for Scandinavian languages: sentence length plus per cent of long words."""
    tokens = re.findall(r"\w+(?:['\u2019-]\w+)*", words)
    sentences = len(re.findall(r"[.!?:](?:\s|$)", words)) or 1
    return len(tokens) / sentences + 100 * sum(len(token) > 6 for token in tokens) / len(tokens)


def test_lix_tells_plain_from_heavy() -> None:
    plain = "The cat sat on the mat. It was warm."
    heavy = "Heteroscedastic covariance structures necessitate approximations considering incomplete observations."

    assert lix(plain) == pytest.approx(4.5)
    assert lix(heavy) > 100


def test_the_walk_finds_texts_at_every_depth() -> None:
    places = {place for place, _ in texts(DEFINITIONS["study imr-denmark"])}

    assert {".title", ".assumed.0", ".arms.imr.label", ".analyses.primary.estimand.summary"} <= places
    assert ".analyses.primary.estimand.intercurrent_events.0.event" in places


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_text_has_danish(name: str) -> None:
    missing = [place for place, text in texts(DEFINITIONS[name]) if not (text.da or "").strip()]

    assert missing == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_danish_is_danish(name: str) -> None:
    english = re.compile(r"\b(the|and|of|with|is|are|not|was|were|by|from)\b")
    names = re.compile(r"Beat(ing)? the Blues|Illness Management and Recovery|intention to treat")
    doubtful = [place for place, text in texts(DEFINITIONS[name]) if text.da and english.search(names.sub("", text.da))]

    assert doubtful == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_numbers_are_the_same_in_both_languages(name: str) -> None:
    def numbers(words: str, decimal: str) -> list[str]:
        words = re.sub(r"\d+\.\d+-\d+", "", words)  # a version is written alike everywhere
        found = re.findall(rf"\d+(?:{re.escape(decimal)}\d+)?", words)
        return sorted(number.replace(decimal, ".") for number in found)

    differing = [
        place for place, text in texts(DEFINITIONS[name]) if text.da and numbers(text.en, ".") != numbers(text.da, ",")
    ]

    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DEFINITIONS)
def test_summaries_can_be_read_at_the_age_of_ten(name: str, language: Language) -> None:
    hard = {
        place: round(lix(text.to(language)))
        for place, text in texts(DEFINITIONS[name])
        if re.fullmatch(r"(\.modules\.\d+)?\.summary", place) and lix(text.to(language)) >= PLAIN
    }

    assert hard == {}
