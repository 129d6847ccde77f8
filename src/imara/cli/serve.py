"""`imara serve`: make a site in a folder, or bring it up to date, and serve it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from imara.cli.progress import step

if TYPE_CHECKING:
    from imara.service.site import Built

HostOption = Annotated[str, typer.Option(help="Address to listen on; others reach it through a web server with HTTPS.")]
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
WorkersOption = Annotated[int, typer.Option(min=1, max=64, help="Processes that answer; about one a processor.")]


def serve(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the site.")] = Path("imara-site"),
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    workers: WorkersOption = 2,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the site, or only build it.")] = True,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Let people sign in without HTTPS, to try it on this computer only.")
    ] = False,
) -> None:
    """Serve a site: its tables are made or brought up to date first, its settings are checked.

    The database is SQLite in the folder, or what DATABASE_URL names. Stop it with Ctrl-C.
    """
    if plain_http:
        if not is_this_computer(host):
            refuse("--plain-http is for this computer only: passwords and answers would cross the network unencrypted.")
        os.environ["IMARA_PLAIN_HTTP"] = "1"
    built = built_site(folder)
    typer.echo(f"The site in {built.folder} is ready, on {built.database}.")
    if built.new_secrets is not None:
        typer.echo(
            f"\nIts secrets were made up and written to {built.new_secrets}, readable by you alone. Keep a copy apart\n"
            "from the copies of the database: without them nobody can read the names and seeds in it."
        )
    for warning in built.warnings:
        typer.echo(f"Note: {warning}")
    if serve:
        run_server(host, port, workers)


def built_site(folder: Path) -> Built:
    """Build the site in a folder, or say why not and end with 2."""
    from imara.service.site import SiteError, build

    try:
        with step("Building the site"):
            return build(folder)
    except SiteError as error:
        refuse(str(error))


def run_server(host: str, port: int, workers: int, *, page: str = "") -> None:
    """Serve the site that is open until somebody stops it. This process becomes the server.

    Args:
        host: Address to listen on.
        port: Port.
        workers: Processes that answer.
        page: Where to begin, as shown on the terminal.
    """
    from imara.service.site import command

    words, environment = command(host=host, port=port, workers=workers)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"\n    http://{shown}:{port}/{page}\n\nStop it with Ctrl-C.")
    sys.stdout.flush()
    os.execve(words[0], words, environment)


def is_this_computer(host: str) -> bool:
    """Tell whether an address is one that only this computer reaches."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse(words: str) -> NoReturn:
    """Say why not and end with 2."""
    typer.echo(f"imara serve: {words}", err=True)
    raise typer.Exit(2)
