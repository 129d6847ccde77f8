"""The report in a real browser: no barrier that axe can find, nothing cut off on a phone, text as wide as reckoned."""

from __future__ import annotations

from pathlib import Path

import pytest

from imara.analysis.analyse import analyse
from imara.dataset import read_dataset
from imara.report import fonts, write_report
from imara.study.library import load_study

PHONE, DESKTOP = 320, 1280

# WCAG 2.2 AA, and what axe counts as good practice besides.
AXE = """
const outcome = await axe.run(document, {runOnly: {type: "tag", values: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}});
return {
  passes: outcome.passes.length,
  violations: outcome.violations.map((found) => [found.id, found.help, found.nodes.map((node) => node.html)]),
};
"""

REFLOW = """
const wide = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll") && !one.closest("svg")
  && !one.closest(".skip") && one.getBoundingClientRect().right > innerWidth + 1);
const regions = [...document.querySelectorAll(".scroll")];
return {
  window: innerWidth,
  page: document.documentElement.scrollWidth,
  wide: wide.map((one) => one.outerHTML.slice(0, 200)),
  unreachable: regions.filter((one) => one.scrollWidth > one.clientWidth && one.tabIndex !== 0).length,
  scrolling: regions.filter((one) => one.scrollWidth > one.clientWidth).length,
};
"""

TEXTS = """
return {
  fonts: [...document.fonts].filter((face) => face.status === "loaded").map((face) => face.family),
  texts: [...document.querySelectorAll("svg text")].filter((one) => one.getBoundingClientRect().width > 0)
    .map((one) => [one.textContent, Number(one.getAttribute("font-size")),
      Number(one.getAttribute("font-weight") || 400), one.getComputedTextLength()]),
};
"""

SKIP = """
const link = document.querySelector("a");
const before = link.getBoundingClientRect().right;
link.focus();
const shown = link.getBoundingClientRect();
return {before, left: shown.left, right: shown.right, top: shown.top, outline: getComputedStyle(link).outlineStyle};
"""


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> dict[str, str]:
    folder = load_study("beat-the-blues")
    result = analyse(read_dataset(folder), command="imara analyse beat-the-blues")
    found = {}
    for language in ("en", "da"):
        out: Path = tmp_path_factory.mktemp(language)
        found[language] = write_report(result, folder, out, language, pdf=False).html.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["en", "da"])
def test_axe_finds_no_barrier(pages, examine, language, width):
    found = examine(pages[language], AXE, width)
    assert found["passes"] > 25
    assert not found["violations"]


def test_axe_would_find_one(pages, examine):
    broken = pages["en"].replace("<main ", '<img src="data:,"><p style="color:#bbb">pale</p><main ')
    found = examine(broken, AXE, DESKTOP)
    assert {"image-alt", "color-contrast"} <= {name for name, *_ in found["violations"]}


@pytest.mark.parametrize("language", ["en", "da"])
def test_nothing_is_cut_off_on_the_narrowest_phone(pages, examine, language):
    found = examine(pages[language], REFLOW, PHONE)
    assert found["window"] == PHONE
    assert found["page"] <= PHONE
    assert not found["wide"]
    assert found["scrolling"] > 0
    assert found["unreachable"] == 0


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["en", "da"])
def test_text_in_figures_is_as_wide_as_was_reckoned(pages, examine, language, width):
    found = examine(pages[language], TEXTS, width)
    assert any(family.strip('"') == fonts.FAMILY for family in found["fonts"])
    assert len(found["texts"]) > 50
    wrong = [
        (words, real, fonts.width(words, size, weight))
        for words, size, weight, real in found["texts"]
        if not 0.94 * fonts.width(words, size, weight) - 1 <= real <= fonts.width(words, size, weight) + 1
    ]
    assert not wrong


def test_the_skip_link_comes_into_view(pages, examine):
    found = examine(pages["en"], SKIP, DESKTOP)
    assert found["before"] < 0
    assert found["left"] >= 0
    assert found["top"] >= 0
    assert found["right"] > 0
