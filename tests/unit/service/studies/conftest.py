"""The harbour study, as a draft."""

from __future__ import annotations

import pytest
from tests import harbour


@pytest.fixture
def study(db: None) -> str:
    """The study, taken in and not opened yet."""
    harbour.load(state="draft")
    return harbour.NAME
