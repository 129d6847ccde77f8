"""Charts drawn on the server: a sentence that says what they show, a drawing, and the figures in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 640
LEFT = 8
LINE = 44


@dataclass(frozen=True)
class Chart:
    """A drawing with what it says in a sentence and its figures in a table."""

    id: str
    sentence: str
    """What the drawing shows, in one plain sentence, read before it."""
    drawing: SafeString
    headings: tuple[str, ...]
    """Of the table's columns."""
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Bar:
    """One quantity by its name."""

    label: str
    value: float
    second: bool = False
    """Whether it is drawn light with an edge: told apart by shape of grey, not by colour alone."""


def bars(id: str, sentence: str, headings: tuple[str, str], quantities: Sequence[Bar], decimals: int = 0) -> Chart:  # noqa: A002
    """Draw quantities as bars lying below each other, each with its name above it and its number after it.

    Lying bars read on a telephone: names have the whole width.

    Raises:
        ValueError: a quantity is negative.
    """
    if any(quantity.value < 0 for quantity in quantities):
        raise ValueError("a bar's length cannot be negative")
    numbers = [formats.number_format(quantity.value, decimals) for quantity in quantities]
    most = max([quantity.value for quantity in quantities], default=0) or 1
    room = WIDTH - LEFT - 12 - 11 * max([len(number) for number in numbers], default=0)
    height = LINE * len(quantities) + 8
    parts = format_html_join(
        "",
        '<text class="imara-chart__text" x="{}" y="{}">{}</text>'
        '<rect class="imara-chart__bar{}" x="{}" y="{}" width="{}" height="16" rx="2"></rect>'
        '<text class="imara-chart__text" x="{}" y="{}">{}</text>',
        (
            (
                LEFT,
                LINE * index + 16,
                quantity.label,
                " imara-chart__bar--second" if quantity.second else "",
                LEFT,
                LINE * index + 22,
                f"{room * quantity.value / most:.1f}",
                f"{LEFT + room * quantity.value / most + 8:.1f}",
                LINE * index + 35,
                number,
            )
            for index, (quantity, number) in enumerate(zip(quantities, numbers, strict=True))
        ),
    )
    # The table below holds the same in words, so the drawing is one image to a screen reader.
    drawing = format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-sentence" focusable="false">'
        '<line class="imara-chart__axis" x1="{}" y1="0" x2="{}" y2="{}"></line>{}</svg>',
        WIDTH,
        height,
        id,
        LEFT,
        LEFT,
        height,
        parts,
    )
    rows = [(quantity.label, number) for quantity, number in zip(quantities, numbers, strict=True)]
    return Chart(id, sentence, drawing, headings, rows)
