"""Reads across rooms: who was allocated, which is no secret, and to what, for those with the right to know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.debug import sensitive_variables

from imara.rules.allocation.disclosure import Disclosure
from imara.rules.eligibility import Outcome
from imara.service.allocation.models import AllocatedInError, Draw, Scheme, UnblindingRequest
from imara.service.allocation.records import levels_in, records_of, seed_of, terms_of, to_record
from imara.service.participants import queries as participants
from imara.service.participants.queries import LogFilter
from imara.service.people import queries as people
from imara.service.people.roles import Right
from imara.service.studies import queries as studies
from imara.study.folder import StudyFolder


@dataclass(frozen=True)
class Receipt:
    """That someone was allocated: all of it may be seen by everyone who may see participants."""

    participant: str
    site: str
    at: datetime
    by: str
    """Key of who allocated."""
    in_error: bool = False
    """Whether it was reported as an error."""


@dataclass(frozen=True)
class Opening:
    """What is public about a study's scheme."""

    study: str
    version: str
    """Fingerprint of the definition when allocation was opened."""
    algorithm: str
    commitment: str
    opened_at: datetime
    opened_by: str
    revealed_at: datetime | None


def opening(study: str) -> Opening | None:
    """Return what is public about how a study allocates, or None before allocation is opened."""
    scheme = Scheme.objects.filter(study=study).first()
    if scheme is None:
        return None
    return Opening(
        study,
        scheme.version,
        scheme.algorithm,
        scheme.commitment,
        scheme.opened_at,
        scheme.opened_by,
        scheme.revealed_at,
    )


def is_allocated(participant: str) -> bool:
    """Tell whether someone was allocated."""
    return Draw.objects.filter(participant=participant).exists()


def allocated(participants: Iterable[str]) -> frozenset[str]:
    """Return those of the participants who were allocated."""
    found = Draw.objects.filter(participant__in=list(participants))
    return frozenset(found.values_list("participant", flat=True))


def receipts(study: str, sites: Iterable[str] | None = None) -> list[Receipt]:
    """Return who was allocated in a study, by key.

    Args:
        study: The study's name.
        sites: Centres; None for all.
    """
    draws = Draw.objects.filter(scheme__study=study)
    if sites is not None:
        draws = draws.filter(site__in=list(sites))
    errors = set(AllocatedInError.objects.filter(study=study).values_list("participant", flat=True))
    rows = draws.order_by("participant").values_list("participant", "site", "drawn_at", "drawn_by")
    return [Receipt(key, site, at, by, key in errors) for key, site, at, by in rows]


def receipt(participant: str) -> Receipt:
    """Return that someone was allocated.

    Raises:
        Http404: They were not.
    """
    draw = Draw.objects.filter(participant=participant).first()
    if draw is None:
        raise Http404("this person has not been allocated")
    in_error = AllocatedInError.objects.filter(participant=participant).exists()
    return Receipt(draw.participant, draw.site, draw.drawn_at, draw.drawn_by, in_error)


def waiting(study: str, site: str) -> list[str]:
    """Return the keys of those at a centre who may be allocated now and have not been, in their order."""
    eligible = participants.screening_log(study, frozenset({site}), LogFilter(outcome=Outcome.ELIGIBLE.value))
    keys = set(eligible.values_list("participant__key", flat=True))
    open_keys = sorted(keys - allocated(keys))
    return [key for key in open_keys if participants.ready_for_allocation(key).is_ready]


@dataclass(frozen=True)
class Group:
    """How many people have to be allocated together for a group of an arm to start."""

    size: int
    """People in a group, as the programme plans it."""
    people: int
    """People to allocate, so that a group's worth of them can be expected in that arm."""


