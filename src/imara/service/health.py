"""Whether the site can answer, for whatever watches over it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from imara.service.people.doorkeeper import open_to_all


@open_to_all
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer `well` when the database can be read, and 503 otherwise; no details for whoever asks."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM ledger_head WHERE id = 1")
            well = cursor.fetchone() is not None
    except DatabaseError:
        well = False
    return HttpResponse("well\n" if well else "unwell\n", content_type="text/plain", status=200 if well else 503)
