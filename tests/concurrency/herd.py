"""Many processes allocate the same people at once and are killed at random; then everything is looked at.

    python -m tests.concurrency --people 300 --workers 4 [--kill-every 0.15] [--seed 1]

DATABASE_URL names an empty database. Prints what came of it as JSON. Django is set up by this process alone: workers
are forked from it, so that a new one begins within milliseconds of its predecessor's death.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from tests import island

from imara.service.allocation import actions, queries
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.records import records_of
from imara.service.allocation.verification import replay_all
from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.ledger.verify import verify
from imara.service.participants.models import Consent, Participant, Screening
from imara.service.studies.queries import in_force

WITHIN_ONE_ACT = 250
ASKED_BY = 2
"""Every person is asked for by so many workers."""


@dataclass
class Outcome:
    """What came of it."""

    database: str
    people: int
    workers: int
    kills: int
    seconds: float
    answers: int
    """Requests that were answered before their worker died."""
    answered_again: int
    """Of these, by a draw that had been made before."""
    busy: int
    """Requests that found the database busy for too long and were made once more."""
    median_ms: float
    p95_ms: float
    """Time of a request under this load, as its worker saw it."""
    draws: int
    lost: list[str]
    """People without a draw."""
    twice: list[str]
    """People, numbers or slots with more than one draw."""
    contradictions: list[str]
    """People whose arm was told differently at two times, or otherwise than it is kept."""
    outside_blocks: list[str]
    """Strata whose blocks are not filled one after the other, or do not hold the ratio."""
    events: int
    findings: list[str]
    """What the ledger and the replay find."""


def main() -> None:
    """Run the herd and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--kill-every", type=float, default=0.15, help="seconds between two kills, on average")
    parser.add_argument("--seed", type=int, default=1, help="of orders and kills")
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    keys = prepare(arguments.people)
    print(f"{len(keys)} people are ready", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        kills = drive(keys, arguments.workers, arguments.kill_every, arguments.seed, Path(folder))
        seconds = time.monotonic() - began
        print(f"allocated after {seconds:.1f} s and {kills} kills", file=sys.stderr)
        outcome = look(keys, arguments.workers, kills, seconds, Path(folder))
    print(json.dumps(asdict(outcome), indent=1))


def prepare(people: int, allocation: str | None = None, into: Path | None = None) -> list[str]:
    """Take the study in, open it and its allocation, and have people ready in every stratum.

    Args:
        people: How many.
        allocation: YAML that stands for the study's own, written to a study folder in `into`.
        into: Folder for it.
    """
    island.load(allocation, into)
    actions.open_allocation(study=island.NAME, by=island.STATISTICIAN)
    now = in_force(island.NAME)
    strata = [(site, level) for site in island.SITES for level in island.LEVELS]
    keys = []
    for first in range(0, people, WITHIN_ONE_ACT):
        with recorded("test.prepared", by=island.COORDINATOR, study=island.NAME):
            for number in range(first, min(people, first + WITHIN_ONE_ACT)):
                site, level = strata[number % len(strata)]
                person = Participant(key=f"T-{number:05d}", study=now.record, site=site, version=now.version)
                person.save()
                known = {"age": 40.0, "severity": level}
                Screening(
                    participant=person,
                    number=1,
                    version=now.version,
                    by="t",
                    characteristics=known,
                    outcome="eligible",
                ).save()
                Consent(
                    participant=person, version=now.version, consent_version="1", text_hash="0" * 64, method="paper",
                    on=date(2026, 1, 1), by="t", taken_by="t", file_reference="t",
                ).save()  # fmt: skip
                keys.append(person.key)
    return keys


def drive(keys: list[str], workers: int, kill_every: float, seed: int, folder: Path) -> int:
    """Have workers allocate until all are done; kill one now and then, and put another in its place."""
    connection.close()
    chance = random.Random(seed)
    lists = share_out(keys, workers, chance)
    running: dict[int, int] = {}
    kills = life = 0
    for worker in range(workers):
        running[start(worker, life, lists[worker], folder)] = worker
    next_kill = time.monotonic() + chance.expovariate(1 / kill_every)
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            worker = running.pop(pid)
            if status:
                kills += 1
                life += 1
                running[start(worker, life, lists[worker], folder)] = worker
        elif time.monotonic() >= next_kill:
            os.kill(chance.choice(sorted(running)), signal.SIGKILL)
            next_kill = time.monotonic() + chance.expovariate(1 / kill_every)
        else:
            time.sleep(0.002)
    return kills


def share_out(keys: list[str], workers: int, chance: random.Random) -> list[list[str]]:
    """Give every person to two workers, at about the same place of their lists, so that requests meet."""
    lists: list[list[str]] = [[] for _ in range(workers)]
    for key in keys:
        for worker in chance.sample(range(workers), min(ASKED_BY, workers)):
            lists[worker].append(key)
    return lists


def start(worker: int, life: int, keys: list[str], folder: Path) -> int:
    """Fork a worker; return its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work(worker, life, keys, folder)
        os._exit(0)
    except BaseException as error:  # a worker that fails is told about, not replaced for ever
        (folder / "failed").open("a").write(f"{type(error).__name__}: {error}\n")
        os._exit(0)


def work(worker: int, life: int, keys: list[str], folder: Path) -> None:
    """Allocate one after the other. What was under way when the predecessor died is asked for again."""
    file = os.open(folder / f"{worker}.answers", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    done = queries.allocated(keys) if life else frozenset()
    made = [key for key in keys if key in done]
    for key in [*made[-2:], *(key for key in keys if key not in done)]:
        busy = 0
        began = time.perf_counter()
        while True:
            try:
                drawn = actions.allocate(participant=key, token=f"{worker}-{key}", by=island.COORDINATOR)
                break
            except OperationalError:
                busy += 1
        took = 1000 * (time.perf_counter() - began)
        os.write(file, f"{json.dumps([key, drawn.arm, drawn.again, busy, took])}\n".encode())


def look(keys: list[str], workers: int, kills: int, seconds: float, folder: Path) -> Outcome:
    """Compare what was told, what is kept, what blocks hold, and what ledger and replay find."""
    told = [json.loads(line) for file in folder.glob("*.answers") for line in file.read_text().splitlines()]
    scheme = Scheme.objects.get()
    records = list(records_of(scheme))
    kept = {record.unit: record.sealed.arm for record in records}
    counts = Counter(record.unit for record in records) + Counter(str(record.sequence) for record in records)
    slots = Counter((record.factors, slot.block, slot.position) for record in records if (slot := record.sealed.slot))
    findings = [str(finding) for finding in verify()]
    findings += [str(finding) for replayed in replay_all() for finding in replayed.findings]
    failed = folder / "failed"
    findings += failed.read_text().splitlines() if failed.exists() else []
    times = sorted(line[4] for line in told)
    return Outcome(
        database=connection.vendor,
        people=len(keys),
        workers=workers,
        kills=kills,
        seconds=round(seconds, 1),
        answers=len(told),
        answered_again=sum(line[2] for line in told),
        busy=sum(line[3] for line in told),
        median_ms=round(times[len(times) // 2], 1),
        p95_ms=round(times[int(0.95 * len(times))], 1),
        draws=Draw.objects.count(),
        lost=[key for key in keys if key not in kept],
        twice=[f"{name}" for name, count in (*counts.items(), *slots.items()) if count > 1],
        contradictions=sorted({key for key, arm, *_ in told if kept.get(key) != arm}),
        outside_blocks=outside_blocks(records),
        events=Event.objects.count(),
        findings=findings,
    )


def outside_blocks(records: list) -> list[str]:  # type: ignore[type-arg]  # records of the rules
    """Return the strata whose blocks are not filled one place after the other, or do not hold as many of each arm."""
    by_stratum = defaultdict(list)
    for record in records:
        by_stratum[record.factors].append(record)
    wrong = []
    for stratum, drawn in by_stratum.items():
        expected = (0, 0)
        arms: Counter[str] = Counter()
        for record in drawn:
            slot = record.sealed.slot
            arms[record.sealed.arm] += 1
            full = slot.position + 1 == slot.size
            if (slot.block, slot.position) != expected or (full and arms["quokka"] != arms["narwhal"]):
                wrong.append(str(stratum))
                break
            expected = (slot.block + 1, 0) if full else (slot.block, slot.position + 1)
    return wrong
