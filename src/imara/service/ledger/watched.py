"""Tables of other packages that matter for security: their changes are recorded and verified as our own are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from imara.service.ledger.recorded import row_as_recorded
from imara.service.ledger.recording import Actor, UnrecordedWriteError, current_recording, recorded

_BEFORE = "_row_before_this_change"


@dataclass(frozen=True)
class Watch:
    """A table of another package, and how its changes stand in the ledger."""

    model: type[models.Model]
    kind: str
    """What an event of its own is called, where a row changes outside an act."""
    subject: Callable[[Any], str]
    """Whom a row is about."""
    by: Callable[[Any], Actor]
    """Who changes a row outside an act."""
    sealed: frozenset[str] = frozenset()
    """Fields of which the ledger keeps only a keyed digest."""
    unrecorded: frozenset[str] = frozenset()
    """Fields that may change without a trace, because they give nobody access."""

    def as_recorded(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row (column to value) as the ledger keeps it."""
        return row_as_recorded(self.model, row, sealed=self.sealed, unrecorded=self.unrecorded)

    def stored(self, key: Any) -> dict[str, Any] | None:
        """Return the row with this key as the database has it now, in the form that the ledger keeps."""
        if key is None:
            return None
        row = self.model._base_manager.filter(pk=key).values().first()
        return None if row is None else self.as_recorded(dict(row))

    def note(self, instance: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Add a row's change to the act under way; where there is none, make it an act."""
        if before == after:
            return
        place = self.model._meta.label_lower
        act = current_recording()
        if act is not None:
            act.note(place, instance.pk, before, after)
            return
        with recorded(self.kind, by=self.by(instance), subject=self.subject(instance)) as own:
            own.note(place, instance.pk, before, after)


_WATCHES: dict[type[models.Model], Watch] = {}


def watch(watched: Watch) -> None:
    """Record every change of a table from now on, and let `verify` compare the table with the ledger."""
    _WATCHES[watched.model] = watched
    for signal, receiver in (
        (pre_save, _before_save),
        (post_save, _after_save),
        (pre_delete, _before_delete),
        (post_delete, _after_delete),
    ):
        signal.connect(receiver, sender=watched.model, dispatch_uid=f"ledger watches {watched.model._meta.label}")


def watches() -> list[Watch]:
    """Return all that is watched."""
    return sorted(_WATCHES.values(), key=lambda watched: watched.model._meta.label_lower)


def _before_save(sender: type[models.Model], instance: Any, update_fields: Any = None, **_: Any) -> None:
    watched = _WATCHES[sender]
    if update_fields and set(update_fields) <= watched.unrecorded:
        return
    if not connection.in_atomic_block:
        raise UnrecordedWriteError(
            f"{sender.__name__} was to be saved outside a transaction, so that its event might be lost"
        )
    setattr(instance, _BEFORE, watched.stored(instance.pk))


def _after_save(sender: type[models.Model], instance: Any, update_fields: Any = None, **_: Any) -> None:
    watched = _WATCHES[sender]
    if update_fields and set(update_fields) <= watched.unrecorded:
        return
    watched.note(instance, instance.__dict__.pop(_BEFORE, None), watched.stored(instance.pk))


def _before_delete(sender: type[models.Model], instance: Any, **_: Any) -> None:
    setattr(instance, _BEFORE, _WATCHES[sender].stored(instance.pk))


def _after_delete(sender: type[models.Model], instance: Any, **_: Any) -> None:
    # Django deletes within a transaction of its own, so the event is part of it.
    _WATCHES[sender].note(instance, instance.__dict__.pop(_BEFORE, None), None)
