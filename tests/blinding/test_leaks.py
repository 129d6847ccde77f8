"""The harness finds what it is there to find: each planted leak is caught, and without one nothing is."""

from __future__ import annotations

import pytest
from tests.blinding.compare import Difference, differences
from tests.blinding.crawl import Record, crawl
from tests.blinding.leaks import LEAKS, Leak
from tests.blinding.worlds import Swap, World, cast, everybody, nobody, world

pytestmark = pytest.mark.django_db

WHILE_LOOKING = tuple(leak for leak in LEAKS if not leak.in_drawing)
"""Leaks in what answers: planted one after the other in the same two worlds."""


def looked_at(made: World, who: str, pages: tuple[str, ...]) -> Record:
    return crawl(made, [member for member in cast() if member.name == who], only=pages)[0]


PLACES = sorted({(leak.who, tuple(sorted({*leak.pages} - {"planted"}))) for leak in WHILE_LOOKING})
"""Where leaks are planted, and by whom they would be seen."""


def in_one_world(swap: Swap) -> tuple[dict[str, Record], list[Record]]:
    """Return what is seen with each leak, and without any at the same places."""
    with world(swap) as made:
        leaking = {}
        for leak in WHILE_LOOKING:
            with leak.plant():
                leaking[leak.name] = looked_at(made, leak.who, leak.pages)
        return leaking, [looked_at(made, who, pages) for who, pages in PLACES]


def test_every_planted_leak_in_an_answer_is_caught_and_nothing_else_is() -> None:
    (one, clean), (other, as_clean) = in_one_world(nobody), in_one_world(everybody)

    found = {leak: differences(one[leak.name], other[leak.name], {leak.who}) for leak in WHILE_LOOKING}
    assert not [leak.name for leak, caught in found.items() if not _is_found(leak, caught)]
    others = [differences(*seen, {who}) for (who, _), *seen in zip(PLACES, clean, as_clean, strict=True)]
    assert not [str(each) for caught in others for each in caught]


@pytest.mark.parametrize("leak", [leak for leak in LEAKS if leak.in_drawing], ids=str)
def test_a_planted_leak_in_drawing_is_caught(leak: Leak) -> None:
    records = []
    for swap in (nobody, everybody):
        with leak.plant(), world(swap) as made:
            records.append(looked_at(made, leak.who, leak.pages))
    found = differences(*records, {leak.who})

    assert _is_found(leak, found), [str(one) for one in found]


def test_there_are_ten_or_more_and_each_is_another() -> None:
    assert len({leak.name for leak in LEAKS}) == len(LEAKS) >= 10


def _is_found(leak: Leak, found: list[Difference]) -> bool:
    return any(leak.where in one.where and one.one != one.other for one in found)
