"""The demonstration as a Django application, for its templates."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """The demonstration; it has no tables."""

    name = "imara.service.demonstration"
    label = "demonstration"
