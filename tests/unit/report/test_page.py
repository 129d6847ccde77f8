"""The page: well formed, in order, every figure named, every table headed, other people's text escaped."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from time import process_time

import pytest

from imara.report.page import build, html_page
from imara.report.view import View
from imara.study.library import load_study

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Tree(HTMLParser):
    """Reads a page, checks that every element is closed in order, and keeps what the tests ask about."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.text: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note an element without content."""
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        """Close the element opened last."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep text with the element it is in."""
        self.text.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes, _ in self.elements if name == tag]


def read(page: str) -> Tree:
    tree = Tree()
    tree.feed(page)
    tree.close()
    assert not tree.open
    return tree


@pytest.fixture(scope="module", params=["english", "danish", "three arms", "nothing estimated"])
def page(request, cast, view, danish, three_arms) -> str:
    empty = replace(cast.result, baseline=(), completeness=(), observed=(), analyses=(
        replace(cast.result.analyses[0], contrasts=(), means=(), standardised=(), equivalences=(), diagnostics=None,
                log_likelihood=None, converged=False, warnings=("Not computed: no fit.",)),))  # fmt: skip
    shown = {"english": view, "danish": danish, "three arms": three_arms, "nothing estimated": cast.view(empty)}[
        request.param
    ]
    return html_page(shown, build(shown))


@pytest.fixture(scope="module")
def tree(page) -> Tree:
    return read(page)


