"""What a page is made of: sections, and in them paragraphs, lists, figures and tables with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from imara.report.figures import Figure
from imara.report.tables import Table

Kind = Literal["paragraph", "heading", "bullets", "figure", "table", "terms", "callout", "note"]


@dataclass(frozen=True)
class Block:
    """One thing on the page; which fields are set depends on the kind."""

    kind: Kind
    words: str = ""
    items: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    figure: Figure | None = None
    table: Table | None = None
    number: int = 0
    name: str = ""
    language: str | None = None
    """Language of the words, where it is not the page's."""


@dataclass
class Section:
    """A section being filled."""

    name: str
    title: str
    counter: dict[str, int]
    blocks: list[Block] = field(default_factory=list)

    def paragraph(self, words: str) -> None:
        """Add a paragraph."""
        if words:
            self.blocks.append(Block("paragraph", words=words))

    def note(self, words: str) -> None:
        """Add a remark set apart from the text."""
        self.blocks.append(Block("note", words=words))

    def heading(self, words: str, name: str) -> None:
        """Begin a subsection."""
        self.blocks.append(Block("heading", words=words, name=name))

    def bullets(self, items: Sequence[str], language: str | None = None) -> None:
        """Add a list."""
        if items:
            self.blocks.append(Block("bullets", items=tuple(items), language=language))

    def terms(self, terms: Sequence[tuple[str, str]]) -> None:
        """Add terms with what they mean."""
        self.blocks.append(Block("terms", terms=tuple(terms)))

    def callout(self, words: str, items: Sequence[str] = ()) -> None:
        """Add the sentence that a reader in a hurry should take away."""
        self.blocks.append(Block("callout", words=words, items=tuple(items)))

    def figure(self, figure: Figure | None) -> None:
        """Add a figure, if there is one."""
        if figure is not None:
            self.blocks.append(Block("figure", figure=figure, number=self._next("figure")))

    def table(self, table: Table | None) -> None:
        """Add a table, if there is one."""
        if table is not None:
            self.blocks.append(Block("table", table=table, number=self._next("table")))

    def _next(self, kind: str) -> int:
        self.counter[kind] = self.counter.get(kind, 0) + 1
        return self.counter[kind]
