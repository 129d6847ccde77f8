"""Tables of staff pages: sorting, pages and filters live in the address, so that a view can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

PER_PAGE = 50


@dataclass(frozen=True)
class Column:
    """A column and its heading."""

    key: str
    """Names the column in the address; letters, digits and hyphens."""
    heading: str
    sortable: bool = False
    number: bool = False
    """Whether it holds numbers, which stand to the right."""


@dataclass(frozen=True)
class Cell:
    """What stands in a table: a text, a link, or a tag."""

    text: Any
    url: str = ""
    tag: str = ""
    """Colour of the tag, when it is one; the word says the same."""


@dataclass(frozen=True)
class Empty:
    """What to say where there is nothing yet: why, and what to do."""

    heading: str
    text: str
    url: str = ""
    label: str = ""
    """What the link to the next step says."""


@dataclass(frozen=True)
class Order:
    """What the address asks of a table."""

    sort: str
    """Key of the column; empty for the order in which rows come."""
    descending: bool = False
    page: int = 1

    def field(self, fields: dict[str, str]) -> list[str]:
        """Return arguments of Django's order_by: `fields` maps keys of columns to model fields."""
        name = fields.get(self.sort)
        return [f"-{name}" if self.descending else name] if name else []


def read_order(query: QueryDict, columns: Sequence[Column], default: str = "") -> Order:
    """Read from an address how a table is to be sorted and which page is wanted.

    What makes no sense is left out: an old or mistyped address shows the table and no error. No part of the address
    reaches the database: a column is found by its key or not at all.

    Args:
        query: The request's GET.
        columns: Those of the table; only sortable ones can be asked for.
        default: Key of the column that sorts when nothing is asked, with a hyphen before it for descending.
    """
    keys = {column.key for column in columns if column.sortable}
    asked = query.get("sort", "")
    name = asked if asked.removeprefix("-") in keys else default
    text = query.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return Order(name.removeprefix("-"), name.startswith("-"), max(page, 1))


@dataclass(frozen=True)
class Table:
    """A table as it is shown: one page of rows in one order."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    """Texts, numbers or cells; the first of each row is its heading."""
    empty: Empty
    id: str = "table"
    order: Order = field(default_factory=lambda: Order(""))
    query: QueryDict = field(default_factory=QueryDict)
    """The request's GET: filters stay as they are when the order changes."""
    total: int | None = None
    """How many rows there are on all pages; None when all are shown."""
    per_page: int = PER_PAGE

    @property
    def number_of_pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-(self.total if self.total is not None else len(self.rows)) // self.per_page))

    def address(self, **changes: str | None) -> str:
        """Return the query of this table with some of its parts changed, or left out where None."""
        query = self.query.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = value
        return "?" + query.urlencode()

    def sort_address(self, column: Column) -> str:
        """Return where a column's heading leads: sorted by it, and the other way round the next time."""
        turned = self.order.sort == column.key and not self.order.descending
        return self.address(sort=f"-{column.key}" if turned else column.key, page=None)

    def page_address(self, number: int) -> str:
        """Return where a page of this table is."""
        return self.address(page=str(number) if number > 1 else None)


def page_of(rows: Any, order: Order, per_page: int = PER_PAGE) -> Any:
    """Return the rows of one page of a list or a query."""
    start = (order.page - 1) * per_page
    return rows[start : start + per_page]
