"""The history of a person, a record or a study, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from imara.service.ledger.canonical import to_json
from imara.service.ledger.models import Event
from imara.service.ledger.queries import Entry, entry_of


@dataclass(frozen=True)
class Page:
    """Some events of many, newest first."""

    entries: list[Entry]
    total: int
    """How many there are on all pages."""
    kinds: list[str]
    """Which kinds of events there are on all pages, whatever kind was asked for."""


@dataclass(frozen=True)
class Asked:
    """Which events somebody wants to read, and may."""

    subject: str = ""
    study: str = ""
    sites: frozenset[str] | None = None
    """Centres one may read about; None for all. What is about no centre belongs to the study as a whole."""
    person: str = ""
    """Key of a person: what they did, and what was done to their account."""
    record: tuple[str, str] | None = None
    """Table and key of a row."""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    """Last day."""


def page_of_history(asked: Asked, *, page: int = 1, per_page: int = 50) -> Page:
    """Return one page of the events that were asked for, newest first."""
    found = _found(asked)
    kinds = sorted(found.order_by().values_list("kind", flat=True).distinct())
    if asked.kind:
        found = found.filter(kind=asked.kind)
    start = (page - 1) * per_page
    return Page(
        [entry_of(event) for event in found.order_by("-sequence")[start : start + per_page]], found.count(), kinds
    )


def _found(asked: Asked) -> QuerySet[Event]:
    found = Event.objects.all()
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if asked.study:
        found = found.filter(study=asked.study)
    if asked.sites is not None:
        found = found.filter(site__in=[*asked.sites, ""])
    if asked.person:
        found = found.filter(Q(subject=f"person:{asked.person}") | Q(actor=asked.person))
    if asked.record is not None:
        label, key = asked.record
        # Canonical JSON has one way to write a change's key and model, which end it.
        keys = [key, int(key)] if key.isascii() and key.isdecimal() else [key]
        ends = [to_json({"key": one, "model": label}).removeprefix("{") for one in keys]
        found = found.filter(Q(*[("changes__contains", end) for end in ends], _connector=Q.OR))
    if asked.since:
        found = found.filter(at__gte=_midnight(asked.since))
    if asked.until:
        found = found.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> str:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return begins.astimezone(UTC).isoformat(timespec="microseconds")
