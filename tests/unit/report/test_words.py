"""The word catalogues: the same keys and names in every language, nothing left in English, nothing unused."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

from imara.report.page import build, html_page
from imara.report.view import View
from imara.report.words import Words, catalogue, placeholders

# Words that are the same in both languages.
SHARED = {
    "unit.score.one", "difference.interval-excludes", "change.mixed", "completeness.share", "profile.point",
    "profile.axis", "model.sd", "df.satterthwaite", "df.kenward-roger", "provenance.python",
}  # fmt: skip


def test_languages_have_the_same_keys():
    assert set(catalogue("en").sentences) == set(catalogue("da").sentences)


@pytest.mark.parametrize("key", sorted(catalogue("en").sentences))
def test_a_sentence_needs_the_same_values_in_every_language(key):
    assert placeholders(catalogue("en").sentences[key]) == placeholders(catalogue("da").sentences[key])


def test_nothing_is_left_in_english():
    english, danish = catalogue("en").sentences, catalogue("da").sentences
    assert {key for key in english if english[key] == danish[key]} == SHARED


def keys_named(path: Path) -> list[str]:
    """Return patterns of the keys that a file names, written out or built from a group and a word."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".j2":
        return [re.escape(key) for key in re.findall(r'say\("([^"]+)"', text)]
    patterns = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            patterns += [re.escape(node.value), re.escape(node.value) + r"\.(one|many)"]
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            patterns.append(
                "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values)
            )
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "term":
            group = node.args[0]
            assert isinstance(group, ast.Constant)
            patterns.append(re.escape(str(group.value)) + r"\..+")
    return patterns


def test_every_sentence_is_used():
    paths = [path for path in Path(str(files("imara.report"))).rglob("*") if path.suffix in {".py", ".j2"}]
    patterns = {pattern for path in paths for pattern in keys_named(path) if re.match(r"[a-z\\-]+\\\.", pattern)}
    used = re.compile("|".join(sorted(patterns)))
    assert not [key for key in catalogue("en").sentences if not used.fullmatch(key)]


def test_an_unknown_sentence_or_a_missing_value_is_an_error():
    words = Words("en", {"greeting": "Hello {name}"})
    with pytest.raises(KeyError):
        words.say("farewell")
    with pytest.raises(KeyError):
        words.say("greeting")


def test_values_are_put_in_as_they_are_even_with_braces():
    assert Words("en", {"greeting": "Hello {name}"}).say("greeting", name="{x} {0}") == "Hello {x} {0}"


def test_a_sentence_that_begins_with_a_time_begins_with_a_capital():
    words = Words("en", {"a": "{when}, it fell.", "b": "It fell {when}."})
    assert words.say("a", when="after 8 months") == "After 8 months, it fell."
    assert words.say("b", when="after 8 months") == "It fell after 8 months."


def test_items_are_joined_as_in_a_sentence():
    assert catalogue("en").listing(["a", "b", "c"]) == "a, b and c"
    assert catalogue("da").listing(["a", "b"]) == "a og b"
    assert catalogue("en").listing(["a"]) == "a"
    assert catalogue("en").listing([]) == ""


@pytest.mark.parametrize("which", ["danish", "three"])
def test_a_danish_report_has_no_english_sentences(which, danish, three_arms):
    view = danish if which == "danish" else View.of(three_arms.result, three_arms.folder, "da")
    page = html_page(view, build(view))
    # What the catalogue says in English, in pieces between the values; short words can stand in names and be Danish.
    pieces = {
        piece.strip(" .,:;()“”")
        for key, sentence in catalogue("en").sentences.items()
        if key not in SHARED
        for piece in re.split(r"\{[a-z0-9_]+\}", sentence)
    }
    danish_words = "\n".join(catalogue("da").sentences.values())
    telling = [piece for piece in pieces if len(piece) >= 6 and piece not in danish_words]
    # An analysis of the study is called `primary`.
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).replace("primary", "")
    assert len(telling) > 250
    assert not [piece for piece in telling if re.search(rf"\b{re.escape(piece)}\b", text)]


def test_a_danish_report_uses_the_comma(danish):
    page = html_page(danish, build(danish))
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", "", page, flags=re.DOTALL)
    assert "\u22123,1" in text
    assert "\u22123.1" not in text
    assert "p\u00a0=\u00a00,93" in text
