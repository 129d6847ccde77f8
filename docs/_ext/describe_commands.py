"""From the command line to a page that lists every command, argument and option."""

from __future__ import annotations

import inspect
from typing import Any

import typer

from imara.cli.main import app


def describe_commands() -> str:
    """Return a section a command, with its use, help and options."""
    return "\n".join(_describe(name, command) for name, command in _walk(typer.main.get_command(app), "imara"))


def _walk(command: Any, name: str) -> list[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        return [(name, command)]
    return [found for word, child in inner.items() for found in _walk(child, f"{name} {word}")]


def _describe(name: str, command: Any) -> str:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    use = " ".join([name, *(["[OPTIONS]"] if options else []), *(_argument(parameter) for parameter in arguments)])
    rows = [f"| `{_cell(_argument(parameter))}` | {_cell(parameter.help)} |" for parameter in arguments]
    for option in options:
        spellings = ", ".join(f"`{word}`" for word in _spellings(option))
        rows.append(f"| {spellings} | {_cell(option.help)} |")
    table = "\n".join(["| | |", "|---|---|", *rows]) if rows else ""
    return f"## {name}\n\n{inspect.cleandoc(command.help or '')}\n\n```text\n{use}\n```\n\n{table}\n"


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper()
    words = name + ("..." if parameter.nargs == -1 else "")
    return words if parameter.required else f"[{words}]"


def _spellings(parameter: Any) -> list[str]:
    takes_value = not parameter.is_flag and not parameter.count
    metavar = f" {(parameter.metavar or parameter.name).upper()}" if takes_value else ""
    return [word + metavar for word in [*parameter.opts, *parameter.secondary_opts]]


def _cell(words: str | None) -> str:
    return " ".join((words or "").replace("|", "\\|").split())
