"""`imara analyse`: run a study's plan on data and write results and report."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imara.study.vocabulary import Language

if TYPE_CHECKING:
    from imara.analysis.result import Estimate, Result
    from imara.study.folder import StudyFolder

StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="A packaged study's name, or a path to a study folder or file.")
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="CSV or Parquet file to analyse instead of the study's own data.")
]
LanguageOption = Annotated[Language, typer.Option("--language", help="Language of the report.")]
PdfOption = Annotated[bool, typer.Option("--pdf/--no-pdf", help="Whether to write the report as PDF too.")]

_WITHOUT_PANGO = (
    "the library Pango was not found, so the report is written as HTML without the PDF. On Debian or Ubuntu: "
    "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; on macOS: brew install pango."
)


def analyse(
    study: StudyArgument,
    data: DataOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; ./STUDY-results when left out.")
    ] = None,
    language: LanguageOption = "en",
    pdf: PdfOption = True,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Analyse a study as its plan says and write results.json, the report, its tables and figures."""
    from imara.analysis.results_file import to_json

    result, folder = run(study, data)
    target = out if out is not None else Path(f"{result.study}-results")
    write(result, folder, target, language=language, pdf=pdf)
    if json:
        typer.echo(to_json(result), nl=False)
    else:
        _tell(result, folder, target)
    if result.analyses and not any(found.converged for found in result.analyses):
        typer.echo("None of the planned analyses could be computed.", err=True)
        raise typer.Exit(1)


def run(study: str, data: Path | None) -> tuple[Result, StudyFolder]:
    """Load a study, read its data or `data`, and run its plan."""
    from imara.analysis.analyse import analyse as run_plan
    from imara.cli.progress import step
    from imara.dataset import read_dataset
    from imara.study.library import load_study
    from imara.study.problems import InputError, Problem

    with step("Reading the study"):
        folder = load_study(study)
    if data is None and folder.study.data is None:
        raise InputError([Problem(study, "this study comes with no data; name a file with --data FILE")])
    with step("Reading the data"):
        dataset = read_dataset(folder, data)
    for warning in dataset.warnings:
        typer.echo(f"Note: {warning}", err=True)
    with step("Running the plan"):
        result = run_plan(dataset, command=shlex.join(["imara", *sys.argv[1:]]))
    return result, folder


def write(result: Result, folder: StudyFolder, out: Path, *, language: Language, pdf: bool) -> None:
    """Write results and report to a folder, which is made if need be."""
    from imara.analysis.results_file import NAME, write_results
    from imara.cli.progress import step
    from imara.study.problems import InputError, Problem

    try:
        out.mkdir(parents=True, exist_ok=True)
        write_results(result, out / NAME)
    except OSError as error:
        raise InputError([Problem(str(out), f"the results cannot be written here: {error.strerror}")]) from error
    from imara.report import can_write_pdf, write_report

    if pdf and not can_write_pdf():
        typer.echo(f"Note: {_WITHOUT_PANGO}", err=True)
        pdf = False
    with step("Writing the report"):
        write_report(result, folder, out, language=language, pdf=pdf)


def _tell(result: Result, folder: StudyFolder, out: Path) -> None:
    """Print each analysis' answer in a line."""
    study = folder.study
    for found in result.analyses:
        outcome = study.outcomes[found.outcome]
        typer.echo(f"{found.id}: {outcome.label}")
        if not found.converged:
            typer.echo(f"  {found.warnings[0]}")
            continue
        level = f"{study.analyses[found.analysis].confidence:.0%}"
        for contrast in found.contrasts:
            if contrast.visit in {outcome.at, *outcome.also_at}:
                treatment, reference = (study.arms[arm].label for arm in contrast.arms)
                typer.echo(
                    f"  {treatment} minus {reference} at {contrast.visit}: {contrast.estimate:.2f} "
                    f"({level} CI {contrast.ci_low:.2f} to {contrast.ci_high:.2f}, {_p(contrast.p)})"
                )
        _tell_equivalence(found)
    typer.echo(f"\nReport: {out / 'report.html'}")


def _p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _tell_equivalence(found: Estimate) -> None:
    for statement in found.equivalences:
        said = "rules out" if statement.conclusion == "equivalent" else "does not rule out"
        typer.echo(f"  At {statement.visit} this {said} a difference of {statement.margin:g} points either way.")
