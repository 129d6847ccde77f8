"""What a simulation assumes about a study: means, spread, correlation, dropout."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from imara.study.vocabulary import Definition, Identifier, Text

Probability = Annotated[float, Field(ge=0, le=1)]


class ScoreScenario(Definition):
    """How one outcome is assumed to behave."""

    means: dict[Identifier, dict[Identifier, float]]
    """Arm to visit to mean."""
    sds: dict[Identifier, Annotated[float, Field(gt=0)]]
    """Visit to standard deviation."""
    correlation: float = Field(gt=-1, lt=1)
    """Correlation between any two visits of a person."""
    missing: dict[Identifier, Probability] = Field(default_factory=dict)
    """Visit to the share that is missing."""
    group_icc: Probability = 0.0
    """Share of the variance that members of a therapy group have in common, in grouped arms."""
    source: Text
    """Where the numbers come from, and which are assumed."""


class Scenario(Definition):
    """One set of assumptions."""

    label: Text
    """Its name."""
    participants: int = Field(ge=4)
    """People allocated."""
    outcomes: dict[Identifier, ScoreScenario]
    """Outcome to its behaviour."""
