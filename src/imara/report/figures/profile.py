"""Profile plot: estimated means with confidence intervals by arm over time, time drawn to scale."""

from __future__ import annotations

from dataclasses import dataclass

from imara.analysis.result import Estimate
from imara.report import fonts
from imara.report.drawing import INK, QUIET, RULE, Drawing
from imara.report.figures import NARROW, WIDE, Figure
from imara.report.figures.axis import Scale, spread, tick_decimals, ticks
from imara.report.figures.marks import marks
from imara.report.interpretation import change_in_words, difference_in_words
from imara.report.view import View


@dataclass(frozen=True)
class _Point:
    day: float
    visit: str
    value: float
    low: float | None
    high: float | None


def profile_figure(view: View, estimate: Estimate) -> Figure | None:
    """Draw one outcome over time; nothing where no mean could be estimated."""
    if not estimate.means:
        return None
    lines = {arm: _points(view, estimate, arm) for arm in view.arms}
    lines = {arm: points for arm, points in lines.items() if points}
    observed = any(point.low is None for points in lines.values() for point in points)
    words = view.words
    sentences = [change_in_words(view, estimate), *difference_in_words(view, estimate)]
    caption = words.say("profile.caption", level=view.numbers.level(view.confidence(estimate)))
    if observed:
        caption += " " + words.say("profile.caption-start")
    return Figure(
        name=f"profile-{estimate.id.replace('.', '-')}",
        title=" ".join(sentence for sentence in sentences if sentence),
        caption=caption,
        description=_description(view, estimate),
        wide=_draw(view, estimate, lines, WIDE),
        narrow=_draw(view, estimate, lines, NARROW),
    )


def _points(view: View, estimate: Estimate, arm: str) -> list[_Point]:
    visits = view.folder.study.visits
    points = [
        _Point(visits[mean.visit].at.days, mean.visit, mean.estimate, mean.ci_low, mean.ci_high)
        for mean in estimate.means
        if mean.arm == arm and mean.visit in visits
    ]
    baseline = view.folder.study.baseline
    start = view.observed(estimate.outcome, arm, baseline)
    if start is not None and start.mean is not None and all(point.visit != baseline for point in points):
        points.append(_Point(visits[baseline].at.days, baseline, start.mean, None, None))
    return sorted(points, key=lambda point: point.day)


def _description(view: View, estimate: Estimate) -> str:
    decimals = view.names.decimals(estimate.outcome)
    parts = [
        view.words.say(
            "profile.point",
            arm=view.names.arm(mean.arm),
            when=view.names.when(mean.visit),
            mean=view.numbers.fixed(mean.estimate, decimals),
            interval=view.numbers.interval(mean.ci_low, mean.ci_high, decimals),
        )
        for mean in estimate.means
    ]
    return view.words.say("profile.description", points="; ".join(parts))


def _draw(view: View, estimate: Estimate, lines: dict[str, list[_Point]], width: float) -> Drawing:
    narrow = width < WIDE
    size = 13.0 if narrow else 14.0
    names = {arm: view.names.arm(arm) for arm in lines}
    values = [
        value for points in lines.values() for p in points for value in (p.value, p.low, p.high) if value is not None
    ]
    steps = ticks(min(values), max(values), 5)
    decimals = tick_decimals(steps)
    labels = [view.numbers.fixed(value, decimals) for value in steps]
    left = max(fonts.width(label, size) for label in labels) + 14
    widest = max(fonts.width(name, size, 600) for name in names.values())
    label_room = min(widest + 16, 170.0)
    right = 14.0 if narrow else label_room
    legend_rows = len(lines) if narrow else 0
    title_lines = fonts.wrap(_axis_title(view, estimate), width - 4, size)
    top = 18 + len(title_lines) * size * 1.3 + legend_rows * 22
    height = top + (220 if narrow else 240) + 3 * size * 1.3 + 8 + (len(lines) + 1) * size * 1.45
    drawing = Drawing(width, height)
    y_place = Scale(steps[0], steps[-1], top + (220 if narrow else 240), top)
    drawing.paragraph(2, 16, _axis_title(view, estimate), width - 4, size=size, fill=QUIET)
    looks = marks(list(lines), _reference(view))
    if narrow:
        for row, arm in enumerate(lines):
            y = 16 + len(title_lines) * size * 1.3 + row * 22
            looks[arm].sample(drawing, 2, y - 4)
            drawing.text(44, y, _short(names[arm], width - 48, size), size=size, weight=600)

    days = sorted({point.day for points in lines.values() for point in points})
    if len(days) == 1:
        x_place = Scale(days[0] - 1, days[0] + 1, left, width - right)
    else:
        pad = 16.0
        x_place = Scale(days[0], days[-1], left + pad, width - right - pad)
    _grid(drawing, steps, labels, y_place, left, width - right, size)
    floor = y_place(steps[0])
    _time_axis(drawing, view, lines, days, x_place, floor, (left, width - right), size)
    for position, (arm, points) in enumerate(lines.items()):
        shift = (position - (len(lines) - 1) / 2) * (7 if narrow else 9)
        look = looks[arm]
        drawing.polyline(
            [(x_place(p.day) + shift, y_place(p.value)) for p in points], stroke=look.colour, width=2.2, dash=look.dash
        )
        for p in points:
            x = x_place(p.day) + shift
            if p.low is not None and p.high is not None:
                drawing.line(x, y_place(p.low), x, y_place(p.high), stroke=look.colour, width=1.6)
                for end in (p.low, p.high):
                    drawing.line(x - 3.5, y_place(end), x + 3.5, y_place(end), stroke=look.colour, width=1.6)
            look.draw(drawing, x, y_place(p.value), 4.6, hollow=p.low is None)
    if not narrow:
        _direct_labels(drawing, lines, names, y_place, x_place(days[-1]) + 26, (width, top, floor), size)
    _numbers_observed(drawing, view, estimate, lines, x_place, floor + 3 * size * 1.3 + 8, size)
    return drawing


