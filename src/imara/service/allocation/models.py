"""Schemes, draws, requests for an arm, and people allocated in error. No relation leads here from any other room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from imara.service.ledger.recorded import RecordedModel


class Scheme(RecordedModel):
    """How one study allocates: sealed with its seed before the first person, and revealed after the lock."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"terms", "seed"})

    study = models.CharField(max_length=40, unique=True)
    """The study's name."""
    version = models.CharField(max_length=64)
    """Fingerprint of the study's definition when allocation was opened."""
    algorithm = models.CharField(max_length=40)
    """Name and version of everything that decides a draw."""
    terms = models.TextField()
    """Canonical JSON of all that decides a draw but the seed; block sizes are in it, so it is not for who enrols."""
    commitment = models.CharField(max_length=64)
    """SHA-256 of algorithm, terms and seed, published before the first draw."""
    seed = models.BinaryField()
    """The seed, encrypted."""
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    """Key of the person."""
    revealed_at = models.DateTimeField(null=True)
    """When the seed was revealed, after the lock."""
    revealed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        """Revealed is by someone, after it was opened."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(revealed_at__isnull=True, revealed_by="")
                | (Q(revealed_at__isnull=False, revealed_at__gte=F("opened_at")) & ~Q(revealed_by="")),
                name="a_seed_is_revealed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"scheme of {self.study}"


class Draw(RecordedModel):
    """That one participant was allocated. Written once, never changed; what it gave is sealed."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"sealed", "previous", "hash"})
    # Hashes give no arm away, but they differ with it: histories, which blinded people read, show none of them.

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="draws")
    sequence = models.PositiveIntegerField()
    """Number of the draw in its scheme, from 1."""
    participant = models.CharField(max_length=80, unique=True)
    """The participant's key: plain text, so that no query can walk from a person to an arm."""
    site = models.CharField(max_length=40, blank=True)
    """Centre at which the person takes part."""
    stratum = models.TextField()
    """Canonical JSON of the levels that the draw looked at."""
    act = models.PositiveIntegerField()
    """Number of the first draw of the same act."""
    act_size = models.PositiveIntegerField()
    """How many were allocated in that act."""
    sealed = models.BinaryField()
    """Arm, slot and seal, encrypted, always of one length."""
    previous = models.CharField(max_length=64)
    """Hash of the draw before; the commitment for the first."""
    hash = models.CharField(max_length=64)
    """Hash of all of the above with the arm. A secret seal is in it, so no arm can be guessed from it."""
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)
    """Key of the person."""
    token = models.CharField(max_length=64)
    """Token of the form that asked for it: tells a double click from a second thought."""

    class Meta:
        """One draw a person; one draw a number; a draw has one draw after it."""

        ordering: ClassVar[list[str]] = ["sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scheme", "sequence"], name="one_draw_a_number"),
            models.UniqueConstraint(fields=["scheme", "previous"], name="a_draw_has_one_after_it"),
            models.UniqueConstraint(fields=["scheme", "hash"], name="one_draw_a_hash"),
            models.CheckConstraint(
                condition=Q(act__gte=1, act__lte=F("sequence"), sequence__lt=F("act") + F("act_size")),
                name="a_draw_lies_in_its_act",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["scheme", "stratum", "sequence"], name="draw_by_stratum"),
            models.Index(fields=["scheme", "site", "sequence"], name="draw_by_site"),
        ]

    def __str__(self) -> str:
        return f"draw {self.sequence}"