def test_there_is_one_main_heading_and_no_level_is_skipped(tree):
    levels = [int(tag[1]) for tag, _, _ in tree.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_landmarks_are_there_and_named(tree):
    for tag in ("header", "nav", "main", "footer"):
        assert len(tree.all(tag)) == 1
    ids = {attributes.get("id") for _, attributes, _ in tree.elements}
    for _, attributes, _ in tree.elements:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids


def test_ids_are_unique_and_links_lead_somewhere(tree):
    ids = [attributes["id"] for _, attributes, _ in tree.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [link["href"] for link in tree.all("a")]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(ids)


def test_the_first_link_skips_to_the_report(tree):
    assert tree.all("a")[0] == {"class": "skip", "href": "#report"}


def test_every_table_has_a_caption_and_every_heading_cell_its_scope(tree):
    tables = tree.all("table")
    assert len(tables) == len(tree.all("caption"))
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in tree.all("th"))
    names = {region["aria-label"] for region in tree.all("div") if region.get("role") == "region"}
    assert len(names) == len(tables)


def test_every_drawing_has_a_name(tree):
    for drawing in tree.all("svg"):
        assert drawing["role"] == "img"
        assert drawing["aria-labelledby"]


def test_rows_have_as_many_cells_as_there_are_columns(page):
    for table in re.findall(r"<table>.*?</table>", page, flags=re.DOTALL):
        columns = len(re.findall(r'<th scope="col">', table))
        for row in re.findall(r"<tr>.*?</tr>", table.split("</thead>")[1], flags=re.DOTALL):
            assert len(re.findall(r"<t[hd]\b", row)) == columns


def test_nothing_is_fetched(page, tree):
    addresses = [value for _, attributes, _ in tree.elements for name, value in attributes.items()
                 if name in ("src", "href", "srcset", "action", "xlink:href") and value]  # fmt: skip
    assert all(address.startswith("#") for address in addresses)
    assert not re.search(r"url\((?!data:)", page)
    assert "@import" not in page
    assert not tree.all("script")


def test_the_page_says_its_language(page, tree):
    (html,) = tree.all("html")
    assert html["lang"] == ("da" if "Kort fortalt" in page else "en")


def test_a_report_is_a_draft_and_says_from_what(view):
    page = html_page(view, build(view))
    assert "Draft, computed from data a1c4e07d93b2" in page
    assert "NCT00000000" in page


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_sections_come_in_the_order_a_reader_needs(view):
    page = html_page(view, build(view))
    headings = [re.sub("<[^>]+>", "", heading) for heading in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    assert headings == [
        "Contents", "In plain words", "Key result", "Who took part", "People at the start", "How complete the data are",
        "Clinical recovery", "Personal recovery", "All outcomes side by side",
        "The same question analysed in other ways", "Methods and fit", "Deviations and warnings",
        "Assumptions in the study file", "Instruments", "How to repeat this report", "Words used here",
    ]  # fmt: skip


def test_a_family_without_outcomes_is_said_to_be_without(view):
    assert "This study analysed no outcome of personal recovery" in text_of(html_page(view, build(view)))


def test_warnings_are_never_hidden(cast):
    estimate = replace(cast.result.analyses[0], warnings=("3 participants are left out.",), converged=False)
    shown = cast.view(replace(cast.result, analyses=(estimate,), warnings=("The data were cut early.",)))
    section = next(section for section in build(shown) if section.name == "warnings")
    items = [item for block in section.blocks for item in block.items]
    assert "The data were cut early." in items
    assert "primary: 3 participants are left out." in items
    assert any("did not converge" in item for item in items)


def test_what_was_not_computed_is_not_called_unconverged(cast):
    estimate = replace(cast.result.analyses[0], warnings=("Planned, but not computed.",), converged=False, means=(),
                       contrasts=(), standardised=(), equivalences=())  # fmt: skip
    section = next(
        one for one in build(cast.view(replace(cast.result, analyses=(estimate,)))) if one.name == "warnings"
    )
    assert [item for block in section.blocks for item in block.items] == ["primary: Planned, but not computed."]


def test_the_danish_study_gives_a_report_in_both_languages(cast):
    folder = load_study("imr-denmark")
    result = cast.invent(folder)
    for language in ("en", "da"):
        shown = View.of(result, folder, language)
        tree = read(html_page(shown, build(shown)))
        outcomes = {shown.names.outcome(key) for key in folder.study.outcomes}
        assert outcomes <= {words for _, words in tree.text}


def test_without_warnings_that_is_said(view):
    section = next(section for section in build(view) if section.name == "warnings")
    assert section.blocks[0].words == "The analysis recorded no deviations from the plan and no warnings."


def test_every_assumption_is_listed(view):
    section = next(section for section in build(view) if section.name == "assumed")
    items = [item for block in section.blocks for item in block.items]
    assert items == [
        "Nobody was blinded.",
        "Allocation: Its method is not known.",
        "BDI: The licence is general knowledge.",
    ]


def test_the_margin_and_its_source_are_said_to_clinicians(view):
    section = next(section for section in build(view) if section.name == "key")
    words = " ".join(block.words for block in section.blocks)
    assert (
        "The smallest effect that matters was set at 5 points. Where that comes from: Assumed for this example."
        in words
    )
    callout = next(block for block in section.blocks if block.kind == "callout")
    assert callout.words.endswith("): a difference of 5 points or more is ruled out.")


def test_a_study_without_a_margin_says_so(cast):
    outcome = {name: value for name, value in cast.study["outcomes"]["depression"].items() if "smallest" not in name}
    shown = cast.view(cast.with_estimate(equivalences=()), {**cast.study, "outcomes": {"depression": outcome}})
    words = " ".join(block.words for section in build(shown) if section.name == "key" for block in section.blocks)
    assert "names no smallest effect that matters" in words


def test_the_notice_about_wording_is_there(view):
    assert "not the validated wording" in text_of(html_page(view, build(view)))


def test_a_figure_and_a_table_have_numbers_in_order(tree):
    for kind in ("figure", "table"):
        numbers = [int(attributes["id"].split("-")[1]) for _, attributes, _ in tree.elements
                   if re.fullmatch(rf"{kind}-\d+", attributes.get("id") or "")]  # fmt: skip
        assert numbers == list(range(1, len(numbers) + 1))


HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}&amp;"""


def test_other_peoples_text_is_shown_as_it_is_and_never_run(cast):
    study = {
        **cast.study,
        "title": {"en": f"Title {HOSTILE}"},
        "summary": {"en": f"Summary {HOSTILE}"},
        "registration": {"registry": HOSTILE, "number": HOSTILE},
        "assumed": ({"en": HOSTILE},),
        "arms": {"tau": {"label": {"en": f"A {HOSTILE}"}, "reference": True},
                 "beat-the-blues": {"label": {"en": f"B {HOSTILE}"}}},
        "outcomes": {"depression": {**cast.study["outcomes"]["depression"], "label": {"en": f"C {HOSTILE}"},
                                    "smallest_effect_source": {"en": HOSTILE}}},
    }  # fmt: skip
    estimate = replace(cast.result.analyses[0], warnings=(HOSTILE,), formula=HOSTILE, model=HOSTILE, df_method=HOSTILE)
    provenance = replace(cast.result.provenance, command=HOSTILE, data_file=HOSTILE, package=HOSTILE)
    result = replace(cast.result, analyses=(estimate,), warnings=(HOSTILE,), provenance=provenance)
    for language in ("en", "da"):
        shown = cast.view(result, study, language)
        page = html_page(shown, build(shown))
        tree = read(page)
        assert not tree.all("script")
        assert not tree.all("img")
        assert not any(name.startswith("on") for _, attributes, _ in tree.elements for name in attributes)
        text = "".join(words for _, words in tree.text)
        assert text.count("{{ 7*7 }}") > 20
        assert "Title <script>alert(1)</script>" in text


def test_english_words_in_a_danish_report_are_marked_english(cast):
    study = {**cast.study, "title": {"en": "Only in English"}, "assumed": ({"en": "An English assumption."},)}
    shown = cast.view(study=study, language="da")
    page = html_page(shown, build(shown))
    assert '<h1><span lang="en">Only in English</span></h1>' in page
    assert '<li><span lang="en">An English assumption.</span></li>' in page


def test_a_page_is_made_in_half_a_second(view):
    html_page(view, build(view))
    seconds = []
    for _ in range(3):
        start = process_time()
        html_page(view, build(view))
        seconds.append(process_time() - start)
    assert min(seconds) < 0.5


def test_the_same_result_gives_the_same_page(view: View):
    assert html_page(view, build(view)) == html_page(view, build(view))
