"""The crawl of every address in two worlds takes minutes for each role: `make test-all` runs it."""

from __future__ import annotations

import pytest

CRAWLS = {"test_swap", "test_leaks", "test_doors", "test_worlds", "test_zz_time"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that crawl as slow."""
    for item in items:
        if item.path.parent.name == "blinding" and item.path.stem in CRAWLS:
            item.add_marker(pytest.mark.slow)
