"""People who were screened, and what was found, agreed and ended; no names: those are in the store of identities."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from imara.rules.eligibility import Outcome
from imara.service.ledger.recorded import RecordedModel
from imara.service.studies.models import ConductedStudy, StudyVersion

METHODS = ("paper", "electronic")
GIVERS = ("participant", "assent", "guardian")
"""The person; the person's assent beside a guardian's consent; the guardian."""
DECISIONS = ("given", "declined")
DEGREES = ("treatment", "follow-up", "data")
"""What one can leave."""


def _one_of(field: str, values: list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


class CentreCode(RecordedModel):
    """The letters that begin the keys of a centre's participants, and how many keys were given."""

    study = models.ForeignKey(ConductedStudy, on_delete=models.PROTECT, to_field="name", related_name="+")
    site = models.CharField(max_length=40)
    code = models.CharField(max_length=8, unique=True)
    """`BAL`: no other centre of any study has it, so that a key says whom it means wherever it stands."""
    given = models.PositiveIntegerField(default=0)
    """Keys given so far; the row is locked while one is given."""

    class Meta:
        """A centre has one code in a study."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "site"], name="a_centre_has_one_code")
        ]

    def __str__(self) -> str:
        return self.code


class Participant(RecordedModel):
    """Someone who was screened for a study, at a centre."""

    key = models.CharField(max_length=20, unique=True)
    """`BAL-001`: in the order of screening at the centre."""
    study = models.ForeignKey(ConductedStudy, on_delete=models.PROTECT, to_field="name", related_name="+")
    site = models.CharField(max_length=40)
    """The centre's key in the study file."""
    version = models.ForeignKey(StudyVersion, on_delete=models.PROTECT, related_name="+")
    """The version in force when the person was first screened."""
    since = models.DateTimeField(default=timezone.now)
    """When the person was first screened."""
    account = models.CharField(max_length=40, blank=True)
    """Key of the person's own account, if they have one."""
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    """The same person under an earlier key, once that was confirmed."""

    class Meta:
        """Nobody is a duplicate of themselves."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("pk")),
                name="nobody_is_their_own_duplicate",
            ),
            models.UniqueConstraint(
                fields=["account", "study"], condition=~models.Q(account=""), name="an_account_takes_part_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["study", "site", "key"], name="participant_by_centre"),
        ]

    def __str__(self) -> str:
        return self.key


class Screening(RecordedModel):
    """One screening of one person: kept as it was, never overwritten."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="screenings")
    number = models.PositiveIntegerField()
    """1 for the first, 2 when screened again."""
    version = models.ForeignKey(StudyVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=80)
    """Key of the person who screened."""
    characteristics = models.JSONField(default=dict)
    """Characteristic to value as recorded: a number, a level, `yes` or `no`, a date as text."""
    answers = models.JSONField(default=dict)
    """Criterion to true, false, or null for not known yet."""
    outcome = models.CharField(max_length=15, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    reasons = models.JSONField(default=list)
    """Ids of the criteria that keep the person out."""
    open = models.JSONField(default=list)
    """Ids of the criteria that wait for an answer."""
    again_on = models.DateField(null=True, blank=True)
    """When to screen again, where what stands in the way may be resolved."""
    note = models.TextField(blank=True)
    """A remark without names."""

    class Meta:
        """Screenings are numbered; a date for another goes with the outcome that asks for one."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["participant", "number"], name="screenings_are_numbered"),
            _one_of("outcome", [outcome.value for outcome in Outcome], "a_screening_has_a_known_outcome"),
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.SCREEN_AGAIN.value, again_on__isnull=False)
                | (~models.Q(outcome=Outcome.SCREEN_AGAIN.value) & models.Q(again_on__isnull=True)),
                name="screening_again_has_a_date",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["again_on"], name="screening_again_on")]

    def __str__(self) -> str:
        return f"{self.participant.key} screening {self.number}"


class Consent(RecordedModel):
    """What someone decided about taking part, on which version of the information."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"signature"})

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    version = models.ForeignKey(StudyVersion, on_delete=models.PROTECT, related_name="+")
    """Version of the study."""
    consent_version = models.CharField(max_length=80)
    """Version of the information, as the study file names it."""
    text_hash = models.CharField(max_length=64)
    """SHA-256 of the words that were shown, or of the definition of that version for paper."""
    language = models.CharField(max_length=2, default="en")
    giver = models.CharField(max_length=12, default="participant")
    decision = models.CharField(max_length=10, default="given")
    method = models.CharField(max_length=10)
    on = models.DateField()
    """The day it was signed."""
    at = models.DateTimeField(default=timezone.now)
    """When it was recorded."""
    by = models.CharField(max_length=80)
    """Key of whoever recorded it: who took it on paper, or the participant."""
    taken_by = models.CharField(max_length=120, blank=True)
    """Paper: who explained the study and took the signature."""
    file_reference = models.CharField(max_length=200, blank=True)
    """Paper: where the signed sheet is kept."""
    signature = models.BinaryField(null=True, blank=True)
    """Electronic: the typed name, encrypted."""
    questions = models.JSONField(default=list)
    """Electronic: which check questions were asked, and how often each was answered before it was right."""
    in_error = models.BooleanField(default=False)
    """Recorded by mistake; it then counts for nothing and stays visible."""

    class Meta:
        """What belongs to paper goes with paper, a typed name with the screen."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            _one_of("method", list(METHODS), "consent_has_a_known_method"),
            _one_of("giver", list(GIVERS), "consent_has_a_known_giver"),
            _one_of("decision", list(DECISIONS), "consent_has_a_known_decision"),
            models.CheckConstraint(
                condition=~models.Q(method="paper", decision="given")
                | (~models.Q(taken_by="") & ~models.Q(file_reference="") & models.Q(signature__isnull=True)),
                name="paper_says_who_took_it_and_where_it_is",
            ),
            models.CheckConstraint(
                condition=~models.Q(method="electronic", decision="given")
                | (models.Q(signature__isnull=False) & models.Q(taken_by="") & models.Q(file_reference="")),
                name="consent_on_screen_is_signed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["participant", "at"], name="consent_by_participant")
        ]

    def __str__(self) -> str:
        return f"{self.participant.key} consent {self.pk}"


class Invitation(RecordedModel):
    """That someone is asked to read the information and decide on a screen, and how far they have come."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="invitations")
    version = models.ForeignKey(StudyVersion, on_delete=models.PROTECT, related_name="+")
    consent_version = models.CharField(max_length=80)
    giver = models.CharField(max_length=12, default="participant")
    account = models.CharField(max_length=40)
    """Key of the account that reads and decides; its one-time link is made in the room `people`."""
    language = models.CharField(max_length=2, default="en")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=80)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    page = models.PositiveIntegerField(default=0)
    """How many pages were read: where to go on."""
    tries = models.JSONField(default=dict)
    """Check question to the number of answers until it was right, and whether it is by now."""
    consent = models.OneToOneField(Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="invitation")
    """What was decided."""

    class Meta:
        """One at a time for each person."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            _one_of("giver", list(GIVERS), "invitation_has_a_known_giver"),
            models.UniqueConstraint(
                fields=["participant", "giver"],
                condition=models.Q(cancelled_at__isnull=True, consent__isnull=True),
                name="one_invitation_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.key} invitation {self.pk}"


class Question(RecordedModel):
    """Something a person wants to know before they decide, and that it was answered."""

    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="questions")
    words = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    page = models.PositiveIntegerField(default=0)
    """On which page it was asked."""
    answer = models.TextField(blank=True)
    """What was answered, in short."""
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    """Key of whoever answered; the person's own when they need no answer any more."""

    class Meta:
        """An answer has a time and a name."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(words=""), name="a_question_says_something"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by="", answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answered_by="")),
                name="an_answer_has_a_time_and_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Withdrawal(RecordedModel):
    """That someone leaves something: the treatment, the follow-up, or the use of their data."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="withdrawals")
    degree = models.CharField(max_length=10)
    on = models.DateField()
    """From which day."""
    reason = models.TextField(blank=True)
    """Why, if they wanted to say."""
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=80)
    ended_on = models.DateField(null=True, blank=True)
    """From which day it no longer holds, because the person changed their mind."""

    class Meta:
        """One at a time of each degree."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            _one_of("degree", list(DEGREES), "withdrawal_has_a_known_degree"),
            models.UniqueConstraint(
                fields=["participant", "degree"],
                condition=models.Q(ended_on__isnull=True),
                name="one_withdrawal_of_a_degree",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("on")),
                name="a_withdrawal_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.key} {self.degree}"


class Duplicate(RecordedModel):
    """That two keys may be the same person: reported by one, decided by another, with nothing deleted."""

    later = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    """The key given second."""
    earlier = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=timezone.now)
    reported_by = models.CharField(max_length=80)
    reason = models.TextField()
    decision = models.CharField(max_length=12, blank=True)
    """`same` or `different`; empty until decided."""
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        """Decided by somebody else, and once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            _one_of("decision", ["", "same", "different"], "a_duplicate_is_the_same_or_different"),
            models.CheckConstraint(
                condition=~models.Q(later=models.F("earlier")), name="a_duplicate_is_of_somebody_else"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True, decided_by="")
                | (~models.Q(decision="") & models.Q(decided_at__isnull=False) & ~models.Q(decided_by="")),
                name="a_decision_has_a_time_and_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by="") | ~models.Q(decided_by=models.F("reported_by")),
                name="a_duplicate_is_decided_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["later", "earlier"], condition=models.Q(decision=""), name="a_duplicate_is_reported_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.later.key} and {self.earlier.key}"
