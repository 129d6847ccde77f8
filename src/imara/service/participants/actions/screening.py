"""Screening: holding a person's answers against the study's criteria, and keeping each time as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.rules import eligibility
from imara.rules.eligibility import Answer, Outcome
from imara.service.ledger.recording import Actor, Recording, recorded
from imara.service.participants.models import CentreCode, Participant, Screening
from imara.service.participants.queries import locked, subject_of
from imara.service.studies import queries as studies
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import Reason, RefusedError

Recorded = float | str | None
"""A characteristic as the table keeps it."""


def screen(
    *,
    study: str,
    site: str,
    characteristics: Mapping[str, Answer],
    answers: Mapping[str, bool | None],
    again_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Screening:
    """Screen someone new. They get the centre's next key whatever the outcome, so that the log misses nobody.

    Args:
        study: The study's name.
        site: The centre's key.
        characteristics: Name to value, as far as known; `site` need not be among them.
        answers: Criterion to whether it holds; None for not known yet.
        again_on: When to screen again, where the outcome is that.
        note: A remark, without names.
        by: Who screens.

    Raises:
        RefusedError: The study is not open, has no such centre, or a date for screening again is missing.
        InputError: A value or answer cannot be.
    """
    with recorded("participants.screened", by=by, study=study, site=site) as act:
        now = _open(studies.in_force(study, lock=True))
        if site not in studies.sites(now.study):
            raise RefusedError(Reason("no-such-centre", _("The study has no such centre.")))
        person = Participant(key=_next_key(study, site), study_id=study, site=site, version=now.version)
        person.save()
        act.subject = subject_of(person)
        return _keep(person, now, characteristics, answers, again_on, note, act)


def screen_again(
    *,
    participant: Participant,
    characteristics: Mapping[str, Answer],
    answers: Mapping[str, bool | None],
    again_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Screening:
    """Screen someone again: a further screening beside those before. The last one counts.

    Raises:
        RefusedError: The study is not open, a date for screening again is missing, or the key was merged into another.
        InputError: A value or answer cannot be.
    """
    study, site, subject = participant.study_id, participant.site, subject_of(participant)
    with recorded("participants.screened_again", by=by, study=study, site=site, subject=subject) as act:
        now = _open(studies.in_force(study, lock=True))
        person = locked(participant)
        if person.merged_into_id is not None:
            raise RefusedError(Reason("merged", _("This is the same person as one with an earlier key. Use that key.")))
        return _keep(person, now, characteristics, answers, again_on, note, act)


def _open(now: InForce) -> InForce:
    if not now.is_open:
        raise RefusedError(Reason("study-not-open", _("The study is not open, so nobody can be screened now.")))
    return now


def _keep(
    person: Participant,
    now: InForce,
    characteristics: Mapping[str, Answer],
    answers: Mapping[str, bool | None],
    again_on: date | None,
    note: str,
    act: Recording,
) -> Screening:
    known = dict(characteristics)
    if now.study.sites:
        known["site"] = person.site
    found = eligibility.screen(now.study, known, answers)
    known.pop("site", None)
    kept = Screening(
        participant=person,
        number=person.screenings.count() + 1,
        version=now.version,
        by=act.by.key,
        characteristics={name: plain(value) for name, value in known.items()},
        answers=dict(answers),
        outcome=found.outcome.value,
        reasons=list(found.reasons),
        open=list(found.open),
        again_on=_again(found.outcome, again_on),
        note=note.strip(),
    )
    kept.save()
    return kept


def _again(outcome: Outcome, again_on: date | None) -> date | None:
    if outcome is not Outcome.SCREEN_AGAIN:
        return None
    if again_on is None:
        words = _("What stands in the way may pass. Give a date on which to screen the person again.")
        raise RefusedError(Reason("again-on-missing", words, "again_on"))
    if again_on <= timezone.localdate():
        words = _("The date for screening again is today or has passed. Give a later one.")
        raise RefusedError(Reason("again-on-passed", words, "again_on"))
    return again_on


def plain(value: Answer) -> Recorded:
    """Return a characteristic's value as the table keeps it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, int) else value


def _next_key(study: str, site: str) -> str:
    code = CentreCode.objects.select_for_update().filter(study_id=study, site=site).first()
    if code is None:
        code = CentreCode(study_id=study, site=site, code=_free_code(site))
    code.given += 1
    code.save()
    return f"{code.code}-{code.given:03d}"


def _free_code(site: str) -> str:
    letters = "".join(character for character in site.upper() if character.isalpha())[:3] or "C"
    taken = set(CentreCode.objects.filter(code__startswith=letters).values_list("code", flat=True))
    number, code = 1, letters
    while code in taken:
        number += 1
        code = f"{letters}{number}"
    return code
