"""The `imara` command: one module a command, and what the exit codes mean."""

from __future__ import annotations

import sys

import typer

from imara.cli import analyse, check, demo, evidence, new, report, serve, verify
from imara.study.problems import InputError

app = typer.Typer(
    name="imara",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Deliver recovery programmes, run their trials, and report honestly what they did.",
)

app.command()(demo.demo)
app.command()(analyse.analyse)
app.command()(report.report)
app.command()(check.check)
app.command()(serve.serve)
app.command()(verify.verify)
app.add_typer(new.app, name="new")
app.add_typer(evidence.app, name="evidence")


def main() -> None:
    """Run the command line: exit 0 on success, 2 on bad use or bad input, 1 on failure."""
    try:
        app()
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        count = len(error.problems)
        print(f"\n{count} problem{'' if count == 1 else 's'} found. Nothing was written.", file=sys.stderr)
        sys.exit(2)
