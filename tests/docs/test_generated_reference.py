"""The reference pages that are written from the code: nothing that can be used is missing from them."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pages():
    sys.path.insert(0, str(ROOT / "docs/_ext"))
    try:
        return importlib.import_module("generated_reference").pages()
    finally:
        sys.path.remove(str(ROOT / "docs/_ext"))


def test_every_generated_page_is_shown_in_the_reference(pages):
    shown = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/reference").glob("*.md"))

    assert [name for name in pages if f"{{include}} generated/{name}" not in shown] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("study-fields.md", ["## Study", "## Outcome", "`smallest_effect`", "`reml` or `ml`", "**must be there**"]),
        ("instrument-fields.md", ["## Instrument", "`reverse`", "`forbid` or `prorate`"]),
        ("programme-fields.md", ["## Programme", "`group_size`"]),
        ("wording-fields.md", ["## Pack file", "`licence`"]),
        ("commands.md", ["## imara check", "## imara evidence check", "`--json`"]),
        ("results-fields.md", ["## Result", "## Contrast", "`ci90_low`"]),
    ],
)
def test_a_page_lists_what_can_be_used(pages, name, words):
    assert [word for word in words if word not in pages[name]] == []


def test_every_row_of_a_table_has_as_many_cells_as_its_heading(pages):
    for name, page in pages.items():
        for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
            widths = {len(re.split(r"(?<!\\)\|", row)) for row in table.splitlines()}
            assert len(widths) == 1, f"{name}: {table}"


def test_links_inside_a_page_lead_to_its_headings(pages):
    for name, page in pages.items():
        headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.+)$", page, re.MULTILINE)}
        assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings, name
