"""From answers to scores: reversal, sums and means, missing items, for one person or half a million."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from imara.study.instrument import Instrument, Item, Score


def reverse(answer: pl.Expr, item: Item) -> pl.Expr:
    """Turn an answer round within the item's range, so that the lowest becomes the highest."""
    return item.minimum + item.maximum - answer


def items_of(instrument: Instrument, score: Score) -> tuple[Item, ...]:
    """Return the items a score is made of: those it names, or all of the instrument's."""
    if not score.items:
        return instrument.items
    return tuple(item for item in instrument.items if item.id in score.items)


def score_expressions(instrument: Instrument, column: Callable[[str], str] = lambda name: name) -> dict[str, pl.Expr]:
    """Return one expression a computed score; scores that are only entered have none.

    With answers `x` of the `k` items of a score, reversed where the item says so, and `a` of them answered:
    a sum is `sum(x) * k / a`, a mean `sum(x) / a`, and either is missing when more items are missing than the
    score's rule allows (none, unless it prorates). Where `a = k` the first is the plain sum.

    Args:
        instrument: Items, ranges and rules.
        column: From an item's name to the name of its column (numbers, null where missing).

    Returns:
        Score key to expression, Float64.

    Raises:
        ValueError: When a score prorates a sum over items with different ranges, whose mean says nothing.
    """
    computed = {key: score for key, score in instrument.scores.items() if score.method != "entered"}
    return {key: _expression(instrument, key, score, column).alias(key) for key, score in computed.items()}


def _expression(instrument: Instrument, key: str, score: Score, column: Callable[[str], str]) -> pl.Expr:
    items = items_of(instrument, score)
    allowed = score.missing.allowed if score.missing.rule == "prorate" else 0
    if not items:
        raise ValueError(f"score '{key}' of {instrument.instrument} has no items to compute it from")
    if allowed and len({(item.minimum, item.maximum) for item in items}) > 1:
        raise ValueError(f"score '{key}' of {instrument.instrument} prorates items with different ranges")
    answers = [pl.col(column(item.id)).cast(pl.Float64) for item in items]
    # Plain addition fuses into one pass and is several times faster than a horizontal fold.
    answered = _sum([answer.is_not_null().cast(pl.Float64) for answer in answers])
    towards = [reverse(x, item) if item.reverse else x for x, item in zip(answers, items, strict=True)]
    total = _sum([x.fill_null(0.0) for x in towards])
    number = float(len(items))
    value = total / answered if score.method == "mean" else total * number / answered
    # At least one answer, whatever the rule says: nothing can be said of a person who answered nothing.
    return pl.when(answered >= max(number - allowed, 1.0)).then(value)


def _sum(terms: list[pl.Expr]) -> pl.Expr:
    return reduce(add, terms)


def score_answers(
    answers: pl.DataFrame, instrument: Instrument, column: Callable[[str], str] = lambda name: name
) -> pl.DataFrame:
    """Score many responses at once.

    Args:
        answers: One row a response, one numeric column an item; null or NaN where missing.
        instrument: Items, ranges and rules.
        column: From an item's name to the name of its column.

    Returns:
        One row a response in the same order, one Float64 column a computed score, null where missing.

    Raises:
        ValueError: When a column is absent, or an answer is no whole number within its item's range.
    """
    absent = [column(item.id) for item in instrument.items if column(item.id) not in answers.columns]
    if absent:
        raise ValueError(f"no column for items of {instrument.instrument}: {', '.join(absent)}")
    known = answers.select(pl.col(column(item.id)).cast(pl.Float64).fill_nan(None) for item in instrument.items)
    _refuse_impossible(known, instrument, column)
    return known.select(**score_expressions(instrument, column))


def _refuse_impossible(answers: pl.DataFrame, instrument: Instrument, column: Callable[[str], str]) -> None:
    wrong = answers.select(
        (
            ~pl.col(column(item.id)).is_between(item.minimum, item.maximum)
            | (pl.col(column(item.id)).floor() != pl.col(column(item.id)))
        )
        .sum()
        .alias(item.id)
        for item in instrument.items
    ).row(0, named=True)
    faults = [
        f"{item.id} must be a whole number from {item.minimum} to {item.maximum} ({wrong[item.id]} are not)"
        for item in instrument.items
        if wrong[item.id]
    ]
    if faults:
        raise ValueError(f"answers to {instrument.instrument} out of range: " + "; ".join(faults))


def score_response(answers: Mapping[str, float | None], instrument: Instrument) -> dict[str, float | None]:
    """Score one response: item name to answer, an item left out being missing. Raises as `score_answers`."""
    unknown = sorted(set(answers) - {item.id for item in instrument.items})
    if unknown:
        raise ValueError(f"{instrument.instrument} has no item {', '.join(unknown)}")
    row = pl.DataFrame(
        {item.id: [answers.get(item.id)] for item in instrument.items},
        schema={item.id: pl.Float64 for item in instrument.items},
    )
    return score_answers(row, instrument).row(0, named=True)


def is_possible(value: float, score: Score) -> bool:
    """Return whether a score entered as it stands can occur: in range, and whole where it must be."""
    return score.minimum <= value <= score.maximum and (not score.whole or float(value).is_integer())


def answers_needing_attention(answers: Mapping[str, float | None], instrument: Instrument) -> tuple[str, ...]:
    """Return the items whose answer someone must look at once, in the instrument's order.

    This says which answer was given, never how ill the person is.
    """
    return tuple(
        item.id
        for item in instrument.items
        if item.alert is not None and (answer := answers.get(item.id)) is not None and answer >= item.alert
    )
