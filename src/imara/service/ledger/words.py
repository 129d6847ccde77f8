"""Events in words: a sentence for each act, and what it changed, for people who read a history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from imara.service.ledger.queries import Entry

Words = str | Promise
Vocabulary = Mapping[str, Words]

SEALED = "sealed:"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Told:
    """One field of one row, before and after an act, as a page shows it."""

    record: str
    """What kind of record it is, and its number."""
    field: str
    before: str
    after: str


@lru_cache(maxsize=1)
def events() -> dict[str, Words]:
    """Return what every kind of event is called: a verb phrase in the past tense, with `%(whom)s` where it has one.

    Each room says so in its module `events`, in `EVENTS`.
    """
    return _collected("EVENTS")


@lru_cache(maxsize=1)
def records() -> dict[str, Words]:
    """Return what a row of each table is called, from `RECORDS` of each room's module `events`."""
    return _collected("RECORDS")


@lru_cache(maxsize=1)
def fields() -> dict[str, Words]:
    """Return what fields are called, from `FIELDS` of each room's module `events`."""
    return _collected("FIELDS")


def _collected(name: str) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.events"
        if config.name.startswith("imara.service.") and find_spec(module) is not None:
            found.update(getattr(import_module(module), name, {}))
    return found


def sentence(entry: Entry, names: Mapping[str, str], roles: Vocabulary) -> str:
    """Return an event as a sentence without its time: "Anna B., coordinator, allocated BAL-003".

    Args:
        entry: The event.
        names: Keys of people to what they are called.
        roles: Roles to what they are called.
    """
    who = names.get(entry.actor, entry.actor)
    if entry.actor.startswith("system:"):
        who = _("The site itself")
    phrase = events().get(entry.kind)
    what = (
        str(phrase) % {"whom": whom(entry.subject, names)}
        if phrase is not None
        else f"{entry.kind} {whom(entry.subject, names)}".strip()
    )
    if entry.role in {"self", "system"}:
        return _("%(who)s %(what)s") % {"who": who, "what": what}
    role = roles.get(entry.role, entry.role)
    return _("%(who)s, %(role)s, %(what)s") % {"who": who, "role": role, "what": what}


def whom(subject: str, names: Mapping[str, str]) -> str:
    """Return whom or what an event is about: a name, a participant's key, a study's name."""
    kind, _colon, key = subject.partition(":")
    return names.get(key, key) if kind == "person" else key


def moment(text: str) -> str:
    """Return a time of the ledger (UTC) as the site's clocks show it: 23 November 2026, 14:05."""
    at = timezone.localtime(datetime.fromisoformat(text))
    return f"{formats.date_format(at, 'DATE_FORMAT')}, {formats.date_format(at, 'TIME_FORMAT')}"


def told(entry: Entry) -> list[Told]:
    """Return what an act changed, field by field. Secrets are said to have changed, and not shown."""
    return [one for change in entry.changes for one in _of(change)]


def _of(change: dict[str, Any]) -> Iterator[Told]:
    before, after = change["before"], change["after"]
    label = change["model"]
    record = f"{records().get(label, label)} {change['key']}"
    for name in after if after is not None else before or {}:
        if name in {"id", "key"} and before is None:
            continue
        old = None if before is None else before.get(name)
        new = None if after is None else after.get(name)
        if old is None and new in (None, "", [], {}):
            continue
        called = fields().get(f"{label}.{name}", fields().get(name, name.removesuffix("_id").replace("_", " ")))
        yield Told(record, str(called), _shown(old, absent=before is None), _shown(new, absent=after is None))


def _shown(value: Any, *, absent: bool) -> str:
    if absent:
        return ""
    if value is None or value in ("", [], {}):
        return _("nothing")
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, str):
        if value.startswith(SEALED):
            return _("changed (kept secret)")
        return moment(value) if _MOMENT.fullmatch(value) else value
    if isinstance(value, list):
        return ", ".join(_shown(inner, absent=False) for inner in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_shown(inner, absent=False)}" for name, inner in value.items())
    return formats.localize(value) if isinstance(value, int | float) else str(value)
