"""What of a study this room has recorded, so that no amendment loses it."""

from __future__ import annotations

from typing import Any

from imara.service.participants.models import (
    Consent,
    Participant,
    Screening,
)
from imara.service.studies import queries as studies
from imara.study.in_use import InUse


def in_use(study: str) -> InUse:
    """Return what of a study this room has recorded, so that no amendment loses it."""
    values: dict[str, set[Any]] = {}
    # One pass, following the renames of each version once: there may be many thousand screenings.
    renames = {version.number: version.renames for version in studies.versions(study)}
    rows = Screening.objects.filter(participant__study__name=study)
    for number, recorded in rows.values_list("version__number", "characteristics").iterator(chunk_size=2000):
        steps = [renames[later] for later in sorted(renames) if later > number]
        for name, value in recorded.items():
            if value is not None:
                values.setdefault(studies.renamed("characteristics", name, steps), set()).add(value)
    decided = Consent.objects.filter(participant__study__name=study)
    people = Participant.objects.filter(study__name=study)
    return InUse(
        sites=frozenset(people.values_list("site", flat=True)),
        characteristics=frozenset(values),
        levels={name: frozenset(found) for name, found in values.items() if _all(found, str)},
        numbers={name: (min(found), max(found)) for name, found in values.items() if _all(found, float | int)},
        consent_versions=frozenset(decided.values_list("consent_version", flat=True)),
        has_guardians=decided.filter(giver__in=["guardian", "assent"]).exists(),
    )


def _all(values: set[Any], kind: Any) -> bool:
    return all(isinstance(value, kind) for value in values)
