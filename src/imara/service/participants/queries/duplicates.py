"""Who may be the same person as somebody else, telling no more than the reader may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imara.service.participants.models import (
    Duplicate,
    Participant,
)


def duplicates_waiting(study: str) -> list[Duplicate]:
    """Return the reported duplicates of a study that nobody has decided yet."""
    rows = Duplicate.objects.filter(later__study__name=study, decision="").select_related("later", "earlier")
    return list(rows.order_by("reported_at"))


@dataclass(frozen=True)
class ScreenedBefore:
    """That a person with this national number was screened for the study before: at which centre, and no more."""

    site: str
    key: str = ""
    """The participant's key, at the reader's own centre only."""


def screened_before(keys: Sequence[str], study: str, site: str) -> list[ScreenedBefore]:
    """Say where the people behind some keys were screened for a study, telling the key only at the reader's centre.

    Args:
        keys: Participants whose national number is the one asked about.
        study: The study's name; other studies are nobody's business here.
        site: The reader's centre.
    """
    rows = Participant.objects.filter(key__in=keys, study__name=study, merged_into__isnull=True).order_by("since")
    return [ScreenedBefore(row.site, row.key if row.site == site else "") for row in rows]
