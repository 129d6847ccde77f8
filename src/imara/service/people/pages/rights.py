"""Who may do what: the table of rights, for everyone who has signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from imara.service.people.doorkeeper import open_to_signed_in
from imara.service.people.role_names import ROLE_NAMES
from imara.service.people.roles import RIGHTS, ROLE_WORDS, Role
from imara.service.ui.tables import Column, Empty, Table


@open_to_signed_in
@require_safe
def rights(request: HttpRequest) -> HttpResponse:
    """Every right in words, who has it, how far it reaches, and whether using it can tell an arm."""
    reach = {"site": _("One's own centre"), "study": _("The whole study"), "platform": _("The whole site")}
    rows = [
        (
            capfirst(_(right.words)),
            ", ".join(capfirst(str(ROLE_NAMES[role])) for role in Role if role in right.roles),
            reach[right.scope],
            _("Yes") if right.tells_arm else _("No"),
        )
        for right in RIGHTS
    ]
    columns = (
        Column("right", _("What may be done")),
        Column("roles", _("By whom")),
        Column("scope", _("How far it reaches")),
        Column("arm", _("Can tell an arm")),
    )
    table = Table(_("Rights"), columns, rows, Empty(_("There are no rights"), ""), id="rights")
    roles = [{"key": capfirst(str(ROLE_NAMES[role])), "value": _(words)} for role, words in ROLE_WORDS.items()]
    return render(request, "people/rights.html", {"table": table, "roles": roles})
