"""How long it takes to allocate one person, with everything checked, drawn, sealed and recorded, on both databases.

One request at a time, in one process; what many at once do to each other is `python -m tests.concurrency`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEOPLE = 10_000
"""People stored; all but those that are measured have been allocated before."""
MEASURED = 300
TARGET_MS = 400
"""Target of the 95th percentile; SQLite may take twice as long."""
SCHEMES = {
    "permuted blocks": None,
    "minimisation": "{method: minimisation, strata: [site, severity], random_element: 0.8}",
}


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where a server can be started, and print a table."""
    from tests import database  # noqa: PLC0415  # starts servers for tests; nothing of it is needed to measure others

    print(f"\nAllocating one of {PEOPLE:,} people (target: 95 of 100 within {TARGET_MS} ms; SQLite twice that)\n")
    print(f"{'database':<12} {'method':<16} {'median':>9} {'95th':>9} {'largest':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(SCHEMES):
            _report(f"sqlite:///{folder}/{number}.sqlite3", name, Path(folder))
        try:
            server = database.start()
        except database.NoServerError as error:
            print(f"PostgreSQL was not measured: {error}")
            return
        try:
            for name in SCHEMES:
                with database.made(server.folder) as url:
                    _report(url, name, Path(folder))
        finally:
            server.stop()


def _report(url: str, name: str, folder: Path) -> None:
    # Settings are read once, so every database is measured by a process of its own.
    environment = {**os.environ, "DATABASE_URL": url, "IMARA_DEMO": "1", "IMARA_HOME": str(folder)}
    environment["DJANGO_SETTINGS_MODULE"] = "imara.service.settings"
    command = [sys.executable, "-m", "benchmarks.allocation", name]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    times = sorted(json.loads(done.stdout))
    shown = (statistics.median(times), times[int(0.95 * len(times))], times[-1])
    cells = " ".join(f"{value:>6.1f} ms" for value in shown)
    print(f"{url.split(':', maxsplit=1)[0]:<12} {name:<16} {cells}", flush=True)


def measure(name: str) -> list[float]:
    """Return milliseconds of each allocation, after all others have been allocated."""
    import django  # noqa: PLC0415  # needs the environment that the parent sets

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from tests import island  # noqa: PLC0415
    from tests.concurrency.herd import prepare  # noqa: PLC0415

    from imara.service.allocation import actions  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        keys = prepare(PEOPLE, SCHEMES[name], Path(folder))
    actions.allocate_together(participants=keys[:-MEASURED], by=island.COORDINATOR)
    times = []
    for key in keys[-MEASURED:]:
        began = time.perf_counter()
        actions.allocate(participant=key, by=island.COORDINATOR)
        times.append(1000 * (time.perf_counter() - began))
    return times


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
