"""Words of the field, of other programs and of everyday speech, and the words of a definition they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_MEANT_BY: Mapping[str, str] = {
    # How a person's measurements hang together
    "unstructured": "us un unstr unstruct general",
    "compound-symmetry": "cs exchangeable csym compsymm",
    "heterogeneous-compound-symmetry": "csh hcs het-cs",
    "ar1": "ar ar(1) ar-1 autoregressive auto-regressive first-order-autoregressive",
    "heterogeneous-ar1": "arh arh1 ar1h arh(1) het-ar1",
    "toeplitz": "toep banded",
    "heterogeneous-toeplitz": "toeph het-toeplitz",
    "ante-dependence": "ad ad1 ante antedependence",
    "heterogeneous-ante-dependence": "adh ante(1) ad1h",
    # Models, likelihood, degrees of freedom
    "mmrm": "lmm lme lmer mixed mixed-model linear-mixed-model linear-mixed repeated-measures gls",
    "negative-binomial": "nb nb2 nbinom nbinom2 negbin neg-bin",
    "poisson": "pois count-model",
    "reml": "restricted residual-maximum-likelihood restricted-maximum-likelihood",
    "ml": "maximum-likelihood mle full-maximum-likelihood",
    "kenward-roger": "kr kr2 kenward kenward-rogers kenrog",
    "satterthwaite": "sat satt satterth welch",
    "between-within": "bw betwithin between containment",
    "asymptotic": "z normal wald inf infinite none",
    # Who is analysed, and what is assumed about missing values
    "intention-to-treat": "itt mitt fas full-analysis-set all everyone",
    "complete-cases": "cc complete-case completers per-protocol pp",
    "mar": "missing-at-random",
    "jump-to-reference": "j2r jtr jump-to-ref jump-to-control",
    "copy-reference": "cr copy-ref copy-control",
    "copy-increments": "cir copy-increments-in-reference copy-increment",
    "delta": "tipping-point tipping delta-adjustment",
    "treatment-policy": "itt policy",
    # Outcomes
    "lower": "down less fewer low decrease decreasing smaller minus negative",
    "higher": "up more high increase increasing larger greater plus positive",
    "neither": "none both unclear neutral no either",
    "primary": "main first key",
    "main": "primary first key",
    "secondary": "second other",
    "exploratory": "tertiary additional explorative",
    "sensitivity": "secondary supportive supplementary robustness",
    "clinical": "symptom symptoms functioning illness clinical-recovery",
    "personal": "recovery hope wellbeing quality-of-life personal-recovery",
    "process": "satisfaction experience care",
    "days-at-risk": "days time follow-up-time person-time person-days",
    # What an answer is
    "number": "integer int float double numeric numerical continuous real decimal",
    "category": "categorical factor nominal ordinal enum choice select text string",
    "yes-no": "binary boolean bool logical yesno yes/no dichotomous y/n",
    "date": "datetime day timestamp",
    "count": "number counts frequency",
    "score": "scale value points",
    "sum": "total add",
    "mean": "average avg",
    "entered": "manual single direct typed",
    "items": "item answers raw by-item",
    "scores": "score totals summary",
    # Who
    "participant": "patient client self user subject self-report service-user",
    "assessor": "rater researcher interviewer blinded-assessor outcome-assessor",
    "practitioner": "therapist clinician facilitator nurse doctor staff provider",
    "clinician": "therapist practitioner assessor rater nurse doctor staff",
    "coordinator": "trial-manager study-nurse research-nurse administrator",
    "supporter": "carer caregiver family relative friend informant",
    # How the study is run
    "planned": "draft future upcoming not-started design",
    "running": "ongoing active recruiting open started under-way in-progress",
    "completed": "finished done closed ended complete over terminated",
    "permuted-blocks": "block blocks blocked permuted stratified block-randomisation stratified-blocks",
    "minimisation": "minimization adaptive pocock-simon",
    "simple": "coin unrestricted random randomised",
    "not-reported": "unknown none not-known unclear",
    "until-lock": "yes true until-database-lock",
    "electronic": "online digital e-consent econsent",
    "paper": "written print",
    "wide": "broad horizontal",
    "long": "tall tidy vertical narrow",
    "forbid": "none never complete",
    "prorate": "prorated pro-rate impute mean",
    "reviewed": "approved final signed published",
    "draft": "unreviewed preliminary",
}
"""Our word to the words people may write instead; the first of ours that is allowed at a place is meant there."""


def meant(word: str, allowed: Sequence[str]) -> str | None:
    """Return the allowed word that `word` is another word for, or None."""
    plain = re.sub(r"[\s_]+", "-", word.strip().lower())
    return next((ours for ours in allowed if plain in _others(ours)), None)


def _others(ours: str) -> Iterable[str]:
    return _MEANT_BY.get(ours, "").split()
