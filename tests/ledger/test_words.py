"""Every act can be read as a sentence, in every language of the site."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

import imara.service
from imara.service.ledger import words
from imara.service.ledger.queries import Entry
from imara.service.ledger.verify import recorded_models
from imara.service.ledger.watched import watches
from imara.service.people.roles import RIGHTS
from imara.service.studies.states import STEPS

SERVICE = Path(imara.service.__file__).parent
ROOMS = sorted(path.name for path in SERVICE.iterdir() if (path / "apps.py").exists())
KIND = re.compile(rf"({'|'.join(ROOMS)})\.[a-z_]+")
RIGHT_NAMES = {right.name for right in RIGHTS}


def kinds() -> dict[str, str]:
    """Return every kind of event that the code writes, and where: texts that look like one and are no right."""
    found = {step.event: "studies/states.py" for step in STEPS}
    for path in SERVICE.rglob("*.py"):
        if path.name in {"events.py", "roles.py"} or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            first = node.args[0] if isinstance(node, ast.Call) and node.args else None
            is_act = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "recorded"
            for text, certain in ((first, is_act), (node, False)):
                if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                    continue
                if certain or (KIND.fullmatch(text.value) and text.value not in RIGHT_NAMES):
                    found[text.value] = path.relative_to(SERVICE).as_posix()
    return found


def entry(kind: str, *, role: str = "coordinator", subject: str = "participant:BAL-003") -> Entry:
    return Entry(1, kind, "2026-11-23T13:05:00.000000+00:00", "p1", role, "ballerup", subject, "", [])


def test_the_walk_finds_what_is_there() -> None:
    assert {"people.invited", "allocation.drawn", "participants.screened", "studies.opened"} <= set(kinds())
    assert len(kinds()) > 40


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_of_event_has_words_in_every_language(kind: str) -> None:
    assert kind in words.events(), f"{kinds()[kind]} writes it: say in the room's events.py what it is called"
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = str(words.events()[kind])
    assert all(said.values())
    assert said["da"] != said["en"], "it is not translated"
    assert said["da"].count("%(whom)s") == said["en"].count("%(whom)s")


def test_no_words_are_left_over() -> None:
    left = set(words.events()) - set(kinds()) - RIGHT_NAMES
    assert not left, sorted(left)


def test_every_record_has_a_name() -> None:
    tables = {model._meta.label_lower for model in recorded_models()} | {
        one.model._meta.label_lower for one in watches()
    }
    assert tables <= set(words.records()), sorted(tables - set(words.records()))


def test_an_act_reads_as_a_sentence() -> None:
    names, roles = {"p1": "Anna B."}, {"coordinator": "coordinator"}
    assert words.sentence(entry("allocation.drawn"), names, roles) == "Anna B., coordinator, allocated BAL-003"
    assert words.moment("2026-11-23T13:05:00.000000+00:00") == "23 November 2026, 14:05"
    with translation.override("da"):
        assert words.sentence(entry("allocation.drawn"), names, {"coordinator": "koordinator"}).startswith(
            "Anna B., koo"
        )
        assert words.moment("2026-11-23T13:05:00.000000+00:00").startswith("23. november 2026")


def test_what_people_do_for_themselves_and_what_nobody_does() -> None:
    assert words.sentence(entry("people.signed_in", role="self"), {"p1": "Anna B."}, {}) == "Anna B. signed in"
    by_itself = Entry(1, "people.invited", "", "system:demo", "system", "", "person:p2", "", [])
    assert words.sentence(by_itself, {"p2": "Bo"}, {}) == "The site itself invited Bo"


def test_before_and_after_without_secrets() -> None:
    changes = [
        {"model": "people.person", "key": 7, "before": {"email": "sealed:a", "language": "en"},
         "after": {"email": "sealed:b", "language": "da"}},
        {"model": "people.assignment", "key": 3, "before": None,
         "after": {"id": 3, "role": "monitor", "since": "2026-11-23T13:05:00.000000+00:00", "until": None}},
        {"model": "mfa.authenticator", "key": 1, "before": {"id": 1, "type": "totp", "data": "sealed:c"},
         "after": None},
    ]  # fmt: skip
    shown = words.told(Entry(1, "x", "", "p1", "self", "", "", "", changes))
    assert [(one.record, one.field, one.before, one.after) for one in shown] == [
        ("Account 7", "e-mail address", "changed (kept secret)", "changed (kept secret)"),
        ("Account 7", "language", "en", "da"),
        ("Role 3", "role", "", "monitor"),
        ("Role 3", "from", "", "23 November 2026, 14:05"),
        ("Second step 1", "id", "1", ""),
        ("Second step 1", "kind", "totp", ""),
        ("Second step 1", "secret", "changed (kept secret)", ""),
    ]
    assert "sealed:" not in repr(shown)
