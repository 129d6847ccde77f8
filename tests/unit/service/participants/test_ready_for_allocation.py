"""Who may be allocated now: study open, eligible, consented, not withdrawn, and what allocation looks at is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR, EAST

from imara.service.participants import actions, queries
from imara.service.participants.models import Participant
from imara.service.studies import actions as studies

pytestmark = pytest.mark.usefixtures("study")


def codes(found: Participant) -> list[str]:
    return [reason.code for reason in queries.ready_for_allocation(found.key).reasons]


def amend(change: Callable[[dict[str, object]], None], **other: object) -> None:
    studies.amend(study=harbour.NAME, folder=harbour.changed(change), reason="Amendment 1", by=ADMINISTRATOR, **other)  # type: ignore[arg-type]


def test_somebody_who_is_eligible_and_has_consented_is_ready() -> None:
    ready = queries.ready_for_allocation(harbour.consented().key)
    assert ready.is_ready
    assert dict(ready.factors) == {"site": EAST, "sex": "female", "smoker": "no"}
    assert ready.version is not None
    assert ready.version.number == 1


def test_all_that_is_in_the_way_is_told_at_once() -> None:
    found = harbour.screened(characteristics={"age": 15, "sex": None}).participant
    studies.take_step(study=harbour.NAME, name="pause", by=ADMINISTRATOR)
    assert codes(found) == ["study-not-open", "not-eligible", "no-consent", "stratum-missing"]


@pytest.mark.parametrize(
    ("answers", "code"), [({"near": None}, "screening-incomplete"), ({"ill": True}, "screen-again")]
)
def test_the_last_screening_counts(answers: dict[str, bool | None], code: str) -> None:
    found = harbour.consented()
    actions.screen_again(
        participant=found,
        characteristics=harbour.ADULT,
        answers={**harbour.WELL, **answers},
        again_on=harbour.in_days(9),
        by=COORDINATOR,
    )
    assert codes(found) == [code]


@pytest.mark.parametrize("degree", ["treatment", "follow-up", "data"])
def test_whoever_has_left_anything_is_not_allocated(degree: str) -> None:
    found = harbour.consented()
    actions.withdraw(participant=found, degree=degree, on=harbour.today(), by=COORDINATOR)
    assert codes(found) == ["withdrawn"]


def test_a_no_is_a_no() -> None:
    found = harbour.consented()
    harbour.on_paper(found, given=False)
    assert codes(found) == ["declined"]


def test_a_new_version_of_the_information_that_asks_again_asks_everybody() -> None:
    found = harbour.consented()
    amend(lambda fields: fields["consent"]["versions"].update({"2": {"reconsent": True}}))  # type: ignore[index]
    assert codes(found) == ["consent-outdated"]
    harbour.on_paper(found, consent_version="2")
    assert codes(found) == []


def test_a_new_version_that_does_not_ask_again_leaves_consent_as_it_is() -> None:
    found = harbour.consented()
    amend(lambda fields: fields["consent"]["versions"].update({"2": {}}))  # type: ignore[index]
    assert codes(found) == []


def test_new_criteria_are_held_against_what_was_recorded() -> None:
    old, young = harbour.consented(), harbour.screened(characteristics={"age": 30}).participant
    harbour.on_paper(young)
    amend(lambda fields: fields["eligibility"]["include"][0].update(rule="age >= 35"))  # type: ignore[index]
    assert codes(old) == []
    assert codes(young) == ["criteria-changed"]


def test_an_answer_to_another_question_does_not_count() -> None:
    found = harbour.consented()
    amend(lambda fields: fields["eligibility"]["include"][1].update(ask="Is the person a sailor?"))  # type: ignore[index]
    assert codes(found) == ["criteria-changed"]


def test_a_new_criterion_that_a_person_must_answer_asks_for_another_screening() -> None:
    found = harbour.consented()
    new = {"id": "swims", "ask": "Can the person swim?"}

    def add(fields: dict[str, object]) -> None:
        fields["eligibility"]["include"] = (*fields["eligibility"]["include"], new)  # type: ignore[index]

    amend(add)
    assert codes(found) == ["criteria-changed"]


def test_what_was_recorded_is_read_by_its_new_name() -> None:
    found = harbour.consented()

    def rename(fields: dict[str, object]) -> None:
        kept = fields["characteristics"]
        fields["characteristics"] = {"gender" if name == "sex" else name: kept[name] for name in kept}  # type: ignore
        fields["allocation"]["strata"] = ("site", "gender")  # type: ignore[index]

    amend(rename, renames={"characteristics.sex": "gender"})
    ready = queries.ready_for_allocation(found.key)
    assert ready.is_ready
    assert ready.factors["gender"] == "female"
    stored = found.screenings.get().characteristics
    assert "sex" in stored
    assert "gender" not in stored


def test_a_study_without_arms_has_nobody_to_allocate() -> None:
    def plain(fields: dict[str, object]) -> None:
        fields.update(study="care", arms={}, allocation=None, outcomes={}, analyses={})

    studies.load(folder=harbour.changed(plain), by=ADMINISTRATOR)
    studies.take_step(study="care", name="open", by=ADMINISTRATOR)
    screened = actions.screen(
        study="care", site=EAST, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR
    )
    harbour.on_paper(screened.participant)
    assert codes(screened.participant) == ["no-arms"]
