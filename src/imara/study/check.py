"""Checking a definition beyond its single fields: do all its parts fit together, and can what is planned be computed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from imara.study.checks.findings import Findings
from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.problems import Problem
from imara.study.read import Reading
from imara.study.study import Study


def check_study(
    reading: Reading[Study],
    path: Path,
    *,
    instruments: Mapping[str, Instrument | None],
    programmes: Mapping[str, Programme | None],
    instrument_names: Sequence[str],
    programme_names: Sequence[str],
) -> tuple[Problem, ...]:
    """Return what does not fit within a study and between it and the definitions it refers to.

    Args:
        reading: The study as read.
        path: Its file.
        instruments: Instruments its forms name, None for those that could not be read; names without a file are absent.
        programmes: Programmes its arms name, likewise.
        instrument_names: All instruments it could name.
        programme_names: All programmes it could name.
    """
    if reading.definition is None:
        return ()
    findings = Findings(reading.document, reading.whole)
    study = reading.definition
    for key, form in study.forms.items():
        if form.instrument not in instruments:
            findings.unknown(("forms", key, "instrument"), form.instrument, instrument_names, "instrument")
    for key, arm in study.arms.items():
        if arm.programme is not None and arm.programme not in programmes:
            findings.unknown(("arms", key, "programme"), arm.programme, programme_names, "programme")
    return tuple(findings.problems)


def check_instrument(reading: Reading[Instrument], path: Path) -> tuple[Problem, ...]:
    """Return what does not fit within an instrument and its folder."""
    return ()


def check_programme(reading: Reading[Programme], path: Path) -> tuple[Problem, ...]:
    """Return what does not fit within a programme and its folder."""
    return ()
