"""`imara report`: write the pages of a report, from results that are there or from a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imara.cli.analyse import DataOption, LanguageOption, PdfOption, run, write


def report(
    what: Annotated[
        str,
        typer.Argument(
            metavar="RESULTS|STUDY", help="A results.json, a folder that has one, or a study to analyse first."
        ),
    ],
    data: DataOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; beside the results when left out.")
    ] = None,
    language: LanguageOption = "en",
    pdf: PdfOption = True,
) -> None:
    """Write the report again, for instance in another language, without analysing again."""
    from imara.analysis.results_file import NAME, read_results
    from imara.study.library import load_study
    from imara.study.problems import InputError, Problem

    path = Path(what)
    file = path / NAME if (path / NAME).is_file() else path
    if file.suffix == ".json":
        result = read_results(file)
        folder = load_study(result.study)
        if folder.fingerprint != result.provenance.study_fingerprint:
            raise InputError(
                [
                    Problem(
                        str(file),
                        f"the study '{result.study}' has changed since this analysis; analyse again",
                        field="provenance.study_fingerprint",
                        found=result.provenance.study_fingerprint,
                        allowed=folder.fingerprint,
                    )
                ]
            )
        target = out if out is not None else file.parent
    else:
        result, folder = run(what, data)
        target = out if out is not None else Path(f"{result.study}-results")
    write(result, folder, target, language=language, pdf=pdf)
    typer.echo(f"Report: {target / 'report.html'}")
