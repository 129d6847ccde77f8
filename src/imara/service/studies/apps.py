"""The room `studies` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """The room `studies`."""

    name = "imara.service.studies"
    label = "studies"
