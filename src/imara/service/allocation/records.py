"""Between the tables and the rules: schemes, seeds and draws as the rules know them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from imara.rules.allocation.disclosure import read_scheme
from imara.rules.allocation.record import Record, Slot, read_record, write_record
from imara.rules.allocation.scheme import Factors
from imara.rules.allocation.scheme import Scheme as Terms
from imara.rules.allocation.seed import Seed, canonical
from imara.rules.allocation.standing import Margin, Standing, Tally
from imara.service.allocation.models import Draw, Scheme
from imara.service.allocation.sealing import seal, unseal
from imara.study.study import Study

SEALED = ("arm", "slot", "seal")
"""Parts of a record that are encrypted."""


def seal_seed(study: str, seed: Seed) -> bytes:
    """Return a study's seed as it rests in the database."""
    return seal(f"seed/{study}", {"seed": seed.secret.hex()})


def seed_of(scheme: Scheme) -> Seed:
    """Return a scheme's seed.

    Raises:
        BrokenSealError: It cannot be opened.
    """
    return Seed(bytes.fromhex(unseal(f"seed/{scheme.study}", bytes(scheme.seed))["seed"]))


def terms_of(scheme: Scheme, levels: Mapping[str, Sequence[str]]) -> Terms:
    """Return how a scheme allocates.

    Args:
        scheme: The row.
        levels: Factor to the levels that are known today.

    Raises:
        InputError: The row holds no scheme.
    """
    return read_scheme(json.loads(scheme.terms), levels)


def levels_in(study: Study | None, strata: Iterable[Factors] = ()) -> dict[str, tuple[str, ...]]:
    """Return the levels of every possible factor: those of the definition, and those that draws have met."""
    levels: dict[str, dict[str, None]] = {}
    if study is not None:
        levels["site"] = dict.fromkeys(sorted(study.sites))
        for name, characteristic in study.characteristics.items():
            if characteristic.kind in ("category", "yes-no"):
                known = sorted(characteristic.levels) if characteristic.kind == "category" else ("no", "yes")
                levels[name] = dict.fromkeys(known)
    for name, level in (pair for stratum in strata for pair in stratum):
        levels.setdefault(name, {})[level] = None
    return {name: tuple(known) for name, known in levels.items()}


def place_of(study: str, sequence: int, participant: str) -> str:
    """Return what a draw's sealed part is bound to."""
    return f"draw/{study}/{sequence}/{participant}"


def write_stratum(factors: Factors) -> str:
    """Return a stratum as its column holds it."""
    return canonical([list(pair) for pair in factors])


def read_stratum(text: str) -> Factors:
    """Return the stratum that a column holds."""
    return tuple((str(name), str(level)) for name, level in json.loads(text))


def to_row(scheme: Scheme, record: Record) -> dict[str, Any]:
    """Return a record's part of a draw's row, its secrets sealed."""
    written = write_record(record)
    sealed = {part: written.pop(part) for part in SEALED}
    return {
        "scheme": scheme,
        "sequence": record.sequence,
        "participant": record.unit,
        "stratum": write_stratum(record.factors),
        "act": record.act,
        "act_size": record.act_size,
        "sealed": seal(place_of(scheme.study, record.sequence, record.unit), sealed),
        "previous": record.previous,
        "hash": record.hash,
    }


def to_record(study: str, draw: Draw) -> Record:
    """Return a draw as the rules know it, opened.

    Raises:
        BrokenSealError: Its sealed part cannot be opened.
        InputError: What is in it is no record.
    """
    sealed = unseal(place_of(study, draw.sequence, draw.participant), bytes(draw.sealed))
    if not isinstance(sealed, dict):
        sealed = {}
    return read_record(
        {
            **sealed,
            "sequence": draw.sequence,
            "unit": draw.participant,
            "factors": json.loads(draw.stratum),
            "act": draw.act,
            "act_size": draw.act_size,
            "previous": draw.previous,
            "hash": draw.hash,
        }
    )


def records_of(scheme: Scheme) -> Iterator[Record]:
    """Return every draw of a scheme, opened, in order."""
    for draw in scheme.draws.order_by("sequence").iterator(chunk_size=2000):
        yield to_record(scheme.study, draw)


def standing_for(scheme: Scheme, terms: Terms, strata: Iterable[Factors], participants: Iterable[str]) -> Standing:
    """Return where a scheme stands, as far as a draw in these strata for these participants needs to know it."""
    last = scheme.draws.order_by("sequence").last()
    if last is None:
        return Standing(scheme.commitment)
    already = frozenset(Draw.objects.filter(participant__in=list(participants)).values_list("participant", flat=True))
    return Standing(
        head=last.hash,
        drawn=last.sequence,
        slots=_last_slots(scheme, strata) if terms.method == "permuted-blocks" else {},
        counts=_counts(scheme, terms) if terms.method == "minimisation" else {},
        units=already,
    )


def _last_slots(scheme: Scheme, strata: Iterable[Factors]) -> dict[Factors, Slot]:
    slots = {}
    for stratum in set(strata):
        last = scheme.draws.filter(stratum=write_stratum(stratum)).order_by("sequence").last()
        slot = None if last is None else to_record(scheme.study, last).sealed.slot
        if slot is not None:
            slots[stratum] = slot
    return slots


_counted: dict[str, Standing] = {}
"""Commitment of a scheme to what was counted last: sums, nobody's arm. Kept, so that not every draw is opened anew."""


def _counts(scheme: Scheme, terms: Terms) -> Mapping[Margin, tuple[int, ...]]:
    start = _counted.get(scheme.commitment, Standing(scheme.commitment))
    rows = scheme.draws.filter(sequence__gte=start.drawn).order_by("sequence").iterator(chunk_size=2000)
    if start.drawn:
        # The last draw that was counted is looked at again: had its act been undone, it would not be there as it was.
        last = next(rows, None)
        if last is None or (last.sequence, last.hash) != (start.drawn, start.head):
            del _counted[scheme.commitment]
            return _counts(scheme, terms)
    tally = Tally(terms, start)
    for draw in rows:
        tally.take(to_record(scheme.study, draw))
    now = tally.standing
    _counted[scheme.commitment] = Standing(now.head, now.drawn, counts=dict(now.counts))
    return dict(now.counts)
