"""Drawing, exactly once: whoever asks twice, at the same time or after a crash, gets the draw that was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from imara.rules.allocation.allocate import allocate_together as draw_together
from imara.rules.allocation.from_study import scheme_of
from imara.rules.allocation.record import Record
from imara.rules.allocation.scheme import Scheme as Terms
from imara.rules.allocation.seed import canonical
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.records import seed_of, standing_for, to_record, to_row
from imara.service.ledger.recording import Actor, recorded
from imara.service.participants import queries as participants_now
from imara.service.participants.queries import Ready
from imara.service.studies import queries as studies
from imara.service.studies.refusal import Reason, RefusedError
from imara.study.problems import InputError


@dataclass(frozen=True, repr=False)
class Drawn:
    """What a draw gave, for the eyes of who asked for it. It never shows the arm by itself."""

    participant: str
    sequence: int
    arm: str
    at: datetime
    by: str
    """Key of who made the draw."""
    again: bool
    """Whether it had been made before."""
    same_form: bool
    """Whether the same form had been sent before: a double click, a retry."""

    def __repr__(self) -> str:
        return f"Drawn({self.participant}, sealed)"


def allocate(*, participant: str, token: str = "", by: Actor) -> Drawn:
    """Allocate one participant, or return the draw that was made before.

    Args:
        participant: The participant's key.
        token: Random text of the form that asks, the same when it is sent twice.
        by: Who allocates.

    Raises:
        RefusedError: The participant is not ready, or allocation is not open.
        Http404: There is no such participant.
    """
    return allocate_together(participants=[participant], token=token, by=by)[0]


@sensitive_variables()
def allocate_together(*, participants: Sequence[str], token: str = "", by: Actor) -> tuple[Drawn, ...]:
    """Allocate several participants in one act, such as those who have waited until a group can start.

    All of them or none. Those who were allocated before keep their draw. The others take their turns in an order that
    the seed decides.

    Args:
        participants: Keys, all of one study.
        token: As for `allocate`.
        by: Who allocates.

    Returns:
        What was drawn, in the order of the keys given.

    Raises:
        RefusedError: Somebody is not ready, or allocation is not open. Nobody is allocated then.
        Http404: There is no such participant.
    """
    keys = list(dict.fromkeys(participants))
    if not keys:
        raise RefusedError(Reason("nobody", _("Choose somebody to allocate.")))
    with transaction.atomic():
        scheme = _locked_scheme(keys)
        before = {draw.participant: draw for draw in Draw.objects.filter(participant__in=keys)}
        fresh = [key for key in sorted(keys) if key not in before]
        made = _draw(scheme, fresh, token, by) if fresh else {}
        for key in (key for key in keys if key in before):
            _tell(scheme, before[key], by)
        return tuple(
            _shown(scheme, made.get(key) or before[key], again=key in before, same_form=_same(before.get(key), token))
            for key in keys
        )


@sensitive_variables()
def tell_again(*, participant: str, by: Actor) -> Drawn:
    """Tell the arm of someone who was allocated, to someone who may know it. Every telling is recorded.

    Raises:
        RefusedError: The participant was not allocated.
    """
    with transaction.atomic():
        draw = Draw.objects.select_related("scheme").filter(participant=participant).first()
        if draw is None:
            raise RefusedError(Reason("not-allocated", _("This person has not been allocated.")))
        _tell(draw.scheme, draw, by)
        return _shown(draw.scheme, draw, again=True, same_form=False)


def _locked_scheme(keys: Sequence[str]) -> Scheme:
    """Return the scheme of the participants' study, its row locked until the act ends.

    Whoever comes second waits here and then finds the draw of who came first. On SQLite the transaction has had the
    database to itself since it began.
    """
    names = {participants_now.participant(key).study_id for key in keys}
    if len(names) > 1:
        raise RefusedError(Reason("two-studies", _("They take part in different studies.")))
    scheme: Scheme | None = Scheme.objects.select_for_update().filter(study=names.pop()).first()
    if scheme is None:
        words = _("Allocation of this study has not been opened. The statistician opens it.")
        raise RefusedError(Reason("not-opened", words))
    return scheme


def _draw(scheme: Scheme, keys: Sequence[str], token: str, by: Actor) -> dict[str, Draw]:
    ready = _ready(keys)
    terms = _terms(scheme)
    names = [factor.name for factor in terms.factors]
    levels = {one.key: {name: one.factors[name] for name in names if name in one.factors} for one in ready}
    seed = seed_of(scheme)
    try:
        strata = [terms.stratum(known) for known in levels.values()]
        records = draw_together(terms, seed, standing_for(scheme, terms, strata, keys), levels)
    except InputError as error:
        raise RefusedError(*(Reason("unknown-level", str(problem)) for problem in error.problems)) from None
    sites = {one.key: one.site for one in ready}
    return {record.unit: _write(scheme, record, sites[record.unit], token, by) for record in records}


def _ready(keys: Sequence[str]) -> list[Ready]:
    # One order for everybody, so that two groups that overlap cannot wait for each other in a circle.
    ready = [participants_now.ready_for_allocation(key, lock=True) for key in sorted(keys)]
    several = len(ready) > 1
    reasons = [
        Reason(reason.code, f"{one.key}: {reason.words}" if several else reason.words)
        for one in ready
        for reason in one.reasons
    ]
    if reasons:
        raise RefusedError(*reasons)
    return ready


def _terms(scheme: Scheme) -> Terms:
    """Return how the study allocates today, as long as that is what was committed to."""
    try:
        terms = scheme_of(studies.in_force(scheme.study).study, scheme.version)
    except InputError:
        terms = None
    if terms is None or canonical(terms.sealed_terms()) != scheme.terms:
        words = _("How this study allocates was amended after allocation was opened. Nobody can be allocated so.")
        raise RefusedError(Reason("allocation-amended", words))
    return terms


def _write(scheme: Scheme, record: Record, site: str, token: str, by: Actor) -> Draw:
    subject = f"participant:{record.unit}"
    with recorded("allocation.drawn", by=by, study=scheme.study, site=site, subject=subject):
        draw = Draw(**to_row(scheme, record), site=site, drawn_at=timezone.now(), drawn_by=by.key, token=token)
        draw.save(force_insert=True)
    return draw


def _tell(scheme: Scheme, draw: Draw, by: Actor) -> None:
    """Record that someone is told an arm once more."""
    subject = f"participant:{draw.participant}"
    with recorded("allocation.told_again", by=by, study=scheme.study, site=draw.site, subject=subject):
        pass


def _same(before: Draw | None, token: str) -> bool:
    return before is not None and bool(token) and before.token == token


def _shown(scheme: Scheme, draw: Draw, *, again: bool, same_form: bool) -> Drawn:
    arm = to_record(scheme.study, draw).sealed.arm
    return Drawn(draw.participant, draw.sequence, arm, draw.drawn_at, draw.drawn_by, again, same_form)
