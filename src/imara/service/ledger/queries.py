"""Reading the ledger: the history of a person, a record or a study."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from imara.service.ledger.models import BEGINNING, Event, Head


@dataclass(frozen=True)
class Entry:
    """An event as pages show it."""

    sequence: int
    kind: str
    at: str
    actor: str
    role: str
    site: str
    subject: str
    reason: str
    changes: list[dict[str, Any]]
    study: str = ""


@dataclass(frozen=True)
class ChainEnd:
    """The end of the chain, for noting elsewhere."""

    sequence: int
    hash: str


def head() -> ChainEnd:
    """Return how many events there are, and the last one's hash."""
    row = Head.objects.filter(pk=1).values_list("sequence", "hash").first()
    return ChainEnd(*row) if row is not None else ChainEnd(0, BEGINNING)


def has_hash(noted: str) -> bool:
    """Tell whether a hash that was noted earlier, and kept elsewhere, is that of an event of the chain as it is now."""
    return noted == BEGINNING or any(event.computed_hash() == noted for event in Event.objects.filter(hash=noted))


def history(*, subject: str = "", study: str = "", actor: str = "") -> list[Entry]:
    """Return events about a subject, in a study or by a person, oldest first."""
    chosen = {name: value for name, value in (("subject", subject), ("study", study), ("actor", actor)) if value}
    return [entry_of(event) for event in Event.objects.filter(**chosen).order_by("sequence")]


def entry_of(event: Event) -> Entry:
    """Return an event as pages show it."""
    return Entry(
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        actor=event.actor,
        role=event.role,
        site=event.site,
        subject=event.subject,
        reason=event.reason,
        changes=json.loads(event.changes),
        study=event.study,
    )
