"""Reads across rooms: who was screened, what they agreed to, and what may be done with them now."""

from __future__ import annotations

from imara.service.participants.queries.deciding import (
    information,
    invitation_of,
    invitations_for,
    open_questions,
    pages_of,
)
from imara.service.participants.queries.duplicates import ScreenedBefore, duplicates_waiting, screened_before
from imara.service.participants.queries.log import LogFilter, screening_log, to_screen_again
from imara.service.participants.queries.people import at_centre, locked, participant, subject_of
from imara.service.participants.queries.readiness import Ready, eligible_now, ready_for_allocation
from imara.service.participants.queries.recorded import in_use
from imara.service.participants.queries.standing import (
    consent_standing,
    decisions,
    has_left,
    known_now,
    latest_screening,
    may_be_treated,
    may_be_visited,
    may_data_be_used,
)

__all__ = [
    "LogFilter",
    "Ready",
    "ScreenedBefore",
    "at_centre",
    "consent_standing",
    "decisions",
    "duplicates_waiting",
    "eligible_now",
    "has_left",
    "in_use",
    "information",
    "invitation_of",
    "invitations_for",
    "known_now",
    "latest_screening",
    "locked",
    "may_be_treated",
    "may_be_visited",
    "may_data_be_used",
    "open_questions",
    "pages_of",
    "participant",
    "ready_for_allocation",
    "screened_before",
    "screening_log",
    "subject_of",
    "to_screen_again",
]
