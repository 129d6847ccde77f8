"""From a dataset to everything that is known about it: the one door to the analysis of a study."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version

import imara
from imara.analysis.description import baseline_table, completeness, flow, observed
from imara.analysis.estimates import estimates
from imara.analysis.result import Provenance, Result
from imara.dataset.dataset import Dataset

_LIBRARIES = ("numpy", "scipy", "polars", "formulaic")


def analyse(dataset: Dataset, *, command: str) -> Result:
    """Run the plan of the dataset's study as written and describe the data.

    Args:
        dataset: Checked data with the study they belong to.
        command: How the analysis was asked for; kept in the provenance.
    """
    folder = dataset.folder
    found = tuple(estimates(dataset))
    return Result(
        study=folder.study.study,
        provenance=Provenance(
            study=folder.study.study,
            study_fingerprint=folder.fingerprint,
            data_file=dataset.source,
            data_sha256=dataset.sha256,
            package=imara.__version__,
            python=platform.python_version(),
            libraries={name: version(name) for name in _LIBRARIES},
            command=command,
            seed=None,
            generated=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
        flow=flow(dataset, found),
        baseline=tuple(baseline_table(dataset)),
        completeness=tuple(completeness(dataset)),
        observed=tuple(observed(dataset)),
        analyses=found,
    )
