"""Reads across rooms: which studies are conducted here, where they stand, and what their versions say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from imara.service.people import queries as people
from imara.service.people.blinding import Standing
from imara.service.people.roles import right
from imara.service.studies import uses
from imara.service.studies.models import ConductedStudy, StudyVersion
from imara.service.studies.states import State
from imara.study.amendment import Amendment, difference
from imara.study.folder import StudyFolder
from imara.study.study import Study
from imara.study.version import folder_of


@dataclass(frozen=True)
class InForce:
    """A study as it stands now."""

    record: ConductedStudy
    version: StudyVersion
    """The version in force: the latest."""
    folder: StudyFolder
    """Its definition, with instruments and programmes."""

    @property
    def study(self) -> Study:
        """The definition."""
        return self.folder.study

    @property
    def state(self) -> State:
        """Where the study stands."""
        return State(self.record.state)

    @property
    def is_open(self) -> bool:
        """Whether people are screened and allocated."""
        return self.state is State.OPEN


def in_force(name: str, *, lock: bool = False) -> InForce:
    """Return a study and its version in force.

    Args:
        name: The study's name.
        lock: Whether to lock the study's row until the act under way ends, so that it cannot be paused or amended
            meanwhile (row lock on PostgreSQL; on SQLite an act has the database to itself).

    Raises:
        Http404: There is no such study here.
    """
    rows = ConductedStudy.objects.select_for_update() if lock else ConductedStudy.objects.all()
    record = rows.filter(name=name).first()
    if record is None:
        raise Http404(f"there is no study '{name}' here")
    version = StudyVersion.objects.filter(study__name=name).defer("definition").order_by("-number").first()
    if version is None:
        raise Http404(f"the study '{name}' has no version")
    return InForce(record, version, definition(version))


def standing(name: str) -> Standing | None:
    """Return whom a study blinds and whether it is locked, for the doors; None for a study that is not here."""
    try:
        now = in_force(name)
    except Http404:
        return None
    return Standing(now.study.blinding, now.state is State.LOCKED)


def definition(version: StudyVersion) -> StudyFolder:
    """Return what a version says."""
    found = _known.pop(version.fingerprint, None)
    if found is None:
        found = folder_of(version.definition)
    # The last one used stands last; the one that was not used for longest goes.
    _known[version.fingerprint] = found
    if len(_known) > MOST_KNOWN:
        _known.pop(next(iter(_known)), None)
    return found


MOST_KNOWN = 64
_known: dict[str, StudyFolder] = {}
"""Fingerprint to definition, so that a page neither fetches nor reads a long text for each of its rows."""


def compare(now: InForce, folder: StudyFolder, renames: Mapping[str, str] | None = None) -> Amendment:
    """Return what a new version of a study would change, held against all that is recorded under it.

    Raises:
        InputError: A rename names what is not there.
    """
    return difference(now.folder, folder, uses.in_use(now.record.name), renames)


def sites(study: Study) -> tuple[str, ...]:
    """Return the keys of a study's centres; a study without centres is conducted at one, called `main`."""
    return tuple(study.sites) or ("main",)


def versions(name: str) -> list[StudyVersion]:
    """Return a study's versions, the latest first."""
    return list(StudyVersion.objects.filter(study__name=name).defer("definition").order_by("-number"))


def studies_of(person: Any) -> list[ConductedStudy]:
    """Return the studies whose definition a person may read, by name."""
    reading = right("studies.read")
    return [study for study in ConductedStudy.objects.order_by("name") if people.may(person, reading, study=study.name)]


def name_now(kind: str, name: str, since: StudyVersion, until: StudyVersion) -> str:
    """Return what something recorded under an earlier version is called under a later one.

    Args:
        kind: Part of the study file: `visits`, `forms`, `characteristics`, `events`.
        name: Its name then.
        since: The version it was recorded under.
        until: The version it is read under.
    """
    if since.number >= until.number:
        return name
    later = (
        StudyVersion.objects.defer("definition")
        .filter(study__name=since.study_id, number__gt=since.number, number__lte=until.number)
        .order_by("number")
    )
    return renamed(kind, name, [version.renames for version in later])


def renamed(kind: str, name: str, renames: Sequence[dict[str, str]]) -> str:
    """Follow a name through the renames of one version after another."""
    for step in renames:
        name = step.get(f"{kind}.{name}", name)
    return name
