"""Whether somebody may be allocated now: study open, eligible, consented, not withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from imara.rules import eligibility
from imara.rules.consent import Standing
from imara.rules.eligibility import Answer, Outcome
from imara.service.participants.models import (
    Participant,
    Screening,
)
from imara.service.participants.queries.people import locked, participant
from imara.service.participants.queries.standing import consent_standing, has_left, known_now, latest_screening
from imara.service.studies import queries as studies
from imara.service.studies.models import StudyVersion
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import Reason


@dataclass(frozen=True)
class Ready:
    """Whether a participant may be allocated now, and what allocation needs to know."""

    key: str
    study: str
    site: str
    version: StudyVersion | None
    """The study version in force, against which this was decided."""
    reasons: tuple[Reason, ...] = ()
    """What stands in the way; empty when nothing does."""
    factors: Mapping[str, str] = field(default_factory=dict)
    """`site` and every category or yes-no characteristic of the eligible screening, by name: `rules.allocation` takes
    from these those that are its strata."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons


def ready_for_allocation(key: str, *, lock: bool = False) -> Ready:
    """Say whether a participant may be allocated now: study open, eligible, consented, not withdrawn.

    Args:
        key: The participant's key.
        lock: Whether to lock the study's and the participant's rows until the act under way ends: pass True inside
            `recorded(...)` when the answer is acted on. Screening, consent and withdrawal lock the same rows, so
            nothing changes between the answer and the act. Order of locks: study, then participant.

    Raises:
        Http404: There is no such participant.
    """
    person = participant(key)
    now = studies.in_force(person.study_id, lock=lock)
    if lock:
        person = locked(person)
    screened = latest_screening(person)
    values = known_now(screened, now) if screened is not None else {}
    reasons = [
        *_study_reasons(now),
        *_person_reasons(person),
        *_eligibility_reasons(screened, now, values),
        *_consent_reasons(person, now),
        *_stratum_reasons(person, now, values),
    ]
    return Ready(
        key=person.key,
        study=person.study_id,
        site=person.site,
        version=now.version,
        reasons=tuple(reasons),
        factors=_factors(person, now, values),
    )


def _study_reasons(now: InForce) -> list[Reason]:
    if not now.study.arms:
        return [Reason("no-arms", _("This study has no arms, so nobody is allocated."))]
    if not now.is_open:
        return [Reason("study-not-open", _("The study is not open, so nobody can be allocated now."))]
    return []


def _person_reasons(person: Participant) -> list[Reason]:
    reasons = []
    if person.merged_into_id is not None:
        words = _("This is the same person as one with an earlier key. Use that key.")
        reasons.append(Reason("merged", words))
    if has_left(person):
        reasons.append(Reason("withdrawn", _("The person has withdrawn.")))
    return reasons


_NOT_ELIGIBLE = {
    Outcome.NOT_ELIGIBLE: Reason("not-eligible", _("By the last screening the person cannot take part.")),
    Outcome.SCREEN_AGAIN: Reason(
        "screen-again", _("By the last screening the person cannot take part yet. Screen them again.")
    ),
    Outcome.INCOMPLETE: Reason("screening-incomplete", _("The screening is not complete. Answer what is open.")),
}


def _eligibility_reasons(screened: Screening | None, now: InForce, values: dict[str, Answer]) -> list[Reason]:
    if screened is None:
        return [Reason("not-screened", _("The person has not been screened."))]
    recorded = Outcome(screened.outcome)
    if recorded is not Outcome.ELIGIBLE:
        return [_NOT_ELIGIBLE[recorded]]
    if screened.version_id == now.version.pk:
        return []
    if eligible_now(screened, now, values) is Outcome.ELIGIBLE:
        return []
    return [Reason("criteria-changed", _("The criteria have changed since the screening. Screen the person again."))]


def eligible_now(screened: Screening, now: InForce, values: Mapping[str, Answer]) -> Outcome:
    """Hold a screening made under an earlier version against the criteria in force.

    An answer counts only where the very same question is still asked, in the same part.
    """
    then = studies.definition(screened.version).study.eligibility
    asked_then = {
        *((c.id, "include", c.ask.en) for c in then.include),
        *((c.id, "exclude", c.ask.en) for c in then.exclude),
    }
    criteria = now.study.eligibility
    asked = {
        criterion.id
        for part, ones in (("include", criteria.include), ("exclude", criteria.exclude))
        for criterion in ones
        if criterion.rule is None and (criterion.id, part, criterion.ask.en) in asked_then
    }
    known = dict(values)
    if now.study.sites:
        known["site"] = screened.participant.site
    answers = {name: answer for name, answer in screened.answers.items() if name in asked}
    return eligibility.screen(now.study, known, answers).outcome


_CONSENT = {
    Standing.NOT_ASKED: Reason("no-consent", _("The person has not consented yet.")),
    Standing.DECLINED: Reason("declined", _("The person has said no.")),
    Standing.ASK_AGAIN: Reason(
        "consent-outdated", _("There is a new version of the information. Ask the person for their consent again.")
    ),
    Standing.GUARDIAN_MISSING: Reason("guardian-missing", _("The guardian has not consented yet.")),
    Standing.ASSENT_MISSING: Reason("assent-missing", _("The person has not been asked whether they want to.")),
    Standing.NO_PLAN: Reason("no-consent-plan", _("The study file does not say how people consent.")),
}


def _consent_reasons(person: Participant, now: InForce) -> list[Reason]:
    found = consent_standing(person, now)
    return [] if found is Standing.VALID else [_CONSENT[found]]


def _stratum_reasons(person: Participant, now: InForce, values: dict[str, Answer]) -> list[Reason]:
    strata = now.study.allocation.strata if now.study.allocation is not None else ()
    factors = _factors(person, now, values)
    return [
        Reason(
            "stratum-missing", _("Something that allocation looks at is not recorded. Screen the person again."), name
        )
        for name in strata
        if name not in factors
    ]


def _factors(person: Participant, now: InForce, values: dict[str, Answer]) -> dict[str, str]:
    levelled = {
        name: str(value)
        for name, value in values.items()
        if value is not None and now.study.characteristics[name].kind in ("category", "yes-no")
    }
    return {"site": person.site, **levelled}
