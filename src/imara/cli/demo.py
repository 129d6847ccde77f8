"""`imara demo`: the report of a real trial, in one command."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from imara.cli.analyse import LanguageOption, PdfOption, run, write


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Folder to write to.")] = Path("imara-demo"),
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Open the report in a browser, or only build it.")
    ] = True,
    language: LanguageOption = "en",
    pdf: PdfOption = True,
) -> None:
    """Analyse a real trial of computerised therapy for depression (Beat the Blues) and show its report."""
    result, study = run("beat-the-blues", None)
    write(result, study, folder, language=language, pdf=pdf)
    page = (folder / "report.html").resolve()
    typer.echo(f"The report of a real trial is ready:\n\n    {page}\n")
    if serve and _has_screen() and webbrowser.open(page.as_uri()):
        typer.echo("It should now be open in your browser.")
    else:
        typer.echo("Open it in a browser.")


def _has_screen() -> bool:
    """Tell whether a browser would have somewhere to appear; a text browser would take over the terminal."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
