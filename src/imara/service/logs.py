"""What the log may say: which page, how it went and how long it took; never who, what was typed, or an arm."""

from __future__ import annotations

import copy
import logging
import re
import time
import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

NO_PAGE = "(no page)"
MASK = "[...]"

access = logging.getLogger("imara.access")


def place(request: HttpRequest) -> str:
    """Return the pattern of a page's address, `go/<token>/`: never what stands in its place, nor a query."""
    match = request.resolver_match
    if match is None:
        # Turned away before the page was looked up.
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return NO_PAGE
    return f"/{match.route}"


class AccessMiddleware:
    """Writes one line for each page that was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the site answer, and say how that went."""
        start = time.perf_counter()
        response = self.get_response(request)
        if not request.path_info.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            taken = 1000 * (time.perf_counter() - start)
            access.info("%s %s %d %.0f ms", request.method, place(request), response.status_code, taken)
        return response


_PRIVATE = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # an e-mail address
    r"|\b\d{6}[- ]?\d{4}\b"  # a Danish national number
    r"|\+?\b\d(?:[ .-]?\d){7,}\b"  # a telephone number
    r"|(?<![\w./-])[A-Za-z0-9_-]{24,}(?![\w-])"  # a token, a key or a digest
    r"|\?\S+"  # a query
    r"|(?<=/)[A-Za-z0-9_-]{24,}(?=/|$)"  # a token in an address
)


def discreet(text: str) -> str:
    """Return a text without e-mail addresses, numbers of people, tokens and queries."""
    return _PRIVATE.sub(MASK, text)


class Discreet(logging.Formatter):
    """Writes a line only after everything has been taken out of it that could be about somebody.

    Of what other packages say, the sentence is kept and every text that was put into it is masked: a path, a name, a
    value. Of an exception, its kind and where it happened are kept; its words may quote a row of the database.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, clean."""
        clean = copy.copy(record)
        request = getattr(clean, "request", None)
        if isinstance(request, HttpRequest):
            clean.msg, clean.args = f"{_status(clean)} at {request.method} {place(request)}", None
        elif not clean.name.startswith("imara.") and clean.args:
            clean.args = _masked(clean.args)
        clean.msg, clean.args = discreet(_words(clean)), None
        clean.exc_text = where(clean.exc_info[1]) if clean.exc_info and clean.exc_info[1] is not None else None
        clean.exc_info = clean.stack_info = None
        return super().format(clean)


def where(error: BaseException) -> str:
    """Return the kind of an exception, and of those that caused it, and where each happened, without their words."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(lines) < 60:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        for frame in traceback.extract_tb(seen.__traceback__):
            lines.append(f"  {'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


def _status(record: logging.LogRecord) -> str:
    status = getattr(record, "status_code", None)
    return f"{record.name}: {status}" if status else record.name


def _masked(arguments: Any) -> Any:
    if isinstance(arguments, dict):
        return {name: _mask(value) for name, value in arguments.items()}
    return tuple(_mask(value) for value in arguments)


def _mask(value: Any) -> Any:
    return value if isinstance(value, int | float) else MASK


def _words(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def configuration(level: str = "INFO") -> dict[str, Any]:
    """Return what Django's LOGGING is: every line is cleaned and goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "imara.service.logs.Discreet", "format": "%(asctime)s %(levelname)s %(message)s"}
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "imara": {"level": level},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # Who failed to sign in stands in its table, where few may look.
            "axes": {"handlers": [], "level": "CRITICAL"},
        },
    }
