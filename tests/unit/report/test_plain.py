"""The page for participants: short words, short sentences, help, thanks, and no more than was found."""

from __future__ import annotations

import re

import pytest

from imara.report.plain import plain_page
from imara.report.words import catalogue


def own_sentences(language: str) -> list[str]:
    """Return the sentences of the plain page, a plain word in place of each value."""
    words = catalogue(language)
    filled = {"arm": "Course", "treatment": "Course", "reference": "Care", "outcome": "Mood", "when": "after 8 months"}
    text = " ".join(
        re.sub(r"\{(\w+)\}", lambda match: filled.get(match.group(1), "5"), sentence)
        for key, sentence in words.sentences.items()
        if key.startswith("plain.") and not key.endswith("heading")
    )
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence]


def syllables(word: str) -> int:
    word = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", word)) - (word.endswith("e") and not word.endswith(("le", "ee")))
    return max(count, 1)


def test_english_reads_at_the_age_of_nine_to_eleven():
    sentences = own_sentences("en")
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z']+|\d+", sentence)]
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    # Flesch-Kincaid grade 4 to 6 is the age of nine to eleven.
    assert grade < 6


def test_danish_is_easy():
    sentences = own_sentences("da")
    words = [word for sentence in sentences for word in re.findall(r"\w+", sentence)]
    long = sum(len(word) > 6 for word in words)
    # LIX below 25 is text for children, below 34 easy text.
    assert len(words) / len(sentences) + 100 * long / len(words) < 34


@pytest.mark.parametrize("language", ["en", "da"])
def test_no_sentence_is_long(language):
    longest = max(own_sentences(language), key=lambda sentence: len(sentence.split()))
    assert len(longest.split()) <= 27, longest


@pytest.mark.parametrize("language", ["en", "da"])
def test_no_word_of_the_trade(language):
    text = " ".join(own_sentences(language)).lower()
    for word in ("confidence", "interval", "significant", "randomis", "p value", "the mean of", "baseline",
                 "arm ", "signifikant", "konfidens", "statist"):  # fmt: skip
        assert word not in text


def test_the_page_tells_the_whole_story_in_order(view):
    assert [part.name for part in plain_page(view)] == ["asked", "who", "found", "means", "not", "help", "thanks"]


def test_the_numbers_are_the_results(view):
    parts = {part.name: " ".join(part.paragraphs).replace("\u00a0", " ") for part in plain_page(view)}
    assert "100 people took part." in parts["who"]
    assert "48 people were in the group “Treatment as usual”." in parts["who"]
    assert "answers from 52 of the 100 people after 8 months" in parts["who"]
    assert (
        "In the group “Beat the Blues”, the average went from 22.5 at the start to 12.3 after 8 months."
        in parts["found"]
    )
    assert "likely to be less than 5 points" in parts["found"]
    assert "Many answers are missing." in parts["means"]


def test_an_abbreviation_is_left_out(view):
    found = next(part for part in plain_page(view) if part.name == "found")
    assert found.paragraphs[0].startswith("The main thing we looked at was: Depression.")


def test_a_study_that_could_not_be_analysed_says_so(cast):
    result = cast.with_estimate(contrasts=(), means=(), standardised=(), equivalences=(), converged=False)
    parts = {part.name: " ".join(part.paragraphs) for part in plain_page(cast.view(result))}
    assert "could not be worked out" in parts["found"]
    assert parts["means"] == "We cannot say yet."


def test_a_study_of_one_group_claims_nothing(cast):
    study = {**cast.three_arms, "arms": {"tau": cast.three_arms["arms"]["tau"]}}
    folder = cast.folder(study, *cast.scales)
    view = type(cast.view()).of(cast.invent(folder), folder, "en")
    parts = {part.name: " ".join(part.paragraphs) for part in plain_page(view)}
    assert "no other group to compare with" in parts["found"]
    assert parts["means"] == "We cannot say yet."


def test_every_arm_gets_its_verdict(three_arms):
    found = next(part for part in plain_page(three_arms) if part.name == "found")
    assert sum("Illness Management and Recovery" in paragraph for paragraph in found.paragraphs) >= 2
