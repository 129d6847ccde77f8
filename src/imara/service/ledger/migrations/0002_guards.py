"""The chain's beginning, and the database's own refusal to change what has been recorded."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from imara.service.ledger import triggers


def begin(apps: Any, editor: Any) -> None:
    """Make the head of an empty chain and the triggers."""
    apps.get_model("ledger", "Head").objects.create(pk=1, sequence=0, hash="0" * 64)
    triggers.install(editor.connection)


def undo(apps: Any, editor: Any) -> None:
    """Drop triggers and head."""
    triggers.remove(editor.connection)
    apps.get_model("ledger", "Head").objects.all().delete()


class Migration(migrations.Migration):
    """Triggers and head."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(begin, undo)]
