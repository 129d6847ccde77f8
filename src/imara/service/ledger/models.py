"""The chain of events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from imara.service.ledger.canonical import sha256, to_json


class Event(models.Model):
    """Something that someone did. Written once; the database refuses to change or delete it."""

    sequence = models.BigIntegerField(primary_key=True)
    """Place in the chain, from 1 without gaps."""
    kind = models.CharField(max_length=80)
    """What was done, in the past tense: `participants.screened`."""
    at = models.CharField(max_length=32)
    """When, in UTC, ISO 8601 with microseconds, as text so that every database keeps it exactly."""
    actor = models.CharField(max_length=80)
    """Who: the key of a person, or `system:` and a name."""
    role = models.CharField(max_length=40)
    """In which role."""
    study = models.CharField(max_length=40, blank=True)
    """Which study, if any."""
    site = models.CharField(max_length=40, blank=True)
    """At which centre, if any."""
    subject = models.CharField(max_length=80, blank=True)
    """Whom or what it is about: `participant:12`."""
    reason = models.TextField(blank=True)
    """Why, where a reason is asked for."""
    changes = models.TextField()
    """Canonical JSON: a list of {model, key, before, after}, with `before` or `after` null for made or removed rows."""
    previous = models.CharField(max_length=64)
    """Hash of the event before; 64 zeros for the first."""
    hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of all of the above."""

    class Meta:
        """Events stand in the order of the chain."""

        ordering: ClassVar[list[str]] = ["sequence"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "sequence"], name="event_by_subject"),
            models.Index(fields=["study", "sequence"], name="event_by_study"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"

    def computed_hash(self) -> str:
        """Return the hash that this event's content has."""
        content: dict[str, Any] = {
            name: getattr(self, name)
            for name in (
                "sequence", "kind", "at", "actor", "role", "study", "site", "subject", "reason", "changes", "previous",
            )
        }  # fmt: skip
        return sha256(to_json(content))


class Head(models.Model):
    """The end of the chain: a single row, locked while an event is added."""

    sequence = models.BigIntegerField(default=0)
    """Events in the chain."""
    hash = models.CharField(max_length=64)
    """Hash of the last event; 64 zeros before the first."""

    class Meta:
        """There is one head."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_head")
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


BEGINNING = "0" * 64
"""The hash before the first event."""
