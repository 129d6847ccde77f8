"""The page for lawyers says what the program does."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from imara.service.people.roles import RIGHTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/who-may-do-what.md"


def written_anew() -> str:
    sys.path.insert(0, str(ROOT / "docs/_ext"))
    try:
        return str(importlib.import_module("describe_rights").describe_rights())
    finally:
        sys.path.remove(str(ROOT / "docs/_ext"))


def test_the_page_is_that_of_the_table() -> None:
    again = "write it anew with `python docs/_ext/describe_rights.py`"
    assert PAGE.read_text(encoding="utf-8") == written_anew(), again


def test_every_right_stands_on_it_once_and_those_that_tell_an_arm_twice() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for right in RIGHTS:
        words = "| " + right.words[0].upper() + right.words[1:] + " |"
        assert page.count(words) == (2 if right.tells_arm else 1), right.name
