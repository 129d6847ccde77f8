"""Figures: each says its finding in its title, and is drawn wide for a page and narrow for a phone."""

from __future__ import annotations

from dataclasses import dataclass

from imara.report.drawing import Drawing

WIDE, NARROW = 720.0, 344.0


@dataclass(frozen=True)
class Figure:
    """A finished figure."""

    name: str
    """File name without ending; also the root of its ids on a page."""
    title: str
    """What it shows to be so, in a sentence."""
    caption: str
    """How to read it."""
    description: str
    """What someone who cannot see it needs to know."""
    wide: Drawing
    narrow: Drawing

    def file(self) -> str:
        """Return the figure as an SVG file of its own, fonts inside."""
        return self.wide.svg(self.name, self.title, self.description, embed_fonts=True)

    def inline(self) -> tuple[str, str]:
        """Return the wide and the narrow drawing as SVG elements for a page."""
        return (
            self.wide.svg(self.name, self.title, self.description, embed_fonts=False, kind="wide"),
            self.narrow.svg(f"{self.name}-narrow", self.title, self.description, embed_fonts=False, kind="narrow"),
        )
