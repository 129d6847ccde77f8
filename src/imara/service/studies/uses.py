"""What is recorded under a study: each room that binds records to a study says so, without this room knowing them."""

from __future__ import annotations

from collections.abc import Callable

from imara.study.in_use import InUse, merged

Counter = Callable[[str], InUse]
"""From a study's name to what a room has recorded under it, by the names of the version in force."""

_counters: dict[str, Counter] = {}


def register(room: str, counter: Counter) -> None:
    """Let a room say what it has recorded; called once when the site starts, from its `apps.py`."""
    _counters[room] = counter


def in_use(study: str) -> InUse:
    """Return all that is recorded under a study."""
    return merged([counter(study) for counter in _counters.values()])
