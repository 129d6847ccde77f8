"""Who is blinded: what the study file says, and everyone without a right that tells an arm."""

from __future__ import annotations

import pytest

from imara.service.people.blinding import (
    AFTER_THE_LOCK,
    IN_EMERGENCY,
    Standing,
    blinded,
    blinded_by_study,
    keeps_from,
    tells,
)
from imara.service.people.roles import RIGHTS, Right, Role, right
from imara.study.intervention import Blinding


def study(*, locked: bool = False, **blinding: object) -> Standing:
    return Standing(Blinding.model_validate(blinding), locked)


DAILY = Right("made.up", "read arms all day", frozenset(Role), tells_arm=True)
"""A right of everyone's, so that only the study file blinds."""


@pytest.mark.parametrize(
    ("says", "roles"),
    [
        ({}, set()),
        ({"participants": True}, {Role.PARTICIPANT, Role.SUPPORTER}),
        ({"practitioners": True}, {Role.PRACTITIONER, Role.SUPERVISOR}),
        ({"assessors": True}, {Role.ASSESSOR}),
        ({"analysts": "until-lock"}, {Role.STATISTICIAN}),
    ],
)
def test_the_study_file_blinds_these_and_monitors(says: dict[str, object], roles: set[Role]) -> None:
    assert blinded_by_study(study(**says)) == roles | {Role.MONITOR}
    assert blinded(study(**says), [DAILY]) == roles | {Role.MONITOR}


def test_the_lock_ends_the_statisticians_blinding_alone() -> None:
    everyone = {"participants": True, "practitioners": True, "assessors": True, "analysts": "until-lock"}
    before, after = (blinded_by_study(study(locked=locked, **everyone)) for locked in (False, True))
    assert before - after == {Role.STATISTICIAN}
    assert after < before


def test_without_a_right_that_tells_an_arm_everyone_is_blinded() -> None:
    assert blinded(study(), []) == set(Role)
    one = Right("made.up", "read arms", frozenset({Role.BOARD}), tells_arm=True)
    assert blinded(study(), [one]) == set(Role) - {Role.BOARD}


def test_to_be_allowed_to_ask_in_an_emergency_is_not_to_know() -> None:
    assert not tells(right("unblinding.request"), locked=True)
    assert blinded(study(), [right("unblinding.request")]) == set(Role)


def test_what_is_revealed_after_the_lock_tells_nothing_before() -> None:
    assert not tells(right("allocation.reveal"), locked=False)
    assert tells(right("allocation.reveal"), locked=True)


def test_exceptions_are_rights_of_the_table_that_tell_arms() -> None:
    assert {entry.name for entry in RIGHTS if entry.tells_arm} >= IN_EMERGENCY | AFTER_THE_LOCK


def test_who_allocates_is_the_only_one_who_knows_before_the_lock() -> None:
    assert set(Role) - blinded(study(assessors=True)) == {Role.COORDINATOR}


@pytest.mark.parametrize("other", [Role.ASSESSOR, Role.MONITOR])
def test_a_second_role_does_not_unblind(other: Role) -> None:
    draw, assessed = right("allocation.draw"), study(assessors=True)
    assert not keeps_from(assessed, [Role.COORDINATOR], draw)
    assert keeps_from(assessed, [Role.COORDINATOR, other], draw)
    assert not keeps_from(assessed, [Role.COORDINATOR, other], right("screening.write"))
    assert not keeps_from(assessed, [Role.COORDINATOR, other], right("unblinding.request"))
