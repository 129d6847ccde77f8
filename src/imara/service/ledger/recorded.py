"""Models that cannot be written outside an act, by whatever door."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from imara.service.ledger.canonical import plain, seal
from imara.service.ledger.recording import UnrecordedWriteError, current_recording


class RecordedQuerySet(models.QuerySet[Any]):
    """Reads as any other; changes rows only one at a time, through the model."""

    def _refuse(self, what: str) -> NoReturn:
        raise UnrecordedWriteError(
            f"{self.model.__name__}.objects.{what} would change rows without an event; save each one inside an act"
        )

    def update(self, **_: Any) -> NoReturn:
        """Refuse: rows are saved one by one."""
        self._refuse("update")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: rows are saved one by one."""
        self._refuse("bulk_update")

    def bulk_create(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: rows are saved one by one."""
        self._refuse("bulk_create")

    def delete(self) -> NoReturn:
        """Refuse: nothing is deleted."""
        self._refuse("delete")


class RecordedModel(models.Model):
    """A model whose every write is part of an act and stands in the ledger.

    Nothing is ever deleted: what no longer holds is ended, withdrawn or marked as made in error.
    """

    SEALED: ClassVar[frozenset[str]] = frozenset()
    """Fields of which the ledger keeps only a keyed digest: identities, secrets, the arm."""
    UNRECORDED: ClassVar[frozenset[str]] = frozenset()
    """Fields that may change without an act, because they say nothing about people or the study."""

    objects = RecordedQuerySet.as_manager()

    class Meta:
        """Only the models of rooms are tables."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row and note its change in the act under way.

        Raises:
            UnrecordedWriteError: No act is under way.
        """
        chosen = kwargs.get("update_fields")
        if chosen is not None and set(chosen) and set(chosen) <= self.UNRECORDED:
            super().save(*args, **kwargs)
            return
        act = current_recording()
        if act is None:
            raise UnrecordedWriteError(
                f"{type(self).__name__} was to be saved without an act that says who does it and why"
            )
        before = None if self._state.adding else self._stored()
        super().save(*args, **kwargs)
        act.note(self._meta.label_lower, self.pk, before, self._stored())

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: nothing is deleted."""
        raise UnrecordedWriteError(f"{type(self).__name__} {self.pk}: nothing is deleted; end it or mark it instead")

    def _stored(self) -> dict[str, Any] | None:
        """Return the row as the database has it now, in the form that the ledger keeps."""
        row = type(self)._base_manager.filter(pk=self.pk).values().first()
        return None if row is None else self.as_recorded(dict(row))

    @classmethod
    def as_recorded(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row (column to value) as the ledger keeps it: plain values, digests of sealed ones."""
        return row_as_recorded(cls, row, sealed=cls.SEALED, unrecorded=cls.UNRECORDED)


def row_as_recorded(
    model: type[models.Model], row: dict[str, Any], *, sealed: frozenset[str], unrecorded: frozenset[str]
) -> dict[str, Any]:
    """Return a row (column to value) of a model as the ledger keeps it: plain values, digests of sealed ones."""
    label, key = model._meta.label_lower, row[model._meta.pk.attname]
    recorded: dict[str, Any] = {}
    for name, value in row.items():
        if name in unrecorded:
            continue
        if name in sealed and value is not None:
            recorded[name] = seal(settings.IMARA_LEDGER_KEY, f"{label}/{plain(key)}/{name}", value)
        else:
            recorded[name] = plain(value)
    return recorded
