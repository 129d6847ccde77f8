"""Tables whose order, page and filters stand in the address."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from imara.service.ui.tables import Column, Empty, Table, page_of, read_order

COLUMNS = (
    Column("name", "Name", sortable=True),
    Column("age", "Age", sortable=True, number=True),
    Column("note", "Note"),
)


def table(query="", rows=(("a", 1, ""),), **more):
    asked = QueryDict(query)
    return Table(
        "People", COLUMNS, rows, Empty("None", "Add one"), order=read_order(asked, COLUMNS), query=asked, **more
    )


@pytest.mark.parametrize(
    ("query", "sort", "descending", "page"),
    [
        ("", "", False, 1),
        ("sort=age", "age", False, 1),
        ("sort=-age&page=3", "age", True, 3),
        ("sort=note", "", False, 1),
        ("sort=password", "", False, 1),
        ("sort=--age", "", False, 1),
        ("page=0", "", False, 1),
        ("page=-1", "", False, 1),
        ("page=x", "", False, 1),
        ("page=٣", "", False, 1),
        ("page=99999999999999999999", "", False, 1),
    ],
)
def test_an_address_that_makes_no_sense_shows_the_table(query, sort, descending, page):
    order = read_order(QueryDict(query), COLUMNS)
    assert (order.sort, order.descending, order.page) == (sort, descending, page)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_stands_in_the_address_no_more_than_a_column_comes_out(sort, page):
    query = QueryDict(mutable=True)
    query["sort"], query["page"] = sort, page
    order = read_order(query, COLUMNS, "-age")
    assert order.sort in {"name", "age"}
    assert 1 <= order.page < 10**7
    assert order.field({"name": "given_name", "age": "years"}) in (
        ["given_name"],
        ["years"],
        ["-years"],
        ["-given_name"],
    )


def test_a_heading_sorts_and_the_next_time_turns_round():
    assert table().sort_address(COLUMNS[1]) == "?sort=age"
    assert table("sort=age").sort_address(COLUMNS[1]) == "?sort=-age"
    assert table("sort=-age").sort_address(COLUMNS[1]) == "?sort=age"


def test_sorting_keeps_the_filters_and_begins_at_the_first_page():
    assert table("state=due&page=4").sort_address(COLUMNS[0]) == "?state=due&sort=name"
    assert table("state=due&sort=age").page_address(2) == "?state=due&sort=age&page=2"
    assert table("state=due&page=2").page_address(1) == "?state=due"


def test_what_is_in_the_address_is_quoted():
    assert table("q=%22%3E%3Cb%3E").page_address(2) == "?q=%22%3E%3Cb%3E&page=2"


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (50, 1), (51, 2), (None, 1)])
def test_pages_are_counted(total, pages):
    assert table(total=total).number_of_pages == pages


def test_a_page_of_rows():
    assert page_of(list(range(120)), read_order(QueryDict("page=3"), COLUMNS)) == list(range(100, 120))
