"""One draw as it is kept: what may be seen beside what is sealed, chained to the draw before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from imara.rules.allocation.scheme import Factors
from imara.rules.allocation.seed import Seed, canonical, label, sha256
from imara.study.problems import InputError, Problem


@dataclass(frozen=True, repr=False)
class Slot:
    """A place in a block, or one share of the ratio. It says as much as the arm does, so it stays sealed with it."""

    block: int
    """Number of the block in its stratum, from 0; always 0 for minimisation."""
    position: int
    """Place in the block, or (for minimisation) among the shares, from 0."""
    size: int
    """Places in the block, or the number of shares."""

    def __repr__(self) -> str:
        return "Slot(sealed)"


@dataclass(frozen=True, repr=False)
class Sealed:
    """What those who enrol and those who are blinded must not see."""

    arm: str
    slot: Slot | None
    """None for simple allocation."""
    seal: str
    """HMAC-SHA-256 of the record's inputs under the seed. It proves that who wrote the record held the seed, and keeps
    the arm from being guessed out of the record's hash."""

    def __repr__(self) -> str:
        return "Sealed()"


@dataclass(frozen=True)
class Receipt:
    """What those who enrol may see: that a unit was allocated, never to what."""

    sequence: int
    unit: str
    factors: Factors


@dataclass(frozen=True, repr=False)
class Record:
    """One draw."""

    sequence: int
    """Its number in the study, from 1, without gaps."""
    unit: str
    """Key of who (or which cluster) was allocated; a study number, never a name."""
    factors: Factors
    """What the draw looked at, as it was known then."""
    act: int
    """Sequence number of the first draw in the same act: its own unless several units were allocated together."""
    act_size: int
    """How many units were allocated in that act."""
    sealed: Sealed
    previous: str
    """Hash of the record before it; the commitment for the first."""
    hash: str
    """SHA-256, in hexadecimal, of all of the above in canonical JSON."""

    def __repr__(self) -> str:
        return f"Record(sequence={self.sequence}, unit={self.unit!r}, sealed)"

    @property
    def receipt(self) -> Receipt:
        """The part that may be shown to people who enrol."""
        return Receipt(self.sequence, self.unit, self.factors)


def chain(seed: Seed, inputs: Mapping[str, Any], factors: Factors, arm: str, slot: Slot | None) -> Record:
    """Return the record of one draw, with its seal and its hash.

    Args:
        seed: The secret.
        inputs: `sequence`, `unit`, `act`, `act_size` and `previous`.
        factors: What the draw looked at.
        arm: What it gave.
        slot: Where in a block it stands.
    """
    bare = Record(**inputs, factors=factors, sealed=Sealed(arm, slot, ""), hash="")
    sealed = replace(bare, sealed=Sealed(arm, slot, seal_of(seed, bare)))
    return replace(sealed, hash=hash_of(sealed))


def seal_of(seed: Seed, record: Record) -> str:
    """Return the seal that a record's inputs have under a seed."""
    return seed.digest(f"{label('seal')}/{canonical(_inputs(record))}".encode()).hex()


def hash_of(record: Record) -> str:
    """Return the hash that a record should carry."""
    slot = record.sealed.slot
    return sha256(
        {
            **_inputs(record),
            "arm": record.sealed.arm,
            "slot": None if slot is None else [slot.block, slot.position, slot.size],
            "seal": record.sealed.seal,
        }
    )


def write_record(record: Record) -> dict[str, Any]:
    """Return a record with all that is sealed in it, as plain JSON values, for storing and for the day of revealing."""
    slot = record.sealed.slot
    return {
        **_inputs(record),
        "arm": record.sealed.arm,
        "slot": None if slot is None else {"block": slot.block, "position": slot.position, "size": slot.size},
        "seal": record.sealed.seal,
        "hash": record.hash,
    }


def read_record(values: Mapping[str, Any]) -> Record:
    """Read back what `write_record` wrote; nothing is verified but the shape.

    Raises:
        InputError: When it is no record. The message never shows what stands there.
    """
    try:
        slot = values["slot"]
        factors = tuple((str(name), str(level)) for name, level in values["factors"])
        return Record(
            sequence=_whole(values["sequence"]),
            unit=str(values["unit"]),
            factors=factors,
            act=_whole(values["act"]),
            act_size=_whole(values["act_size"]),
            sealed=Sealed(
                str(values["arm"]),
                None if slot is None else Slot(*(_whole(slot[part]) for part in ("block", "position", "size"))),
                str(values["seal"]),
            ),
            previous=str(values["previous"]),
            hash=str(values["hash"]),
        )
    except (KeyError, TypeError, ValueError):
        message = "this is not a record of an allocation"
        allowed = "what the program itself wrote, with all its fields"
        raise InputError([Problem("allocation records", message, allowed=allowed)]) from None


def _inputs(record: Record) -> dict[str, Any]:
    return {
        "sequence": record.sequence,
        "unit": record.unit,
        "factors": [list(pair) for pair in record.factors],
        "act": record.act,
        "act_size": record.act_size,
        "previous": record.previous,
    }


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value
