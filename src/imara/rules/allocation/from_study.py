"""From a study file to the scheme it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from imara.rules.allocation.scheme import Factor, Kind, Measure, Scheme
from imara.study.fingerprint import fingerprint as fingerprint_of
from imara.study.intervention import Allocation
from imara.study.problems import InputError, Problem, nearest_word
from imara.study.study import Study


def scheme_of(
    study: Study,
    fingerprint: str | None = None,
    *,
    measure: Measure = "range",
    weights: Sequence[int] = (),
    kind: Kind = "participant",
) -> Scheme:
    """Return the scheme a study asks for.

    Arms and levels come in alphabetical order, so that a study file with the same fingerprint always gives the same
    scheme, however its lines are ordered.

    Args:
        study: Its arms, sites, characteristics and allocation.
        fingerprint: The study folder's; when left out, the fingerprint of the study file alone.
        measure: For minimisation, how imbalance is measured.
        weights: For minimisation, a weight for each stratum; equal when empty.
        kind: What a unit is.

    Raises:
        InputError: When the study has nothing to allocate, does not say how, or asks for what cannot be; with every
            problem at once.
    """
    allocation = study.allocation
    problem = _unusable(study)
    if problem is not None or allocation is None:
        raise InputError([problem] if problem else [])
    arms = tuple(sorted(study.arms))
    problems = _mismatched_ratio(study, allocation)
    factors = [_factor(study, name, problems) for name in allocation.strata]
    if problems:
        raise InputError(problems)
    try:
        return Scheme(
            method=allocation.method,  # type: ignore[arg-type]  # not-reported was refused above
            arms=arms,
            ratio=tuple(allocation.ratio.get(arm, 1) for arm in arms),
            factors=tuple(factor for factor in factors if factor is not None),
            block_sizes=tuple(sorted(allocation.block_sizes)),
            # Fraction(str()) keeps 0.8 as four fifths, which the nearest binary number is not.
            best_probability=Fraction(str(allocation.random_element or 1)),
            measure=measure,
            weights=tuple(weights),
            kind=kind,
            study=fingerprint if fingerprint is not None else fingerprint_of(study, {}, {}),
        )
    except InputError as error:
        named = [
            Problem(study.study, problem.message, field=f"allocation.{problem.field}", allowed=problem.allowed)
            for problem in error.problems
        ]
        raise InputError(named) from None


def _unusable(study: Study) -> Problem | None:
    if not study.arms:
        return Problem(
            study.study, "a study without arms has nobody to allocate", field="arms", allowed="two arms or more"
        )
    if study.allocation is None:
        message = "the study does not say how people are allocated"
        return Problem(study.study, message, field="allocation", allowed="an 'allocation' entry")
    if study.allocation.method == "not-reported":
        message = "how people were allocated is not reported, so nobody can be allocated the same way"
        methods = "permuted-blocks, minimisation, simple"
        return Problem(study.study, message, None, "allocation.method", study.allocation.method, methods)
    return None


def _mismatched_ratio(study: Study, allocation: Allocation) -> list[Problem]:
    arms = tuple(study.arms)
    if not allocation.ratio:
        return []
    unknown = [
        Problem(
            study.study, "there is no such arm", None, "allocation.ratio", arm, ", ".join(arms), nearest_word(arm, arms)
        )
        for arm in allocation.ratio
        if arm not in arms
    ]
    missing = [arm for arm in arms if arm not in allocation.ratio]
    if missing:
        message = f"the ratio has no share for {', '.join(missing)}"
        unknown.append(
            Problem(study.study, message, field="allocation.ratio", allowed=f"a share for each of {', '.join(arms)}")
        )
    return unknown


def _factor(study: Study, name: str, problems: list[Problem]) -> Factor | None:
    if name == "site" and study.sites:
        return Factor(name, tuple(sorted(study.sites)))
    levelled = {
        key: tuple(sorted(characteristic.levels)) if characteristic.kind == "category" else ("no", "yes")
        for key, characteristic in study.characteristics.items()
        if characteristic.kind in ("category", "yes-no")
    }
    if name in levelled:
        return Factor(name, levelled[name])
    known = (*(("site",) if study.sites else ()), *levelled)
    message = "allocation balances within the levels of a site, a category or a yes-no"
    problems.append(
        Problem(
            study.study, message, None, "allocation.strata", name, ", ".join(known) or "none", nearest_word(name, known)
        )
    )
    return None
