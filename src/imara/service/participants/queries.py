"""Reads across rooms: who was screened, what they agreed to, and what may be done with them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from imara.rules import consent as consent_rules
from imara.rules import eligibility, withdrawal
from imara.rules.consent import Decision, Giver, Standing
from imara.rules.eligibility import Answer, Outcome
from imara.rules.withdrawal import Degree
from imara.service.participants.models import (
    Consent,
    Duplicate,
    Invitation,
    Participant,
    Question,
    Screening,
    Withdrawal,
)
from imara.service.studies import queries as studies
from imara.service.studies.models import StudyVersion
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import Reason
from imara.study.amendment_refusals import InUse
from imara.study.people import Characteristic, ConsentVersion, InformationPage


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


def participant(key: str) -> Participant:
    """Return a participant.

    Raises:
        Http404: There is no such participant.
    """
    found = Participant.objects.filter(key=key).first()
    if found is None:
        raise Http404(f"there is no participant '{key}'")
    return cast(Participant, found)


def at_centre(key: str, study: str, site: str) -> Participant:
    """Return a participant of a centre; of another centre or study it is as if there were none.

    Raises:
        Http404: There is no such participant at this centre.
    """
    found = participant(key)
    if (found.study_id, found.site) != (study, site):
        raise Http404(f"there is no participant '{key}' here")
    return found


def locked(person: Participant) -> Participant:
    """Lock a participant's row until the act under way ends, and return the row as it is now."""
    return cast(Participant, Participant.objects.select_for_update(of=("self",)).get(pk=person.pk))


def subject_of(person: Participant) -> str:
    """Return how the ledger names a participant."""
    return f"participant:{person.key}"


def latest_screening(person: Participant) -> Screening | None:
    """Return the screening that counts: the last."""
    return cast("Screening | None", person.screenings.select_related("version").order_by("-number").first())


def known_now(screened: Screening, now: InForce) -> dict[str, Answer]:
    """Return what a screening recorded, by the names of the version in force. The screening itself stays as it was."""
    values: dict[str, Answer] = {}
    for name, value in screened.characteristics.items():
        name_now = studies.name_now("characteristics", name, screened.version, now.version)
        characteristic = now.study.characteristics.get(name_now)
        if characteristic is not None:
            values[name_now] = from_plain(value, characteristic)
    return values


def from_plain(value: Any, characteristic: Characteristic) -> Answer:
    """Return a recorded value as the rules of eligibility want it."""
    if characteristic.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return cast(Answer, value)


def decisions(person: Participant) -> list[Decision]:
    """Return what was decided about taking part, oldest first, without what was recorded in error."""
    counted = Consent.objects.filter(participant=person, in_error=False).order_by("on", "at", "pk")
    return [Decision(kept.consent_version, cast(Giver, kept.giver), kept.decision == "given") for kept in counted]


def consent_standing(person: Participant, now: InForce | None = None) -> Standing:
    """Say whether someone's consent holds under the version in force."""
    now = now or studies.in_force(person.study_id)
    return consent_rules.standing(now.study.consent, decisions(person))


def has_left(person: Participant) -> tuple[Degree, ...]:
    """Return what someone has left and not taken up again."""
    rows = Withdrawal.objects.filter(participant=person, ended_on__isnull=True).order_by("on", "pk")
    return tuple(cast(Degree, degree) for degree in rows.values_list("degree", flat=True))


def may_be_treated(person: Participant) -> bool:
    """Tell whether the study's programme may go on for someone."""
    return withdrawal.may_be_treated(has_left(person))


def may_be_visited(person: Participant) -> bool:
    """Tell whether someone may be asked to visits and forms."""
    return withdrawal.may_be_visited(has_left(person))


def may_data_be_used(person: Participant) -> bool:
    """Tell whether what was collected about someone may be analysed."""
    return withdrawal.may_data_be_used(has_left(person))


@dataclass(frozen=True)
class LogFilter:
    """Which rows of a screening log are wanted; all where empty."""

    site: str = ""
    outcome: str = ""
    reason: str = ""
    """Id of a criterion."""
    since: date | None = None
    until: date | None = None


def screening_log(study: str, sites: frozenset[str] | None, wanted: LogFilter | None = None) -> QuerySet[Screening]:
    """Return the latest screening of everyone screened at some centres of a study, without names.

    Args:
        study: The study's name.
        sites: The centres that the reader may see; None for all.
        wanted: Filters.
    """
    wanted = wanted or LogFilter()
    last = Screening.objects.filter(participant=OuterRef("participant")).order_by("-number").values("number")[:1]
    rows: QuerySet[Screening] = Screening.objects.filter(participant__study__name=study, number=Subquery(last))
    rows = rows.select_related("participant", "participant__merged_into", "version")
    if sites is not None:
        rows = rows.filter(participant__site__in=sites)
    if wanted.site:
        rows = rows.filter(participant__site=wanted.site)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.since:
        rows = rows.filter(at__date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__date__lte=wanted.until)
    if wanted.reason:
        # JSON containment is not there on SQLite; an id in quotes matches whole ids only.
        rows = rows.filter(reasons__icontains=f'"{wanted.reason}"')
    return rows.order_by("participant__site", "participant__key")


