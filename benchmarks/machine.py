"""Which machine a number was measured on, and how numbers are summed up."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    """Seconds of one call, over repeated calls."""

    median: float
    low: float
    high: float
    runs: int

    def __str__(self) -> str:
        return f"{in_units(self.median)} ({in_units(self.low)} to {in_units(self.high)}, {self.runs} runs)"


def in_units(seconds: float) -> str:
    """Return a time in the unit that suits its size."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} us"
    if seconds < 1.0:
        return f"{seconds * 1e3:.2f} ms"
    return f"{seconds:.2f} s"


def timed(call: Callable[[], object], *, runs: int = 9, inner: int = 10) -> Timing:
    """Time `call` after one warm-up: median, fastest and slowest of `runs` means over `inner` calls."""
    call()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(inner):
            call()
        seconds.append((time.perf_counter() - start) / inner)
    return Timing(statistics.median(seconds), min(seconds), max(seconds), runs)


def describe() -> str:
    """Return processor, cores, threads of the linear algebra, and Python."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    return f"{model}, {os.cpu_count()} cores, linear algebra on {threads} thread(s), Python {platform.python_version()}"
