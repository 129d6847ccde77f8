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
"""Loggers that speak only where somebody has switched debugging on for them; a site never does, for they would show
what is stored. Their silence at the default level is compared all the same."""


@dataclass
class Recorder:
    """Collects what is said while something happens."""

    said: dict[str, list[str]] = field(default_factory=dict)
    """What happened to the lines and letters that it left behind."""

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """Collect log lines and e-mails."""
        lines = self.said.setdefault(what, [])
        ear = _Ear(lines)
        loggers = [logging.getLogger(), *_deaf_loggers()]
        before = [(logger, logger.level, logger.disabled) for logger in _all_loggers()]
        sent = len(getattr(mail, "outbox", []))
        for logger, _, _ in before:
            if not logger.name.startswith(QUIET):
                logger.setLevel(logging.DEBUG)
                logger.disabled = False
        for logger in loggers:
            logger.addHandler(ear)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeHandler(ear)
            for logger, level, disabled in before:
                logger.setLevel(level)
                logger.disabled = disabled
            lines += [_letter(message) for message in mail.outbox[sent:]]


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
