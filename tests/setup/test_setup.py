"""What a newcomer is told when a machine lacks something: one cause, and what to do about it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("cat", "cut", "dirname", "grep", "id", "mkdir", "sed", "sh", "tail", "tee", "touch")
# What stands where Python would, on machines that lack one thing or another. `tools/setup` first asks for the version.
ANSWERS = 'case "$2" in *version_info*) echo "{version} {enough} $0"; exit 0 ;; esac\n'
NEW = ANSWERS.format(version="3.12", enough="True")
OLD = ANSWERS.format(version="3.9", enough="False")
WITHOUT_NETWORK = (
    NEW
    + """case "$2" in
venv) mkdir -p .tools/venv/bin && cp "$0" .tools/venv/bin/python; exit 0 ;;
pip) echo "ERROR: Could not find a version that satisfies the requirement"; exit 1 ;;
esac
"""
)


@pytest.fixture
def machine(tmp_path):
    """Return a folder with the set-up script, beside a PATH with nothing but a shell's usual tools."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in (*TOOLS, "cp"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    (tmp_path / "imara/tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools/setup", tmp_path / "imara/tools/setup")
    return tmp_path


def set_up(machine: Path, step: str = "run", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up script on the machine."""
    return subprocess.run(
        [str(machine / "imara/tools/setup"), step],
        env={"PATH": str(machine / "bin"), "HOME": str(machine), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def put(machine: Path, name: str, script: str) -> None:
    """Put a program on the machine's PATH."""
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    path.chmod(0o755)


def test_without_python_it_says_so(machine):
    done = set_up(machine)

    assert done.returncode == 1
    assert "Python was not found." in done.stderr
    assert "Install Python 3.11 or later" in done.stderr


def test_with_an_old_python_it_says_which_was_found(machine):
    put(machine, "python3", OLD)

    done = set_up(machine)

    assert done.returncode == 1
    assert "only older ones were found (python3 is 3.9)" in done.stderr
    assert "PYTHON=/path/to/python3" in done.stderr


def test_a_newer_python_beside_an_old_one_is_chosen(machine):
    put(machine, "python3", OLD)
    put(machine, "python3.12", NEW + "exit 1\n")

    assert "python3.12 has neither" in set_up(machine).stderr


def test_without_venv_and_pip_it_names_the_package(machine):
    put(machine, "python3", NEW + "exit 1\n")

    done = set_up(machine)

    assert done.returncode == 1
    assert "has neither the venv module (with ensurepip) nor pip" in done.stderr
    assert "sudo apt install python3-venv" in done.stderr


def test_without_a_network_it_says_what_to_try(machine):
    put(machine, "python3", WITHOUT_NETWORK)

    done = set_up(machine)

    assert done.returncode == 1
    assert "packages could not be fetched from https://pypi.org/simple" in done.stderr
    assert "Is this computer online?" in done.stderr
    assert "HTTPS_PROXY" in done.stderr


def test_it_names_the_mirror_without_its_password(machine):
    put(machine, "python3", WITHOUT_NETWORK)

    done = set_up(machine, PIP_INDEX_URL="https://ane:secret@mirror.example/simple")

    assert "packages could not be fetched from https://mirror.example/simple" in done.stderr
    assert "secret" not in done.stderr


def test_a_step_that_does_not_exist_is_answered_with_those_that_do(machine):
    done = set_up(machine, "tset")

    assert done.returncode == 1
    assert "there is no step 'tset'" in done.stderr
    assert "run, test, docs" in done.stderr


@pytest.mark.parametrize("step", ["pdf", "browser", "postgresql"])
def test_a_missing_system_library_is_a_note_and_stops_nothing(machine, step):
    # Whoever runs this as root must not have packages installed by a test.
    (machine / "bin/id").unlink()
    put(machine, "id", "echo 1000\n")
    (machine / "imara/.venv").mkdir()

    done = set_up(machine, step)

    assert done.returncode == 0
    assert done.stderr.startswith("Note: ")
    assert not (machine / "imara/.venv" / f".ready-{step}").exists()


def test_the_script_is_plain_posix_shell():
    shell = shutil.which("dash") or shutil.which("sh")
    assert shell is not None
    done = subprocess.run([shell, "-n", str(ROOT / "tools/setup")], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert os.access(ROOT / "tools/setup", os.X_OK)
