"""Our colours on their grounds, by the formula of WCAG 2.2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PALETTE = Path(__file__).resolve().parents[4] / "src/imara/service/ui/styles/_palette.scss"
COLOURS = dict(re.findall(r"^\$([\w-]+): (#[0-9a-f]{6});$", PALETTE.read_text(encoding="utf-8"), re.MULTILINE))

# Text, and what must be seen beside its surroundings: borders of fields, focus, bars.
TEXT = [
    ("ink", "paper"), ("ink", "page"), ("ink", "tint"), ("ink", "caution"), ("ink", "focus"),
    ("quiet", "paper"), ("quiet", "page"), ("quiet", "tint"),
    ("teal", "paper"), ("teal", "page"), ("teal", "tint"), ("teal-deep", "paper"), ("teal-deep", "tint"),
    ("teal-deep", "tint-deep"), ("visited", "page"), ("visited", "paper"), ("visited", "tint"),
    ("paper", "teal"), ("paper", "teal-deep"), ("paper", "teal-button"), ("paper", "error"), ("paper", "success"),
    ("error", "paper"), ("error", "page"), ("success", "paper"),
]  # fmt: skip
SIGNS = [
    ("quiet", "paper"), ("edge", "paper"), ("edge", "page"), ("teal", "tint-deep"), ("teal", "page"),
    ("caution-edge", "caution"), ("caution-edge", "page"), ("success", "page"), ("error", "page"),
    # Focus is yellow with a dark edge: one of the two stands out on every ground.
    ("ink", "page"), ("ink", "paper"), ("focus", "teal"), ("focus", "teal-deep"), ("focus", "ink"),
]  # fmt: skip


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text, ground):
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_signs_can_be_seen(sign, ground):
    assert contrast(COLOURS[sign], COLOURS[ground]) >= 3


def test_every_colour_is_looked_at():
    # A rule between rows is decoration: nothing is lost where it is not seen.
    assert set(COLOURS) - {name for pair in TEXT + SIGNS for name in pair} == {"rule"}
