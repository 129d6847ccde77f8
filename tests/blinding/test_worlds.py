"""The two worlds are what the swap test needs: the same in every act, and different in every arm."""

from __future__ import annotations

import pytest
from tests.blinding.worlds import HERE, MAIN, World, everybody, nobody, stored_arms, those_here, world

from imara.service.ledger.models import Event
from imara.service.ledger.verify import verify

pytestmark = pytest.mark.django_db


def told(made: World) -> tuple[dict[str, str], dict[str, bytes], list[tuple[object, ...]], list[str]]:
    events = list(Event.objects.values_list("sequence", "kind", "at", "actor", "role", "study", "site", "subject"))
    return made.arms, dict(stored_arms()), events, made.recorder.said["while the world was made"]


def test_the_same_acts_give_every_person_the_other_arm() -> None:
    with world() as made:
        arms, stored, events, said = told(made)
        assert verify() == []
    with world(everybody) as made:
        other_arms, other_stored, other_events, other_said = told(made)
        assert verify() == []
    assert set(arms) == set(other_arms)
    assert all(arms[key] != other_arms[key] for key in arms)
    assert all(stored[key] != other_stored[key] for key in stored)
    assert events == other_events
    assert said == other_said


def test_the_same_world_can_be_made_again() -> None:
    def everything() -> list[tuple[object, ...]]:
        with world(nobody) as made:
            return [*Event.objects.values_list(), *made.arms.items()]

    assert everything() == everything()


def test_the_arms_of_one_centre_can_be_exchanged() -> None:
    with world() as made:
        arms = made.arms
        here = {key for key in arms if made.place_of(key)[1] == HERE}
    with world(those_here) as made:
        assert {key for key in arms if made.arms[key] != arms[key]} == here
    assert any(key not in here for key in arms)
    assert MAIN
