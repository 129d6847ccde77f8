"""`imara analyse beat-the-blues` gives what R's mmrm and emmeans give, from the packaged file to `results.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from imara.analysis.analyse import analyse
from imara.analysis.results_file import read_results, to_json, write_results
from imara.dataset import read_dataset
from imara.study.library import load_study

WITNESS = Path(__file__).parent / "mmrm" / "btheb.json"
ARMS = {"TAU": "tau", "BtheB": "beat-the-blues"}


@pytest.fixture(scope="module")
def results() -> Any:
    result = analyse(read_dataset(load_study("beat-the-blues")), command="imara analyse beat-the-blues")
    return json.loads(to_json(result))


@pytest.fixture(scope="module")
def witness() -> Any:
    return json.loads(WITNESS.read_text())["fits"]["us"]


@pytest.mark.parametrize(("analysis", "key"), [("primary", "kenward-roger-linear"), ("satterthwaite", "satterthwaite")])
def test_every_mean_and_contrast_agrees_with_r(results: Any, witness: Any, analysis: str, key: str) -> None:
    found = next(entry for entry in results["analyses"] if entry["id"] == analysis)
    expected = dict(zip(witness["L"]["rows"], witness[key]["lsmeans"]["data"], strict=True))
    assert found["converged"]
    assert (found["n_participants"], found["n_observations"]) == (97, 280)
    assert_allclose(found["log_likelihood"], witness["REML"]["logLik"], rtol=1e-12)
    compared = 0
    for label, (estimate, se, df, t, p) in expected.items():
        name, _, month = label.partition("@")
        if not month.isdigit():
            continue  # the mean over visits is not in our plan
        visit = f"month-{month}"
        if name in ARMS:
            row = next(r for r in found["means"] if (r["arm"], r["visit"]) == (ARMS[name], visit))
        else:
            row = next(r for r in found["contrasts"] if r["visit"] == visit)
            assert row["arms"] == ["beat-the-blues", "tau"]
            assert_allclose([row["t"], row["p"]], [t, p], rtol=1e-9)
        assert_allclose([row["estimate"], row["se"], row["df"]], [estimate, se, df], rtol=1e-9)
        compared += 1
    assert compared == 12


def test_covariance_agrees_with_r(results: Any, witness: Any) -> None:
    found = results["analyses"][0]["diagnostics"]
    assert found["visits"] == ["month-2", "month-3", "month-5", "month-8"]
    assert_allclose(found["covariance"], np.array(witness["REML"]["cov"]["data"]), rtol=1e-9)


def test_results_can_be_read_back(tmp_path: Path) -> None:
    result = analyse(read_dataset(load_study("beat-the-blues")), command="imara analyse beat-the-blues")
    write_results(result, tmp_path / "results.json")
    assert read_results(tmp_path / "results.json") == result
