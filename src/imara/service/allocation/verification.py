"""Drawing every study's allocation again and comparing: nothing in what is found tells an arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404

from imara.rules.allocation.record import Record
from imara.service.allocation.models import Scheme
from imara.service.allocation.queries import opened
from imara.service.allocation.records import seed_of, to_record
from imara.service.allocation.sealing import BrokenSealError
from imara.service.ledger.verify import Finding
from imara.study.problems import InputError


@dataclass(frozen=True)
class Replayed:
    """What drawing one study's allocation again came to."""

    study: str
    commitment: str
    draws: int
    """Draws that are as the scheme and the seed give them."""
    findings: tuple[Finding, ...]


def replay_all() -> list[Replayed]:
    """Draw the allocation of every study again, in the order of their names.

    Also before the lock: the site itself holds the seed, and what is found never names an arm.
    """
    return [replay_scheme(scheme) for scheme in Scheme.objects.order_by("study")]


def replay_study(study: str) -> Replayed | None:
    """Draw one study's allocation again; None before it was opened."""
    scheme = Scheme.objects.filter(study=study).first()
    return None if scheme is None else replay_scheme(scheme)


def replay_scheme(scheme: Scheme) -> Replayed:
    """Draw one study's allocation again."""
    findings = tuple(_unopenable(scheme))
    if findings:
        return Replayed(scheme.study, scheme.commitment, 0, findings)
    place = f"allocation of {scheme.study}"
    try:
        replay = opened(scheme).replay()
    except (InputError, Http404, ValueError, KeyError, TypeError) as error:
        known = isinstance(error, InputError | Http404)
        words = str(error) if known else "how it was to be done can no longer be read"
        return Replayed(scheme.study, scheme.commitment, 0, (Finding(place, words),))
    if replay.broken is not None:
        findings = (Finding(f"{place}, draw {replay.broken.sequence}", replay.broken.words),)
    return Replayed(scheme.study, scheme.commitment, replay.verified, findings)


def _unopenable(scheme: Scheme) -> Iterator[Finding]:
    try:
        seed_of(scheme)
    except (BrokenSealError, ValueError, KeyError, TypeError):
        yield Finding(f"allocation.scheme {scheme.pk}", "its seed cannot be opened with this site's key")
    for draw in scheme.draws.order_by("sequence").iterator(chunk_size=2000):
        try:
            _: Record = to_record(scheme.study, draw)
        except (BrokenSealError, InputError, ValueError, KeyError, TypeError):
            words = "what is sealed in it cannot be opened where it stands, or is no draw"
            yield Finding(f"allocation.draw {draw.pk}", words)
