"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look and feel of the service; it has no tables."""

    name = "imara.service.ui"
    label = "ui"

    def ready(self) -> None:
        """Make Django check what pages need from the settings."""
        from imara.service.ui import checks  # noqa: F401, PLC0415  # registers itself; needs Django set up
