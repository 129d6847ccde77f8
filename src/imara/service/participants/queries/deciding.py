"""Who is asked to decide on a screen, what they read, and what they have asked."""

from __future__ import annotations

from typing import cast

from django.http import Http404

from imara.service.participants.models import (
    Invitation,
    Participant,
    Question,
)
from imara.service.studies import queries as studies
from imara.study.people import ConsentVersion, InformationPage


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


def open_questions(study: str, sites: frozenset[str] | None) -> list[Question]:
    """Return the questions of people who are deciding that nobody has answered yet, the oldest first."""
    rows = Question.objects.filter(invitation__participant__study__name=study, answered_at__isnull=True)
    if sites is not None:
        rows = rows.filter(invitation__participant__site__in=sites)
    return list(rows.select_related("invitation__participant").order_by("at"))
