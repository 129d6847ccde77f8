"""The words around the code: links that lead somewhere, words that are explained, a tour that is up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = ("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
ACRONYM = re.compile(r"(?<![\w/.-])[A-Z][A-Z0-9]*[A-Z][A-Z0-9]*(?:-\d+)?(?![\w/])")
CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]+`|\]\([^)]*\)|https?://\S+|\{[a-z]+\}`[^`]*`", re.DOTALL)
NAMED_BY_DJANGO = {"commands", "management", "migrations", "templatetags"}
INITIALS = re.compile(r"(?<=[a-z] )[A-Z]{2,3}(?=[,.;:]| \()")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def documents(root: Path) -> list[Path]:
    """Return the pages that people write by hand."""
    pages = (path for path in (root / "docs").rglob("*.md") if not {"_build", "generated"} & set(path.parts))
    return [*(root / name for name in TOP), *sorted(pages)]


@pytest.mark.parametrize("name", [*TOP, "LICENSE"])
def test_the_houses_papers_are_there(root, name):
    assert len((root / name).read_text(encoding="utf-8").split()) > 50


def test_every_acronym_is_explained(root):
    glossary = (root / "GLOSSARY.md").read_text(encoding="utf-8")
    explained = set(ACRONYM.findall(" ".join(re.findall(r"^\*\*(.+?)\*\*", glossary, re.MULTILINE))))

    unexplained = {
        f"{word} ({page.relative_to(root)})"
        for page in documents(root)
        for text in [CODE.sub(" ", page.read_text(encoding="utf-8"))]
        # Authors' initials in a reference look like abbreviations.
        for word in set(ACRONYM.findall(text)) - set(INITIALS.findall(text))
        if word not in explained
    }
    assert not unexplained, "explain them in GLOSSARY.md"


def test_the_glossary_is_in_alphabetical_order(root):
    for part in (root / "GLOSSARY.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        terms = re.findall(r"^\*\*(.+?)\*\*", part, re.MULTILINE)
        assert terms == sorted(terms, key=str.casefold)


def test_every_link_inside_the_repository_leads_somewhere(root):
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in documents(root)
        for target in LINK.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
        if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.split("#")[0]).exists()
    ]

    assert not broken


def test_the_house_tour_names_every_station_and_folder(root):
    tour = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    stations = [path.name for path in (root / "src/imara").iterdir() if path.is_dir() and path.name != "__pycache__"]
    tests = [path.name for path in (root / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"]

    assert not [name for name in stations if f"{name}/" not in tour]
    assert not [name for name in tests if f"{name}/" not in tour]


def test_every_module_of_a_station_is_met_on_the_tour(root, modules):
    tour = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    packages = {module.name.split(".")[-1] for module in modules if module.path.name == "__init__.py"} - {"imara"}

    assert not [name for name in packages - NAMED_BY_DJANGO if name not in tour]


def test_decisions_are_numbered_and_give_reasons(root):
    records = sorted(path for path in (root / "docs/decisions").glob("*.md") if path.name != "index.md")

    numbers = [path.name[:4] for path in records]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers), "each number stands for one decision"
    for record in records:
        text = record.read_text(encoding="utf-8")
        for heading in ("## Why", "## The road not taken"):
            assert heading in text, f"{record.name} lacks '{heading}'"


def test_the_changelog_has_a_place_for_what_comes_next(root):
    assert "## Unreleased" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
