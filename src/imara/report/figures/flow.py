"""CONSORT 2025 flow diagram: everyone from screening to analysis, and what was not recorded said to be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from imara.analysis.result import ArmFlow, Flow
from imara.report import fonts
from imara.report.drawing import ACCENT, INK, PAPER, QUIET, TINT, Drawing
from imara.report.figures import NARROW, WIDE, Figure
from imara.report.view import View

Lines = list[tuple[str, int]]
"""Lines of a box with their weight, before wrapping."""

_GAP, _PAD, _ARROW = 14.0, 9.0, 22.0
_NARROWEST_COLUMN = 150.0


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def flow_figure(view: View) -> Figure:
    """Draw the flow diagram."""
    flow, words, numbers = view.result.flow, view.words, view.numbers
    arms = _in_order(view, flow)
    analysed = [_analysed_count(view, arm) for arm in arms]
    known = [count for count in analysed if count is not None]
    if known and len(known) == len(arms):
        title = words.say("flow.title", allocated=numbers.count(flow.allocated), analysed=numbers.count(sum(known)))
    else:
        title = words.say("flow.title-only", allocated=numbers.count(flow.allocated))
    return Figure(
        "flow",
        title,
        words.say("flow.caption"),
        _description(view, flow),
        _draw(view, flow, WIDE),
        _draw(view, flow, NARROW),
    )


def _in_order(view: View, flow: Flow) -> tuple[ArmFlow, ...]:
    """Return the arms as all figures have them, the reference last."""
    order = {arm: position for position, arm in enumerate(view.arms)}
    return tuple(sorted(flow.arms, key=lambda arm: order.get(arm.arm, len(order))))


def _analysed_count(view: View, arm: ArmFlow) -> int | None:
    key = view.key_estimate
    if key is None:
        return None
    return arm.analysed.get(key.outcome, arm.analysed.get(key.id))


def assessed_lines(view: View, flow: Flow) -> Lines:
    """Return the lines of the first box."""
    if flow.assessed_for_eligibility is None:
        return [(view.words.say("flow.assessed"), 600), (view.words.say("flow.not-recorded"), 400)]
    return [(view.words.say("flow.assessed"), 600), (f"n = {view.numbers.count(flow.assessed_for_eligibility)}", 400)]


def excluded_lines(view: View, flow: Flow) -> Lines:
    """Return the lines of the box beside it."""
    head = view.words.say("flow.excluded")
    if not flow.excluded:
        return [(head, 600), (view.words.say("flow.not-recorded"), 400)]
    total = view.numbers.count(sum(flow.excluded.values()))
    reasons = [(f"{reason}: {view.numbers.count(count)}", 400) for reason, count in flow.excluded.items()]
    return [(f"{head}, n = {total}", 600), *reasons]


def allocated_lines(view: View, arm: ArmFlow) -> Lines:
    """Return the lines of an arm's first box."""
    return [
        (view.names.arm(arm.arm), 600),
        (view.words.say("flow.allocated-arm", count=view.numbers.count(arm.allocated)), 400),
        (view.words.say("flow.received"), 400),
    ]


def followed_lines(view: View, arm: ArmFlow) -> Lines:
    """Return the lines of an arm's follow-up box: people assessed at each visit after the first."""
    baseline = view.folder.study.baseline
    lines: Lines = [(view.words.say("flow.followed"), 600)]
    for visit in view.visits_in_order(set(arm.assessed)):
        if visit == baseline and len(arm.assessed) > 1:
            continue
        planned = view.folder.study.visits.get(visit)
        time = view.names.duration(planned.at).replace("\u00a0", " ") if planned else visit
        lines.append(
            (
                view.words.say(
                    "flow.assessed-at",
                    time=time,
                    count=view.numbers.count(arm.assessed[visit]),
                    missing=view.numbers.count(arm.allocated - arm.assessed[visit]),
                ),
                400,
            )
        )
    lines.append((view.words.say("flow.reasons"), 400))
    return lines


def analysed_lines(view: View, arm: ArmFlow) -> Lines:
    """Return the lines of an arm's last box: people in the main analysis of each outcome."""
    lines: Lines = [(view.words.say("flow.analysed"), 600)]
    if not any(key in arm.analysed for key in (*(one.id for one in view.main_estimates), *view.folder.study.outcomes)):
        return [*lines, (view.words.say("flow.none-analysed"), 400)]
    ids = {estimate.id: estimate.outcome for estimate in view.result.analyses}
    main = {estimate.id for estimate in view.main_estimates}
    for key, count in arm.analysed.items():
        if key in ids and key not in main:
            continue
        outcome = view.names.outcome(ids.get(key, key))
        lines.append(
            (
                view.words.say(
                    "flow.analysed-in",
                    outcome=outcome,
                    count=view.numbers.count(count),
                    left_out=view.numbers.count(arm.allocated - count),
                ),
                400,
            )
        )
    return lines


def _description(view: View, flow: Flow) -> str:
    boxes = [assessed_lines(view, flow), excluded_lines(view, flow), _randomised_lines(view, flow)]
    for arm in _in_order(view, flow):
        boxes += [allocated_lines(view, arm), followed_lines(view, arm), analysed_lines(view, arm)]
    return ". ".join("; ".join(words for words, _ in box) for box in boxes) + "."


def _randomised_lines(view: View, flow: Flow) -> Lines:
    return [(view.words.say("flow.randomised"), 600), (f"n = {view.numbers.count(flow.allocated)}", 400)]


