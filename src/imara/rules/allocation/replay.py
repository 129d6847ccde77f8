"""Drawing everything again: whether each record is what this scheme and seed give, and where the first one is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from imara.rules.allocation.allocate import draw, turns
from imara.rules.allocation.record import Record, Sealed, hash_of, seal_of
from imara.rules.allocation.scheme import Scheme
from imara.rules.allocation.seed import Seed
from imara.rules.allocation.standing import Standing, Tally, opening
from imara.study.problems import InputError


class Fault(StrEnum):
    """The ways in which records can differ from what was drawn."""

    WRONG_COMMITMENT = "wrong-commitment"
    MISSING_RECORD = "missing-record"
    REPEATED_RECORD = "repeated-record"
    UNIT_TWICE = "unit-twice"
    CHANGED_INPUTS = "changed-inputs"
    WRONG_TURN = "wrong-turn"
    WRONG_ARM = "wrong-arm"
    WRONG_SLOT = "wrong-slot"
    BROKEN_CHAIN = "broken-chain"


@dataclass(frozen=True)
class Break:
    """The first place where the records are not what was drawn. It never names an arm."""

    fault: Fault
    sequence: int
    """The draw that should stand there; 0 for the commitment."""
    unit: str | None
    words: str
    """What is wrong, in a sentence."""

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Replay:
    """What drawing everything again came to."""

    commitment: str
    """What scheme and seed commit to."""
    verified: int
    """Records that are as drawn, from the first on."""
    head: str
    """Hash of the last of them; the commitment when there is none."""
    broken: Break | None

    @property
    def is_sound(self) -> bool:
        """Whether every record is what scheme and seed give."""
        return self.broken is None


def replay(
    scheme: Scheme, seed: Seed, records: Sequence[Record], *, published: str | None = None, head: str | None = None
) -> Replay:
    """Draw everything again and compare.

    Args:
        scheme: How units were allocated.
        seed: The secret, revealed or still kept: nothing here shows an arm.
        records: All records, in the order of their sequence numbers.
        published: The commitment as it was published before the first draw. Without it, only the one that the first
            record carries is compared.
        head: Hash of the last record as it was noted elsewhere. Without it, records taken off the end leave no trace.
    """
    tally = Tally(scheme, opening(scheme, seed))
    sealed = tally.standing.head
    verified = 0
    broken = None
    if published is not None and published != sealed:
        words = "Scheme, seed and study do not give the commitment that was published before the first draw."
        broken = Break(Fault.WRONG_COMMITMENT, 0, None, words)
    for place, record in enumerate(records):
        broken = broken or _Look(scheme, seed, tally.standing, records, place).first_fault()
        if broken is not None:
            break
        tally.take(record)
        verified += 1
    reached = tally.standing.head
    if broken is None and head is not None and head != reached:
        words = f"The records end with draw {verified}, but the last hash that was noted is that of another draw."
        broken = Break(Fault.MISSING_RECORD, verified + 1, None, words)
    return Replay(sealed, verified, reached, broken)


@dataclass(frozen=True, repr=False)
class _Look:
    """One record, when all before it are as drawn."""

    scheme: Scheme
    seed: Seed
    standing: Standing
    records: Sequence[Record]
    place: int

    @property
    def record(self) -> Record:
        return self.records[self.place]

    @property
    def number(self) -> int:
        """The number that should stand here."""
        return self.standing.drawn + 1

    @property
    def before(self) -> str:
        return f"draw {self.number - 1}" if self.number > 1 else "the commitment"

    def first_fault(self) -> Break | None:
        if hash_of(self.record) != self.record.hash:
            return self.alteration()
        return self.disorder() or self.other_draw() or self.wrong_turn()

    def found(self, fault: Fault, words: str) -> Break:
        record = self.record
        return Break(fault, self.number, record.unit, f"Draw {record.sequence} ({record.unit}): {words}.")

    def alteration(self) -> Break:
        """Say what was changed in a record after it was written: what fits its hash when it is put right."""
        record, recorded = self.record, self.record.hash
        if hash_of(replace(record, sequence=self.number)) == recorded:
            return self.found(Fault.CHANGED_INPUTS, f"its number was changed; it was draw {self.number}")
        if hash_of(replace(record, previous=self.standing.head)) == recorded:
            return self.found(Fault.BROKEN_CHAIN, f"it no longer carries the hash of {self.before}")
        drawn = self.drawn()
        if drawn is not None:
            kept = record.sealed
            if hash_of(replace(record, sealed=replace(kept, arm=drawn.arm))) == recorded:
                return self.found(Fault.WRONG_ARM, "its arm was changed after the draw")
            if hash_of(replace(record, sealed=replace(kept, slot=drawn.slot))) == recorded:
                return self.found(Fault.WRONG_SLOT, "its place in a block was changed after the draw")
            if hash_of(replace(record, sealed=replace(kept, seal=drawn.seal))) == recorded:
                return self.found(Fault.CHANGED_INPUTS, "its seal was changed after the draw")
            if kept == drawn:
                return self.found(Fault.BROKEN_CHAIN, "its hash is not that of what stands in it")
        return self.found(Fault.CHANGED_INPUTS, "what it was drawn for was changed after the draw")

    def disorder(self) -> Break | None:
        """Find records that are missing, repeated or chained to something else."""
        record, number = self.record, self.number
        if record.sequence > number:
            last = record.sequence - 1
            missing = f"draw {number} is" if last == number else f"draws {number} to {last} are"
            words = f"Before draw {record.sequence} ({record.unit}), {missing} missing."
            return Break(Fault.MISSING_RECORD, number, None, words)
        if record.sequence < number:
            words = f"this number was used before; draw {number} should stand here"
            return self.found(Fault.REPEATED_RECORD, words)
        if record.previous != self.standing.head:
            if number == 1:
                words = "it follows another commitment than the one that this scheme and seed give"
                return self.found(Fault.WRONG_COMMITMENT, words)
            return self.found(Fault.BROKEN_CHAIN, f"it does not carry the hash of {self.before}")
        if record.unit in self.standing.units:
            return self.found(Fault.UNIT_TWICE, f"this {self.scheme.kind} was allocated before")
        return None

    def other_draw(self) -> Break | None:
        """Find what scheme and seed would have drawn otherwise."""
        drawn, kept = self.drawn(), self.record.sealed
        if drawn is None:
            return self.found(Fault.CHANGED_INPUTS, "its levels are not those that the scheme looks at")
        if kept.seal != drawn.seal:
            return self.found(Fault.CHANGED_INPUTS, "its seal is not of this seed: it was written without it")
        if kept.arm != drawn.arm:
            return self.found(Fault.WRONG_ARM, "its arm is not the one that scheme and seed give")
        if kept.slot != drawn.slot:
            return self.found(Fault.WRONG_SLOT, "its place in a block is not the one that scheme and seed give")
        return None

    def wrong_turn(self) -> Break | None:
        """Find units allocated together that did not take the turns that the seed gave them."""
        record, number = self.record, self.number
        earlier = self.records[self.place - 1] if self.place else None
        if earlier is not None and number < earlier.act + earlier.act_size:
            if (record.act, record.act_size) != (earlier.act, earlier.act_size):
                return self.found(Fault.WRONG_TURN, "it should have been allocated together with the one before it")
        elif record.act != number or record.act_size < 1:
            return self.found(Fault.WRONG_TURN, "it is said to belong to an act that it does not belong to")
        last = record.act + record.act_size - 1
        if number < last:
            return self.act_cut_short(last) if self.place + 1 == len(self.records) else None
        units = [one.unit for one in self.records[self.place + 1 - record.act_size : self.place + 1]]
        if units != turns(self.seed, record.act, dict.fromkeys(units)):
            return self.found(Fault.WRONG_TURN, "those allocated together did not take the turns that the seed gives")
        return None

    def act_cut_short(self, last: int) -> Break:
        """Say that the records end in the midst of an act, which always leaves all of its records or none."""
        words = f"Draws {self.record.act} to {last} were one act, but those after draw {self.number} are missing."
        return Break(Fault.MISSING_RECORD, self.number + 1, None, words)

    def drawn(self) -> Sealed | None:
        """Draw again from the record's inputs; None when its levels are not of the scheme."""
        record = self.record
        try:
            if self.scheme.stratum(dict(record.factors)) != record.factors:
                return None
        except InputError:
            return None
        arm, slot = draw(self.scheme, self.seed, self.standing, record.factors)
        return Sealed(self.scheme.arms[arm], slot, seal_of(self.seed, record))
