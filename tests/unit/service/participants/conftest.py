"""The harbour study, open, and its cast."""

from __future__ import annotations

import pytest
from tests import harbour

from imara.service.people.models import Person
from imara.service.people.roles import Role


@pytest.fixture
def study(db: None) -> str:
    """The study, taken in and open."""
    harbour.load()
    return harbour.NAME


@pytest.fixture
def coordinator(study: str) -> Person:
    """The coordinator of East."""
    return harbour.member(Role.COORDINATOR, harbour.EAST)


@pytest.fixture
def colleague(study: str) -> Person:
    """The coordinator of West."""
    return harbour.member(Role.COORDINATOR, harbour.WEST)


@pytest.fixture
def monitor(study: str) -> Person:
    """The monitor of the whole study."""
    return harbour.member(Role.MONITOR)