def _draw(view: View, flow: Flow, width: float) -> Drawing:
    narrow = width < WIDE
    size = 13.0 if narrow else 14.0
    count = max(len(flow.arms), 1)
    stacked = narrow and count > 2
    if not stacked:
        width = max(width, count * _NARROWEST_COLUMN + (count - 1) * _GAP)
    drawing = Drawing(width, 10)
    randomised = _enrolment(drawing, view, flow, width, size)
    y = randomised.bottom
    if stacked:
        for arm in _in_order(view, flow):
            y = _column_alone(drawing, view, arm, y, width, size)
    else:
        y = _columns(drawing, view, flow, randomised, width, size)
    drawing.height = y + 2
    return drawing


def _enrolment(drawing: Drawing, view: View, flow: Flow, width: float, size: float) -> _Box:
    y = _strip(drawing, view.words.say("flow.stage.enrolment"), 0, width, size) + 12
    half = (width - 2 * _GAP) / 2
    main = min(half, 250.0)
    left = (width - main) / 2 if width >= WIDE else 1.0
    assessed = _height(assessed_lines(view, flow), main, size)
    excluded_x = left + main + 2 * _GAP
    excluded_width = width - excluded_x - 1
    excluded = _height(excluded_lines(view, flow), excluded_width, size)
    tall = max(assessed, excluded)
    first = _box(drawing, assessed_lines(view, flow), left, y, main, size)
    turn = first.bottom + _ARROW / 2
    side = _Box(excluded_x, turn - excluded / 2 if turn - excluded / 2 > y else y, excluded_width, excluded)
    second_y = max(y + tall, side.bottom if side.bottom > first.bottom else first.bottom) + _ARROW
    drawing.arrow([(first.centre, first.bottom), (first.centre, second_y)])
    middle = max(min(side.y + side.height / 2, second_y - 8), first.bottom + 6)
    drawing.arrow([(first.centre, middle), (side.x, middle)])
    _box(drawing, excluded_lines(view, flow), side.x, side.y, side.width, size)
    return _box(drawing, _randomised_lines(view, flow), left, second_y, main, size)


def _columns(drawing: Drawing, view: View, flow: Flow, randomised: _Box, width: float, size: float) -> float:
    arms, y, trunk = _in_order(view, flow), randomised.bottom, randomised.centre
    wide = (width - _GAP * (len(arms) - 1) - 2) / max(len(arms), 1)
    lefts = [1 + index * (wide + _GAP) for index in range(len(arms))]
    centres = [left + wide / 2 for left in lefts]
    strip_y = y + 18
    fork = strip_y + size * 1.9 + 12
    stages = [
        (view.words.say("flow.stage.allocation"), [allocated_lines(view, arm) for arm in arms]),
        (view.words.say("flow.stage.follow-up"), [followed_lines(view, arm) for arm in arms]),
        (view.words.say("flow.stage.analysis"), [analysed_lines(view, arm) for arm in arms]),
    ]
    if arms:
        drawing.line(trunk, y, trunk, fork, stroke=QUIET, width=1.4)
        drawing.line(min(*centres, trunk), fork, max(*centres, trunk), fork, stroke=QUIET, width=1.4)
    top = fork
    for position, (stage, boxes) in enumerate(stages):
        box_y = top + (20 if position == 0 else 18 + size * 1.9 + 20)
        for centre in centres:
            drawing.arrow([(centre, top), (centre, box_y)])
        _strip(drawing, stage, strip_y if position == 0 else top + 18, width, size)
        bottoms = [_box(drawing, lines, left, box_y, wide, size) for lines, left in zip(boxes, lefts, strict=True)]
        lowest = max((box.bottom for box in bottoms), default=box_y)
        if position < len(stages) - 1:
            for box in bottoms:
                drawing.line(box.centre, box.bottom, box.centre, lowest, stroke=QUIET, width=1.4)
        top = lowest
    return top


def _column_alone(drawing: Drawing, view: View, arm: ArmFlow, y: float, width: float, size: float) -> float:
    y = _strip(drawing, view.names.arm(arm.arm), y + 16, width, size) + 10
    previous: _Box | None = None
    for lines in (allocated_lines(view, arm), followed_lines(view, arm), analysed_lines(view, arm)):
        if previous is not None:
            y = previous.bottom + _ARROW
            drawing.arrow([(previous.centre, previous.bottom), (previous.centre, y)])
        previous = _box(drawing, lines, 1, y, width - 2, size)
    return previous.bottom if previous else y


def _strip(drawing: Drawing, words: str, y: float, width: float, size: float) -> float:
    rows = fonts.wrap(words, width - 20, size, 600)
    tall = len(rows) * size * 1.25 + size * 0.65
    drawing.box(0, y, width, tall, fill=TINT, radius=3)
    for index, row in enumerate(rows):
        drawing.text(8, y + size * 1.28 + index * size * 1.25, row, size=size, weight=600, fill=ACCENT)
    return y + tall


def _rows(lines: Sequence[tuple[str, int]], width: float, size: float) -> list[tuple[str, int]]:
    return [(row, weight) for words, weight in lines for row in fonts.wrap(words, width - 2 * _PAD, size, weight)]


def _height(lines: Sequence[tuple[str, int]], width: float, size: float) -> float:
    return len(_rows(lines, width, size)) * size * 1.3 + 2 * _PAD - size * 0.15


def _box(
    drawing: Drawing,
    lines: Sequence[tuple[str, int]],
    x: float,
    y: float,
    width: float,
    size: float,
) -> _Box:
    tall = _height(lines, width, size)
    drawing.box(x, y, width, tall, fill=PAPER, stroke=INK, radius=3)
    for index, (words, weight) in enumerate(_rows(lines, width, size)):
        drawing.text(x + _PAD, y + _PAD + size * 0.85 + index * size * 1.3, words, size=size, weight=weight)
    return _Box(x, y, width, tall)
