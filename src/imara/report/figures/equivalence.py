"""Equivalence plot: the judged difference against the zone of differences too small to matter."""

from __future__ import annotations

from imara.analysis.result import Contrast, Equivalence, Estimate
from imara.report import fonts
from imara.report.drawing import ACCENT, INK, PAPER, QUIET, TINT, Drawing
from imara.report.figures import NARROW, WIDE, Figure
from imara.report.figures.axis import Scale, ticks
from imara.report.figures.forest import axis_below, side_words
from imara.report.figures.marks import Mark, marks
from imara.report.interpretation import short
from imara.report.view import View

Pair = tuple[Contrast, Equivalence]
"""A judged difference and what it rules out."""


def equivalence_figure(view: View, estimate: Estimate) -> Figure | None:
    """Draw an estimate's equivalence statements, a row each; nothing where it has none."""
    pairs = [
        (contrast, statement)
        for statement in estimate.equivalences
        for contrast in estimate.contrasts
        if (contrast.visit, contrast.arms) == (statement.visit, statement.arms)
    ]
    if not pairs:
        return None
    say, margin = view.words.say, view.numbers.plain(pairs[0][1].margin)
    said = [(view.names.when(contrast.visit), short(view, estimate, contrast)) for contrast, _ in pairs]
    finding = "; ".join(f"{when} {words}" if len(said) > 1 else words for when, words in said)
    level, level90 = view.numbers.level(view.confidence(estimate)), view.numbers.level(0.9)
    decimals = view.names.decimals(estimate.outcome)
    description = " ".join(
        say(
            "equivalence.description",
            when=view.names.when(contrast.visit),
            margin=margin,
            treatment=view.names.arm(contrast.arms[0]),
            reference=view.names.arm(contrast.arms[1]),
            estimate=view.numbers.fixed(contrast.estimate, decimals),
            level=level,
            level90=level90,
            interval=view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals),
            interval90=view.numbers.interval(statement.ci90_low, statement.ci90_high, decimals),
        )
        for contrast, statement in pairs
    )
    return Figure(
        name=f"equivalence-{estimate.id.replace('.', '-')}",
        title=f"{view.names.outcome(estimate.outcome)}: {finding}.",
        caption=say("equivalence.caption", margin=margin, level=level, level90=level90),
        description=description,
        wide=_draw(view, estimate, pairs, WIDE),
        narrow=_draw(view, estimate, pairs, NARROW),
    )


def _draw(view: View, estimate: Estimate, pairs: list[Pair], width: float) -> Drawing:
    narrow = width < WIDE
    size = 13.0 if narrow else 14.0
    left, right = (20.0, width - 20) if narrow else (60.0, width - 60)
    margin = pairs[0][1].margin
    reach = 1.12 * max(
        margin,
        *(
            abs(end)
            for contrast, statement in pairs
            for end in (contrast.ci_low, contrast.ci_high, statement.ci90_low, statement.ci90_high)
        ),
    )
    count = 5 if narrow else 8
    steps = [value for value in ticks(-reach, reach, count) if abs(value) <= reach + 1e-9]
    place = Scale(-reach, reach, left, right)
    drawing = Drawing(width, 10)
    zone = view.words.say("equivalence.zone", margin=view.numbers.plain(margin))
    room = min(right - left, max(place(margin) - place(-margin), 220.0))
    top = 8 + len(fonts.wrap(zone, room, size, 600)) * size * 1.3 + 6
    labels = [_label(view, estimate, contrast) for contrast, _ in pairs]
    heights = [62.0 + (len(fonts.wrap(label, right - left, size, 600)) - 0.3) * size * 1.3 for label in labels]
    floor = top + sum(heights) + 14
    drawing.box(place(-margin), top, place(margin) - place(-margin), floor - top, fill=TINT)
    drawing.paragraph(place(0), 6 + size, zone, room, size=size, weight=600, anchor="middle", fill=ACCENT)
    for end in (-margin, margin):
        drawing.line(place(end), top, place(end), floor, stroke=ACCENT, width=1.6, dash="6 3")
    drawing.line(place(0), top, place(0), floor, stroke=INK, width=1.2)
    looks = marks(view.arms, view.reference)
    y = top
    for pair, label, height in zip(pairs, labels, heights, strict=True):
        look = looks.get(pair[0].arms[0]) or next(iter(looks.values()))
        _row(drawing, pair, label, look, place, y + size + 8, size)
        y += height
    bottom = axis_below(drawing, view, place, steps, floor, (left, right), size)
    contrast = pairs[0][0]
    several = len({one.arms for one, _ in pairs}) > 1
    treatment = view.words.say("forest.named-arm") if several else view.names.arm(contrast.arms[0])
    reference = view.names.arm(contrast.arms[1])
    title = view.words.say(
        "equivalence.axis", outcome=view.names.outcome(estimate.outcome), treatment=treatment, reference=reference
    )
    bottom = (
        drawing.paragraph(
            (left + right) / 2, bottom + size * 1.25, title, right - left, size=size, anchor="middle", fill=QUIET
        )
        - size
    )
    outcome = view.outcome(estimate)
    turned = outcome is not None and outcome.better == "lower"
    sides = (reference, treatment) if turned else (treatment, reference)
    drawing.height = side_words(drawing, view, *sides, bottom, (2.0, width - 2), place(0), size)
    return drawing


def _label(view: View, estimate: Estimate, contrast: Contrast) -> str:
    decimals = view.names.decimals(estimate.outcome)
    when = view.names.when(contrast.visit)
    name = when[:1].upper() + when[1:]
    if len(view.folder.study.treatment_arms) > 1:
        name = f"{view.names.arm(contrast.arms[0])}, {when}"
    interval = view.numbers.interval(contrast.ci_low, contrast.ci_high, decimals)
    return f"{name}: {view.numbers.fixed(contrast.estimate, decimals)} ({interval})"


def _row(drawing: Drawing, pair: Pair, label: str, look: Mark, place: Scale, y: float, size: float) -> None:
    contrast, statement = pair
    lines = fonts.wrap(label, place.end - place.start, size, 600)
    half = max(fonts.width(line, size, 600) for line in lines) / 2
    centre = (contrast.ci_low + contrast.ci_high) / 2
    x = min(max(place(centre), place.start + half), place.end - half)
    # A little paper behind the words keeps the zero line from crossing them.
    drawing.box(x - half - 4, y - size * 0.85, 2 * half + 8, size * (1.3 * len(lines) - 0.1), fill=PAPER, radius=2)
    y = drawing.paragraph(x, y, label, place.end - place.start, size=size, weight=600, anchor="middle") + 6
    drawing.line(place(contrast.ci_low), y, place(contrast.ci_high), y, stroke=INK, width=1.6)
    for end in (contrast.ci_low, contrast.ci_high):
        drawing.line(place(end), y - 7, place(end), y + 7, stroke=INK, width=1.6)
    drawing.line(place(statement.ci90_low), y, place(statement.ci90_high), y, stroke=look.colour, width=7)
    look.draw(drawing, place(contrast.estimate), y, 6.5)
