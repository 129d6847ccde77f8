"""What leaving a study means: what ends, what goes on, and what happens to the data, by degree."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

Degree = Literal["treatment", "follow-up", "data"]
"""What someone leaves: the programme they were allocated to, the visits, or the use of their data."""


def may_be_treated(left: Collection[Degree]) -> bool:
    """Tell whether the study's programme may go on. Care outside the study always does."""
    return not {"treatment", "data"} & set(left)


def may_be_visited(left: Collection[Degree]) -> bool:
    """Tell whether the person may be asked to visits and forms. Who leaves the treatment is still followed."""
    return not {"follow-up", "data"} & set(left)


def may_data_be_used(left: Collection[Degree]) -> bool:
    """Tell whether what was collected may be analysed. Who leaves the follow-up leaves what they gave."""
    return "data" not in left
