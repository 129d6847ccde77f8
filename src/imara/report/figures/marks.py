"""How arms are told apart: by shape, fill and line as well as by colour, so that grey print loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from imara.report.drawing import PAPER, Drawing

Shape = Literal["circle", "square", "triangle", "diamond", "wedge", "box"]


@dataclass(frozen=True)
class Mark:
    """The look of one arm."""

    shape: Shape
    filled: bool
    colour: str
    dash: str

    def draw(self, drawing: Drawing, x: float, y: float, size: float = 5.0, *, hollow: bool = False) -> None:
        """Put the mark at a point; `hollow` leaves it empty whatever its fill."""
        fill = self.colour if self.filled and not hollow else PAPER
        corners = {
            "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            "box": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            "triangle": [(0, -1.15), (1.1, 0.85), (-1.1, 0.85)],
            "wedge": [(0, 1.15), (1.1, -0.85), (-1.1, -0.85)],
            "diamond": [(0, -1.25), (1.15, 0), (0, 1.25), (-1.15, 0)],
        }
        if self.shape == "circle":
            drawing.circle(x, y, size, fill=fill, stroke=self.colour, width=1.8)
        else:
            points = [(x + size * a, y + size * b) for a, b in corners[self.shape]]
            drawing.polygon(points, fill=fill, stroke=self.colour, width=1.8)

    def sample(self, drawing: Drawing, x: float, y: float) -> None:
        """Draw a piece of the arm's line with its mark, 34 wide, starting at `x`."""
        drawing.line(x, y, x + 34, y, stroke=self.colour, width=2.2, dash=self.dash)
        self.draw(drawing, x + 17, y)


_REFERENCE = Mark("circle", filled=False, colour="#5f6f76", dash="7 4")
_TREATMENTS = (
    Mark("square", filled=True, colour="#00594f", dash=""),
    Mark("triangle", filled=True, colour="#8a4b08", dash="2 3"),
    Mark("diamond", filled=True, colour="#5a3e85", dash="10 3 2 3"),
    Mark("wedge", filled=False, colour="#96294a", dash="4 2"),
    Mark("box", filled=False, colour="#1f4e8c", dash="12 4"),
)


def marks(arms: Sequence[str], reference: str | None) -> dict[str, Mark]:
    """Give each arm its look; the reference is always the open circle on a dashed line."""
    looks: dict[str, Mark] = {}
    others = [arm for arm in arms if arm != reference]
    for position, arm in enumerate(others):
        looks[arm] = _TREATMENTS[position % len(_TREATMENTS)]
    if reference is not None:
        looks[reference] = _REFERENCE
    return looks
