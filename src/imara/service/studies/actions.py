"""What changes studies: loading, amending, opening, pausing, closing; the only writers of this room."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from imara.service.ledger.recording import Actor, recorded
from imara.service.studies.models import ConductedStudy, StudyVersion
from imara.service.studies.queries import compare, in_force
from imara.service.studies.refusal import Reason, RefusedError
from imara.service.studies.states import State, step
from imara.study.folder import StudyFolder
from imara.study.study import Study
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
        if chosen.target is State.OPEN and (missing := _missing_to_open(in_force(study).study)):
            raise RefusedError(*missing)
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
        InputError: A rename names what is not there.
    """
    with recorded("studies.amended", by=by, study=study, subject=f"study:{study}", reason=reason.strip()):
        now = in_force(study, lock=True)
        preview = compare(now, folder, renames)
        reasons = []
        if now.state is State.LOCKED:
            reasons.append(Reason("study-locked", _("The study is locked. Nothing more is recorded.")))
        if not reason.strip():
            reasons.append(Reason("no-reason", _("Say why the study is amended."), "reason"))
        if not preview.changes:
            reasons.append(Reason("no-change", _("This definition says the same as the one in force.")))
        reasons += [Reason("loses-data", f"{change.words} {_sentence(change.refusal)}") for change in preview.refused]
        if reasons:
            raise RefusedError(*reasons)
        version = StudyVersion(
            study_id=study,
            number=now.version.number + 1,
            fingerprint=folder.fingerprint,
            definition=text_of(folder),
            loaded_by=by.key,
            reason=reason.strip(),
            differences=[change.words for change in preview.changes],
            renames=dict(preview.renames),
        )
        version.save()
    return version


def _missing_to_open(study: Study) -> list[Reason]:
    if not study.arms:
        return []
    reasons = []
    if study.consent is None:
        words = _("The study file does not say how people consent. Add a 'consent' entry by an amendment.")
        reasons.append(Reason("no-consent-plan", words))
    if study.allocation is None or study.allocation.method == "not-reported":
        words = _("The study file does not say how people are allocated. Add it by an amendment.")
        reasons.append(Reason("no-allocation", words))
    return reasons


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
