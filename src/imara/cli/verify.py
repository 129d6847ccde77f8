"""`imara verify`: find whatever was changed behind the service's back, and draw every allocation again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer


@dataclass
class _Report:
    """What was checked and what was found."""

    checked: list[str] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)
    head: str = ""


def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Verification file of an allocation, as exported after the lock; the whole site when left out."
        ),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(help="Hash that was noted earlier and kept elsewhere: the ledger's, or the commitment of FILE."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result for machines.")] = False,
) -> None:
    """Check the ledger, every table against it, and every allocation; or, alone, an exported allocation.

    Ends with 0 when all is as it was recorded, and with 1 when something is not; each finding says where.
    """
    report = _check_site(expect) if file is None else _check_file(file, expect)
    if as_json:
        _print_json(report)
    else:
        _print_for_people(report)
    if report.findings:
        raise typer.Exit(1)


def _check_file(file: Path, expect: str | None) -> _Report:
    import json

    from imara.rules.allocation.disclosure import read_disclosure
    from imara.study.problems import InputError, Problem

    try:
        values: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError([Problem(str(file), f"it cannot be read: {error.strerror or error}")]) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        line = getattr(error, "lineno", None)
        raise InputError(
            [Problem(str(file), "this is not JSON", line, allowed="the file as it was exported")]
        ) from None
    disclosure = read_disclosure(values, str(file))
    replay = disclosure.replay(published=expect)
    report = _Report(head=replay.head)
    report.checked.append(f"Allocation of {disclosure.study}: {replay.verified} of {len(disclosure.records)} draws are")
    report.checked[-1] += f" as the seed gives them. Commitment {disclosure.commitment}, published {disclosure.opened}."
    if replay.broken is not None:
        report.findings.append((f"draw {replay.broken.sequence}", replay.broken.words))
    return report


def _check_site(expect: str | None) -> _Report:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imara.service.settings")
    import django

    django.setup()
    from imara.service.allocation.verification import replay_all
    from imara.service.ledger import queries as ledger
    from imara.service.ledger.verify import recorded_models
    from imara.service.ledger.verify import verify as verify_ledger

    report = _Report()
    with _one_moment():
        findings = verify_ledger()
        head = ledger.head()
        report.head = head.hash
        report.checked.append(f"Ledger: {head.sequence} events, {len(recorded_models())} kinds of rows.")
        if expect is not None and not ledger.has_hash(expect):
            report.findings.append(("ledger", "no event has the hash that was noted elsewhere: the chain was replaced"))
        for replayed in replay_all():
            findings += replayed.findings
            report.checked.append(f"Allocation of {replayed.study}: {replayed.draws} draws are as the seed gives them.")
    report.findings += [(finding.place, finding.words) for finding in findings]
    return report


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read the database as it is now, whatever people do meanwhile, and keep nobody waiting."""
    from django.db import connection

    if connection.in_atomic_block:
        yield
        return
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        # Django's own transactions would take SQLite's lock for writing.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if postgresql else "BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _print_json(report: _Report) -> None:
    import json

    whole = {
        "sound": not report.findings,
        "head": report.head,
        "checked": report.checked,
        "findings": [{"place": place, "words": words} for place, words in report.findings],
    }
    typer.echo(json.dumps(whole, indent=2, ensure_ascii=False))


def _print_for_people(report: _Report) -> None:
    for words in report.checked:
        typer.echo(words)
    typer.echo(f"Last hash: {report.head}")
    for place, words in report.findings:
        typer.echo(f"{place}: {words}", err=True)
    count = len(report.findings)
    if count:
        typer.echo(f"\n{count} finding{'' if count == 1 else 's'}.", err=True)
    else:
        typer.echo("\nAll is as it was recorded. Keep the last hash elsewhere; `--expect` compares with it later.")
