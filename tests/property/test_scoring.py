"""Whatever the instrument and the answers: scores stay in range, follow the answers, and never invent."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imara.rules.scoring import is_possible, reverse, score_answers, score_expressions, score_response
from imara.study.instrument import Instrument, Item, Licence, MissingItems, Score
from imara.study.vocabulary import Text

Answers = dict[str, float | None]


def instrument_of(items: list[Item], *, method: str, missing: MissingItems, chosen: tuple[str, ...] = ()) -> Instrument:
    made_of = [item for item in items if item.id in chosen] or items
    low, high = sum(item.minimum for item in made_of), sum(item.maximum for item in made_of)
    share = len(made_of) if method == "mean" else 1
    score = Score.model_validate(
        {
            "label": "Invented", "method": method, "items": chosen, "whole": False, "missing": missing,
            "minimum": low / share, "maximum": high / share,
        }
    )  # fmt: skip
    return Instrument(
        instrument="invented", title=Text(en="Invented"), short="INV", family="clinical", respondent=("participant",),
        better="lower", items=tuple(items), scores={"total": score}, source=("Invented",),
        licence=Licence(status="public-domain", wording="may-ship", note=Text(en="Invented")),
    )  # fmt: skip


@st.composite
def instruments(draw: st.DrawFn, alike: bool | None = None) -> Instrument:
    count = draw(st.integers(1, 12))
    alike = draw(st.booleans()) if alike is None else alike
    ranges = st.tuples(st.integers(-3, 3), st.integers(1, 9))
    common = draw(ranges)
    items = []
    for number in range(1, count + 1):
        low, width = common if alike else draw(ranges)
        topic = Text(en=f"Topic {number}")
        item = Item(id=f"i{number}", topic=topic, minimum=low, maximum=low + width, reverse=draw(st.booleans()))
        items.append(item)
    if alike and draw(st.booleans()):
        missing = MissingItems(rule="prorate", allowed=draw(st.integers(0, count + 2)))
    else:
        missing = MissingItems(rule="forbid")
    chosen = tuple(item.id for item in items if draw(st.booleans())) if draw(st.booleans()) else ()
    return instrument_of(items, method=draw(st.sampled_from(["sum", "mean"])), missing=missing, chosen=chosen)


@st.composite
def responses(draw: st.DrawFn, instrument: Instrument, complete: bool = False) -> Answers:
    return {
        item.id: None
        if not complete and draw(st.integers(0, 4)) == 0
        else draw(st.integers(item.minimum, item.maximum))
        for item in instrument.items
    }


@st.composite
def cases(draw: st.DrawFn, complete: bool = False) -> tuple[Instrument, Answers]:
    instrument = draw(instruments())
    return instrument, draw(responses(instrument, complete))


def total(answers: Answers, instrument: Instrument) -> float | None:
    return score_response(answers, instrument)["total"]


def by_hand(answers: Answers, instrument: Instrument) -> float | None:
    """Score one response in exact fractions, written another way than the module does it."""
    score = instrument.scores["total"]
    items = [item for item in instrument.items if not score.items or item.id in score.items]
    values: list[Fraction] = []
    for item in items:
        answer = answers[item.id]
        if answer is not None:
            values.append(Fraction(item.maximum - (answer - item.minimum) if item.reverse else answer))
    gaps = len(items) - len(values)
    if not values or gaps > (score.missing.allowed if score.missing.rule == "prorate" else 0):
        return None
    mean = sum(values, Fraction(0)) / len(values)
    return float(mean * (len(items) if score.method == "sum" else 1))


@given(cases())
def test_scores_equal_those_computed_in_fractions(case: tuple[Instrument, Answers]) -> None:
    instrument, answers = case
    computed, expected = total(answers, instrument), by_hand(answers, instrument)
    assert (computed is None) == (expected is None)
    if computed is not None and expected is not None:
        assert math.isclose(computed, expected, rel_tol=1e-14, abs_tol=1e-13)


@given(cases())
def test_scores_stay_in_range(case: tuple[Instrument, Answers]) -> None:
    instrument, answers = case
    value = total(answers, instrument)
    score = instrument.scores["total"]
    if value is not None:
        assert score.minimum - 1e-12 <= value <= score.maximum + 1e-12


@given(st.data())
def test_a_higher_answer_never_lowers_the_score_unless_the_item_is_reversed(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    answers = data.draw(responses(instrument))
    item = data.draw(st.sampled_from(instrument.items))
    before = answers[item.id]
    assume(before is not None and before < item.maximum)
    assert before is not None
    low, high = total(answers, instrument), total({**answers, item.id: before + 1}, instrument)
    assert (low is None) == (high is None)
    if low is not None and high is not None:
        assert high <= low if item.reverse else high >= low


@given(st.integers(-5, 5), st.integers(1, 9), st.data())
def test_reversing_twice_changes_nothing(low: int, width: int, data: st.DataObject) -> None:
    item = Item(id="i1", topic=Text(en="Topic"), minimum=low, maximum=low + width, reverse=True)
    answer = data.draw(st.integers(low, low + width))
    frame = pl.DataFrame({"x": [float(answer)]})
    once = frame.select(x=reverse(pl.col("x"), item))
    assert low <= once.item() <= low + width
    assert once.select(reverse(pl.col("x"), item)).item() == answer


@given(cases(), st.randoms())
def test_order_of_items_does_not_matter(case: tuple[Instrument, Answers], random: object) -> None:
    instrument, answers = case
    items = list(instrument.items)
    random.shuffle(items)  # type: ignore[attr-defined]  # Hypothesis draws a random.Random
    shuffled = instrument.model_copy(update={"items": tuple(items)})
    first, second = total(answers, instrument), total(answers, shuffled)
    assert first == second


@given(cases(complete=True))
def test_prorating_changes_nothing_when_nothing_is_missing(case: tuple[Instrument, Answers]) -> None:
    instrument, answers = case
    score = instrument.scores["total"].model_copy(update={"missing": MissingItems(rule="forbid")})
    strict = instrument.model_copy(update={"scores": {"total": score}})
    assert total(answers, instrument) == total(answers, strict)


@given(st.integers(2, 12), st.data())
def test_one_missing_item_more_than_allowed_and_there_is_no_score(count: int, data: st.DataObject) -> None:
    allowed = data.draw(st.integers(0, count - 1))
    items = [Item(id=f"i{n}", topic=Text(en=f"Topic {n}"), minimum=0, maximum=4) for n in range(1, count + 1)]
    rule = MissingItems(rule="prorate", allowed=allowed)
    instrument = instrument_of(items, method="sum", missing=rule)
    gone = data.draw(st.permutations([item.id for item in items]))
    answers: Answers = {item.id: 2 for item in items}
    answers.update(dict.fromkeys(gone[:allowed]))
    assert total(answers, instrument) == 2 * count
    answers[gone[allowed]] = None
    assert total(answers, instrument) is None


@given(instruments())
def test_no_answers_no_score(instrument: Instrument) -> None:
    assert total({}, instrument) is None


@given(instruments(), st.data())
def test_many_responses_score_as_each_alone(instrument: Instrument, data: st.DataObject) -> None:
    people = data.draw(st.lists(responses(instrument), min_size=1, max_size=5))
    schema = {f"form.{item.id}": pl.Float64 for item in instrument.items}
    rows = [{f"form.{name}": value for name, value in person.items()} for person in people]
    frame = pl.DataFrame(rows, schema=schema)
    together = score_answers(frame, instrument, column=lambda name: f"form.{name}")["total"].to_list()
    assert together == [total(person, instrument) for person in people]


@given(cases(), st.data())
def test_answers_out_of_range_are_refused(case: tuple[Instrument, Answers], data: st.DataObject) -> None:
    instrument, answers = case
    item = data.draw(st.sampled_from(instrument.items))
    wrong = data.draw(st.sampled_from([item.minimum - 1, item.maximum + 1, item.minimum + 0.5, math.inf, -math.inf]))
    with pytest.raises(ValueError, match=f"{item.id} must be a whole number"):
        score_response({**answers, item.id: wrong}, instrument)


def test_nan_counts_as_missing() -> None:
    items = [Item(id=f"i{n}", topic=Text(en=f"Topic {n}"), minimum=0, maximum=4) for n in (1, 2)]
    instrument = instrument_of(items, method="sum", missing=MissingItems(rule="forbid"))
    frame = pl.from_numpy(np.array([[1.0, 2.0], [np.nan, 2.0]]), schema=["i1", "i2"])
    assert score_answers(frame, instrument)["total"].to_list() == [3.0, None]


def test_whole_number_columns_are_welcome() -> None:
    items = [Item(id=f"i{n}", topic=Text(en=f"Topic {n}"), minimum=0, maximum=4) for n in (1, 2)]
    instrument = instrument_of(items, method="mean", missing=MissingItems(rule="forbid"))
    frame = pl.DataFrame({"i1": [1, None], "i2": [2, 2]}, schema={"i1": pl.UInt8, "i2": pl.Int64})
    assert score_answers(frame, instrument)["total"].to_list() == [1.5, None]


def test_prorating_items_with_different_ranges_is_refused() -> None:
    items = [
        Item(id="i1", topic=Text(en="Topic"), minimum=0, maximum=4),
        Item(id="i2", topic=Text(en="Other topic"), minimum=0, maximum=2),
    ]
    instrument = instrument_of(items, method="sum", missing=MissingItems(rule="prorate", allowed=1))
    with pytest.raises(ValueError, match="different ranges"):
        score_expressions(instrument)


def test_unknown_items_and_absent_columns_are_refused() -> None:
    items = [Item(id="i1", topic=Text(en="Topic"), minimum=0, maximum=4)]
    instrument = instrument_of(items, method="sum", missing=MissingItems(rule="forbid"))
    with pytest.raises(ValueError, match="no item i2"):
        score_response({"i2": 1}, instrument)
    with pytest.raises(ValueError, match=r"no column for items of invented: form\.i1"):
        score_answers(pl.DataFrame({"i1": [1.0]}), instrument, column=lambda name: f"form.{name}")


def test_entered_scores_are_not_computed_only_checked() -> None:
    score = Score(label=Text(en="Entered"), method="entered", minimum=1, maximum=5, whole=False)
    assert is_possible(1.5, score)
    assert not is_possible(0.9, score)
    assert not is_possible(math.nan, score)
    assert not is_possible(2.5, score.model_copy(update={"whole": True}))
    items = [Item(id="i1", topic=Text(en="Topic"), minimum=0, maximum=4)]
    instrument = instrument_of(items, method="sum", missing=MissingItems(rule="forbid"))
    assert score_expressions(instrument.model_copy(update={"scores": {"total": score}})) == {}
