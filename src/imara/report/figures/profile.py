"""Profile plot: estimated means with confidence intervals by arm over time, time drawn to scale."""

from __future__ import annotations

from dataclasses import dataclass

from imara.analysis.result import Estimate
from imara.report import fonts
from imara.report.drawing import INK, QUIET, RULE, Drawing
from imara.report.figures import NARROW, WIDE, Figure
from imara.report.figures.axis import Scale, spread, tick_decimals, ticks
from imara.report.figures.marks import Mark, marks
from imara.report.interpretation import change_in_words, difference_in_words
from imara.report.view import View

_LABEL_ROOM = 170.0


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
    title = " ".join(sentence for sentence in sentences if sentence)
    return Figure(
        name=f"profile-{estimate.id.replace('.', '-')}",
        title=title or words.say("profile.title", outcome=view.names.outcome(estimate.outcome)),
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
    labels = [view.numbers.fixed(value, tick_decimals(steps)) for value in steps]
    label_room = min(max(fonts.width(name, size, 600) for name in names.values()) + 16, _LABEL_ROOM)
    # Long names stand above the plot, where there is room for them.
    above = narrow or any(len(fonts.wrap(name, label_room - 14, size, 600)) > 3 for name in names.values())
    looks = marks(list(lines), view.reference)
    drawing = Drawing(width, 10)
    top = drawing.paragraph(2, 16, _axis_title(view, estimate), width - 4, size=size, fill=QUIET)
    if above:
        top = _legend(drawing, names, looks, top + 2, size)
    left = max(fonts.width(label, size) for label in labels) + 14
    right = width - (14.0 if above else label_room)
    floor = top + (220 if narrow else 240)
    y_place = Scale(steps[0], steps[-1], floor, top)
    days = sorted({point.day for points in lines.values() for point in points})
    ends = (days[0], days[-1]) if len(days) > 1 else (days[0] - 1, days[0] + 1)
    x_place = Scale(*ends, left + 16, right - 16)
    _grid(drawing, steps, labels, y_place, (left, right), size)
    _time_axis(drawing, view, lines, x_place, floor, (left, right), size)
    for position, (arm, points) in enumerate(lines.items()):
        shift = (position - (len(lines) - 1) / 2) * (7 if narrow else 9)
        _line(drawing, points, looks[arm], x_place, y_place, shift)
    if not above:
        last = [(arm, y_place(points[-1].value)) for arm, points in lines.items()]
        _direct_labels(drawing, [(names[arm], y) for arm, y in last], x_place(days[-1]) + 26, (top, floor), size)
    drawing.height = _numbers_observed(drawing, view, estimate, lines, x_place, floor + 3 * size * 1.3 + 8, size)
    return drawing


def _line(drawing: Drawing, points: list[_Point], look: Mark, x_place: Scale, y_place: Scale, shift: float) -> None:
    places = [(x_place(p.day) + shift, y_place(p.value)) for p in points]
    drawing.polyline(places, stroke=look.colour, width=2.2, dash=look.dash)
    for p, (x, y) in zip(points, places, strict=True):
        if p.low is not None and p.high is not None:
            drawing.line(x, y_place(p.low), x, y_place(p.high), stroke=look.colour, width=1.6)
            for end in (p.low, p.high):
                drawing.line(x - 3.5, y_place(end), x + 3.5, y_place(end), stroke=look.colour, width=1.6)
        look.draw(drawing, x, y, 4.6, hollow=p.low is None)


def _legend(drawing: Drawing, names: dict[str, str], looks: dict[str, Mark], y: float, size: float) -> float:
    for arm, name in names.items():
        looks[arm].sample(drawing, 2, y - 4)
        y = drawing.paragraph(44, y, name, drawing.width - 48, size=size, weight=600) + 3
    return y


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
    drawing: Drawing, steps: list[float], labels: list[str], place: Scale, ends: tuple[float, float], size: float
) -> None:
    for value, label in zip(steps, labels, strict=True):
        y = place(value)
        drawing.line(ends[0], y, ends[1], y, stroke=RULE, width=1)
        drawing.text(ends[0] - 7, y + size * 0.34, label, size=size, anchor="end", fill=QUIET)


def _time_axis(
    drawing: Drawing,
    view: View,
    lines: dict[str, list[_Point]],
    place: Scale,
    floor: float,
    ends: tuple[float, float],
    size: float,
) -> None:
    visits = {point.day: point.visit for points in lines.values() for point in points}
    days = sorted(visits)
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
    drawing: Drawing, labels: list[tuple[str, float]], x: float, ends: tuple[float, float], size: float
) -> None:
    room = drawing.width - x - 2
    gap = max(len(fonts.wrap(name, room, size, 600)) for name, _ in labels) * size * 1.3 + 2
    for (name, _), y in zip(labels, spread([y for _, y in labels], gap, *ends), strict=True):
        rows = len(fonts.wrap(name, room, size, 600))
        drawing.paragraph(x, y + size * 0.34 - (rows - 1) * size * 0.65, name, room, size=size, weight=600)


def _numbers_observed(
    drawing: Drawing,
    view: View,
    estimate: Estimate,
    lines: dict[str, list[_Point]],
    place: Scale,
    y: float,
    size: float,
) -> float:
    drawing.text(2, y, view.words.say("profile.observed"), size=size, fill=QUIET)
    looks = marks(list(lines), view.reference)
    for row, (arm, points) in enumerate(lines.items()):
        baseline = y + (row + 1) * size * 1.45
        looks[arm].draw(drawing, 9, baseline - size * 0.33, 4.2)
        taken = 0.0
        for point in points:
            seen = view.observed(estimate.outcome, arm, point.visit)
            words = view.numbers.count(seen.n if seen else None)
            half = fonts.width(words, size) / 2
            # Where visits lie too close together to write both, the table has the number.
            if place(point.day) - half > taken + 4:
                drawing.text(place(point.day), baseline, words, size=size, anchor="middle")
                taken = place(point.day) + half
    return y + len(lines) * size * 1.45 + size * 0.5
