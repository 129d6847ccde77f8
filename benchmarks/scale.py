"""`imara analyse` from the outside: first answer on a small trial, and a file of 100,000 participants."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.large_study import write_large_study
from benchmarks.machine import describe

PARTICIPANTS = 100_000


def main() -> None:
    """Print wall time and peak memory of each command, run in a process of its own."""
    print(f"\nThe command line\n{describe()}")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        _run("beat-the-blues, results only", ["analyse", "beat-the-blues", "--no-pdf", "--out", str(out / "a")], "5 s")
        _run("beat-the-blues with PDF", ["analyse", "beat-the-blues", "--out", str(out / "b")], "no target")
        data = out / "large.csv"
        write_large_study(data, PARTICIPANTS)
        _run(
            f"{PARTICIPANTS:,} participants, 5 visits",
            ["analyse", "beat-the-blues", "--data", str(data), "--out", str(out / "c")],
            "15 s and 2 GB",
        )


def _run(name: str, arguments: list[str], target: str) -> None:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "imara", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = _wait(process)
    seconds = time.perf_counter() - start
    peak = usage.ru_maxrss / 1024**2
    print(f"  {name:<34} {seconds:6.2f} s, peak {peak:.2f} GB, exit {status}   (target: {target})")


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    pid, status, usage = os.wait4(process.pid, 0)
    return pid, os.waitstatus_to_exitcode(status), usage
