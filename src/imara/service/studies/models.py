"""Studies that are conducted here, and every version of their definitions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from imara.service.ledger.recorded import RecordedModel
from imara.service.studies.states import State


class ConductedStudy(RecordedModel):
    """A study that is conducted here. Its definition is that of its latest version."""

    name = models.CharField(max_length=40, unique=True)
    """The study file's own name, as in addresses and roles."""
    state = models.CharField(
        max_length=10, default=State.DRAFT.value, choices=[(state.value, state.value) for state in State]
    )
    """Where it stands."""

    class Meta:
        """The state is one of the table's."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="a_study_is_in_a_known_state"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_study_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class StudyVersion(RecordedModel):
    """A definition as it was loaded. It is never changed: what is recorded under it stays bound to it."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"definition"})
    """It holds the sizes of blocks, which those who enrol must not read in the history of a study."""

    study = models.ForeignKey(ConductedStudy, on_delete=models.PROTECT, to_field="name", related_name="versions")
    number = models.PositiveIntegerField()
    """1 for the first."""
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of the meaning of study, instruments and programmes."""
    definition = models.TextField()
    """Canonical JSON: {study, instruments: {name: ...}, programmes: {name: ...}}, each as YAML that reads back."""
    loaded_at = models.DateTimeField(default=timezone.now)
    loaded_by = models.CharField(max_length=80)
    """Key of whoever loaded it."""
    reason = models.TextField(blank=True)
    """Why the definition was amended."""
    differences = models.JSONField(default=list)
    """What changed since the version before, as sentences in English, in the order of the file."""
    renames = models.JSONField(default=dict)
    """Old place to new name (`visits.end` to `month-9`): what was recorded under the old name is read as the new."""

    class Meta:
        """Versions are numbered from 1."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "number"], name="versions_of_a_study_are_numbered"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="versions_begin_with_1"),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""), name="an_amendment_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} version {self.number}"
