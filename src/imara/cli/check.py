"""`imara check`: tell whether studies, instruments and programmes are sound, before anybody relies on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from imara.study.survey import Survey


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Files, folders, or names of packaged definitions; everything packaged when left out.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result for machines.")] = False,
    schema: Annotated[
        Literal["study", "instrument", "programme"] | None,
        typer.Option("--schema", help="Print the JSON Schema of such a file, for editors, and check nothing."),
    ] = None,
) -> None:
    """Check studies, instruments and programmes, and all that refers from one to another.

    Ends with 0 when everything can be used (warnings included), and with 2 when something must be mended first.
    Every problem is reported at once, with its file, line and field.
    """
    if schema is not None:
        _print_schema(schema)
        return
    from imara.study.survey import survey

    result = survey(paths or [])
    if as_json:
        _print_json(result)
    else:
        _print_for_people(result)
    if result.errors:
        raise typer.Exit(2)


def _print_schema(kind: str) -> None:
    import json

    from imara.study.schema import schema_of

    typer.echo(json.dumps(schema_of(kind), indent=2, ensure_ascii=False))


def _print_json(result: Survey) -> None:
    import json
    from dataclasses import asdict

    checked = [
        {"kind": one.kind, "name": one.name, "file": one.file, "sound": one.sound, "fingerprint": one.fingerprint}
        for one in result.checked
    ]
    problems = [asdict(problem) for problem in result.problems]
    whole = {"sound": not result.errors, "checked": checked, "problems": problems}
    typer.echo(json.dumps(whole, indent=2, ensure_ascii=False))


def _print_for_people(result: Survey) -> None:
    width = max((len(one.name) for one in result.checked), default=0)
    for one in result.checked:
        warnings = sum(problem.severity == "warning" for problem in one.problems)
        errors = len(one.problems) - warnings
        found = [_count(errors, "problem")] if errors else []
        found += [_count(warnings, "warning")] if warnings else []
        version = f", version {one.fingerprint[:12]}" if one.fingerprint else ""
        typer.echo(f"{one.kind:<10}  {one.name:<{width}}  {' and '.join(found) or 'sound'}{version}")
    last = None
    for problem in result.problems:
        if problem.file != last:
            typer.echo(err=True)
        last = problem.file
        typer.echo(f"{'Warning: ' if problem.severity == 'warning' else ''}{problem}", err=True)
    typer.echo()
    typer.echo(_summary(result))


def _summary(result: Survey) -> str:
    kinds = [one.kind for one in result.checked]
    plural = {"study": "studies", "instrument": "instruments", "programme": "programmes"}
    parts = [
        f"{kinds.count(kind)} {kind if kinds.count(kind) == 1 else many}"
        for kind, many in plural.items()
        if kind in kinds
    ]
    *first, last = parts or ["nothing"]
    what = f"{', '.join(first)} and {last}" if first else last
    warnings = len(result.problems) - len(result.errors)
    also = f" {_count(warnings, 'warning').capitalize()} to look at." if warnings else ""
    if result.errors:
        return f"Checked {what}: {_count(len(result.errors), 'problem')} to mend.{also}"
    return f"Checked {what}: all sound.{also}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
