"""What leaves the service without being a page: lines of the log, from every logger at every level, and e-mails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core import mail

_OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""Attributes that every record has; others were added by who logged."""
QUIET = ("django.db.backends", "django.template")
"""Loggers of Django that write down every query and every variable where somebody switches debugging on for them: who
does that reads the database. They are heard from the level INFO on."""


@dataclass
class Recorder:
    """Collects what is said while something happens."""

    said: dict[str, list[str]] = field(default_factory=dict)
    """What happened to the lines and letters that it left behind."""
    _lines: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear every logger, at every level, instead of whoever else would."""
        ear = _Ear(self._lines)
        before = [(logger, logger.level, logger.disabled, logger.handlers) for logger in _all_loggers()]
        deaf = {logger.name for logger in _deaf_loggers()}
        for logger, _, _, _ in before:
            logger.setLevel(logging.INFO if logger.name.startswith(QUIET) else logging.DEBUG)
            logger.disabled = False
            logger.handlers = [ear] if logger.name == "root" or logger.name in deaf else []
        try:
            yield
        finally:
            for logger, level, disabled, handlers in before:
                logger.setLevel(level)
                logger.disabled, logger.handlers = disabled, handlers

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Keep the log lines and e-mails that something leaves behind."""
        self._lines.clear()
        sent = len(mail.outbox)
        yield
        self.said[what] = [*self._lines, *(_letter(message) for message in mail.outbox[sent:])]
        del mail.outbox[sent:]


class _Ear(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        words = logging.Formatter("%(levelname)s %(name)s %(message)s").format(record)
        added = {name: str(value) for name, value in sorted(vars(record).items()) if name not in _OWN}
        self.lines.append(f"log: {words} {added}")


def _letter(message: object) -> str:
    return "mail: " + message.message().as_string()  # type: ignore[attr-defined]  # Django's messages have it


def _all_loggers() -> list[logging.Logger]:
    named = [logger for logger in logging.Logger.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    return [logging.getLogger(), *named]


def _deaf_loggers() -> list[logging.Logger]:
    """Return loggers whose records do not reach the root, so that the ear must be at each of them."""
    return [logger for logger in _all_loggers()[1:] if not logger.propagate]
