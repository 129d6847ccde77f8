"""Whether consent holds: the last word of the person counts, on a version that is still good."""

from __future__ import annotations

from typing import Any

import pytest

from imara.rules.consent import Decision, Standing, standing
from imara.study.people import Consent as Plan
from imara.study.people import ConsentVersion

YES, NO = True, False
PLAN = Plan(versions={"1": ConsentVersion(), "2": ConsentVersion(reconsent=True), "3": ConsentVersion()}, guardian=True)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([], Standing.NOT_ASKED),
        ([("2", "participant", YES)], Standing.VALID),
        ([("3", "participant", YES)], Standing.VALID),
        ([("1", "participant", YES)], Standing.ASK_AGAIN),
        ([("2", "participant", YES), ("3", "participant", NO)], Standing.DECLINED),
        ([("3", "participant", NO), ("2", "participant", YES)], Standing.VALID),
        ([("3", "assent", YES)], Standing.GUARDIAN_MISSING),
        ([("3", "guardian", YES)], Standing.ASSENT_MISSING),
        ([("3", "guardian", NO)], Standing.DECLINED),
        ([("3", "guardian", YES), ("3", "assent", YES)], Standing.VALID),
        ([("1", "guardian", YES), ("3", "assent", YES)], Standing.ASK_AGAIN),
        ([("3", "guardian", YES), ("3", "assent", NO)], Standing.DECLINED),
        ([("3", "assent", YES), ("3", "guardian", NO)], Standing.DECLINED),
        ([("3", "guardian", NO), ("3", "participant", YES)], Standing.VALID),
        ([("gone", "participant", YES)], Standing.ASK_AGAIN),
    ],
)
def test_the_last_word_of_the_person_counts(decisions: list[tuple[str, Any, bool]], expected: Standing) -> None:
    assert standing(PLAN, [Decision(*decision) for decision in decisions]) is expected


def test_guardians_count_only_where_the_study_says_so() -> None:
    alone = PLAN.model_copy(update={"guardian": False})
    assert standing(alone, [Decision("3", "guardian", YES)]) is Standing.NOT_ASKED
    assert standing(None, [Decision("3", "participant", YES)]) is Standing.NO_PLAN
