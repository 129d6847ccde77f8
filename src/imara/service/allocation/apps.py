"""The room `allocation` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """The room `allocation`."""

    name = "imara.service.allocation"
    label = "allocation"
