"""What one person was screened for, has decided and has left, and what may be done with them now."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from imara.rules import consent as consent_rules
from imara.rules import withdrawal
from imara.rules.consent import Decision, Giver, Standing
from imara.rules.eligibility import Answer
from imara.rules.withdrawal import Degree
from imara.service.participants.models import (
    Consent,
    Participant,
    Screening,
    Withdrawal,
)
from imara.service.studies import queries as studies
from imara.service.studies.queries import InForce
from imara.study.people import Characteristic


def latest_screening(person: Participant) -> Screening | None:
    """Return the screening that counts: the last."""
    return cast(
        "Screening | None",
        person.screenings.select_related("version").defer("version__definition").order_by("-number").first(),
    )


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
