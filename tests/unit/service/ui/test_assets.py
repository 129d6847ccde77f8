"""Style and scripts: what is committed is what the sources make, and nothing in them reaches outside."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
UI = ROOT / "src" / "imara" / "service" / "ui"
STATIC = UI / "static" / "imara"
TOOLS = ROOT / "tools" / "assets"
BUILT = ("imara.css", "imara.js", "htmx.js")
HEADER = re.compile(r"/\*! .* inputs (?P<inputs>[0-9a-f]{64}) output (?P<output>[0-9a-f]{64}) \*/")


def hash_of_inputs() -> str:
    """Return what tools/assets/build.mjs writes into each file that it makes."""
    files = [TOOLS / name for name in ("build.mjs", "package.json", "package-lock.json")]
    files += [path for folder in ("styles", "scripts") for path in (UI / folder).rglob("*") if path.is_file()]
    found = hashlib.sha256()
    for name, path in sorted((path.relative_to(ROOT).as_posix(), path) for path in files):
        found.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def parts(name: str) -> tuple[re.Match[str], str]:
    header, _, body = (STATIC / name).read_text(encoding="utf-8").partition("\n")
    found = HEADER.fullmatch(header)
    assert found, f"{name} does not say what it was made from"
    return found, body


@pytest.mark.parametrize("name", BUILT)
def test_what_is_committed_is_made_from_the_sources(name):
    assert parts(name)[0]["inputs"] == hash_of_inputs(), "run `make assets` and commit what it makes"


@pytest.mark.parametrize("name", BUILT)
def test_nobody_has_edited_what_is_made(name):
    header, body = parts(name)
    assert header["output"] == hashlib.sha256(body.encode()).hexdigest()


def test_the_style_loads_no_font_and_nothing_from_outside():
    style = parts("imara.css")[1]

    assert "@font-face" not in style
    assert "@import" not in style
    assert not re.findall(r"(?:https?:)?//[^\s\"')]+", style)
    wanted = {address.strip("\"'") for address in re.findall(r"url\(([^)]*)\)", style)}
    assert wanted == {"nhsuk-icon-cross.svg"}
    assert all((STATIC / address).is_file() for address in wanted)


def test_letters_are_those_of_the_machine():
    style = parts("imara.css")[1]
    families = set(re.findall(r"font-family:([^;}]+)", style))

    assert "Frutiger" not in style
    assert any(family.startswith("system-ui") for family in families)


@pytest.mark.parametrize("name", ["imara.js", "htmx.js"])
def test_scripts_make_no_script_of_text_and_name_no_other_place(name):
    script = parts(name)[1]

    assert "sourceMappingURL" not in script
    assert "document.write" not in script
    assert not re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`)]+", script)


def test_our_own_script_evaluates_nothing():
    assert not re.search(r"\beval\(|new Function|innerHTML", parts("imara.js")[1])


def test_what_pages_load_is_small():
    assert len(parts("imara.css")[1]) < 220_000
    assert len(parts("imara.js")[1]) < 30_000


def test_versions_are_pinned_exactly_and_the_lock_names_no_registry():
    asked = json.loads((TOOLS / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    lock = json.loads((TOOLS / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    for name, version in asked.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert not [name for name, package in lock.items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock.items() if name)


def test_our_name_and_nobody_elses_is_shown():
    icon = (STATIC / "icon.svg").read_text(encoding="utf-8")
    assert "nhs" not in icon.lower()
    shown = [
        path.name
        for path in (UI / "templates").rglob("*.html")
        # The framework's classes carry its name; what people read must not.
        if re.search(r"\bnhs\b", re.sub(r"nhsuk-[\w-]+", "", path.read_text(encoding="utf-8")), re.IGNORECASE)
    ]
    assert not shown
