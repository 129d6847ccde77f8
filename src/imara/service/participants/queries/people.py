"""Who was screened, found by key or by centre; a person of another centre is as if there were none."""

from __future__ import annotations

from typing import cast

from django.http import Http404

from imara.service.participants.models import (
    Participant,
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
