"""A small hand for vector drawings: lines, boxes and real text, each text knowing how much room it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from imara.report import fonts

INK = "#1c2b2f"
QUIET = "#55656b"
RULE = "#c5d0d2"
PAPER = "#ffffff"
TINT = "#e6f0ee"
ACCENT = "#00594f"

LEADING = 1.3
"""Distance of baselines, as a share of the font size."""

Anchor = Literal["start", "middle", "end"]

# XML 1.0 has no place for these, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ASCENT, _DESCENT = 0.75, 0.22


@dataclass(frozen=True)
class Placed:
    """A text and the box it fills."""

    words: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Drawing:
    """A drawing under construction. Lengths are in CSS pixels at the drawing's natural size."""

    width: float
    height: float
    root: Element = field(default_factory=lambda: Element("g"))
    texts: list[Placed] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 14,
        weight: int = 400,
        anchor: Anchor = "start",
        fill: str = INK,
    ) -> Placed:
        """Set one line of text with its baseline at `y`, and return the room it takes."""
        words = _FORBIDDEN.sub("\ufffd", words)
        attributes = {"x": _number(x), "y": _number(y), "font-size": _number(size), "fill": fill}
        if weight != 400:
            attributes["font-weight"] = str(weight)
        if anchor != "start":
            attributes["text-anchor"] = anchor
        SubElement(self.root, "text", attributes).text = words
        wide = fonts.width(words, size, weight)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        placed = Placed(words, left, y - _ASCENT * size, left + wide, y + _DESCENT * size)
        self.texts.append(placed)
        return placed

    def paragraph(
        self,
        x: float,
        y: float,
        words: str,
        limit: float,
        *,
        size: float = 14,
        weight: int = 400,
        anchor: Anchor = "start",
        fill: str = INK,
    ) -> float:
        """Set a text in lines no wider than `limit`, the first baseline at `y`; return the next baseline."""
        for line in fonts.wrap(_FORBIDDEN.sub("\ufffd", words), limit, size, weight):
            self.text(x, y, line, size=size, weight=weight, anchor=anchor, fill=fill)
            y += size * LEADING
        return y

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        stroke: str = INK,
        width: float = 1.0,
        dash: str = "",
    ) -> None:
        """Draw a straight line."""
        self._add(
            "line",
            {"x1": _number(x1), "y1": _number(y1), "x2": _number(x2), "y2": _number(y2)},
            stroke=stroke,
            width=width,
            dash=dash,
        )

    def polyline(
        self,
        points: list[tuple[float, float]],
        *,
        stroke: str = INK,
        width: float = 1.0,
        dash: str = "",
    ) -> None:
        """Draw straight lines from point to point."""
        places = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self._add("polyline", {"points": places, "stroke-linejoin": "round"}, stroke=stroke, width=width, dash=dash)

    def polygon(
        self,
        points: list[tuple[float, float]],
        *,
        fill: str = INK,
        stroke: str = "none",
        width: float = 1.0,
    ) -> None:
        """Draw a closed shape."""
        places = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self._add("polygon", {"points": places}, fill=fill, stroke=stroke, width=width)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = PAPER,
        stroke: str = "none",
        radius: float = 0.0,
    ) -> None:
        """Draw a rectangle."""
        shape = {"x": _number(x), "y": _number(y), "width": _number(width), "height": _number(height)}
        if radius:
            shape["rx"] = _number(radius)
        self._add("rect", shape, fill=fill, stroke=stroke, width=1.2)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str = INK,
        stroke: str = "none",
        width: float = 1.0,
    ) -> None:
        """Draw a circle."""
        self._add(
            "circle", {"cx": _number(x), "cy": _number(y), "r": _number(radius)}, fill=fill, stroke=stroke, width=width
        )

    def arrow(self, points: list[tuple[float, float]], *, stroke: str = QUIET, width: float = 1.4) -> None:
        """Draw a line with right-angled turns that ends in an arrow head."""
        (x1, y1), (x2, y2) = points[-2], points[-1]
        reach = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
        ux, uy = (x2 - x1) / reach, (y2 - y1) / reach
        neck = (x2 - 7 * ux, y2 - 7 * uy)
        self.polyline([*points[:-1], neck], stroke=stroke, width=width)
        self.polygon(
            [(x2, y2), (neck[0] - 4 * uy, neck[1] + 4 * ux), (neck[0] + 4 * uy, neck[1] - 4 * ux)], fill=stroke
        )

    def _add(
        self,
        tag: str,
        shape: dict[str, str],
        *,
        fill: str = "none",
        stroke: str = "none",
        width: float = 1.0,
        dash: str = "",
    ) -> None:
        paint = {"fill": fill}
        if stroke != "none":
            paint |= {"stroke": stroke, "stroke-width": _number(width)}
        if dash:
            paint["stroke-dasharray"] = dash
        SubElement(self.root, tag, shape | paint)

    def svg(self, name: str, title: str, description: str, *, embed_fonts: bool, kind: str = "") -> str:
        """Return the drawing as an SVG element that a screen reader announces by title and description."""
        attributes = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_number(self.width)} {_number(self.height)}",
            "width": _number(self.width),
            "height": _number(self.height),
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": fonts.STACK,
        }
        if kind:
            attributes["class"] = kind
        root = Element("svg", attributes)
        SubElement(root, "title", {"id": f"{name}-title"}).text = _FORBIDDEN.sub("\ufffd", title)
        SubElement(root, "desc", {"id": f"{name}-desc"}).text = _FORBIDDEN.sub("\ufffd", description)
        if embed_fonts:
            words = "".join(text.words for text in self.texts)
            SubElement(root, "style").text = fonts.css(words, italic=False)
            SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": PAPER})
        root.extend(self.root)
        return tostring(root, encoding="unicode")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"
