"""The room `participants` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    """The room `participants`."""

    name = "imara.service.participants"
    label = "participants"

    def ready(self) -> None:
        """Let studies know what is recorded here, so that no amendment loses it."""
        from imara.service.participants.queries import in_use  # noqa: PLC0415  # needs Django set up
        from imara.service.studies import uses  # noqa: PLC0415

        uses.register("participants", in_use)
