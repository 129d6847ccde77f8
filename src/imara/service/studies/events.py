"""What the ledger's events of this room are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "studies.loaded": _("took the study %(whom)s in"),
    "studies.amended": _("amended the study %(whom)s"),
    "studies.opened": _("opened the study %(whom)s"),
    "studies.paused": _("paused the study %(whom)s"),
    "studies.resumed": _("resumed the study %(whom)s"),
    "studies.closed": _("closed the study %(whom)s to new people"),
    "studies.locked": _("locked the study %(whom)s"),
}

RECORDS: dict[str, str | Promise] = {
    "studies.conductedstudy": _("Study"),
    "studies.studyversion": _("Version of a study"),
}
