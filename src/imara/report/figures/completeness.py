"""Completeness: what share of each arm has each form at each visit."""

from __future__ import annotations

from imara.analysis.result import Completeness
from imara.report import fonts
from imara.report.drawing import INK, QUIET, RULE, Drawing
from imara.report.figures import NARROW, WIDE, Figure
from imara.report.figures.axis import Scale
from imara.report.figures.marks import Mark, marks
from imara.report.view import View

Panel = tuple[str, list[Completeness]]

_TALL, _SHORT = 150.0, 96.0


def completeness_figure(view: View) -> Figure | None:
    """Draw completeness of every form; nothing where none was planned."""
    panels = _panels(view)
    if not panels:
        return None
    lowest = min(
        (row for _, rows in panels for row in rows if row.allocated),
        default=None,
        key=lambda row: row.observed / row.allocated,
    )
    if lowest is None:
        return None
    title = view.words.say(
        "completeness.title",
        percent=view.numbers.percent(lowest.observed, lowest.allocated),
        form=view.names.form(lowest.form, lowest.score),
        arm=view.names.arm(lowest.arm),
        when=view.names.when(lowest.visit),
        observed=view.numbers.count(lowest.observed),
        allocated=view.numbers.count(lowest.allocated),
    )
    points = "; ".join(
        f"{name}, {view.names.when(row.visit)}, {view.names.arm(row.arm)}: {_share(view, row)}"
        for name, rows in panels
        for row in rows
    )
    return Figure(
        "completeness",
        title,
        view.words.say("completeness.caption"),
        view.words.say("completeness.description", points=points),
        _draw(view, panels, WIDE),
        _draw(view, panels, NARROW),
    )


def _panels(view: View) -> list[Panel]:
    """Group rows by form's score, in the order they come; visits and arms in the study's order."""
    groups: dict[tuple[str, str], list[Completeness]] = {}
    for row in view.result.completeness:
        groups.setdefault((row.form, row.score), []).append(row)
    visits = list(view.folder.study.visits)
    panels = []
    for (form, score), rows in groups.items():
        order = sorted(rows, key=lambda row: visits.index(row.visit) if row.visit in visits else 99)
        panels.append((view.names.form(form, score), order))
    return panels


def _share(view: View, row: Completeness) -> str:
    observed, allocated = view.numbers.count(row.observed), view.numbers.count(row.allocated)
    return view.words.say(
        "completeness.share",
        observed=observed,
        allocated=allocated,
        percent=view.numbers.percent(row.observed, row.allocated),
    )


def _draw(view: View, panels: list[Panel], width: float) -> Drawing:
    narrow = width < WIDE
    size = 13.0 if narrow else 14.0
    arms = [arm for arm in view.arms if any(row.arm == arm for _, rows in panels for row in rows)]
    arms += sorted({row.arm for _, rows in panels for row in rows} - set(arms))
    looks = marks(arms, view.reference)
    drawing = Drawing(width, 10)
    y = _legend(drawing, view, arms, width, size)
    columns = 1 if narrow or len(panels) == 1 else 3 if len(panels) > 4 else 2
    tall = _TALL if len(panels) <= 2 else _SHORT
    gutter = 18.0
    wide = (width - gutter * (columns - 1)) / columns
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        heads = [fonts.wrap(name, wide - 4, size, 600) for name, _ in row]
        below = y + max(len(lines) for lines in heads) * size * 1.3 + 8
        for column, (name, values) in enumerate(row):
            x = column * (wide + gutter)
            drawing.paragraph(x + 2, y + size, name, wide - 4, size=size, weight=600)
            _panel(drawing, view, values, arms, looks, (x, below, wide, tall), size, counted=len(panels) == 1)
        y = below + tall + size * 2.8 + (len(arms) * size * 1.5 if len(panels) == 1 else 0)
    drawing.height = y
    return drawing


def _legend(drawing: Drawing, view: View, arms: list[str], width: float, size: float) -> float:
    looks = marks(arms, view.reference)
    x, y = 2.0, size + 4
    for arm in arms:
        name = fonts.wrap(view.names.arm(arm), width - 50, size, 600)[0]
        reach = 44 + fonts.width(name, size, 600) + 26
        if x > 2 and x + reach > width:
            x, y = 2.0, y + size * 1.6
        looks[arm].sample(drawing, x, y - size * 0.34)
        drawing.text(x + 42, y, name, size=size, weight=600)
        x += reach
    return y + 14


def _panel(
    drawing: Drawing,
    view: View,
    rows: list[Completeness],
    arms: list[str],
    looks: dict[str, Mark],
    frame: tuple[float, float, float, float],
    size: float,
    *,
    counted: bool,
) -> None:
    x, top, wide, tall = frame
    small = size - 1
    room = fonts.width(view.numbers.percent(1, 1), small) + 8
    left, right = x + room, x + wide - 4
    place = Scale(0, 100, top + tall, top + 4)
    for tick in (0, 50, 100):
        drawing.line(left, place(tick), right, place(tick), stroke=INK if tick == 0 else RULE)
        drawing.text(
            left - 6, place(tick) + small * 0.34, view.numbers.percent(tick, 100), size=small, anchor="end", fill=QUIET
        )
    visits = list(dict.fromkeys(row.visit for row in rows))
    slot = (right - left) / len(visits)
    centre = {visit: left + slot * (index + 0.5) for index, visit in enumerate(visits)}
    for visit in visits:
        planned = view.folder.study.visits.get(visit)
        words = view.names.duration(planned.at) if planned else visit
        lines = fonts.wrap(words.replace("\u00a0", " "), slot - 2, small)
        for index, line in enumerate(lines[:2]):
            drawing.text(centre[visit], top + tall + small * (1.25 + 1.15 * index), line, size=small, anchor="middle")
    for position, arm in enumerate(arms):
        shift = (position - (len(arms) - 1) / 2) * min(12.0, slot / (len(arms) + 1))
        mine = [row for row in rows if row.arm == arm and row.allocated]
        points = [(centre[row.visit] + shift, place(100 * row.observed / row.allocated)) for row in mine]
        look = looks[arm]
        drawing.polyline(points, stroke=look.colour, width=2, dash=look.dash)
        for px, py in points:
            look.draw(drawing, px, py, 4.2)
    if counted:
        for position, arm in enumerate(arms):
            baseline = top + tall + small * 2.6 + (position + 1) * size * 1.5
            looks[arm].draw(drawing, x + 9, baseline - small * 0.34, 4.2)
            for row in (row for row in rows if row.arm == arm):
                words = f"{view.numbers.count(row.observed)}/{view.numbers.count(row.allocated)}"
                drawing.text(centre[row.visit], baseline, words, size=small, anchor="middle")
