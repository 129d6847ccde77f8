"""What changes participants: screening, consent, withdrawal, duplicates; the only writers of this room.

Signatures first; bodies follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from imara.rules.eligibility import Answer
from imara.service.ledger.recording import Actor
from imara.service.participants.models import Consent, Participant, Screening, Withdrawal


def screen(
    *,
    study: str,
    site: str,
    characteristics: Mapping[str, Answer],
    answers: Mapping[str, bool | None],
    again_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Screening:
    """Screen someone new: they get the centre's next key, whatever the outcome."""
    raise NotImplementedError


def screen_again(
    *,
    participant: Participant,
    characteristics: Mapping[str, Answer],
    answers: Mapping[str, bool | None],
    again_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Screening:
    """Screen someone again: a further screening beside those before."""
    raise NotImplementedError


def record_paper_consent(
    *,
    participant: Participant,
    consent_version: str,
    on: date,
    taken_by: str,
    file_reference: str,
    giver: str = "participant",
    by: Actor,
) -> Consent:
    """Record consent given on paper."""
    raise NotImplementedError


def withdraw(*, participant: Participant, degree: str, on: date, reason: str = "", by: Actor) -> Withdrawal:
    """Record that someone leaves the treatment, the follow-up or the use of their data."""
    raise NotImplementedError
