"""The ledger as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger."""

    name = "imara.service.ledger"
    label = "ledger"
    verbose_name = "Ledger"
