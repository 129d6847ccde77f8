"""`imara new`: start a study or an instrument from a complete, explained example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from imara.study.starter import StarterKind

app = typer.Typer(no_args_is_help=True, help="Start a study or an instrument from a complete, explained example.")

_Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name: lower-case letters, digits, single hyphens.")]
_Dir = Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where its folder is made.")]


@app.command()
def study(name: _Name, folder: _Dir = Path()) -> None:
    """Write a study folder that is valid as it stands, every field explained. Nothing is overwritten."""
    _start("study", name, folder)


@app.command()
def instrument(name: _Name, folder: _Dir = Path()) -> None:
    """Write an instrument folder that is valid as it stands, every field explained. Nothing is overwritten."""
    _start("instrument", name, folder)


def _start(kind: StarterKind, name: str, folder: Path) -> None:
    from imara.study.library import shown
    from imara.study.starter import start

    made = start(kind, name, folder)
    typer.echo(f"Made {shown(made)}:")
    for path in sorted(made.rglob("*")):
        if path.is_file():
            typer.echo(f"  {path.relative_to(made).as_posix()}")
    typer.echo(f"\nOpen {shown(made / f'{kind}.yaml')}, change it step by step, and check it with:\n")
    typer.echo(f"  imara check {shown(made)}")