class AllocatedInError(RecordedModel):
    """That someone was allocated who should not have been, and what was decided. The draw and its slot stay used."""

    class Reason(models.TextChoices):
        """What went wrong."""

        NOT_ELIGIBLE = "not-eligible"
        NO_CONSENT = "no-consent"
        WRONG_LEVEL = "wrong-level"
        WRONG_PERSON = "wrong-person"
        OTHER = "other"

    class Decision(models.TextChoices):
        """What follows for the analysis; decided by someone who does not know the arm."""

        KEPT = "kept"
        LEFT_OUT = "left-out"

    study = models.CharField(max_length=40)
    site = models.CharField(max_length=40, blank=True)
    participant = models.CharField(max_length=80, unique=True)
    """The participant's key."""
    reason = models.CharField(max_length=20, choices=Reason.choices)
    account = models.TextField()
    """What happened, in the words of who reports it."""
    reported_by = models.CharField(max_length=80)
    reported_at = models.DateTimeField()
    decision = models.CharField(max_length=20, choices=Decision.choices, blank=True)
    """Empty until decided."""
    grounds = models.TextField(blank=True)
    """Why it was decided so."""
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Decided with grounds, by someone else than who reported it."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(decision="", grounds="", decided_by="", decided_at__isnull=True)
                | (
                    Q(decision__in=["kept", "left-out"])
                    & Q(decided_at__isnull=False, decided_at__gte=F("reported_at"))
                    & ~Q(grounds="")
                    & ~Q(decided_by="")
                    & ~Q(decided_by=F("reported_by"))
                ),
                name="an_error_is_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"allocated in error {self.pk}"


class UnblindingRequest(RecordedModel):
    """That someone asked for a participant's arm in an emergency, and what came of it. It never holds the arm."""

    study = models.CharField(max_length=40)
    site = models.CharField(max_length=40, blank=True)
    participant = models.CharField(max_length=80)
    """The participant's key."""
    reason = models.TextField()
    """Why the arm must be known."""
    requested_by = models.CharField(max_length=80)
    requested_role = models.CharField(max_length=40)
    """In which role: an assessor who asks is no longer blinded for this participant."""
    requested_at = models.DateTimeField()
    wait_minutes = models.PositiveIntegerField()
    """Minutes after which one person alone may go on, as the study stated them then."""
    confirmed_by = models.CharField(max_length=80, blank=True)
    """The second person."""
    confirmed_at = models.DateTimeField(null=True)
    declined_by = models.CharField(max_length=80, blank=True)
    """Who said no, or the person who asked when they no longer need it."""
    declined_at = models.DateTimeField(null=True)
    declined_because = models.TextField(blank=True)
    alone_because = models.TextField(blank=True)
    """Why one person went on alone when nobody had answered in time."""
    shown_at = models.DateTimeField(null=True)
    """When the arm was shown, once, to who asked for it."""
    noted_by = models.CharField(max_length=80, blank=True)
    """The administrator who has looked at what one person did alone."""
    noted_at = models.DateTimeField(null=True)

    class Meta:
        """Two people, or one with a reason; never confirmed and declined; shown once, after one of them.

        A comparison with an empty time is neither true nor false, and a constraint lets that pass: so each says first
        that there is one.
        """

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(confirmed_by="", confirmed_at__isnull=True)
                | (
                    Q(confirmed_at__isnull=False, confirmed_at__gte=F("requested_at"))
                    & ~Q(confirmed_by="")
                    & ~Q(confirmed_by=F("requested_by"))
                ),
                name="another_person_confirms",
            ),
            models.CheckConstraint(
                condition=Q(declined_by="", declined_at__isnull=True, declined_because="")
                | (
                    Q(declined_at__isnull=False, declined_at__gte=F("requested_at"))
                    & Q(confirmed_by="", shown_at__isnull=True)
                    & ~Q(declined_by="")
                    & ~Q(declined_because="")
                ),
                name="what_is_declined_is_not_shown",
            ),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | ~Q(confirmed_by="") | ~Q(alone_because=""),
                name="an_arm_is_shown_to_two_or_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | Q(alone_because=""), name="confirmed_or_alone_not_both"
            ),
            models.CheckConstraint(
                condition=Q(noted_by="", noted_at__isnull=True)
                | (Q(noted_at__isnull=False) & ~Q(noted_by="") & ~Q(noted_by=F("requested_by"))),
                name="an_administrator_notes_by_name",
            ),
            models.UniqueConstraint(
                fields=["participant", "requested_by"],
                condition=Q(shown_at__isnull=True, declined_at__isnull=True),
                name="one_open_request_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"unblinding request {self.pk}"
