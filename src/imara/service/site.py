"""A site in a folder: its secrets, its database, its static files, and the command that serves it."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

SECRETS = ("IMARA_SECRET_KEY", "IMARA_LEDGER_KEY", "IMARA_IDENTITY_KEY", "IMARA_ALLOCATION_KEY")
FILE = "secrets.env"
SETTINGS = "imara.service.settings"


class SiteError(RuntimeError):
    """The site cannot be opened as it is; the words say why and what to do."""


@dataclass(frozen=True)
class Built:
    """A site that is ready to be served."""

    folder: Path
    database: str
    """`SQLite` or `PostgreSQL`."""
    new_secrets: Path | None
    """Where secrets were just written, if they were."""
    warnings: tuple[str, ...]
    """What Django's checks had to say."""


def build(folder: Path) -> Built:
    """Open the site in a folder, or make it: secrets, tables, static files, checks.

    Secrets come from the environment, or else from `secrets.env` in the folder. A new site without any gets random
    ones there, readable by its owner alone: enough for one machine.

    Raises:
        SiteError: Secrets are missing or can be read by others, or a check failed.
    """
    folder = folder.resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SiteError(f"{folder} cannot be made: {error.strerror}") from None
    new = open_site(folder, make_secrets=True)
    from django.core.management import call_command
    from django.db import connection

    if new is not None:
        if has_events():
            raise SiteError(
                "this database has been used before, and the secrets it was used with are not here. Names, seeds and "
                f"digests in it cannot be read with others. Give {', '.join(SECRETS)} in the environment or in "
                f"{folder / FILE}."
            )
        _write(new, folder / FILE)
    call_command("migrate", interactive=False, verbosity=0)
    warnings = _check()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    name = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    connection.close()
    return Built(folder, name, folder / FILE if new else None, warnings)


def open_site(folder: Path, *, make_secrets: bool = False) -> dict[str, str] | None:
    """Set the environment for the site in a folder and start Django.

    Args:
        folder: Where the site lives.
        make_secrets: Whether to make secrets up when there are none; they are returned and nowhere else yet.

    Raises:
        SiteError: Secrets are missing, or can be read by others.
    """
    os.environ["IMARA_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    new = None if os.environ.get("IMARA_DEMO") == "1" else _take_secrets(folder, make_secrets)
    import django

    django.setup()
    return new


def command(
    *, host: str, port: int, workers: int, threads: int = 4, backlog: int = 1024
) -> tuple[list[str], dict[str, str]]:
    """Return the command that serves the site which is open, and its environment."""
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--backlog", str(backlog),
        "--no-ws", "--no-access-log", "--log-level", "warning", "--respawn-failed-workers",
        "--workers-kill-timeout", "10", "imara.service.wsgi:application",
    ]  # fmt: skip
    return words, dict(os.environ)


def _take_secrets(folder: Path, make: bool) -> dict[str, str] | None:
    file = folder / FILE
    if file.exists():
        for name, value in _read(file).items():
            os.environ.setdefault(name, value)
    missing = [name for name in SECRETS if not os.environ.get(name)]
    if not missing:
        return None
    if len(missing) == len(SECRETS) and make and not file.exists():
        new = {name: secrets.token_urlsafe(48) for name in SECRETS}
        os.environ.update(new)
        return new
    raise SiteError(
        f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} set neither in the environment nor in {file}."
    )


def _read(file: Path) -> dict[str, str]:
    mode = file.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SiteError(f"{file} can be read by others than its owner. Close it:  chmod 600 {file}")
    found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name.strip() not in SECRETS:
            raise SiteError(f"{file}, line {number}: it is not NAME=VALUE with one of {', '.join(SECRETS)}.")
        found[name.strip()] = value.strip()
    return found


def _write(new: dict[str, str], file: Path) -> None:
    lines = [
        "# Secrets of this site. Whoever has them and the database can read everything in it.",
        "# Keep a copy apart from the database's copies. Never change them while the site lives.",
        *(f"{name}={value}" for name, value in new.items()),
    ]
    # Nobody else can read it at any moment, and a file that is there already is never written over.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write("\n".join(lines) + "\n")


def has_events() -> bool:
    """Tell whether anything has been done in the site that is open.

    Raises:
        SiteError: The database cannot be reached.
    """
    from django.db import OperationalError, connection

    from imara.service.ledger.models import Head

    try:
        if Head._meta.db_table not in connection.introspection.table_names():
            return False
    except OperationalError as error:
        raise SiteError(f"the database cannot be reached: {str(error).strip()}") from None
    return Head.objects.filter(sequence__gt=0).exists()


def _check() -> tuple[str, ...]:
    from django.core import checks

    found = [message for message in checks.run_checks(include_deployment_checks=True) if not message.is_silenced()]
    serious = [message for message in found if message.is_serious()]
    if serious:
        raise SiteError("; ".join(f"{message.id}: {message.msg}" for message in serious))
    return tuple(f"{message.msg} {message.hint or ''}".strip() for message in found)
