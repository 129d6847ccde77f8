"""Chance and the clock, held still: whatever still differs between two worlds was made by the arms."""

from __future__ import annotations

import datetime as real
import hashlib
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

START = real.datetime(2026, 3, 2, 9, 0, tzinfo=real.UTC)
"""A Monday morning."""
HOURS_ARE_IN = ("imara.service", "imara.rules", "django", "allauth", "axes")
"""Packages that read the clock."""
_PLAIN_DATETIME, _PLAIN_DATE = real.datetime, real.date


class Chance:
    """The operating system's random bytes, the same ones whenever it is begun anew with the same words."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, words: str) -> None:
        """Begin anew."""
        self._words, self._counter = words, 0
        # The generator that numbers e-mails, among others, has a state of its own.
        random.seed(words)

    def urandom(self, size: int) -> bytes:
        """Stand in for `os.urandom`."""
        drawn = b""
        while len(drawn) < size:
            drawn += hashlib.sha256(f"{self._words}/{self._counter}".encode()).digest()
            self._counter += 1
        return drawn[:size]


class Clock:
    """A clock that goes on only when told to."""

    def __init__(self) -> None:
        self.at = START

    def seconds(self) -> float:
        """Stand in for `time.time`."""
        return self.at.timestamp()

    def go_on(self, **by: float) -> None:
        """Go on by some `minutes`, `hours` or `days`."""
        self.at += real.timedelta(**by)


def _frozen(clock: Clock) -> tuple[type, type]:
    class LikeDatetime(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, _PLAIN_DATETIME)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, _PLAIN_DATETIME)

    class Datetime(_PLAIN_DATETIME, metaclass=LikeDatetime):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return _PLAIN_DATETIME(*args, **kwargs)

        @classmethod
        def now(cls, tz: real.tzinfo | None = None) -> real.datetime:
            return clock.at.astimezone(tz) if tz is not None else clock.at.replace(tzinfo=None)

        @classmethod
        def utcnow(cls) -> real.datetime:
            return clock.at.replace(tzinfo=None)

        @classmethod
        def today(cls) -> real.datetime:
            return cls.now()

    class LikeDate(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, _PLAIN_DATE)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, _PLAIN_DATE)

    class Date(_PLAIN_DATE, metaclass=LikeDate):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return _PLAIN_DATE(*args, **kwargs)

        @classmethod
        def today(cls) -> real.date:
            return clock.at.date()

    return Datetime, Date


@contextmanager
def held_still(chance: Chance, clock: Clock, *, durations: bool = True) -> Iterator[None]:
    """Replace every source of chance and time that Python code of the service reads.

    Args:
        chance: Stands in for the operating system's.
        clock: Stands in for the time of day.
        durations: Whether to hold still the clocks that measure durations too; not where response times are measured.
    """
    datetime_class, date_class = _frozen(clock)
    patches: list[Any] = [
        patch.object(os, "urandom", chance.urandom),
        patch.object(random, "_urandom", chance.urandom),
        patch.object(time, "time", clock.seconds),
        patch.object(time, "time_ns", lambda: int(clock.at.timestamp() * 1e9)),
        patch.object(real, "datetime", datetime_class),
        patch.object(real, "date", date_class),
    ]
    if durations:
        patches += [patch.object(time, name, lambda: clock.at.timestamp()) for name in ("monotonic", "perf_counter")]
    for name, module in list(sys.modules.items()):
        if name.startswith(HOURS_ARE_IN) and module is not None:
            patches += [patch.object(module, word, datetime_class) for word in _names(module, _PLAIN_DATETIME)]
            patches += [patch.object(module, word, date_class) for word in _names(module, _PLAIN_DATE)]
    started: list[Any] = []
    state = random.getstate()
    try:
        for each in patches:
            each.start()
            started.append(each)
        yield
    finally:
        for each in reversed(started):
            each.stop()
        random.setstate(state)


def _names(module: Any, what: type) -> list[str]:
    return [word for word, value in vars(module).items() if value is what]
