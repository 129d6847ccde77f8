"""Reads across rooms: who was screened, what they agreed to, and what may be done with them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from imara.service.participants.models import Participant
from imara.service.studies.models import StudyVersion
from imara.service.studies.refusal import Reason


@dataclass(frozen=True)
class Ready:
    """Whether a participant may be allocated now, and what allocation needs to know."""

    key: str
    study: str
    site: str
    version: StudyVersion | None
    """The study version in force, against which this was decided."""
    reasons: tuple[Reason, ...] = ()
    """What stands in the way; empty when nothing does."""
    factors: Mapping[str, str] = field(default_factory=dict)
    """`site` and every category or yes-no characteristic of the eligible screening, by name: `rules.allocation` takes
    from these those that are its strata."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons


def ready_for_allocation(key: str, *, lock: bool = False) -> Ready:
    """Say whether a participant may be allocated now: study open, eligible, consented, not withdrawn.

    Args:
        key: The participant's key.
        lock: Whether to lock the study's and the participant's rows until the act under way ends: pass True inside
            `recorded(...)` when the answer is acted on. Screening, consent and withdrawal lock the same rows, so
            nothing changes between the answer and the act. Order of locks: study, then participant.

    Raises:
        Http404: There is no such participant.
    """
    raise NotImplementedError


def participant(key: str) -> Participant:
    """Return a participant.

    Raises:
        Http404: There is no such participant.
    """
    raise NotImplementedError
