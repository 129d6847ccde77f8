"""What the ledger's events of this room are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "participants.asked": _("asked a question about the study (%(whom)s)"),
    "participants.check_answered": _("answered the questions that check whether the text was clear (%(whom)s)"),
    "participants.consent_marked": _("marked a consent of %(whom)s as entered in error"),
    "participants.consented": _("recorded that %(whom)s consents"),
    "participants.declined": _("recorded that %(whom)s declines"),
    "participants.duplicate_reported": _("reported that %(whom)s may have been screened before"),
    "participants.found_different": _("found that %(whom)s is somebody else"),
    "participants.invitation_cancelled": _("cancelled the invitation of %(whom)s to decide on screen"),
    "participants.invited_to_decide": _("invited %(whom)s to read and decide on screen"),
    "participants.merged": _("found that %(whom)s was screened before under another key"),
    "participants.question_answered": _("answered a question of %(whom)s"),
    "participants.read": _("read a page about the study (%(whom)s)"),
    "participants.resumed": _("recorded that %(whom)s takes part again"),
    "participants.screened": _("screened %(whom)s"),
    "participants.screened_again": _("screened %(whom)s again"),
    "participants.withdrew": _("recorded that %(whom)s withdraws"),
}

RECORDS: dict[str, str | Promise] = {
    "participants.centrecode": _("Letters of a centre"),
    "participants.consent": _("Consent"),
    "participants.duplicate": _("Report of a duplicate"),
    "participants.invitation": _("Invitation to decide on screen"),
    "participants.participant": _("Participant"),
    "participants.question": _("Question about the study"),
    "participants.screening": _("Screening"),
    "participants.withdrawal": _("Withdrawal"),
}
