"""The room `people` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room `people`."""

    name = "imara.service.people"
    label = "people"

    def ready(self) -> None:
        """Watch the tables that give access."""
        from imara.service.people import watching  # noqa: PLC0415  # needs all models

        watching.begin()
