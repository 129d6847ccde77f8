"""`imara evidence`: check published tables."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imara.analysis.evidence import Finding

app = typer.Typer(no_args_is_help=True, help="Check what published tables say.")


@app.callback()
def evidence() -> None:
    """Check what published tables say."""


@app.command()
def check(
    table: Annotated[
        str, typer.Argument(metavar="TABLE.csv", help="A CSV file, or a packaged table such as imr-denmark-2019.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result for machines.")] = False,
    level: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="Level of confidence intervals, printed and recomputed.")
    ] = 0.95,
    correlation: Annotated[
        float,
        typer.Option(min=0.0, max=0.99, help="How strongly two model means may correlate without a flag."),
    ] = 0.1,
) -> None:
    """Recompute p values from published means and standard errors, and flag rows that do not agree.

    Columns: outcome, p, and either mean_treatment, se_treatment, mean_reference, se_reference; or difference, ci_low,
    ci_high; or mean_*, sd_* and n_* of both. Numbers are read as printed, so that rounding is allowed for; '-' stands
    for a number that was not printed. A flag is a finding, not a failure: the command ends with 0.
    """
    from imara.analysis.evidence import check as check_rows
    from imara.analysis.evidence_table import read_table

    findings = check_rows(read_table(table), level=level, correlation=correlation)
    if as_json:
        _print_json(findings)
    else:
        _print_for_people(findings, level)


def _print_json(findings: Sequence[Finding]) -> None:
    import json
    from dataclasses import asdict

    order = ("outcome", "p_published", "p_recomputed", "difference", "ci_low", "ci_high", "agrees")
    rows = [asdict(finding) for finding in findings]
    rows = [{**{key: row[key] for key in order}, **row} for row in rows]
    typer.echo(json.dumps({"rows": rows}, indent=2, ensure_ascii=False, allow_nan=False))


def _print_for_people(findings: Sequence[Finding], level: float) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("Outcome", vertical="bottom")
    for heading in ("Difference", f"{100 * level:g}% CI", "p printed", "p recom-\nputed", "p the numbers\nallow"):
        table.add_column(heading, justify="right", no_wrap=heading.endswith("CI"))
    table.add_column("Agrees")
    for finding in findings:
        words = {True: "yes", False: "NO", None: "not checked"}[finding.agrees]
        cells = [finding.outcome, *_estimate(finding), finding.p_printed or "-", _p(finding.p_recomputed, finding)]
        cells += [_span(finding), words]
        style = "bold red" if finding.agrees is False else ""
        table.add_row(*(Text(cell, style=style) for cell in cells))
    console.print(table)
    console.print()
    for finding in findings:
        console.print(_sentence(finding), markup=False, highlight=False, soft_wrap=True)
    flagged = sum(finding.agrees is False for finding in findings)
    checked = sum(finding.agrees is not None for finding in findings)
    console.print()
    console.print(_conclusion(flagged, checked, len(findings)), markup=False, highlight=False, soft_wrap=True)


def _sentence(finding: Finding) -> str:
    if finding.form is None:
        return f"{finding.outcome}: not checked, because the numbers that p is computed from are not all printed."
    numbers = {
        "means-and-ses": "the printed means and standard errors give",
        "difference-and-ci": "the printed difference and confidence interval give",
        "means-and-sds": "the printed means, standard deviations and numbers give",
    }[finding.form]
    given = f"{numbers} {_p(finding.p_recomputed, finding)}, and allow {_span(finding)}"
    if finding.p_printed is None:
        return f"{finding.outcome}: no p value is printed; {given}."
    if finding.agrees:
        return f"{finding.outcome}: the printed p ({finding.p_printed}) agrees; {given}."
    if finding.note:
        return f"{finding.outcome}: {finding.note}; p is printed as {finding.p_printed}, and {given}."
    return f"{finding.outcome}: the printed p ({finding.p_printed}) does not agree; {given}."


def _conclusion(flagged: int, checked: int, rows: int) -> str:
    if not checked:
        return "No row could be checked."
    rest = "" if checked == rows else f" {rows - checked} could not be checked."
    if not flagged:
        return f"All {checked} rows that could be checked agree.{rest}" if rest else f"All {checked} rows agree."
    verb = "does" if flagged == 1 else "do"
    return (
        f"{flagged} of {checked} rows {verb} not agree, beyond what rounding allows.{rest} Another test or contrast, "
        "a covariance between the means, or a misprint may be the reason: the table cannot tell which."
    )


def _decimals(finding: Finding) -> int:
    return max(2, len((finding.p_printed or "").partition(".")[2].strip()))


def _p(p: float | None, finding: Finding) -> str:
    """Write a p value with the printed one's decimals, without the nought before the point."""
    if p is None:
        return "-"
    decimals = max(3, _decimals(finding))
    if p < 10.0**-decimals:
        return "<." + "0" * (decimals - 1) + "1"
    return f"{p:.{_decimals(finding) if p >= 0.01 else decimals}f}".removeprefix("0")  # .009, not .01


def _span(finding: Finding) -> str:
    if finding.p_low is None or finding.p_high is None:
        return "-"
    return f"{_p(finding.p_low, finding)} to {_p(finding.p_high, finding)}"


def _estimate(finding: Finding) -> tuple[str, str]:
    """Write the difference and its interval to about three digits of the interval's half width."""
    if finding.difference is None or finding.ci_low is None or finding.ci_high is None:
        return "-", "-"
    digits = min(max(2 - floor(log10((finding.ci_high - finding.ci_low) / 2)), 0), 9)
    return f"{finding.difference:+.{digits}f}", f"{finding.ci_low:.{digits}f} to {finding.ci_high:.{digits}f}"
