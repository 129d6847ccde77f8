"""The command line as a newcomer meets it: every command explains itself, and help comes at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer

from imara.cli.main import app

HEAVY = {"django", "formulaic", "numpy", "pandas", "polars", "scipy", "weasyprint"}


def commands() -> dict[str, object]:
    """Return every command with its full name, groups opened."""

    def walk(command, name):
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            for word, child in inner.items():
                yield from walk(child, f"{name} {word}")

    return dict(walk(typer.main.get_command(app), "imara"))


@pytest.mark.parametrize("name", commands())
def test_every_command_says_what_it_does(name):
    command = commands()[name]

    assert (command.help or "").strip(), f"{name} has no help"
    silent = [parameter.name for parameter in command.params if not (getattr(parameter, "help", None) or "").strip()]
    assert not silent, f"parameters of {name} without help"


@pytest.mark.parametrize("name", commands())
def test_every_command_stands_in_the_guides(root, name):
    guides = [path for folder in ("tutorials", "how-to") for path in (root / "docs" / folder).glob("*.md")]

    assert any(name in guide.read_text(encoding="utf-8") for guide in guides), f"no tutorial or how-to uses `{name}`"


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["analyse", "--help"]])
def test_help_loads_nothing_heavy(arguments):
    script = f"""
import sys
sys.argv = ["imara", *{arguments!r}]
from imara.cli.main import main
try:
    main()
finally:
    print("loaded:", *sorted({HEAVY!r} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["loaded:"]
