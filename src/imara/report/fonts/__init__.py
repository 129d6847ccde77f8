"""The typeface of every page and figure: its files, its CSS, and how wide a text set in it will be."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

FAMILY = "Source Sans 3"
STACK = f"'{FAMILY}', 'Open Sans Math', system-ui, 'Helvetica Neue', Arial, sans-serif"

_BREAKS = re.compile("[ \t\r\n]+")
"""Where a line may end: never at a no-break space."""

_WIDTH_OF_UNKNOWN = 0.62
"""Share of the font size assumed for a sign that no bundled file has: the browser takes it from elsewhere."""


@dataclass(frozen=True)
class Face:
    """One font file and the characters it is used for."""

    file: str
    family: str
    weight: int
    style: str
    ranges: tuple[tuple[int, int], ...]

    def covers(self, character: str) -> bool:
        """Say whether the file is the one used for a character."""
        code = ord(character)
        return any(low <= code <= high for low, high in self.ranges)


_LATIN = (
    (0x00, 0xFF),
    (0x131, 0x131),
    (0x152, 0x153),
    (0x2BB, 0x2BC),
    (0x2C6, 0x2C6),
    (0x2DA, 0x2DA),
    (0x2DC, 0x2DC),
    (0x304, 0x304),
    (0x308, 0x308),
    (0x329, 0x329),
    (0x2000, 0x206F),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2212, 0x2212),
    (0xFFFD, 0xFFFD),
)
_LATIN_EXTENDED = (
    (0x100, 0x130),
    (0x132, 0x151),
    (0x154, 0x2BA),
    (0x2BD, 0x2C5),
    (0x2C7, 0x2CC),
    (0x2CE, 0x2D7),
    (0x2DD, 0x2FF),
    (0x1D00, 0x1DBF),
    (0x1E00, 0x1E9F),
    (0x1EF2, 0x1EFF),
    (0x20A0, 0x20AB),
    (0x20AD, 0x20C0),
)
_GREEK = ((0x370, 0x377), (0x37A, 0x37F), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3FF))
_MATHS = ((0x2190, 0x2211), (0x2213, 0x22FF))

FACES = (
    Face("source-sans-3-latin-400-normal.woff2", FAMILY, 400, "normal", _LATIN),
    Face("source-sans-3-latin-600-normal.woff2", FAMILY, 600, "normal", _LATIN),
    Face("source-sans-3-latin-400-italic.woff2", FAMILY, 400, "italic", _LATIN),
    Face("source-sans-3-latin-ext-400-normal.woff2", FAMILY, 400, "normal", _LATIN_EXTENDED),
    Face("source-sans-3-latin-ext-600-normal.woff2", FAMILY, 600, "normal", _LATIN_EXTENDED),
    Face("source-sans-3-greek-400-normal.woff2", FAMILY, 400, "normal", _GREEK),
    Face("source-sans-3-greek-600-normal.woff2", FAMILY, 600, "normal", _GREEK),
    Face("open-sans-math-400-normal.woff2", "Open Sans Math", 400, "normal", _MATHS),
)


@cache
def _bytes(file: str) -> bytes:
    return files(__name__).joinpath(file).read_bytes()


@cache
def _advances(file: str) -> dict[int, float]:
    """Return code point to advance width, as a share of the font size."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # takes 80 ms to import: only when a figure is drawn

    with TTFont(BytesIO(_bytes(file)), lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"]
        return {code: metrics[glyph][0] / units for code, glyph in font.getBestCmap().items()}


@cache
def _advance(character: str, weight: int) -> float:
    for face in FACES:
        if face.style == "normal" and face.weight in (weight, 400) and face.covers(character):
            if face.weight != weight and face.family == FAMILY:
                continue
            width = _advances(face.file).get(ord(character))
            if width is not None:
                return width
    return _WIDTH_OF_UNKNOWN


def width(text: str, size: float, weight: int = 400) -> float:
    """Return how wide a text is, in the units of `size`. Kerning, which narrows a little, is left out."""
    return size * sum(_advance(character, weight) for character in text)


def wrap(text: str, limit: float, size: float, weight: int = 400) -> tuple[str, ...]:
    """Break a text into lines no wider than `limit`; a word that is wider by itself is broken inside."""
    lines: list[str] = []
    line = ""
    for word in _BREAKS.split(text.strip(" \t\r\n")):
        candidate = f"{line} {word}" if line else word
        if width(candidate, size, weight) <= limit:
            line = candidate
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, size, weight) > limit and len(line) > 1:
            cut = _longest_start(line, limit, size, weight)
            lines.append(line[:cut])
            line = line[cut:]
    return (*lines, line) if line else tuple(lines) or ("",)


def _longest_start(word: str, limit: float, size: float, weight: int) -> int:
    cut = 1
    while cut < len(word) - 1 and width(word[: cut + 1], size, weight) <= limit:
        cut += 1
    return cut


def css(text: str, *, italic: bool = True) -> str:
    """Return `@font-face` rules with the files inside, for those files only that a text needs."""
    characters = set(text)
    rules = []
    for face in FACES:
        if (face.style == "italic" and not italic) or not any(face.covers(one) for one in characters):
            continue
        data = b64encode(_bytes(face.file)).decode("ascii")
        ranges = ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in face.ranges)
        rules.append(
            f"@font-face{{font-family:'{face.family}';font-style:{face.style};font-weight:{face.weight};"
            f"src:url(data:font/woff2;base64,{data}) format('woff2');unicode-range:{ranges}}}"
        )
    return "\n".join(rules)
