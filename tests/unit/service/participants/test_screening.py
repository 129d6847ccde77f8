"""Screening: a key for everybody, every time kept as it was, and a date where something may pass."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR, EAST, WEST

from imara.rules.eligibility import Outcome
from imara.service.ledger.models import Event
from imara.service.ledger.queries import history
from imara.service.ledger.recording import recorded
from imara.service.participants import actions, queries
from imara.service.participants.models import Participant, Screening
from imara.service.studies import actions as studies
from imara.service.studies.refusal import RefusedError
from imara.study.problems import InputError

pytestmark = pytest.mark.usefixtures("study")


def test_keys_are_given_in_order_within_a_centre_whatever_the_outcome() -> None:
    keys = [harbour.person(EAST).key, harbour.screened(EAST, characteristics={"age": 12}).participant.key]
    assert keys == ["EAS-001", "EAS-002"]
    assert harbour.person(WEST).key == "WES-001"
    assert harbour.person(EAST).key == "EAS-003"


def test_two_centres_whose_names_begin_alike_have_keys_of_their_own() -> None:
    other = harbour.changed(lambda fields: fields.update(study="lighthouse"))
    studies.load(folder=other, by=ADMINISTRATOR)
    studies.take_step(study="lighthouse", name="open", by=ADMINISTRATOR)
    first = harbour.person(EAST)
    known = {"age": 50.0}
    second = actions.screen(study="lighthouse", site=EAST, characteristics=known, answers={}, by=COORDINATOR)
    assert (first.key, second.participant.key) == ("EAS-001", "EAS2-001")


@pytest.mark.parametrize(
    ("characteristics", "answers", "outcome", "reasons"),
    [
        ({}, {}, Outcome.ELIGIBLE, []),
        ({"age": 17}, {}, Outcome.NOT_ELIGIBLE, ["adult"]),
        ({}, {"near": False}, Outcome.NOT_ELIGIBLE, ["near"]),
        ({}, {"near": None}, Outcome.INCOMPLETE, []),
        ({"age": None}, {}, Outcome.INCOMPLETE, []),
    ],
)
def test_the_outcome_comes_from_the_study_file(
    characteristics: dict[str, object], answers: dict[str, object], outcome: Outcome, reasons: list[str]
) -> None:
    screened = harbour.screened(characteristics=characteristics, answers=answers)
    assert (screened.outcome, screened.reasons) == (outcome.value, reasons)
    assert screened.again_on is None


def test_what_may_pass_needs_a_later_date() -> None:
    for day in (None, harbour.today(), harbour.in_days(-1)):
        with pytest.raises(RefusedError) as refused:
            harbour.screened(answers={"ill": True}, again_on=day)
        assert refused.value.reasons[0].field == "again_on"
    assert not Participant.objects.exists()
    assert not Event.objects.filter(kind="participants.screened").exists()
    screened = harbour.screened(answers={"ill": True}, again_on=harbour.in_days(30))
    assert (screened.outcome, screened.again_on) == ("screen-again", harbour.in_days(30))


def test_a_date_for_screening_again_is_kept_only_where_it_means_something() -> None:
    assert harbour.screened(again_on=harbour.in_days(30)).again_on is None


def test_screening_again_keeps_what_was_found_before() -> None:
    first = harbour.screened(answers={"ill": True}, again_on=harbour.in_days(30))
    second = actions.screen_again(
        participant=first.participant, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR
    )
    assert (second.number, second.outcome) == (2, "eligible")
    kept = Screening.objects.get(pk=first.pk)
    assert (kept.answers, kept.outcome) == ({"near": True, "ill": True}, "screen-again")
    assert queries.latest_screening(first.participant) == second


def test_values_are_kept_as_they_were_entered() -> None:
    screened = harbour.screened(characteristics={"smoker": True, "age": 41})
    stored = Screening.objects.get(pk=screened.pk).characteristics
    assert stored == {"age": 41.0, "sex": "female", "smoker": "yes", "born": "1985-03-01"}


@pytest.mark.parametrize("wrong", [{"age": 130}, {"sex": "woman"}, {"colour": "red"}, {"born": "yesterday"}])
def test_what_cannot_be_is_refused_whole(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        harbour.screened(characteristics=wrong)
    assert not Participant.objects.exists()


def test_nobody_is_screened_where_the_study_is_not_open() -> None:
    first = harbour.person()
    studies.take_step(study=harbour.NAME, name="pause", by=ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        harbour.person()
    assert refused.value.codes == ("study-not-open",)
    with pytest.raises(RefusedError):
        actions.screen_again(participant=first, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR)


def test_nobody_is_screened_at_a_centre_that_is_not_there() -> None:
    with pytest.raises(RefusedError) as refused:
        harbour.person("north")
    assert refused.value.codes == ("no-such-centre",)


def test_each_screening_is_an_event_about_the_person() -> None:
    found = harbour.person()
    actions.screen_again(participant=found, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR)
    told = [(event.kind, event.actor, event.site) for event in history(subject=f"participant:{found.key}")]
    assert told == [
        ("participants.screened", "pcoordinator", "east"),
        ("participants.screened_again", "pcoordinator", "east"),
    ]


def test_the_database_itself_wants_a_date_for_screening_again() -> None:
    found = harbour.person()
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
        Screening(participant=found, number=2, version=found.version, by="p", outcome="screen-again").save()
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
        Screening(participant=found, number=1, version=found.version, by="p", outcome="eligible").save()
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
        Screening(participant=found, number=2, version=found.version, by="p", outcome="perhaps").save()
