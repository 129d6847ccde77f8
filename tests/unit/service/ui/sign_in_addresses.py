"""Addresses for the tests of pages on which one signs in."""

from __future__ import annotations

from django.urls import include, path
from tests.unit.service.ui import addresses

urlpatterns = [
    *(pattern for pattern in addresses.urlpatterns if pattern.name != "account_logout"),
    path("account/", include("allauth.urls")),
]
