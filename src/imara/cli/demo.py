"""`imara demo`: the report of a real trial, and a site full of made-up people to look around in, in one command."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from imara.cli.analyse import LanguageOption, PdfOption, run, write
from imara.cli.progress import step
from imara.cli.serve import PortOption, WorkersOption, run_server

if TYPE_CHECKING:
    from imara.service.demonstration.build import Filled

HERE = "127.0.0.1"
"""A demonstration lets everybody in without a password, so only this computer reaches it."""
MARKER = "demonstration.json"
"""Says that a folder holds a demonstration, and of what: nothing else may be written over."""
_OPEN = """
import sys, time, urllib.request, webbrowser
for _ in range(120):
    try:
        urllib.request.urlopen(sys.argv[1] + "health/", timeout=2).close()
    except OSError:
        time.sleep(0.25)
    else:
        webbrowser.open(sys.argv[1] + "demonstration/")
        break
"""
"""Waits until the site answers, then opens it: the process that says all this becomes the server itself."""


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Folder to write to.")] = Path("imara-demo"),
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the site and open it in a browser, or only build it.")
    ] = True,
    port: PortOption = 8000,
    workers: WorkersOption = 2,
    language: LanguageOption = "en",
    pdf: PdfOption = True,
) -> None:
    """Show Imara at work, with nothing to set up: a site with made-up people, and the report of a real trial.

    The site conducts the Danish study of Illness Management and Recovery (IMR) at three centres; its first page lets
    you in as anybody, from participant to administrator. The report is that of a trial of computerised therapy for
    depression (Beat the Blues).
    """
    result, study = run("beat-the-blues", None)
    write(result, study, folder, language=language, pdf=pdf)
    typer.echo(f"The report of a real trial is ready:\n\n    {(folder / 'report.html').resolve()}\n")
    filled = build_demonstration(folder / "site")
    if filled is None:
        typer.echo("The site with made-up people is as you left it.")
    else:
        typer.echo(f"A site with {filled.screened} made-up people is ready, {filled.allocated} of them allocated.")
    if not serve:
        typer.echo("`imara demo` without --no-serve shows it.")
        return
    free = _free_port(port)
    address = f"http://{HERE}:{free}/"
    if _has_screen():
        _open_when_ready(address)
    typer.echo("Choose whom you want to be on its first page:")
    run_server(HERE, free, workers, page="demonstration/")


def build_demonstration(folder: Path) -> Filled | None:
    """Build a site with made-up people in a folder; return what it holds, or None when it was there already.

    The database is SQLite in the folder, or what DATABASE_URL names, which must be empty.
    """
    os.environ["IMARA_DEMO"] = "1"
    folder = folder.resolve()
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        _refuse(f"{folder} holds something that is not a demonstration. Nothing in it was touched; give another --dir.")
    from imara.service.site import SiteError, build, has_events, open_site

    try:
        with step("Building the site"):
            open_site(folder)
            from django.db import connection

            wanted = _what()
            if marker.exists() and json.loads(marker.read_text(encoding="utf-8")) == wanted and has_events():
                build(folder)
                return None
            connection.close()
            if "DATABASE_URL" not in os.environ:
                shutil.rmtree(folder, ignore_errors=True)
            elif has_events():
                _refuse("the database that DATABASE_URL names is not empty. A demonstration needs one of its own.")
            folder.mkdir(parents=True, exist_ok=True)
            # Whoever is interrupted here may simply begin again.
            marker.write_text('{"unfinished": true}\n', encoding="utf-8")
            build(folder)
        filled = _fill()
    except SiteError as error:
        _refuse(str(error))
    marker.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")
    return filled


def _fill() -> Filled:
    from django.db import connection

    from imara.service.demonstration.build import fill

    with step("Letting made-up people come to three centres"):
        filled = fill()
    connection.close()
    return filled


def _what() -> dict[str, Any]:
    """Return what a demonstration built now would be made of; another one is built anew."""
    import hashlib
    from importlib.metadata import version

    from django.db.migrations.loader import MigrationLoader

    from imara.service.demonstration.cast import STUDY
    from imara.study.library import load_study

    steps = sorted(".".join(key) for key in MigrationLoader(None).disk_migrations)
    database = os.environ.get("DATABASE_URL", "")
    return {
        "imara": version("imara"),
        "study": load_study(STUDY).fingerprint,
        "tables": hashlib.sha256("\n".join(steps).encode()).hexdigest(),
        "database": hashlib.sha256(database.encode()).hexdigest() if database else "",
    }


def _free_port(port: int) -> int:
    """Return a port, or the next one that nobody uses."""
    last = min(port + 50, 65535)
    for candidate in range(port, last + 1):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            # As the server will, even if one stopped here a moment ago.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HERE, candidate))
            except OSError:
                continue
            else:
                return candidate
    return _refuse(f"ports {port} to {last} are all in use. Give another --port.")


def _open_when_ready(address: str) -> None:
    subprocess.Popen(
        [sys.executable, "-c", _OPEN, address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _has_screen() -> bool:
    """Tell whether a browser would have somewhere to appear; a text browser would take over the terminal."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def _refuse(words: str) -> NoReturn:
    typer.echo(f"imara demo: {words}", err=True)
    raise typer.Exit(2)
