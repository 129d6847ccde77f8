"""What roles are called on pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imara.service.people.roles import Role

ROLE_NAMES: dict[Role, str | Promise] = {
    Role.PARTICIPANT: _("participant"),
    Role.SUPPORTER: _("supporter"),
    Role.PRACTITIONER: _("practitioner"),
    Role.SUPERVISOR: _("supervisor"),
    Role.ASSESSOR: _("assessor"),
    Role.COORDINATOR: _("coordinator"),
    Role.STATISTICIAN: _("statistician"),
    Role.MONITOR: _("monitor"),
    Role.BOARD: _("member of the data and safety board"),
    Role.ADMINISTRATOR: _("administrator"),
}
