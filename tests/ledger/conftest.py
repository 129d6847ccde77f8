"""A small cast and its acts."""

from __future__ import annotations

import pytest

from imara.service.ledger.recording import Actor
from imara.service.people import actions
from imara.service.people.models import Person


@pytest.fixture
def administrator() -> Actor:
    return Actor("system:test", "administrator")


@pytest.fixture
def person(db: None, administrator: Actor) -> Person:
    return actions.invite(name="Ann", email="ann@example.org", by=administrator)