def groups(folder: StudyFolder) -> list[Group]:
    """Return how many people have to wait for each arm that is delivered in groups."""
    study = folder.study
    ratio = study.allocation.ratio if study.allocation is not None else {}
    total = sum(ratio.get(arm, 1) for arm in study.arms)
    found = set()
    for name, arm in study.arms.items():
        programme = folder.programmes.get(arm.programme) if arm.programme else None
        if arm.grouped and programme is not None and programme.group_size:
            found.add((programme.group_size, -(-programme.group_size * total // ratio.get(name, 1))))
    return [Group(size, people) for size, people in sorted(found)]


@sensitive_variables()
def arms(person: Any, right: Right, *, study: str, site: str) -> dict[str, str]:
    """Return the arm of everyone allocated at a centre, for someone whose right tells it.

    Args:
        person: Who asks.
        right: The right they use; one that `tells_arm`.
        study: The study's name.
        site: The centre.

    Raises:
        PermissionDenied: The right tells no arm, the person does not have it here, or is blinded in the study.
    """
    if not right.tells_arm or not people.may(person, right, study=study, site=site):
        raise PermissionDenied("you may not learn who is in which arm")
    draws = Draw.objects.filter(scheme__study=study, site=site).order_by("participant")
    return {draw.participant: to_record(study, draw).sealed.arm for draw in draws}


@sensitive_variables()
def disclosure(study: str) -> Disclosure:
    """Return all that decided and recorded a study's allocation, once its seed was revealed.

    Raises:
        Http404: Allocation was never opened.
        PermissionDenied: The seed was not revealed yet.
    """
    scheme = Scheme.objects.filter(study=study).first()
    if scheme is None:
        raise Http404("allocation of this study has not been opened")
    if scheme.revealed_at is None:
        raise PermissionDenied("the seed is revealed after the study is locked")
    return opened(scheme)


@sensitive_variables()
def opened(scheme: Scheme) -> Disclosure:
    """Return a scheme with its seed and all its draws: for verifying inside this room, and for `disclosure`."""
    records = tuple(records_of(scheme))
    known = studies.in_force(scheme.study).study
    return Disclosure(
        study=scheme.study,
        scheme=terms_of(scheme, levels_in(known, (record.factors for record in records))),
        seed=seed_of(scheme),
        commitment=scheme.commitment,
        opened=scheme.opened_at.isoformat(timespec="seconds"),
        records=records,
        head=records[-1].hash if records else scheme.commitment,
    )


def unblinding(pk: int, *, study: str, site: str) -> UnblindingRequest:
    """Return a request for an arm of this study and centre.

    Raises:
        Http404: There is none.
    """
    request: UnblindingRequest | None = UnblindingRequest.objects.filter(pk=pk, study=study, site=site).first()
    if request is None:
        raise Http404("there is no such request here")
    return request


def unblindings(study: str, sites: Iterable[str] | None = None) -> list[UnblindingRequest]:
    """Return the requests for an arm in a study, the latest first."""
    requests = UnblindingRequest.objects.filter(study=study)
    if sites is not None:
        requests = requests.filter(site__in=list(sites))
    return list(requests.order_by("-requested_at", "-pk"))


def to_note(study: str) -> list[UnblindingRequest]:
    """Return what one person did alone and no administrator has looked at yet, the oldest first."""
    alone = UnblindingRequest.objects.filter(study=study, noted_at__isnull=True).exclude(alone_because="")
    return list(alone.order_by("requested_at", "pk"))


def unblinded(participants: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return who was shown a participant's arm in an emergency: participant to keys of people.

    An assessor among them is no longer blinded for that participant.
    """
    shown: dict[str, set[str]] = {}
    rows = UnblindingRequest.objects.filter(participant__in=list(participants), shown_at__isnull=False)
    for participant, person in rows.values_list("participant", "requested_by"):
        shown.setdefault(participant, set()).add(person)
    return {participant: frozenset(people) for participant, people in shown.items()}


def is_unblinded(person: str, participant: str) -> bool:
    """Tell whether a person, by key, was shown a participant's arm in an emergency."""
    return person in unblinded([participant]).get(participant, frozenset())


def errors(study: str, sites: Iterable[str] | None = None) -> list[AllocatedInError]:
    """Return who was allocated in error in a study, by key."""
    found = AllocatedInError.objects.filter(study=study)
    if sites is not None:
        found = found.filter(site__in=list(sites))
    return list(found.order_by("participant"))


def error(participant: str, *, study: str, site: str) -> AllocatedInError:
    """Return the report that someone of this study and centre was allocated in error.

    Raises:
        Http404: There is none.
    """
    found: AllocatedInError | None = AllocatedInError.objects.filter(
        participant=participant, study=study, site=site
    ).first()
    if found is None:
        raise Http404("nothing was reported about this person")
    return found
