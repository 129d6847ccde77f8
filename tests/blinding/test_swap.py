"""With every arm exchanged, nobody who is blinded sees a byte that differs."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.blinding.compare import differences, report
from tests.blinding.crawl import Record, crawl
from tests.blinding.worlds import (
    MAIN,
    OTHER,
    THERE,
    Member,
    Swap,
    cast,
    everybody,
    nobody,
    one_of_each,
    those_here,
    world,
)

from imara.service.people.blinding import Standing, blinded
from imara.service.studies.queries import standing

pytestmark = pytest.mark.django_db


def blind_members(locked: bool = False) -> set[str]:
    """Return the names of those who must not learn an arm; strangers among them."""
    found = set()
    for member in cast():
        if member.role is None:
            found.add(member.name)
            continue
        studies = [member.study] if member.study else [MAIN, OTHER]
        stands = [standing(study) for study in studies]
        blind = [member.role in blinded(Standing(one.blinding, locked)) for one in stands if one is not None]
        if blind and all(blind):
            found.add(member.name)
    return found


def seen_in(swap: Swap, members: Iterable[Member], *, thorough: bool = False) -> tuple[Record, list[str], set[str]]:
    with world(swap) as made:
        record, failed = crawl(made, members, thorough=thorough)
        return record, failed, blind_members()


# A few at a time, so that several processes can share the work; who is named first is blinded or is not.
PARTS = [one_of_each()[start::7] for start in range(7)]


def test_who_rates_is_blinded_and_who_allocates_is_not() -> None:
    with world():
        blind = blind_members()
    assert {f"assessor in {MAIN}", f"statistician in {OTHER}", f"practitioner in {OTHER}", "stranger"} <= blind
    assert not {f"coordinator in {MAIN}", f"coordinator at {THERE}"} & blind


@pytest.mark.parametrize("members", PARTS, ids=lambda members: str(members[0]))
def test_everyone_blinded_sees_the_same(members: tuple[Member, ...]) -> None:
    one, failed, blind = seen_in(nobody, members)
    other, _, _ = seen_in(everybody, members)

    assert failed == []
    found = differences(one, other, blind)
    assert not found, report(found)


def test_a_centre_learns_nothing_of_the_arms_of_another() -> None:
    members = tuple(member for member in cast() if member.site == THERE)
    one, _, _ = seen_in(nobody, members)
    other, _, _ = seen_in(those_here, members)

    assert members
    found = differences(one, other, {member.name for member in members})
    assert not found, report(found)