def _reference(view: View) -> str | None:
    return next((key for key, arm in view.folder.study.arms.items() if arm.reference), None)


def _short(words: str, limit: float, size: float, weight: int = 600) -> str:
    lines = fonts.wrap(words, limit, size, weight)
    return lines[0] if len(lines) == 1 else f"{lines[0][:-1].rstrip()}\u2026"


def _axis_title(view: View, estimate: Estimate) -> str:
    outcome = view.outcome(estimate)
    score = view.names.outcome_score(outcome) if outcome else None
    better = view.words.say(f"better.{outcome.better}") if outcome else ""
    name = view.names.outcome(estimate.outcome)
    if score is None:
        return view.words.say("profile.axis", outcome=name, better=better)
    return view.words.say(
        "profile.axis-scored",
        outcome=name,
        better=better,
        minimum=view.numbers.plain(score.minimum),
        maximum=view.numbers.plain(score.maximum),
    )


def _grid(
    drawing: Drawing,
    steps: list[float],
    labels: list[str],
    place: Scale,
    left: float,
    right: float,
    size: float,
) -> None:
    for value, label in zip(steps, labels, strict=True):
        y = place(value)
        drawing.line(left, y, right, y, stroke=RULE, width=1)
        drawing.text(left - 7, y + size * 0.34, label, size=size, anchor="end", fill=QUIET)


def _time_axis(
    drawing: Drawing,
    view: View,
    lines: dict[str, list[_Point]],
    days: list[float],
    place: Scale,
    floor: float,
    ends: tuple[float, float],
    size: float,
) -> None:
    visits = {point.day: point.visit for points in lines.values() for point in points}
    unit = view.folder.study.visits[visits[days[-1]]].at.unit
    drawing.line(ends[0], floor, ends[1], floor, stroke=INK, width=1.2)
    taken = -1e9
    for day in days:
        x = place(day)
        at = view.folder.study.visits[visits[day]].at
        label = view.numbers.plain(at.amount) if at.unit == unit or at.amount == 0 else view.names.duration(at)
        drawing.line(x, floor, x, floor + 5, stroke=INK, width=1.2)
        half = fonts.width(label, size) / 2
        if x - half > taken + 3:
            drawing.text(x, floor + 6 + size, label, size=size, anchor="middle")
            taken = x + half
    drawing.text(
        (ends[0] + ends[1]) / 2,
        floor + 8 + size * 2.2,
        view.words.say(f"profile.time.{unit}"),
        size=size,
        anchor="middle",
        fill=QUIET,
    )


def _direct_labels(
    drawing: Drawing,
    lines: dict[str, list[_Point]],
    names: dict[str, str],
    place: Scale,
    x: float,
    ends: tuple[float, float, float],
    size: float,
) -> None:
    width, top, floor = ends
    wrapped = {arm: fonts.wrap(names[arm], width - x - 2, size, 600) for arm in lines}
    gap = max(len(rows) for rows in wrapped.values()) * size * 1.2 + 4
    places = spread([place(points[-1].value) for points in lines.values()], gap, top, floor)
    for rows, y in zip(wrapped.values(), places, strict=True):
        first = y + size * 0.34 - (len(rows) - 1) * size * 0.6
        for row, words in enumerate(rows):
            drawing.text(x, first + row * size * 1.2, words, size=size, weight=600)


def _numbers_observed(
    drawing: Drawing,
    view: View,
    estimate: Estimate,
    lines: dict[str, list[_Point]],
    place: Scale,
    y: float,
    size: float,
) -> None:
    drawing.text(2, y, view.words.say("profile.observed"), size=size, fill=QUIET)
    looks = marks(list(lines), _reference(view))
    for row, (arm, points) in enumerate(lines.items()):
        baseline = y + (row + 1) * size * 1.45
        looks[arm].draw(drawing, 9, baseline - size * 0.33, 4.2)
        for point in points:
            seen = view.observed(estimate.outcome, arm, point.visit)
            words = view.numbers.count(seen.n if seen else None)
            drawing.text(place(point.day), baseline, words, size=size, anchor="middle")
