"""Finding what was changed behind the service's back: in the chain, in its guards, and in every recorded table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from imara.service.ledger import triggers
from imara.service.ledger.canonical import plain
from imara.service.ledger.models import BEGINNING, Event, Head
from imara.service.ledger.recorded import RecordedModel
from imara.service.ledger.watched import watches


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was recorded."""

    place: str
    """`event 12`, `people.person 3`, `trigger ...`, `head`."""
    words: str
    """What is wrong there."""

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


@dataclass
class _Told:
    """What the ledger tells of one row: its present fields, and the last event that changed it."""

    fields: dict[str, Any]
    event: int


def recorded_models() -> list[type[RecordedModel]]:
    """Return every model whose writes are recorded."""
    return sorted(
        (model for model in apps.get_models() if issubclass(model, RecordedModel)), key=lambda m: m._meta.label_lower
    )


def verify() -> list[Finding]:
    """Check the whole ledger and every recorded table; return all that is found, nothing when all is well."""
    told: dict[tuple[str, str], _Told] = {}
    findings = [Finding(f"trigger {name}", "it is missing or altered") for name in triggers.absent(connection)]
    findings += _chain(told)
    for model in recorded_models():
        findings += _table(model, model.as_recorded, told)
    for watched in watches():
        findings += _table(watched.model, watched.as_recorded, told)
    return findings


def _chain(told: dict[tuple[str, str], _Told]) -> Iterator[Finding]:
    expected, previous = 1, BEGINNING
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        place = f"event {event.sequence}"
        if event.sequence != expected:
            missing = str(expected) if event.sequence == expected + 1 else f"{expected} to {event.sequence - 1}"
            yield Finding(place, f"events before it are missing: {missing}")
        elif event.previous != previous:
            yield Finding(place, "it does not continue the event before it")
        if event.hash != event.computed_hash():
            yield Finding(place, "its content was changed after it was written")
        expected, previous = event.sequence + 1, event.hash
        _fold(event, told)
    head = Head.objects.filter(pk=1).first()
    if head is None:
        yield Finding("head", "the end of the chain is missing")
    elif (head.sequence, head.hash) != (expected - 1, previous):
        yield Finding("head", f"the chain ends at event {expected - 1}, and its end says {head.sequence}")


def _fold(event: Event, told: dict[tuple[str, str], _Told]) -> None:
    try:
        changes = json.loads(event.changes)
        for change in changes:
            place = (str(change["model"]), str(change["key"]))
            after = change["after"]
            if after is None:
                # Only rows of other packages' tables are ever removed.
                told.pop(place, None)
            elif place in told:
                told[place].fields.update(after)
                told[place].event = event.sequence
            else:
                told[place] = _Told(dict(after), event.sequence)
    except (ValueError, KeyError, TypeError):
        return  # its hash has already told that it was changed


def _table(
    model: type[models.Model],
    as_recorded: Callable[[dict[str, Any]], dict[str, Any]],
    told: dict[tuple[str, str], _Told],
) -> Iterator[Finding]:
    label = model._meta.label_lower
    seen: set[str] = set()
    key_name = model._meta.pk.attname
    for values in model._base_manager.order_by("pk").values().iterator(chunk_size=2000):
        row: dict[str, Any] = dict(values)
        key = str(plain(row[key_name]))
        seen.add(key)
        expected = told.get((label, key))
        place = f"{label} {key}"
        if expected is None:
            yield Finding(place, "the row is in the table, and no event made it")
            continue
        found = as_recorded(row)
        for name, value in found.items():
            if expected.fields.get(name) != value:
                yield Finding(place, f"'{name}' is not what event {expected.event} or one before it left there")
    for (name, key), row_told in told.items():
        if name == label and key not in seen:
            yield Finding(f"{label} {key}", f"event {row_told.event} knows the row, and it is gone from the table")
