"""The screening log and whom to screen again: everyone by their last screening, without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from imara.rules.eligibility import Outcome
from imara.service.participants.models import (
    Screening,
    Withdrawal,
)


@dataclass(frozen=True)
class LogFilter:
    """Which rows of a screening log are wanted; all where empty."""

    site: str = ""
    outcome: str = ""
    reason: str = ""
    """Id of a criterion."""
    since: date | None = None
    until: date | None = None


def screening_log(study: str, sites: frozenset[str] | None, wanted: LogFilter | None = None) -> QuerySet[Screening]:
    """Return the latest screening of everyone screened at some centres of a study, without names.

    Args:
        study: The study's name.
        sites: The centres that the reader may see; None for all.
        wanted: Filters.
    """
    wanted = wanted or LogFilter()
    last = Screening.objects.filter(participant=OuterRef("participant")).order_by("-number").values("number")[:1]
    rows: QuerySet[Screening] = Screening.objects.filter(participant__study__name=study, number=Subquery(last))
    rows = rows.select_related("participant", "participant__merged_into", "version").defer("version__definition")
    if sites is not None:
        rows = rows.filter(participant__site__in=sites)
    if wanted.site:
        rows = rows.filter(participant__site=wanted.site)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.since:
        rows = rows.filter(at__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__date__lte=wanted.until)
    if wanted.reason:
        # JSON containment is not there on SQLite; an id in quotes matches whole ids only.
        rows = rows.filter(reasons__icontains=f'"{wanted.reason}"')
    return rows.order_by("participant__site", "participant__key")


def to_screen_again(study: str, sites: frozenset[str] | None, by: date | None = None) -> QuerySet[Screening]:
    """Return the screenings that ask for another one, the earliest date first.

    Args:
        study: The study's name.
        sites: The centres that the reader may see; None for all.
        by: Only those due on or before this day; all when left out.
    """
    rows = screening_log(study, sites, LogFilter(outcome=Outcome.SCREEN_AGAIN.value))
    rows = rows.filter(participant__merged_into__isnull=True)
    gone = Withdrawal.objects.filter(participant=OuterRef("participant"), ended_on__isnull=True).values("pk")[:1]
    rows = rows.annotate(left=Subquery(gone)).filter(left__isnull=True)
    if by is not None:
        rows = rows.filter(again_on__lte=by)
    return rows.order_by("again_on", "participant__key")
