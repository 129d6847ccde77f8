"""One result seen in one language: what every table, figure and sentence of the report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from imara.analysis.result import (
    Completeness,
    Contrast,
    Equivalence,
    Estimate,
    Mean,
    Observed,
    Result,
    StandardisedEffect,
)
from imara.report.names import Names
from imara.report.numbers import MISSING, Numbers
from imara.report.words import Words, catalogue
from imara.study.folder import StudyFolder
from imara.study.plan import Analysis, Outcome
from imara.study.vocabulary import Language


@dataclass(frozen=True)
class View:
    """A result, the study it belongs to, and the means to say both in a language."""

    result: Result
    folder: StudyFolder
    words: Words
    numbers: Numbers
    names: Names

    @classmethod
    def of(cls, result: Result, folder: StudyFolder, language: Language) -> View:
        """Join result, study and language."""
        words, numbers = catalogue(language), Numbers(language)
        return cls(result, folder, words, numbers, Names(folder, words, numbers))

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Arms as tables and figures show them: those that are tested first, the reference last."""
        arms = self.folder.study.arms
        return (
            *(key for key, arm in arms.items() if not arm.reference),
            *(key for key, arm in arms.items() if arm.reference),
        )

    @cached_property
    def reference(self) -> str | None:
        """Key of the arm others are compared with; None in a study without arms."""
        return next((key for key, arm in self.folder.study.arms.items() if arm.reference), None)

    @cached_property
    def reference_name(self) -> str:
        """Name of that arm."""
        return self.names.arm(self.reference) if self.reference is not None else MISSING

    def plan(self, estimate: Estimate) -> Analysis | None:
        """Return the planned analysis an estimate comes from."""
        return self.folder.study.analyses.get(estimate.analysis)

    def outcome(self, estimate: Estimate) -> Outcome | None:
        """Return the outcome of an estimate."""
        return self.folder.study.outcomes.get(estimate.outcome)

    def warnings(self, estimate: Estimate) -> tuple[str, ...]:
        """Return what a reader must know about an estimate, in the report's language."""
        danish = self.words.language == "da" and len(estimate.warnings_da) == len(estimate.warnings)
        return estimate.warnings_da if danish else estimate.warnings

    def confidence(self, estimate: Estimate) -> float:
        """Return the level of an estimate's confidence intervals."""
        plan = self.plan(estimate)
        return plan.confidence if plan else 0.95

    @cached_property
    def main_estimates(self) -> tuple[Estimate, ...]:
        """The first main analysis of each outcome, in the order of the study's outcomes."""
        first: dict[str, Estimate] = {}
        for estimate in self.result.analyses:
            plan = self.plan(estimate)
            if plan is None or plan.role == "main":
                first.setdefault(estimate.outcome, estimate)
        order = list(self.folder.study.outcomes)
        return tuple(sorted(first.values(), key=lambda one: order.index(one.outcome) if one.outcome in order else 99))

    def others_of(self, main: Estimate) -> tuple[Estimate, ...]:
        """Return all other analyses of the same outcome."""
        return tuple(one for one in self.result.analyses if one.outcome == main.outcome and one is not main)

    @cached_property
    def key_estimate(self) -> Estimate | None:
        """The main analysis of the primary outcome, or of the first outcome where none is primary."""
        for estimate in self.main_estimates:
            outcome = self.outcome(estimate)
            if outcome is not None and outcome.role == "primary":
                return estimate
        return self.main_estimates[0] if self.main_estimates else None

    def family(self, family: str) -> tuple[Estimate, ...]:
        """Return the main analyses of a family's outcomes, the primary outcome first."""
        found = []
        for estimate in self.main_estimates:
            outcome = self.outcome(estimate)
            if outcome is not None and outcome.family == family:
                found.append((outcome.role != "primary", estimate))
        return tuple(estimate for _, estimate in sorted(found, key=lambda pair: pair[0]))

    def judged_visit(self, estimate: Estimate) -> str | None:
        """Return the visit at which the effect is judged: the plan's, or the last that was estimated."""
        visits = [one.visit for one in estimate.contrasts or estimate.means]
        outcome = self.outcome(estimate)
        if outcome is not None and outcome.at in visits:
            return outcome.at
        if estimate.equivalence is not None and estimate.equivalence.visit in visits:
            return estimate.equivalence.visit
        return visits[-1] if visits else None

    def judged(self, estimate: Estimate) -> tuple[Contrast, ...]:
        """Return the contrasts at the judged visit, one for each arm that is compared."""
        visit = self.judged_visit(estimate)
        return tuple(contrast for contrast in estimate.contrasts if contrast.visit == visit)

    def also_judged(self, estimate: Estimate) -> tuple[Contrast, ...]:
        """Return the contrasts at the further visits at which the outcome is judged."""
        outcome, main = self.outcome(estimate), self.judged_visit(estimate)
        visits = () if outcome is None else tuple(visit for visit in outcome.also_at if visit != main)
        return tuple(contrast for visit in visits for contrast in estimate.contrasts if contrast.visit == visit)

    def equivalence(self, estimate: Estimate, contrast: Contrast) -> Equivalence | None:
        """Return what a contrast rules out, where that was judged."""
        for statement in estimate.equivalences:
            if (statement.visit, statement.arms) == (contrast.visit, contrast.arms):
                return statement
        return None

    def standardised(self, estimate: Estimate, contrast: Contrast) -> StandardisedEffect | None:
        """Return a contrast in standard deviations, where it was computed."""
        for effect in estimate.standardised:
            if (effect.visit, effect.arms) == (contrast.visit, contrast.arms):
                return effect
        return None

    def mean(self, estimate: Estimate, arm: str, visit: str) -> Mean | None:
        """Return an estimated mean."""
        return next((mean for mean in estimate.means if (mean.arm, mean.visit) == (arm, visit)), None)

    def observed(self, outcome: str, arm: str, visit: str) -> Observed | None:
        """Return the plain description of what was observed."""
        key = (outcome, arm, visit)
        return next((one for one in self.result.observed if (one.outcome, one.arm, one.visit) == key), None)

    def completeness(self, outcome: Outcome, visit: str) -> tuple[Completeness, ...]:
        """Return how complete an outcome's score is at a visit, arm by arm."""
        found = [one for one in self.result.completeness if (one.form, one.visit) == (outcome.form, visit)]
        exact = [one for one in found if one.score == self.folder.score_key(outcome)] if found else []
        return tuple(exact or found)

    def visits_in_order(self, visits: set[str]) -> tuple[str, ...]:
        """Return some visits in the order of the study."""
        known = [visit for visit in self.folder.study.visits if visit in visits]
        return (*known, *sorted(visits - set(known)))

    def is_judged(self, estimate: Estimate) -> bool:
        """Say whether one direction of an outcome is good for people, so that a difference can be judged."""
        outcome = self.outcome(estimate)
        return outcome is None or outcome.better != "neither"

    def side(self, estimate: Estimate, difference: float) -> Literal["better", "worse", "neither"]:
        """Say what a difference, treatment minus reference, is to people."""
        if not self.is_judged(estimate):
            return "neither"
        return "better" if self.is_benefit(estimate, difference) else "worse"

    def is_benefit(self, estimate: Estimate, difference: float) -> bool:
        """Say whether a difference, treatment minus reference, is in the direction that is good for people."""
        outcome = self.outcome(estimate)
        lower = outcome is not None and outcome.better == "lower"
        return difference < 0 if lower else difference > 0
