"""The statistical analysis plan: outcomes, estimands, and how each effect is estimated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from imara.study.vocabulary import Definition, Identifier, OneOrMore, Text

Family = Literal["clinical", "personal", "process"]
Covariance = Literal[
    "unstructured",
    "compound-symmetry",
    "heterogeneous-compound-symmetry",
    "ar1",
    "heterogeneous-ar1",
    "toeplitz",
    "heterogeneous-toeplitz",
    "ante-dependence",
    "heterogeneous-ante-dependence",
]
DegreesOfFreedom = Literal["satterthwaite", "kenward-roger", "between-within", "residual", "asymptotic"]


class Outcome(Definition):
    """What the study measures its success by. Exactly one of `form` and `event` is given."""

    label: Text
    """Its name in tables and figures."""
    form: Identifier | None = None
    """The form it is scored from."""
    score: str = "total"
    """Which score of the form's instrument; where left out its `total`, or else its first."""
    event: Identifier | None = None
    """The kind of event counted."""
    measure: Literal["score", "count", "days"] = "score"
    """A score of a form, a number of events, or days spent in them."""
    exposure: Literal["days-at-risk"] | None = None
    """What a count is relative to."""
    family: Family
    """Clinical or personal recovery, two different targets, or the process of care (satisfaction with it, for
    instance), which is no recovery; reported apart."""
    role: Literal["primary", "secondary", "exploratory"] = "secondary"
    """Its place in the plan; at most one outcome is primary."""
    at: Identifier
    """The visit at which the effect is judged."""
    also_at: Annotated[tuple[Identifier, ...], OneOrMore] = ()
    """Further visits at which it is judged, for instance a year later."""
    better: Literal["higher", "lower", "neither"]
    """Which direction is good for people; `neither` describes a difference without judging it."""
    smallest_effect: float | None = Field(default=None, gt=0)
    """The smallest difference that would matter to people, in the score's own points."""
    smallest_effect_source: Text | None = None
    """Where that number comes from, or that it is assumed."""

    @property
    def named_score(self) -> str | None:
        """The score that the file names; None where it leaves the choice to the instrument."""
        return self.score if "score" in self.model_fields_set else None


class IntercurrentEvent(Definition):
    """Something after allocation that affects the outcome's meaning or existence (ICH E9(R1))."""

    event: Text
    """What happens, for instance stopping the programme."""
    strategy: Literal["treatment-policy", "hypothetical", "composite", "while-on-treatment", "principal-stratum"]
    """How the estimand deals with it."""


class Estimand(Definition):
    """Precisely what is to be estimated (ICH E9(R1)): five attributes."""

    population: Text
    """Whom the effect is about."""
    treatments: Text
    """Which conditions are compared."""
    variable: Text
    """What is measured on each person, and when."""
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    """What may happen on the way, and how it is dealt with."""
    summary: Text
    """The population-level summary, for instance a difference in means."""


class Missing(Definition):
    """What is assumed about values that are missing."""

    main: Literal["mar"] = "mar"
    """Missing at random given what the model contains."""
    sensitivity: tuple[Literal["jump-to-reference", "copy-reference", "copy-increments", "delta"], ...] = ()
    """Further assumptions under which the analysis is repeated."""


class Analysis(Definition):
    """One planned analysis of one or more outcomes."""

    outcomes: Annotated[tuple[Identifier, ...], OneOrMore] = Field(min_length=1)
    """What is analysed; each outcome gets its own fit of the same model."""
    role: Literal["main", "sensitivity"] = "main"
    """Whether the analysis answers its question or tests the answer's robustness."""
    population: Literal["intention-to-treat", "complete-cases"] = "intention-to-treat"
    """Who is in it: all who were allocated, or those with an outcome at every visit."""
    estimand: Estimand | None = None
    """What is estimated; required for a main analysis of a primary outcome."""
    model: Literal["mmrm", "poisson", "negative-binomial"] = "mmrm"
    """The statistical model."""
    visits: Annotated[tuple[Identifier, ...], OneOrMore] = ()
    """Visits in the model; all after baseline at which the form is answered where left out."""
    covariance: Covariance = "unstructured"
    """Covariance of a person's repeated measurements."""
    method: Literal["reml", "ml"] = "reml"
    """Likelihood that is maximised."""
    df: DegreesOfFreedom = "kenward-roger"
    """Denominator degrees of freedom."""
    adjust: tuple[str, ...] = ("baseline",)
    """`baseline` (the outcome's own baseline score), `site`, or characteristics."""
    adjust_by_visit: tuple[str, ...] = ()
    """Those of `adjust` whose effect may differ between visits."""
    clusters: dict[Identifier, Literal["group", "facilitator"]] = Field(default_factory=dict)
    """Arm to what clusters its participants."""
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    """Level of confidence intervals."""
    missing: Missing = Missing()
    """Assumptions about missing values."""
    note: Text | None = None
    """Anything a reader should know, for instance that a detail is assumed."""
