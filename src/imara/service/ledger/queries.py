"""Reading the ledger: the history of a person, a record or a study."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from imara.service.ledger.models import Event


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


def history(*, subject: str = "", study: str = "", actor: str = "") -> list[Entry]:
    """Return events about a subject, in a study or by a person, oldest first."""
    chosen = {name: value for name, value in (("subject", subject), ("study", study), ("actor", actor)) if value}
    return [
        Entry(
            sequence=event.sequence,
            kind=event.kind,
            at=event.at,
            actor=event.actor,
            role=event.role,
            site=event.site,
            subject=event.subject,
            reason=event.reason,
            changes=json.loads(event.changes),
        )
        for event in Event.objects.filter(**chosen).order_by("sequence")
    ]
