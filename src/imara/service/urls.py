"""Addresses of the service: one line a room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from imara.service.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("account/", include("allauth.urls")),
    path("", include("imara.service.allocation.urls")),
]
