"""Withdrawing: recorded by degree, at once, without asking why; never a deletion."""

from __future__ import annotations

from datetime import date
from typing import get_args

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.rules.withdrawal import Degree
from imara.service.ledger.recording import Actor, recorded
from imara.service.participants.models import Participant, Withdrawal
from imara.service.participants.queries import locked, subject_of
from imara.service.studies.refusal import Reason, RefusedError


def withdraw(*, participant: Participant, degree: str, on: date, reason: str = "", by: Actor) -> Withdrawal:
    """Record that someone leaves the treatment, the follow-up or the use of their data.

    It can always be recorded, also when the study is closed or locked.

    Args:
        participant: Who.
        degree: `treatment`, `follow-up` or `data`.
        on: From which day.
        reason: Why, if they wanted to say.
        by: Who records it.

    Raises:
        RefusedError: They have left that already, or the day is still to come.
    """
    with recorded(
        "participants.withdrew",
        by=by,
        study=participant.study_id,
        site=participant.site,
        subject=subject_of(participant),
        reason=reason.strip(),
    ):
        person = locked(participant)
        if degree not in get_args(Degree):
            raise RefusedError(Reason("no-such-degree", _("Choose what the person leaves."), "degree"))
        if on > timezone.localdate():
            words = _("This day is still to come. Give today or an earlier day.")
            raise RefusedError(Reason("day-to-come", words, "on"))
        if person.withdrawals.filter(degree=degree, ended_on__isnull=True).exists():
            raise RefusedError(Reason("left-already", _("This was recorded before."), "degree"))
        left = Withdrawal(participant=person, degree=degree, on=on, reason=reason.strip(), by=by.key)
        left.save()
    return left


def resume(*, withdrawal: Withdrawal, on: date, reason: str, by: Actor) -> Withdrawal:
    """Record that someone changed their mind and takes part again. The withdrawal stays in the record.

    Raises:
        RefusedError: It has ended already, or the day is before the withdrawal or still to come.
    """
    person = withdrawal.participant
    with recorded(
        "participants.resumed",
        by=by,
        study=person.study_id,
        site=person.site,
        subject=subject_of(person),
        reason=reason.strip(),
    ):
        locked(person)
        left = Withdrawal.objects.get(pk=withdrawal.pk)
        if left.ended_on is not None:
            raise RefusedError(Reason("resumed-already", _("This was recorded before.")))
        if not left.on <= on <= timezone.localdate():
            words = _("Give a day from the withdrawal until today.")
            raise RefusedError(Reason("day-impossible", words, "on"))
        left.ended_on = on
        left.save()
    return left
