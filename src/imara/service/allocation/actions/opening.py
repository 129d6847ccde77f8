"""The secret's beginning and end: the seed is committed before the first person, and revealed after the lock."""

from __future__ import annotations

import secrets

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.rules.allocation.from_study import scheme_of
from imara.rules.allocation.scheme import commitment
from imara.rules.allocation.seed import ALGORITHM, SEED_BYTES, Seed, canonical
from imara.service.allocation.models import Scheme
from imara.service.allocation.records import seal_seed
from imara.service.ledger.recording import Actor, recorded
from imara.service.studies import queries as studies
from imara.service.studies.refusal import Reason, RefusedError
from imara.service.studies.states import State
from imara.study.problems import InputError


def open_allocation(*, study: str, by: Actor) -> Scheme:
    """Draw a study's seed, seal it, and commit to it and to the scheme by hash, before anybody is allocated.

    Raises:
        RefusedError: Allocation is open already, the study is closed, or its definition does not say how to allocate.
    """
    with recorded("allocation.opened", by=by, study=study, subject=f"study:{study}"):
        now = studies.in_force(study, lock=True)
        if Scheme.objects.filter(study=study).exists():
            raise RefusedError(Reason("allocation-open", _("Allocation of this study has been opened already.")))
        if now.state in {State.CLOSED, State.LOCKED}:
            raise RefusedError(Reason("study-closed", _("The study is closed: nobody more is allocated.")))
        try:
            terms = scheme_of(now.study, now.version.fingerprint)
        except InputError as error:
            raise RefusedError(*(Reason("no-scheme", str(problem)) for problem in error.problems)) from None
        seed = Seed(secrets.token_bytes(SEED_BYTES))
        scheme = Scheme(
            study=study,
            version=now.version.fingerprint,
            algorithm=ALGORITHM,
            terms=canonical(terms.sealed_terms()),
            commitment=commitment(terms, seed),
            seed=seal_seed(study, seed),
            opened_at=timezone.now(),
            opened_by=by.key,
        )
        scheme.save()
    return scheme


def reveal(*, study: str, by: Actor) -> Scheme:
    """Reveal a locked study's seed, so that anyone can draw everything again.

    Raises:
        RefusedError: Allocation was never opened, the study is not locked, or the seed was revealed before.
    """
    with recorded("allocation.revealed", by=by, study=study, subject=f"study:{study}"):
        scheme: Scheme | None = Scheme.objects.select_for_update().filter(study=study).first()
        if scheme is None:
            raise RefusedError(Reason("not-opened", _("Allocation of this study has not been opened.")))
        if studies.in_force(study, lock=True).state is not State.LOCKED:
            raise RefusedError(Reason("not-locked", _("The seed is revealed after the study is locked.")))
        if scheme.revealed_at is not None:
            raise RefusedError(Reason("revealed", _("The seed has been revealed already.")))
        scheme.revealed_at, scheme.revealed_by = timezone.now(), by.key
        scheme.save()
    return scheme
