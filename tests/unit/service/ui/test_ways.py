"""Navigation and charts."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from imara.service.ui.charts import Bar, bars
from imara.service.ui.navigation import Way, at_most_five, current

WAYS = (Way("Home", "/"), Way("People", "/people/"), Way("Ane", "/people/ane/"))


@pytest.mark.parametrize(
    ("path", "label"),
    [("/", "Home"), ("/people/", "People"), ("/people/bo/", "People"), ("/people/ane/x/", "Ane"), ("/else/", None)],
)
def test_the_way_one_is_on_is_the_closest(path, label):
    found = current(WAYS, path)
    assert (found.label if found else None) == label


def test_a_participant_has_at_most_five_choices():
    ways = tuple(Way(str(number), f"/{number}/") for number in range(6))
    assert at_most_five(ways[:5]) == ways[:5]
    with pytest.raises(ValueError, match="at most 5"):
        at_most_five(ways)


def test_bars_are_as_long_as_what_they_stand_for():
    chart = bars("c", "A has twice as many as B.", ("Centre", "People"), [Bar("A", 20), Bar("B", 10), Bar("C", 0)])
    lengths = [float(width) for width in re.findall(r'width="([\d.]+)"', chart.drawing)]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.11)
    assert lengths[2] == 0
    assert chart.rows == [("A", "20"), ("B", "10"), ("C", "0")]
    assert 'aria-labelledby="c-sentence"' in chart.drawing


def test_nothing_is_drawn_outside():
    chart = bars("c", "s", ("a", "b"), [Bar("A" * 20, 123456.5), Bar("B", 3)], decimals=1)
    view = [float(part) for part in re.search(r'viewBox="0 0 (\d+) (\d+)"', chart.drawing).groups()]
    for x, width in re.findall(r'<rect[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"', chart.drawing):
        assert float(x) + float(width) < view[0]


def test_numbers_are_written_as_the_language_does():
    with override("da"):
        assert bars("c", "s", ("a", "b"), [Bar("A", 2.5)], decimals=1).rows == [("A", "2,5")]


def test_names_are_texts():
    drawing = bars("c", "s", ("a", "b"), [Bar("<b>", 1)]).drawing
    assert "<b>" not in drawing
    assert "&lt;b&gt;" in drawing


def test_a_quantity_below_nothing_is_refused():
    with pytest.raises(ValueError, match="negative"):
        bars("c", "s", ("a", "b"), [Bar("A", -1)])


def test_no_quantities_and_nothing_but_zeros_draw():
    assert bars("c", "s", ("a", "b"), []).rows == []
    assert bars("c", "s", ("a", "b"), [Bar("A", 0)]).rows == [("A", "0")]
