"""The island study, open, and people who are ready for allocation."""

from __future__ import annotations

import pytest
from tests import island

from imara.service.allocation import actions


@pytest.fixture
def study(db: None) -> str:
    """The study, taken in and open; nobody can be allocated yet."""
    island.load()
    return island.NAME


@pytest.fixture
def opened(study: str) -> str:
    """The study with allocation open."""
    actions.open_allocation(study=study, by=island.STATISTICIAN)
    return study
