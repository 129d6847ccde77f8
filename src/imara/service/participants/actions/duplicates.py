"""Two keys for one person: reported by one, decided by another. Both keys stay, and the first counts."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.service.ledger.recording import Actor, recorded
from imara.service.participants.models import Duplicate, Participant
from imara.service.participants.queries import locked, subject_of
from imara.service.studies.refusal import Reason, RefusedError


def report_duplicate(*, later: Participant, earlier: Participant, reason: str, by: Actor) -> Duplicate:
    """Report that two keys of a study may be the same person.

    Args:
        later: The key given second: it gives way if both are the same.
        earlier: The key given first.
        reason: Why they may be.
        by: Who reports it.

    Raises:
        RefusedError: They are of two studies, the same key, merged or reported already; or there is no reason.
    """
    with recorded(
        "participants.duplicate_reported",
        by=by,
        study=later.study_id,
        site=later.site,
        subject=subject_of(later),
        reason=reason.strip(),
    ):
        if earlier.since > later.since or (earlier.since == later.since and earlier.pk > later.pk):
            later, earlier = earlier, later
        _refuse_unless_two(later, earlier, reason)
        found = Duplicate(later=later, earlier=earlier, reported_by=by.key, reason=reason.strip())
        found.save()
    return found


def decide_duplicate(*, duplicate: Duplicate, same: bool, reason: str, by: Actor) -> Duplicate:
    """Decide whether two keys are the same person. If so, the later key is read as the earlier one from now on.

    Raises:
        RefusedError: It is decided already, or by whoever reported it.
    """
    later = duplicate.later
    kind = "participants.merged" if same else "participants.found_different"
    with recorded(kind, by=by, study=later.study_id, site=later.site, subject=subject_of(later), reason=reason.strip()):
        person = locked(later)
        found = Duplicate.objects.get(pk=duplicate.pk)
        if found.decision:
            raise RefusedError(Reason("decided-already", _("Somebody has decided this by now.")))
        if found.reported_by == by.key:
            raise RefusedError(Reason("second-person", _("Somebody other than the one who reported it must decide.")))
        found.decision = "same" if same else "different"
        found.decided_at, found.decided_by = timezone.now(), by.key
        found.save()
        if same:
            person.merged_into = _first(found.earlier)
            person.save()
    return found


def _first(participant: Participant) -> Participant:
    """Return where a chain of merged keys ends, so that one step always leads there."""
    while participant.merged_into is not None:
        participant = participant.merged_into
    return participant


def _refuse_unless_two(later: Participant, earlier: Participant, reason: str) -> None:
    reasons = []
    if later.pk == earlier.pk:
        reasons.append(Reason("same-key", _("These are the same key.")))
    if later.study_id != earlier.study_id:
        reasons.append(Reason("two-studies", _("These keys belong to two studies.")))
    if later.merged_into_id is not None or earlier.merged_into_id is not None:
        reasons.append(Reason("merged", _("One of these keys is merged into another already.")))
    if not reason.strip():
        reasons.append(Reason("no-reason", _("Say why they may be the same person."), "reason"))
    if Duplicate.objects.filter(later=later, earlier=earlier, decision="").exists():
        reasons.append(Reason("reported-already", _("This was reported before and waits for a decision.")))
    if reasons:
        raise RefusedError(*reasons)
