"""Loading and amending: what is recorded stays with its version, and nothing that is recorded can be lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR, EAST, NAME

from imara.service.allocation import actions as allocation
from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.ledger.verify import verify
from imara.service.participants import actions as participants
from imara.service.studies import actions, queries
from imara.service.studies.models import StudyVersion
from imara.service.studies.refusal import RefusedError
from imara.study.library import load_study
from imara.study.problems import InputError


def amend(change: Any, reason: str = "Amendment 1", **other: Any) -> StudyVersion:
    return actions.amend(study=NAME, folder=harbour.changed(change), reason=reason, by=ADMINISTRATOR, **other)


def label(fields: dict[str, Any]) -> None:
    fields["sites"]["east"]["label"] = {"en": "Far East"}


def test_the_definition_is_kept_whole_with_who_and_when(study: str) -> None:
    now = queries.in_force(NAME)
    assert (now.study, now.folder.fingerprint) == (harbour.folder().study, harbour.folder().fingerprint)
    assert (now.version.number, now.version.fingerprint, now.version.loaded_by) == (
        1,
        harbour.folder().fingerprint,
        "system:test",
    )
    assert dict(now.folder.instruments) == dict(harbour.folder().instruments)
    assert Event.objects.latest("sequence").kind == "studies.loaded"


@pytest.mark.parametrize("name", ["imr-denmark", "beat-the-blues"])
def test_packaged_studies_can_be_taken_in(db: None, name: str) -> None:
    folder = load_study(name)
    actions.load(folder=folder, by=ADMINISTRATOR)
    assert queries.in_force(name).folder.fingerprint == folder.fingerprint


def test_a_study_is_taken_in_once(study: str) -> None:
    with pytest.raises(RefusedError) as refused:
        actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    assert refused.value.codes == ("study-exists",)


def test_a_study_that_is_not_here_is_not_found(db: None) -> None:
    with pytest.raises(Http404):
        queries.in_force("nowhere")


def test_an_amendment_is_in_force_and_the_old_version_stays(study: str) -> None:
    version = amend(label)
    assert version.number == 2
    assert version.differences == [
        "The label of the centre 'east' changes from 'East' to 'Far East'.",
    ]
    assert queries.in_force(NAME).study.sites["east"].label.en == "Far East"
    first = StudyVersion.objects.get(number=1)
    assert queries.definition(first).study.sites["east"].label.en == "East"
    event = Event.objects.latest("sequence")
    assert (event.kind, event.reason) == ("studies.amended", "Amendment 1")


def test_what_is_recorded_stays_bound_to_its_version(study: str) -> None:
    actions.take_step(study=NAME, name="open", by=ADMINISTRATOR)
    before = harbour.screened()
    amend(label)
    after = harbour.screened()
    assert (before.version.number, after.version.number) == (1, 2)


@pytest.mark.parametrize(
    ("change", "reason", "codes"),
    [
        (lambda fields: None, "Why not", ("no-change",)),
        (label, "  ", ("no-reason",)),
        (lambda fields: fields.update(study="other"), "x", ("loses-data",)),
    ],
)
def test_an_amendment_changes_something_and_says_why(
    study: str, change: Any, reason: str, codes: tuple[str, ...]
) -> None:
    with pytest.raises(RefusedError) as refused:
        amend(change, reason)
    assert refused.value.codes == codes
    assert StudyVersion.objects.count() == 1


def test_what_people_have_recorded_cannot_be_lost(study: str) -> None:
    actions.take_step(study=NAME, name="open", by=ADMINISTRATOR)
    harbour.consented(EAST)

    def lose(fields: dict[str, Any]) -> None:
        del fields["sites"]["east"]
        del fields["characteristics"]["smoker"]
        fields["characteristics"]["age"]["minimum"] = 41
        fields["characteristics"]["sex"]["levels"] = {"male": "Man", "other": "Other"}
        fields["consent"]["versions"] = {"2": {}}

    with pytest.raises(RefusedError) as refused:
        amend(lose)
    words = str(refused.value)
    for part in (
        "'east' is removed",
        "'smoker' is removed",
        "40 is recorded",
        "'female'",
        "information '1' is removed",
    ):
        assert part in words
    assert len(refused.value.reasons) == 5


def test_before_anybody_is_recorded_all_of_it_can_change(study: str) -> None:
    assert amend(lambda fields: fields["sites"].pop("east")).number == 2


def test_an_open_allocation_keeps_arms_and_scheme(study: str) -> None:
    actions.take_step(study=NAME, name="open", by=ADMINISTRATOR)
    assert amend(lambda fields: fields["allocation"].update(block_sizes=(4,))).number == 2
    allocation.open_allocation(study=NAME, by=ADMINISTRATOR)
    for change in (
        lambda fields: fields["allocation"].update(block_sizes=(2,)),
        lambda fields: fields["arms"].update(swim={"label": "Swims"}),
    ):
        with pytest.raises(RefusedError) as refused:
            actions.amend(
                study=NAME,
                folder=harbour.changed(change, queries.in_force(NAME).folder),
                reason="x",
                by=ADMINISTRATOR,
            )
        assert refused.value.codes == ("loses-data",)


def test_names_are_followed_through_several_versions(study: str) -> None:
    actions.take_step(study=NAME, name="open", by=ADMINISTRATOR)
    first = harbour.screened()

    def to(new: str, old: str) -> Any:
        def change(fields: dict[str, Any]) -> None:
            fields["characteristics"] = {
                new if key == old else key: kept for key, kept in fields["characteristics"].items()
            }

        return change

    second = harbour.changed(to("smokes", "smoker"))
    renames = {"characteristics.smoker": "smokes"}
    actions.amend(study=NAME, folder=second, reason="a", renames=renames, by=ADMINISTRATOR)
    third = harbour.changed(to("tobacco", "smokes"), second)
    actions.amend(study=NAME, folder=third, reason="b", renames={"characteristics.smokes": "tobacco"}, by=ADMINISTRATOR)
    now = queries.in_force(NAME)
    assert queries.name_now("characteristics", "smoker", first.version, now.version) == "tobacco"
    assert queries.name_now("characteristics", "age", first.version, now.version) == "age"
    # It is still in use, under its new name.
    with pytest.raises(RefusedError):
        actions.amend(
            study=NAME,
            folder=harbour.changed(lambda fields: fields["characteristics"].pop("tobacco"), third),
            reason="c",
            by=ADMINISTRATOR,
        )


def test_a_rename_of_nothing_is_explained(study: str) -> None:
    with pytest.raises(InputError, match="the version in force has nothing of this name"):
        amend(label, renames={"visits.finish": "end-2"})


def test_a_locked_study_is_not_amended(study: str) -> None:
    for step in ("open", "close", "lock"):
        actions.take_step(study=NAME, name=step, by=ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        amend(label)
    assert refused.value.codes == ("study-locked",)


def test_the_history_of_a_study_tells_no_block_sizes(study: str) -> None:
    amend(lambda fields: fields["allocation"].update(block_sizes=(6,)))
    assert StudyVersion.objects.get(number=2).differences == [
        "The sizes of the blocks in which people are allocated change."
    ]
    assert not any("block_sizes" in changes for changes in Event.objects.values_list("changes", flat=True))
    assert verify() == []


def test_a_definition_changed_behind_the_services_back_is_found(study: str) -> None:
    version = StudyVersion.objects.get()
    StudyVersion._base_manager.filter(pk=version.pk)  # the recorded manager refuses; tampering goes round it
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("UPDATE studies_studyversion SET definition = replace(definition, 'East', 'Past')")
    assert [(found.place, "'definition'" in found.words) for found in verify()] == [
        (f"studies.studyversion {version.pk}", True)
    ]


def test_the_database_itself_numbers_versions(study: str) -> None:
    fields = {"study_id": NAME, "fingerprint": "0" * 64, "definition": "{}", "loaded_by": "p"}
    for wrong in ({"number": 1}, {"number": 0}, {"number": 2}):  # the last without a reason
        with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=ADMINISTRATOR):
            StudyVersion(**fields, **wrong).save()


def test_screening_is_by_the_version_in_force(study: str) -> None:
    actions.take_step(study=NAME, name="open", by=ADMINISTRATOR)
    amend(lambda fields: fields["eligibility"]["include"][0].update(rule="age >= 50"))
    screened = participants.screen(
        study=NAME, site=EAST, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR
    )
    assert screened.outcome == "not-eligible"