def to_screen_again(study: str, sites: frozenset[str] | None, by: date | None = None) -> QuerySet[Screening]:
    """Return the screenings that ask for another one, the earliest date first.

    Args:
        study: The study's name.
        sites: The centres that the reader may see; None for all.
        by: Only those due on or before this day; all when left out.
    """
    rows = screening_log(study, sites, LogFilter(outcome=Outcome.SCREEN_AGAIN.value))
    rows = rows.filter(participant__merged_into__isnull=True)
    gone = Withdrawal.objects.filter(participant=OuterRef("participant"), ended_on__isnull=True).values("pk")[:1]
    rows = rows.annotate(left=Subquery(gone)).filter(left__isnull=True)
    if by is not None:
        rows = rows.filter(again_on__lte=by)
    return rows.order_by("again_on", "participant__key")


def participants_at(study: str, sites: frozenset[str] | None) -> QuerySet[Participant]:
    """Return the participants of some centres of a study, by centre and key."""
    rows: QuerySet[Participant] = Participant.objects.filter(study__name=study)
    if sites is not None:
        rows = rows.filter(site__in=sites)
    return rows.order_by("site", "key")


def invitation_of(person: Participant, giver: str = "participant") -> Invitation | None:
    """Return the invitation to decide on a screen that is under way."""
    rows = Invitation.objects.filter(participant=person, giver=giver, cancelled_at__isnull=True, consent__isnull=True)
    return cast("Invitation | None", rows.first())


def invitations_for(account: str) -> list[Invitation]:
    """Return the invitations under way for an account."""
    rows = Invitation.objects.filter(account=account, cancelled_at__isnull=True, consent__isnull=True)
    return list(rows.select_related("participant", "version").order_by("pk"))


def information(invitation: Invitation) -> ConsentVersion:
    """Return the version of the information that an invitation is about."""
    consent = studies.definition(invitation.version).study.consent
    if consent is None:
        raise Http404("the study does not say how people consent")
    return consent.versions[invitation.consent_version]


def pages_of(invitation: Invitation) -> tuple[InformationPage, ...]:
    """Return what an invitation asks to read."""
    return information(invitation).pages


def duplicates_waiting(study: str) -> list[Duplicate]:
    """Return the reported duplicates of a study that nobody has decided yet."""
    rows = Duplicate.objects.filter(later__study__name=study, decision="").select_related("later", "earlier")
    return list(rows.order_by("reported_at"))


@dataclass(frozen=True)
class ScreenedBefore:
    """That a person with this national number was screened for the study before: at which centre, and no more."""

    site: str
    key: str = ""
    """The participant's key, at the reader's own centre only."""


def screened_before(keys: Sequence[str], study: str, site: str) -> list[ScreenedBefore]:
    """Say where the people behind some keys were screened for a study, telling the key only at the reader's centre.

    Args:
        keys: Participants whose national number is the one asked about.
        study: The study's name; other studies are nobody's business here.
        site: The reader's centre.
    """
    rows = Participant.objects.filter(key__in=keys, study__name=study, merged_into__isnull=True).order_by("since")
    return [ScreenedBefore(row.site, row.key if row.site == site else "") for row in rows]


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


def open_questions(study: str, sites: frozenset[str] | None) -> list[Question]:
    """Return the questions of people who are deciding that nobody has answered yet, the oldest first."""
    rows = Question.objects.filter(invitation__participant__study__name=study, answered_at__isnull=True)
    if sites is not None:
        rows = rows.filter(invitation__participant__site__in=sites)
    return list(rows.select_related("invitation__participant").order_by("at"))


def account_takes_part(account: str) -> QuerySet[Participant]:
    """Return the participants that an account is."""
    rows: QuerySet[Participant] = Participant.objects.filter(Q(account=account) & ~Q(account=""))
    return rows


def in_use(study: str) -> InUse:
    """Return what of a study this room has recorded, so that no amendment loses it."""
    values: dict[str, set[Any]] = {}
    # One pass, following the renames of each version once: there may be many thousand screenings.
    renames = {version.number: version.renames for version in studies.versions(study)}
    rows = Screening.objects.filter(participant__study__name=study)
    for number, recorded in rows.values_list("version__number", "characteristics").iterator(chunk_size=2000):
        steps = [renames[later] for later in sorted(renames) if later > number]
        for name, value in recorded.items():
            if value is not None:
                values.setdefault(studies.renamed("characteristics", name, steps), set()).add(value)
    decided = Consent.objects.filter(participant__study__name=study)
    people = Participant.objects.filter(study__name=study)
    return InUse(
        sites=frozenset(people.values_list("site", flat=True)),
        characteristics=frozenset(values),
        levels={name: frozenset(found) for name, found in values.items() if _all(found, str)},
        numbers={name: (min(found), max(found)) for name, found in values.items() if _all(found, float | int)},
        consent_versions=frozenset(decided.values_list("consent_version", flat=True)),
        has_guardians=decided.filter(giver__in=["guardian", "assent"]).exists(),
    )


def _all(values: set[Any], kind: Any) -> bool:
    return all(isinstance(value, kind) for value in values)
