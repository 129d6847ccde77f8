"""Recording an act: its changes and its event are written together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from imara.service.ledger.canonical import plain, to_json
from imara.service.ledger.models import Event, Head


class UnrecordedWriteError(RuntimeError):
    """Something tried to write without saying who did what."""


@dataclass(frozen=True)
class Actor:
    """Who acts, and in which role."""

    key: str
    """The person's key, or `system:` and a name."""
    role: str

    def __post_init__(self) -> None:
        if not self.key or not self.role:
            raise ValueError("an act needs someone who does it, in a role")

    @classmethod
    def system(cls, name: str) -> Actor:
        """Return the software itself as the actor, for what no person started."""
        return cls(key=f"system:{name}", role="system")


@dataclass
class Recording:
    """An act that is under way."""

    kind: str
    by: Actor
    study: str = ""
    site: str = ""
    subject: str = ""
    reason: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)

    def note(self, model: str, key: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Add a row's change; only the fields that differ are kept of a row that was there before."""
        if before is not None and after is not None:
            differing = [name for name in after if before.get(name) != after[name]]
            if not differing:
                return
            before = {name: before.get(name) for name in differing}
            after = {name: after[name] for name in differing}
        self.changes.append({"model": model, "key": plain(key), "before": before, "after": after})


_under_way: ContextVar[tuple[Recording, ...]] = ContextVar("recordings", default=())


def current_recording() -> Recording | None:
    """Return the innermost act under way, or None."""
    acts = _under_way.get()
    return acts[-1] if acts else None


@contextmanager
def recorded(
    kind: str, *, by: Actor, study: str = "", site: str = "", subject: str = "", reason: str = ""
) -> Iterator[Recording]:
    """Do something as one act: all that is saved inside the block becomes one event, in one transaction.

    An act may be part of another; their events are then written together, in the order in which the acts ended, when
    the outermost ends. The end of the chain is locked only then, and last, so acts cannot wait for each other in a
    circle.

    Args:
        kind: What is done, in the past tense, `room.done`.
        by: Who does it.
        study: Which study.
        site: At which centre.
        subject: Whom it is about.
        reason: Why.
    """
    if not isinstance(by, Actor):
        raise UnrecordedWriteError(f"{kind}: an act needs an Actor, not {by!r}")
    act = Recording(kind, by, study, site, subject, reason)
    outer = _under_way.get()
    token = _under_way.set((*outer, act))
    try:
        with transaction.atomic():
            yield act
            ended = _ended.get()
            queue = ended if ended is not None else []
            queue.append(act)
            if outer:
                _ended.set(queue)
            else:
                _ended.set(None)
                _append(queue)
    except BaseException:
        if not outer:
            _ended.set(None)
        raise
    finally:
        _under_way.reset(token)


_ended: ContextVar[list[Recording] | None] = ContextVar("ended", default=None)


def _append(acts: list[Recording]) -> None:
    head = Head.objects.select_for_update().get(pk=1)
    for act in acts:
        event = Event(
            sequence=head.sequence + 1,
            kind=act.kind,
            at=datetime.now(UTC).isoformat(timespec="microseconds"),
            actor=act.by.key,
            role=act.by.role,
            study=act.study,
            site=act.site,
            subject=act.subject,
            reason=act.reason,
            changes=to_json(act.changes),
            previous=head.hash,
        )
        event.hash = event.computed_hash()
        event.save(force_insert=True)
        head.sequence, head.hash = event.sequence, event.hash
    head.save(update_fields=["sequence", "hash"])
