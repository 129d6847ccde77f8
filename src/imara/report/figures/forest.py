"""Forest plot: every outcome as a standardised effect, turned so that right is always good for people."""

from __future__ import annotations

from dataclasses import dataclass

from imara.analysis.result import Contrast, Estimate, StandardisedEffect
from imara.report import fonts
from imara.report.drawing import ACCENT, INK, QUIET, RULE, Drawing
from imara.report.figures import NARROW, WIDE, Figure
from imara.report.figures.axis import Scale, tick_decimals, ticks
from imara.report.figures.marks import Mark, marks
from imara.report.view import View

FAMILIES = ("clinical", "personal", "process")
_LABEL_ROOM = 236.0
_FEW_ROWS = 12


@dataclass(frozen=True)
class ForestRow:
    """One comparison on one outcome; effects are turned so that above zero is good for people."""

    family: str
    label: str
    arm: str
    effect: float
    low: float
    high: float
    margin: float | None
    """The smallest effect that matters, in standard deviations."""


def forest_rows(view: View) -> tuple[ForestRow, ...]:
    """Return the judged contrasts of all outcomes that have a better direction as standardised effects."""
    rows = []
    for family in FAMILIES:
        for estimate in filter(view.is_judged, view.family(family)):
            for contrast in (*view.judged(estimate), *view.also_judged(estimate)):
                effect = view.standardised(estimate, contrast)
                if effect is not None:
                    rows.append(_row(view, family, estimate, contrast, effect))
    return tuple(rows)


def _row(
    view: View,
    family: str,
    estimate: Estimate,
    contrast: Contrast,
    effect: StandardisedEffect,
) -> ForestRow:
    outcome = view.folder.study.outcomes[estimate.outcome]
    label = f"{view.names.outcome(estimate.outcome)}, {view.names.when(contrast.visit)}"
    if len(view.folder.study.treatment_arms) > 1:
        label += f": {view.names.arm(contrast.arms[0])}"
    turn = -1.0 if outcome.better == "lower" else 1.0
    low, high = sorted((turn * effect.ci_low, turn * effect.ci_high))
    margin = outcome.smallest_effect / effect.sd if outcome.smallest_effect and effect.sd > 0 else None
    return ForestRow(family, label, contrast.arms[0], turn * effect.estimate, low, high, margin)


def forest_figure(view: View) -> Figure | None:
    """Draw the forest plot; nothing where no effect was standardised."""
    rows = forest_rows(view)
    if not rows:
        return None
    words = view.words
    better = sum(row.low > 0 for row in rows)
    worse = sum(row.high < 0 for row in rows)
    treatment, reference = _sides(view)
    if len(rows) == 1:
        title = words.say(
            f"forest.title-one.{'better' if better else 'worse' if worse else 'open'}",
            treatment=treatment,
            reference=reference,
        )
    elif not better and not worse:
        title = words.say("forest.title-none", count=view.numbers.count(len(rows)))
    else:
        title = words.say(
            "forest.title-many",
            count=view.numbers.count(len(rows)),
            better=view.numbers.count(better),
            worse=view.numbers.count(worse),
            treatment=treatment,
            reference=reference,
            open=view.numbers.count(len(rows) - better - worse),
        )
    points = "; ".join(f"{row.label}: {_value(view, row)}" for row in rows)
    caption = words.say("forest.caption", treatment=treatment)
    if any(row.margin is not None for row in rows):
        caption += " " + words.say("forest.caption-margin")
    if not all(view.is_judged(estimate) for estimate in view.main_estimates):
        caption += " " + words.say("forest.caption-unjudged")
    return Figure(
        "forest",
        title,
        caption,
        words.say("forest.description", points=points, treatment=treatment),
        _draw(view, rows, WIDE),
        _draw(view, rows, NARROW),
    )


def _sides(view: View) -> tuple[str, str]:
    study = view.folder.study
    arms = study.treatment_arms
    treatment = view.names.arm(arms[0]) if len(arms) == 1 else view.words.say("forest.named-arm")
    return treatment, view.reference_name


def _value(view: View, row: ForestRow) -> str:
    return f"{view.numbers.fixed(row.effect, 2)} ({view.numbers.interval(row.low, row.high, 2)})"


