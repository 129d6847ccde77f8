"""Every component in a real browser: no barrier that axe can find, nothing cut off, nothing too small to hit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

import imara.service.ui

STATIC = Path(imara.service.ui.__file__).parent / "static" / "imara"
NARROW, PHONE, DESKTOP = 320, 360, 1280

AXE = """
const outcome = await axe.run(document, {runOnly: {type: "tag", values: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}});
return {
  passes: outcome.passes.length,
  violations: outcome.violations.map((found) => [found.id, found.help, found.nodes.map((node) => node.html)]),
};
"""

# 320 pixels are what a window of 1280 has left when everything is shown four times as large.
REFLOW = """
const wide = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".imara-table-scroll, svg")
  && !one.matches(".nhsuk-u-visually-hidden, .nhsuk-skip-link") && one.getBoundingClientRect().right > innerWidth + 1);
return {page: document.documentElement.scrollWidth, wide: wide.map((one) => one.outerHTML.slice(0, 200))};
"""

FOCUS = """
const ways = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.getClientRects().length);
const plain = (one) => ["boxShadow", "outline", "backgroundColor"].map((name) => {
  const shown = one.matches(".nhsuk-radios__input, .nhsuk-checkboxes__input")
    ? getComputedStyle(one.nextElementSibling, "::before") : getComputedStyle(one);
  return shown[name];
}).join();
const unseen = [];
for (const one of ways) {
  const before = plain(one);
  one.focus();
  if (document.activeElement === one && plain(one) === before) unseen.push(one.outerHTML.slice(0, 200));
  one.blur();
}
return {ways: ways.length, unseen};
"""

# WCAG 2.2, 2.5.8, with its exceptions: links in a sentence, and rows of tasks and cards that are wholly a link.
TARGETS = """
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.getClientRects().length && !one.closest("p"))
  .filter((one) => !one.matches(".nhsuk-skip-link, .nhsuk-task-list__link, .nhsuk-card__link"))
  .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 24 || box.width < 24; })
  .map((one) => one.outerHTML.slice(0, 200));
"""

BEHAVIOUR = """
const hidden = () => !document.querySelector("#id_phone").getClientRects().length;
const states = [hidden()];
for (const answer of ["#id_call_0", "#id_call_1"]) { document.querySelector(answer).click(); states.push(hidden()); }
return {states, sorts: document.querySelector("#people-by-visits").getAttribute("hx-get")};
"""


@pytest.fixture
def page(settings):
    """Return a page of the gallery, or an error page, with its style and script in it, as one file."""
    settings.ROOT_URLCONF = "tests.unit.service.ui.addresses"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name.startswith(("django.", "imara.service.ui."))]
    (engine,) = settings.TEMPLATES
    processors = [name for name in engine["OPTIONS"]["context_processors"] if name.startswith("django.")]
    settings.TEMPLATES = [{**engine, "OPTIONS": {**engine["OPTIONS"], "context_processors": processors}}]
    settings.IMARA_DEMO = True

    def give(address: str, language: str = "en") -> str:
        if address.endswith(".html"):
            html = render_to_string(address)
        else:
            html = Client().get(address, headers={"Accept-Language": language}).content.decode()
        style = (STATIC / "imara.css").read_text(encoding="utf-8")
        script = (STATIC / "imara.js").read_text(encoding="utf-8")
        html = re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", html)
        html = re.sub(r"<script src=[^>]*></script>", "", html)
        html = html.replace("</body>", f"<script>{script}</script></body>")
        # What the browser would be told in a header.
        return html.replace("<head>", '<head><meta http-equiv="Content-Security-Policy" content="default-src *">')

    return give


STAFF, PARTICIPANT = "/gallery/?layout=staff&errors=1", "/gallery/?layout=participant&errors=1"


@pytest.mark.parametrize(
    ("address", "language", "width"),
    [
        (STAFF, "en", PHONE),
        (STAFF, "da", DESKTOP),
        (PARTICIPANT, "da", PHONE),
        (PARTICIPANT, "en", DESKTOP),
    ],
)
def test_axe_finds_no_barrier(page, examine, address, language, width):
    found = examine(page(address, language), AXE, width)
    assert found["passes"] > 40
    assert not found["violations"]


@pytest.mark.parametrize("address", ["/help/", "500.html"])
def test_axe_finds_no_barrier_where_it_matters_most(page, examine, address):
    assert not examine(page(address), AXE, PHONE)["violations"]


def test_axe_would_find_one(page, examine):
    broken = page(STAFF).replace("<h1>", '<img src="data:,"><p class="imara-help-link">pale</p><h1>')
    assert "image-alt" in {name for name, *_ in examine(broken, AXE, DESKTOP)["violations"]}


@pytest.mark.parametrize("address", [STAFF, PARTICIPANT])
def test_nothing_is_cut_off_when_everything_is_four_times_as_large(page, examine, address):
    found = examine(page(address, "da"), REFLOW, NARROW)
    assert found["page"] <= NARROW
    assert not found["wide"]


@pytest.mark.parametrize("address", [STAFF, PARTICIPANT])
def test_one_sees_where_one_is(page, examine, address):
    found = examine(page(address), FOCUS, DESKTOP)
    assert found["ways"] > 30
    assert not found["unseen"]


@pytest.mark.parametrize("address", [STAFF, PARTICIPANT])
def test_nothing_is_too_small_to_hit(page, examine, address):
    assert examine(page(address), TARGETS, PHONE) == []


def test_a_question_appears_below_the_answer_that_asks_for_it(page, examine):
    found = examine(page(STAFF), BEHAVIOUR, DESKTOP)
    assert found["states"] == [True, False, True]
    assert found["sorts"] == "?layout=staff&errors=1&sort=visits"


def test_without_scripts_every_question_is_there(page, examine):
    without = re.sub(r"<script>/\*! Imara.*?</script>", "", page(STAFF), flags=re.DOTALL)
    shown = examine(without, 'return document.querySelector("#id_phone").getClientRects().length;', DESKTOP)
    assert shown == 1
