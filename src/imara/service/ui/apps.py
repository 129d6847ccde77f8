"""The look and feel as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components, templates and static files."""

    name = "imara.service.ui"
    label = "ui"