def _draw(view: View, rows: tuple[ForestRow, ...], width: float) -> Drawing:
    narrow = width < WIDE
    size = 13.0 if narrow else 14.0
    value_room = max(fonts.width(_value(view, row), size) for row in rows) + 12
    left, right = (20.0, width - 20) if narrow else (_LABEL_ROOM + 10, width - value_room - 10)
    reach = max(0.25, *(max(abs(row.low), abs(row.high), row.margin or 0) for row in rows))
    steps = ticks(-reach, reach, 4 if narrow else 6)
    place = Scale(steps[0], steps[-1], left, right)
    drawing = Drawing(width, 10)
    placed, floor = _labels(drawing, view, rows, size)
    if not narrow:
        drawing.line(place(0), placed[0][0] - 14, place(0), floor, stroke=INK, width=1.2)
    looks = marks(view.arms, view.reference)
    for middle, row in placed:
        if narrow:
            drawing.line(left, middle, right, middle, stroke=RULE)
            drawing.line(place(0), middle - 9, place(0), middle + 9, stroke=INK, width=1.2)
        _effect(drawing, row, looks[row.arm], place, middle)
    bottom = axis_below(drawing, view, place, steps, floor, (left, right), size)
    ends = (2.0, width - 2) if narrow else (left - 60, right + 60)
    drawing.height = side_words(drawing, view, *_sides(view), bottom, ends, place(0), size)
    return drawing


def _labels(
    drawing: Drawing, view: View, rows: tuple[ForestRow, ...], size: float
) -> tuple[list[tuple[float, ForestRow]], float]:
    """Write families, outcomes and numbers; return the height of each row's line, and the height below all."""
    narrow = drawing.width < WIDE
    y, placed = 8.0, []
    for family in FAMILIES:
        group = [row for row in rows if row.family == family]
        if not group:
            continue
        y += size * 1.1
        drawing.text(2, y, view.words.say(f"family.{family}"), size=size + 1, weight=600, fill=ACCENT)
        y += size * 0.6
        for row in group:
            if narrow:
                y = drawing.paragraph(2, y + size * 1.3, row.label, drawing.width - 4, size=size)
                drawing.text(drawing.width - 2, y, _value(view, row), size=size, anchor="end", fill=QUIET)
                placed.append((y + 16, row))
                y += 30
            else:
                lines = fonts.wrap(row.label, _LABEL_ROOM - 6, size)
                tall = len(lines) * size * 1.3 + (12 if len(rows) <= _FEW_ROWS else 6)
                middle = y + tall / 2
                first = middle + size * 0.34 - (len(lines) - 1) / 2 * size * 1.3
                drawing.paragraph(2, first, row.label, _LABEL_ROOM - 6, size=size)
                drawing.text(drawing.width - 2, middle + size * 0.34, _value(view, row), size=size, anchor="end")
                placed.append((middle, row))
                y += tall
        y += 6
    return placed, y + 4


def _effect(drawing: Drawing, row: ForestRow, look: Mark, place: Scale, y: float) -> None:
    for side in (-1, 1):
        if row.margin is not None:
            x = place(side * row.margin)
            drawing.line(x, y - 10, x, y + 10, stroke=ACCENT, width=1.5, dash="3 2")
    drawing.line(place(row.low), y, place(row.high), y, stroke=look.colour, width=2)
    for end in (row.low, row.high):
        drawing.line(place(end), y - 4, place(end), y + 4, stroke=look.colour, width=2)
    look.draw(drawing, place(row.effect), y, 5)


def axis_below(
    drawing: Drawing,
    view: View,
    place: Scale,
    steps: list[float],
    floor: float,
    ends: tuple[float, float],
    size: float,
) -> float:
    """Draw an axis of differences; return the place below it."""
    drawing.line(ends[0], floor, ends[1], floor, stroke=INK, width=1.2)
    decimals = tick_decimals(steps)
    for value in steps:
        drawing.line(place(value), floor, place(value), floor + 5, stroke=INK, width=1.2)
        drawing.text(place(value), floor + 6 + size, view.numbers.fixed(value, decimals), size=size, anchor="middle")
    return floor + 6 + size * 1.3


def side_words(
    drawing: Drawing,
    view: View,
    right_arm: str,
    left_arm: str,
    y: float,
    ends: tuple[float, float],
    zero: float,
    size: float,
) -> float:
    """Say under an axis which arm each side is better for, with arrows; return the height needed."""
    y += 14
    reach = min(zero - ends[0], ends[1] - zero)
    drawing.arrow([(zero + 10, y), (zero + reach - 4, y)], stroke=ACCENT)
    drawing.arrow([(zero - 10, y), (zero - reach + 4, y)], stroke=ACCENT)
    y += size * 1.35
    bottoms = [
        drawing.paragraph(
            zero + 10,
            y,
            view.words.say("side.better-with", arm=right_arm),
            ends[1] - zero - 12,
            size=size,
            weight=600,
            fill=ACCENT,
        ),
        drawing.paragraph(
            zero - 10,
            y,
            view.words.say("side.better-with", arm=left_arm),
            zero - ends[0] - 12,
            size=size,
            weight=600,
            anchor="end",
            fill=ACCENT,
        ),
    ]
    return max(bottoms) - size * 1.3 + 10
