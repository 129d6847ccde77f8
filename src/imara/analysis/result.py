"""What an analysis found, as plain frozen values: the source of `results.json` and of every page of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Mean:
    """An estimated mean of one arm at one visit."""

    arm: str
    visit: str
    estimate: float
    se: float
    df: float | None
    """Degrees of freedom; None where the normal distribution is used."""
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class Contrast:
    """A difference between two arms at one visit: treatment minus reference."""

    visit: str
    arms: tuple[str, str]
    """Treatment, reference."""
    estimate: float
    se: float
    df: float | None
    """Degrees of freedom; None where the normal distribution is used."""
    ci_low: float
    ci_high: float
    t: float
    p: float


@dataclass(frozen=True)
class StandardisedEffect:
    """A contrast divided by the pooled standard deviation at baseline (or of the model where there is no baseline)."""

    visit: str
    arms: tuple[str, str]
    estimate: float
    ci_low: float
    ci_high: float
    sd: float
    sd_source: Literal["baseline", "model"]


Conclusion = Literal["equivalent", "better", "worse", "better-and-matters", "worse-and-matters", "inconclusive"]


@dataclass(frozen=True)
class Equivalence:
    """What the contrast at the judged visit rules out, against the smallest effect that matters."""

    visit: str
    arms: tuple[str, str]
    margin: float
    ci90_low: float
    ci90_high: float
    p: float
    """The larger of the two one-sided p values."""
    conclusion: Conclusion
    """`equivalent`: the 90% interval lies within the margins. `better`/`worse`: the 95% interval excludes zero,
    `-and-matters` when the whole of it lies beyond the margin. `inconclusive`: none of these."""


@dataclass(frozen=True)
class Diagnostics:
    """How the fit went."""

    evaluations: int
    iterations: int
    gradient: float
    """Largest absolute element of the gradient, on the scale of the standardised parameters."""
    smallest_eigenvalue: float
    """Of the Hessian of minus twice the log-likelihood, on that scale."""
    patterns: int
    """Distinct patterns of missing visits."""
    covariance: tuple[tuple[float, ...], ...]
    """Estimated covariance of a person's measurements, visits in order."""
    visits: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """One analysis of one outcome."""

    id: str
    """`analysis` or, where the analysis has several outcomes, `analysis.outcome`."""
    analysis: str
    outcome: str
    model: str
    formula: str
    covariance: str
    df_method: str
    method: str
    estimand: dict[str, object] | None
    population: str
    n_participants: int
    n_observations: int
    log_likelihood: float | None
    converged: bool
    participants: dict[str, int] = field(default_factory=dict)
    """Arm to its participants in the analysis."""
    contrasts: tuple[Contrast, ...] = ()
    means: tuple[Mean, ...] = ()
    standardised: tuple[StandardisedEffect, ...] = ()
    equivalences: tuple[Equivalence, ...] = ()
    """For each treatment arm and judged visit, the outcome's main one first."""
    diagnostics: Diagnostics | None = None
    warnings: tuple[str, ...] = ()
    """Anything a reader must know, an analysis that could not be computed included (then `converged` is false)."""
    warnings_da: tuple[str, ...] = ()
    """The same in Danish."""

    @property
    def equivalence(self) -> Equivalence | None:
        """The statement for the first treatment arm at the visit where the outcome is judged."""
        return self.equivalences[0] if self.equivalences else None


@dataclass(frozen=True)
class Completeness:
    """How many people of an arm have a form's score at a visit."""

    form: str
    score: str
    visit: str
    arm: str
    observed: int
    allocated: int


@dataclass(frozen=True)
class Observed:
    """Plain description of a score in one arm at one visit."""

    outcome: str
    visit: str
    arm: str
    n: int
    mean: float | None
    sd: float | None
    median: float | None
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class BaselineRow:
    """One line of the baseline table."""

    variable: str
    """Characteristic, `site`, or `form.score`."""
    kind: Literal["number", "category", "score"]
    level: str | None
    """Level of a category; none for numbers."""
    cells: dict[str, dict[str, float | None]]
    """Arm (and `all`) to its numbers: `n`, `missing`, and `mean`, `sd`, `median`, `minimum`, `maximum` for numbers or
    `count`, `percent` for levels."""


@dataclass(frozen=True)
class ArmFlow:
    """The way of one arm's participants through the trial."""

    arm: str
    allocated: int
    assessed: dict[str, int]
    """Visit to people with at least one score there."""
    analysed: dict[str, int]
    """Estimate's id to people of the arm in it."""


@dataclass(frozen=True)
class Flow:
    """Numbers of the CONSORT flow diagram."""

    assessed_for_eligibility: int | None
    excluded: dict[str, int]
    allocated: int
    arms: tuple[ArmFlow, ...]
    note: str | None


@dataclass(frozen=True)
class Provenance:
    """What is needed to repeat the analysis."""

    study: str
    study_fingerprint: str
    data_file: str
    data_sha256: str
    package: str
    python: str
    libraries: dict[str, str]
    command: str
    seed: int | None
    generated: str
    """UTC, ISO 8601."""


@dataclass(frozen=True)
class Result:
    """Everything an analysis of a study found."""

    study: str
    provenance: Provenance
    flow: Flow
    baseline: tuple[BaselineRow, ...]
    completeness: tuple[Completeness, ...]
    observed: tuple[Observed, ...]
    analyses: tuple[Estimate, ...]
    warnings: tuple[str, ...] = field(default=())
