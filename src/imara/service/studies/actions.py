"""What changes studies: loading, amending, opening, pausing, closing; the only writers of this room."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from imara.service.ledger.recording import Actor, recorded
from imara.service.studies.models import ConductedStudy, StudyVersion
from imara.service.studies.refusal import Reason, RefusedError
from imara.service.studies.states import State, step
from imara.study.folder import StudyFolder
from imara.study.version import text_of


def load(*, folder: StudyFolder, by: Actor) -> StudyVersion:
    """Take a study in, as a draft, with its first version.

    Raises:
        RefusedError: A study of that name is here already; a new version of it is an amendment.
    """
    name = folder.study.study
    with recorded("studies.loaded", by=by, study=name, subject=f"study:{name}"):
        if ConductedStudy.objects.filter(name=name).exists():
            raise RefusedError(
                Reason("study-exists", _("This study is here already. Load the new version as an amendment."))
            )
        ConductedStudy(name=name).save()
        version = StudyVersion(
            study_id=name, number=1, fingerprint=folder.fingerprint, definition=text_of(folder), loaded_by=by.key
        )
        version.save()
    return version


def take_step(*, study: str, name: str, reason: str = "", by: Actor) -> ConductedStudy:
    """Open, pause, resume, close or lock a study, as the table of states allows.

    Args:
        study: The study's name.
        name: The step's name in `states.STEPS`.
        reason: Why, where there is something to say.
        by: Who does it.

    Raises:
        RefusedError: The step does not start where the study stands, or something is missing for it.
    """
    chosen = step(name)
    with recorded(chosen.event, by=by, study=study, subject=f"study:{study}", reason=reason):
        record: ConductedStudy = ConductedStudy.objects.select_for_update().get(name=study)
        if State(record.state) not in chosen.sources:
            raise RefusedError(
                Reason("not-from-here", _("The study stands elsewhere by now. Look at its page and choose again."))
            )
        record.state = chosen.target.value
        record.save()
    return record


def amend(
    *, study: str, folder: StudyFolder, reason: str, renames: Mapping[str, str] | None = None, by: Actor
) -> StudyVersion:
    """Put a new version of a study in force. What was recorded before stays bound to the version before.

    Args:
        study: The study's name.
        folder: The new version.
        reason: Why.
        renames: Old place to new name, `visits.end` to `month-9`, for what only got another name.
        by: Who does it.

    Raises:
        RefusedError: It would lose or falsify what is recorded, or it changes nothing, or has no reason.
    """
    raise NotImplementedError
