"""Addresses of the service: one line a room."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from imara.service.health import health

handler429 = "imara.service.people.throttling.too_many"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("", include("imara.service.people.urls")),
    path("", include("imara.service.studies.urls")),
    path("", include("imara.service.participants.urls")),
    path("", include("imara.service.allocation.urls")),
]
if settings.IMARA_DEMO:
    # After all others, so that whatever has a first page of its own keeps it.
    urlpatterns.append(path("", include("imara.service.demonstration.urls")))
