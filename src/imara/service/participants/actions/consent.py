"""Consent on paper, and marking a record as made in error."""

from __future__ import annotations

import hashlib
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.service.ledger.canonical import to_json
from imara.service.ledger.recording import Actor, recorded
from imara.service.participants.models import GIVERS, Consent, Participant
from imara.service.participants.queries import locked, subject_of
from imara.service.studies import queries as studies
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import Reason, RefusedError
from imara.service.studies.states import State
from imara.study.fingerprint import canonical
from imara.study.people import Consent as ConsentPlan
from imara.study.people import ConsentVersion


def record_paper_consent(
    *,
    participant: Participant,
    consent_version: str,
    on: date,
    taken_by: str = "",
    file_reference: str = "",
    giver: str = "participant",
    given: bool = True,
    by: Actor,
) -> Consent:
    """Record what someone decided on paper, or said without signing when they declined.

    Args:
        participant: Who takes part, or would.
        consent_version: Version of the information, as the study file names it.
        on: The day on the sheet.
        taken_by: Who explained the study and took the signature.
        file_reference: Where the sheet is kept.
        giver: `participant`; or `guardian` and `assent`, where the study says that a guardian may consent.
        given: False when they declined.
        by: Who records it.

    Raises:
        RefusedError: With everything that is missing or cannot be.
    """
    name = "participants.consented" if given else "participants.declined"
    with recorded(name, by=by, study=participant.study_id, site=participant.site, subject=subject_of(participant)):
        now = studies.in_force(participant.study_id)
        person = locked(participant)
        plan = plan_of(now)
        reasons = [*_on_paper(plan, given, taken_by, file_reference), *asked_of(plan, consent_version, giver)]
        version = plan.versions.get(consent_version)
        reasons += _day(on, version)
        if reasons or version is None:
            raise RefusedError(*reasons)
        kept = Consent(
            participant=person,
            version=now.version,
            consent_version=consent_version,
            text_hash=text_hash(version),
            giver=giver,
            decision="given" if given else "declined",
            method="paper",
            on=on,
            by=by.key,
            taken_by=taken_by.strip(),
            file_reference=file_reference.strip(),
        )
        kept.save()
    return kept


def mark_in_error(*, consent: Consent, reason: str, by: Actor) -> Consent:
    """Mark a consent record as made by mistake: it counts for nothing and stays visible.

    Raises:
        RefusedError: There is no reason, or it is marked already.
    """
    person = consent.participant
    with recorded(
        "participants.consent_marked",
        by=by,
        study=person.study_id,
        site=person.site,
        subject=subject_of(person),
        reason=reason.strip(),
    ):
        locked(person)
        kept = Consent.objects.get(pk=consent.pk)
        if not reason.strip():
            raise RefusedError(Reason("no-reason", _("Say what was wrong."), "reason"))
        if kept.in_error:
            raise RefusedError(Reason("marked-already", _("This record is marked as an error already.")))
        kept.in_error = True
        kept.save()
    return kept


def plan_of(now: InForce) -> ConsentPlan:
    """Return how people consent in a study.

    Raises:
        RefusedError: The study does not say, or it is locked.
    """
    if now.state is State.LOCKED:
        raise RefusedError(Reason("study-locked", _("The study is locked. Nothing more is recorded.")))
    if now.study.consent is None:
        raise RefusedError(Reason("no-consent-plan", _("The study file does not say how people consent.")))
    return now.study.consent


def asked_of(plan: ConsentPlan, version: str, giver: str) -> list[Reason]:
    """Return what is wrong with asking someone about a version."""
    reasons = []
    if version not in plan.versions:
        reasons.append(
            Reason("no-such-version", _("The study file has no such version of the information."), "consent_version")
        )
    if giver not in GIVERS or (giver != "participant" and not plan.guardian):
        reasons.append(Reason("guardian-not-foreseen", _("In this study people consent for themselves."), "giver"))
    return reasons


def text_hash(version: ConsentVersion) -> str:
    """Return the SHA-256 of everything a version of the information says, in all its languages."""
    return hashlib.sha256(to_json(canonical(version)).encode()).hexdigest()


def _on_paper(plan: ConsentPlan, given: bool, taken_by: str, file_reference: str) -> list[Reason]:
    if not given:
        return []
    reasons = []
    if "paper" not in plan.forms:
        reasons.append(Reason("not-on-paper", _("In this study people consent on a screen, not on paper.")))
    if not taken_by.strip():
        reasons.append(Reason("taken-by-missing", _("Give the name of the person who took the consent."), "taken_by"))
    if not file_reference.strip():
        reasons.append(Reason("file-missing", _("Say where the signed sheet is kept."), "file_reference"))
    return reasons


def _day(on: date, version: ConsentVersion | None) -> list[Reason]:
    if on > timezone.localdate():
        return [Reason("day-to-come", _("This day is still to come. Give the day on the sheet."), "on")]
    if version is not None and version.approved is not None and on < version.approved:
        words = _("This version of the information was approved later. Check the day and the version.")
        return [Reason("before-approval", words, "on")]
    return []
