"""What changes participants; the only writers of this room: screening, consent, withdrawal, duplicates."""

from __future__ import annotations

from imara.service.participants.actions.consent import mark_in_error, record_paper_consent
from imara.service.participants.actions.duplicates import decide_duplicate, report_duplicate
from imara.service.participants.actions.reading import (
    answer_check,
    answered,
    ask,
    cancel_invitation,
    invite,
    read_page,
    refuse,
    sign,
)
from imara.service.participants.actions.screening import screen, screen_again
from imara.service.participants.actions.withdrawal import resume, withdraw

__all__ = [
    "answer_check",
    "answered",
    "ask",
    "cancel_invitation",
    "decide_duplicate",
    "invite",
    "mark_in_error",
    "read_page",
    "record_paper_consent",
    "refuse",
    "report_duplicate",
    "resume",
    "screen",
    "screen_again",
    "sign",
    "withdraw",
]
