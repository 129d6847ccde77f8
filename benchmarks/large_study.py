"""A made trial shaped like Beat the Blues, of any size, as a long CSV file: to measure how reading and analysis grow.

python benchmarks/large_study.py 100000 large.csv     writes the file
python benchmarks/large_study.py 100000 large.csv --read     and reads it, printing seconds and peak memory
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl

from imara.dataset import read_dataset
from imara.study.library import load_study

VISITS = ("baseline", "month-2", "month-3", "month-5", "month-8")
ARMS = ("tau", "beat-the-blues")
MISSING = 0.2
"""Share of measurements after baseline that are missing, each on its own: people come back after a missed visit."""


def write_large_study(path: Path, participants: int, *, seed: int = 20260101) -> Path:
    """Write a long CSV file of the study `beat-the-blues` with canonical column names, and return its path.

    Depression at the five visits is normal with mean 23 falling to 12, standard deviation 10 and correlation 0.6
    between any two visits, three points lower after baseline in the treatment arm, rounded and cut to 0 to 63.
    A missed visit is a row with an empty cell.
    """
    draw = np.random.default_rng(seed)
    arm = draw.integers(0, len(ARMS), participants)
    drug = draw.random(participants) < 0.4
    length = draw.random(participants) < 0.5
    means = np.array([23.0, 18.0, 16.0, 14.0, 12.0])
    person = draw.standard_normal((participants, 1)) * np.sqrt(0.6)
    visit = draw.standard_normal((participants, len(VISITS))) * np.sqrt(0.4)
    bdi = means + 10.0 * (person + visit)
    bdi[:, 1:] -= 3.0 * arm[:, None]
    bdi = np.clip(np.rint(bdi), 0, 63).astype(np.int64)
    seen = draw.random(bdi.shape) >= MISSING
    seen[:, 0] = True
    rows = np.repeat(np.arange(participants), len(VISITS))
    pl.DataFrame(
        {
            "participant": rows + 1,
            "arm": np.array(ARMS)[arm][rows],
            "drug": np.array(["no", "yes"])[drug.astype(int)][rows],
            "length": np.array(["<6m", ">6m"])[length.astype(int)][rows],
            "visit": np.tile(np.array(VISITS), participants),
            "bdi": bdi.ravel(),
        }
    ).with_columns(
        pl.format("P{}", "participant").alias("participant"),
        pl.when(pl.Series(seen.ravel())).then(pl.col("bdi")).alias("bdi"),
    ).write_csv(path)
    return path


def main() -> None:
    """Write a file and, if asked, read it in a process that has done nothing else of note."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("participants", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--read", action="store_true", help="read the file, writing it only when it is not there yet")
    options = parser.parse_args()
    if not (options.read and options.file.exists()):
        write_large_study(options.file, options.participants)
    if options.read:
        folder = load_study("beat-the-blues")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.perf_counter()
        dataset = read_dataset(folder, options.file)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{dataset.participants.height:,} participants, {dataset.scores.height:,} visits: {seconds:.2f} s, "
            f"peak memory {peak:,.0f} MB ({before:,.0f} MB before reading)"
        )


if __name__ == "__main__":
    main()
