"""What the ledger's events of this room are called: the same words whichever arm was drawn."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "allocation.arm_shown": _("was shown the arm of %(whom)s"),
    "allocation.drawn": _("allocated %(whom)s"),
    "allocation.error_decided": _("decided about %(whom)s, allocated in error"),
    "allocation.error_reported": _("reported that %(whom)s was allocated in error"),
    "allocation.opened": _("committed the seed and opened the allocation of %(whom)s"),
    "allocation.revealed": _("revealed the seed of the allocation of %(whom)s"),
    "allocation.told_again": _("looked again at what was drawn for %(whom)s"),
    "allocation.unblinding_alone": _("asked for the arm of %(whom)s in an emergency, without a second person"),
    "allocation.unblinding_confirmed": _("confirmed the request for the arm of %(whom)s"),
    "allocation.unblinding_declined": _("declined the request for the arm of %(whom)s"),
    "allocation.unblinding_noted": _("looked into a request for the arm of %(whom)s that was made alone"),
    "allocation.unblinding_requested": _("asked for the arm of %(whom)s in an emergency"),
}

RECORDS: dict[str, str | Promise] = {
    "allocation.allocatedinerror": _("Report of an error in allocation"),
    "allocation.draw": _("Draw"),
    "allocation.scheme": _("Scheme of allocation"),
    "allocation.unblindingrequest": _("Request for an arm"),
}
