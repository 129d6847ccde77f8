"""The room `participants` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    """The room `participants`."""

    name = "imara.service.participants"
    label = "participants"
