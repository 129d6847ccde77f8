"""Tests with real transactions begin with an empty ledger whose guards stand, whatever ran before them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.db import connection

from imara.service.ledger import triggers
from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor
from imara.service.ledger.verify import verify
from imara.service.people import actions

ME = Actor("system:test", "administrator")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_chain_begins_anew_and_is_guarded(turn: int) -> None:
    assert Event.objects.count() == 0
    assert triggers.absent(connection) == []
    actions.invite(name="Ann", by=ME)
    assert [event.sequence for event in Event.objects.all()] == [1]
    assert verify() == []


def test_processes_share_a_database_of_their_own(database_url: str) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.db import connection\n"
        "call_command('migrate', 'ledger', verbosity=0)\n"
        "print(connection.vendor, connection.introspection.table_names())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"DATABASE_URL": database_url, "IMARA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "imara.service.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ledger_head" in done.stdout
    assert done.stdout.split()[0] == ("postgresql" if database_url.startswith("postgres") else "sqlite")
