"""Figures: text that fits, arms told apart without colour, marks where the numbers are, and honest titles."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from imara.report import fonts
from imara.report.drawing import Drawing, Placed
from imara.report.figures import NARROW, Figure
from imara.report.figures.axis import Scale, spread, tick_decimals, ticks
from imara.report.figures.completeness import completeness_figure
from imara.report.figures.equivalence import equivalence_figure
from imara.report.figures.flow import flow_figure
from imara.report.figures.forest import forest_figure, forest_rows
from imara.report.figures.marks import marks
from imara.report.figures.profile import profile_figure
from imara.report.page import build, figures_of
from imara.report.view import View

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("two-arms", "danish", "three-arms", "three-danish", "one-visit", "one-arm", "long-names")


@pytest.fixture(scope="module")
def views(cast, view, danish, three_arms) -> dict[str, View]:
    one_visit = {
        **cast.three_arms,
        "visits": {"baseline": {"at": "0 months"}, "end": {"at": "9 months"}},
        "forms": {key: {**form, "visits": ("baseline", "end")} for key, form in cast.three_arms["forms"].items()},
        "outcomes": {
            key: {name: value for name, value in outcome.items() if name != "also_at"}
            for key, outcome in cast.three_arms["outcomes"].items()
        },
    }
    one_arm = {**cast.three_arms, "arms": {"tau": cast.three_arms["arms"]["tau"]}}
    long_names = {
        **cast.three_arms,
        "arms": {
            key: {**arm, "label": {"en": f"{arm['label']['en']} and a name that never ends: " + "Superfragile" * 5}}
            for key, arm in cast.three_arms["arms"].items()
        },
        "outcomes": {
            key: {**outcome, "label": {"en": "An outcome whose name goes on and on and on, as somebody liked it so"}}
            for key, outcome in cast.three_arms["outcomes"].items()
        },
    }  # fmt: skip
    found = {"two-arms": view, "danish": danish, "three-arms": three_arms,
             "three-danish": View.of(three_arms.result, three_arms.folder, "da")}  # fmt: skip
    for name, study in (("one-visit", one_visit), ("one-arm", one_arm), ("long-names", long_names)):
        folder = cast.folder(study, *cast.scales)
        found[name] = View.of(cast.invent(folder), folder, "en")
    return found


def every_drawing(view: View) -> list[tuple[str, Drawing]]:
    figures = figures_of(build(view))
    assert figures
    return [
        (f"{figure.name} {width}", drawing)
        for figure in figures
        for width, drawing in (("wide", figure.wide), ("narrow", figure.narrow))
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_lies_inside_its_drawing(views, kind):
    outside = [
        (name, text.words)
        for name, drawing in every_drawing(views[kind])
        for text in drawing.texts
        if text.left < -0.5 or text.right > drawing.width + 0.5 or text.top < 0 or text.bottom > drawing.height + 0.5
    ]
    assert not outside


def overlap(a: Placed, b: Placed) -> bool:
    return min(a.right, b.right) - max(a.left, b.left) > 0.5 and min(a.bottom, b.bottom) - max(a.top, b.top) > 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_covers_another(views, kind):
    covered = [
        (name, a.words, b.words)
        for name, drawing in every_drawing(views[kind])
        for a, b in combinations(drawing.texts, 2)
        if overlap(a, b)
    ]
    assert not covered


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_the_flow_lies_in_a_box_with_room_around(views, kind):
    figure = flow_figure(views[kind])
    for drawing in (figure.wide, figure.narrow):
        boxes = [tuple(float(box.get(key, "0")) for key in ("x", "y", "width", "height"))
                 for box in drawing.root.iter("rect")]  # fmt: skip
        for text in drawing.texts:
            assert any(
                x + 4 <= text.left and text.right <= x + w - 4 and y + 2 <= text.top and text.bottom <= y + h - 2
                for x, y, w, h in boxes
            ), text


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_of_the_flow_do_not_touch_each_other(views, kind):
    figure = flow_figure(views[kind])
    for drawing in (figure.wide, figure.narrow):
        boxes = [Placed("", *(float(b.get("x", "0")), float(b.get("y", "0"))),
                        float(b.get("x", "0")) + float(b.get("width", "0")),
                        float(b.get("y", "0")) + float(b.get("height", "0")))
                 for b in drawing.root.iter("rect")]  # fmt: skip
        assert not [(a, b) for a, b in combinations(boxes, 2) if overlap(a, b)]


def parsed(figure: Figure) -> ET.Element:
    return ET.fromstring(figure.file())


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_is_named_described_and_made_of_real_text(views, kind):
    for figure in figures_of(build(views[kind])):
        for svg in (figure.file(), *figure.inline()):
            root = ET.fromstring(svg)
            names = {child.get("id"): child for child in root}
            assert root.get("role") == "img"
            labels = [names[name] for name in (root.get("aria-labelledby") or "").split()]
            assert [label.tag for label in labels] == [f"{SVG}title", f"{SVG}desc"]
            assert all(len((label.text or "").strip()) > 10 for label in labels), svg[:600]
            assert root.findall(f".//{SVG}text")
            assert not root.findall(f".//{SVG}image")


def test_a_figure_file_brings_its_font_and_nothing_from_elsewhere(view):
    figure = flow_figure(view)
    svg = figure.file()
    assert "data:font/woff2;base64," in svg
    assert "http://" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in svg
    assert "@font-face" not in figure.inline()[0]


def test_flow_says_what_was_not_recorded(view):
    svg = flow_figure(view).file()
    assert svg.count("Number not recorded") >= 2
    assert "Reasons for missing: not recorded" in svg


def test_flow_gives_every_count(three_arms):
    words = [text.words for text in flow_figure(three_arms).wide.texts]
    assert "n = 150" in words
    assert "Excluded, n = 30" in words
    assert "Did not want to take part: 22" in words
    assert words.count("Allocated: n = 40") == 3


def test_flow_leaves_a_sensitivity_analysis_out(view):
    words = [text.words for text in flow_figure(view).wide.texts]
    assert sum(text.startswith("Depression (BDI): ") for text in words) == 2
    assert flow_figure(view).title == "Of 100 people randomised, 97 are in the main analysis."


@pytest.mark.parametrize("count", range(1, 7))
def test_no_two_arms_share_shape_and_fill_or_line(count):
    arms = [f"arm-{index}" for index in range(count)]
    looks = marks(arms, arms[0])
    assert len({(look.shape, look.filled) for look in looks.values()}) == count
    assert len({look.dash for look in looks.values()}) == count


def grey(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of a colour."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("kind", KINDS)
def test_colours_stand_out_from_paper(views, kind):
    for figure in figures_of(build(views[kind])):
        root = parsed(figure)
        for text in root.findall(f".//{SVG}text"):
            # 4.5 on the tint, which is the darkest ground text stands on.
            assert (grey("#e6f0ee") + 0.05) / (grey(text.get("fill") or "") + 0.05) >= 4.5
    for look in marks([f"arm-{index}" for index in range(6)], "arm-0").values():
        assert 1.05 / (grey(look.colour) + 0.05) >= 3


def test_profile_draws_each_mean_at_its_place(view):
    estimate = view.result.analyses[0]
    figure = profile_figure(view, estimate)
    assert figure is not None
    lines = [
        [tuple(map(float, point.split(","))) for point in line.get("points", "").split()]
        for line in figure.wide.root.iter("polyline")
    ]
    treated, usual = lines
    days = [0, 2, 3, 5, 8]
    for line, arm in ((treated, "beat-the-blues"), (usual, "tau")):
        start = view.observed("depression", arm, "baseline").mean
        values = [start, *(mean.estimate for mean in estimate.means if mean.arm == arm)]
        assert len(line) == 5
        # Time and value are to scale: both are straight maps.
        across = [(x - line[0][0]) / (line[-1][0] - line[0][0]) for x, _ in line]
        assert across == pytest.approx([day / 8 for day in days], abs=1e-3)
        down = [(y - line[0][1]) / (line[-1][1] - line[0][1]) for _, y in line]
        assert down == pytest.approx([(v - values[0]) / (values[-1] - values[0]) for v in values], abs=1e-3)


def test_profile_names_arms_on_the_lines_and_people_below(view):
    figure = profile_figure(view, view.result.analyses[0])
    assert figure is not None
    words = [text.words for text in figure.wide.texts]
    assert "Beat the Blues" in words
    assert "Treatment as usual" in words
    assert {"52", "37", "29", "27", "48", "45", "36", "25"} <= set(words)
    assert figure.title.startswith(
        "Depression (BDI) fell in both arms. After 8\u00a0months, the mean was 0.2 points lower"
    )


def test_profile_needs_means(cast):
    view = cast.view(cast.with_estimate(means=()))
    assert profile_figure(view, view.result.analyses[0]) is None


def test_forest_turns_every_effect_so_that_right_is_good(view, three_arms):
    (row,) = forest_rows(view)
    assert row.effect == pytest.approx(0.1931 / 10.8698)
    assert row.low == pytest.approx(-4.2614 / 10.8698)
    assert row.high == pytest.approx(4.6476 / 10.8698)
    assert row.margin == pytest.approx(5 / 10.8698)
    for one in forest_rows(three_arms):
        assert one.low <= one.effect <= one.high


def test_forest_has_both_families_and_all_judged_visits(three_arms):
    rows = forest_rows(three_arms)
    assert [row.family for row in rows] == ["clinical"] * 6 + ["personal"] * 2
    words = " ".join(text.words for text in forest_figure(three_arms).wide.texts)
    assert "Clinical recovery" in words
    assert "Personal recovery" in words
    assert "after 21" in words


def test_forest_says_in_words_which_side_is_good(view):
    words = [text.words for text in forest_figure(view).wide.texts]
    assert "Better with Beat the Blues" in words
    assert "Better with Treatment as usual" in words


@pytest.mark.parametrize(
    ("low", "high", "title"),
    [
        (-1.0, 1.0, "The interval of the one outcome includes zero."),
        (-1.0, -0.2, "The interval of the one outcome lies on the side that is better with Beat the Blues."),
        (0.2, 1.0, "The interval of the one outcome lies on the side that is better with Treatment as usual."),
    ],
)
def test_forest_title_says_what_is_seen(cast, low, high, title):
    effects = tuple(replace(effect, ci_low=low, ci_high=high, estimate=(low + high) / 2)
                    for effect in cast.result.analyses[0].standardised)  # fmt: skip
    assert forest_figure(cast.view(cast.with_estimate(standardised=effects))).title == title


def test_forest_needs_an_effect(cast):
    assert forest_figure(cast.view(cast.with_estimate(standardised=()))) is None


def test_equivalence_draws_interval_and_margins_on_one_scale(view):
    estimate = view.result.analyses[0]
    figure = equivalence_figure(view, estimate)
    assert figure is not None
    zone = next(box for box in figure.wide.root.iter("rect"))
    left, wide = float(zone.get("x", "0")), float(zone.get("width", "0"))
    bars = [line for line in figure.wide.root.iter("line") if line.get("stroke-width") == "7"]
    (bar,) = bars
    place = Scale(-5, 5, left, left + wide)
    assert float(bar.get("x1", "0")) == pytest.approx(place(-3.9151), abs=0.02)
    assert float(bar.get("x2", "0")) == pytest.approx(place(3.5289), abs=0.02)


def test_equivalence_shows_every_judged_visit_and_arm(three_arms):
    estimate = three_arms.key_estimate
    figure = equivalence_figure(three_arms, estimate)
    bars = [line for line in figure.wide.root.iter("line") if line.get("stroke-width") == "7"]
    assert len(bars) == len(estimate.equivalences) == 4


def test_equivalence_needs_a_margin(cast):
    view = cast.view(cast.with_estimate(equivalences=()))
    assert equivalence_figure(view, view.result.analyses[0]) is None


def test_completeness_title_names_the_least_complete(view):
    figure = completeness_figure(view)
    assert "27 of 52 people (52%)" in figure.title
    assert {"27/52", "25/48"} <= {text.words for text in figure.wide.texts}


def test_completeness_needs_forms(cast):
    assert completeness_figure(cast.view(replace(cast.result, completeness=()))) is None


@pytest.mark.parametrize(
    ("low", "high", "count"), [(5.2, 24.7, 5), (-0.2, 0.3, 6), (0, 1e-6, 5), (3, 3, 5), (-1e6, 1e6, 4)]
)
def test_ticks_are_round_and_reach_over_the_data(low, high, count):
    steps = ticks(low, high, count)
    assert steps[0] <= low
    assert steps[-1] >= high
    assert 2 <= len(steps) <= 2 * count + 2
    gaps = [b - a for a, b in pairwise(steps)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps), rel=1e-3)


def test_ticks_get_the_decimals_they_need():
    assert tick_decimals([0, 5, 10]) == 0
    assert tick_decimals([0, 0.25, 0.5]) == 2


def test_labels_are_spread_without_changing_their_order():
    moved = spread([10, 11, 50, 51], 12, 0, 60)
    assert moved == sorted(moved)
    assert all(b - a >= 12 - 1e-9 for a, b in pairwise(moved))
    assert max(moved) <= 60


def test_hostile_text_stays_text(cast):
    study = {**cast.study, "arms": {
        "tau": {"label": {"en": "</text><script>alert(1)</script>\x00"}, "reference": True},
        "beat-the-blues": {"label": {"en": "A & B \u202e <b>"}}}}  # fmt: skip
    figure = flow_figure(cast.view(study=study))
    root = parsed(figure)
    assert not root.findall(f".//{SVG}script")
    assert any("<script>" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_width_follows_the_fonts_own_metrics():
    assert fonts.width("0", 1000) == pytest.approx(497)
    assert fonts.width("0", 1000, 600) == pytest.approx(513)
    assert fonts.width("", 14) == 0
    assert fonts.width("\u2265", 1000) > 0


def test_lines_break_at_spaces_never_at_no_break_spaces():
    assert fonts.wrap("one two", fonts.width("one", 14) + 1, 14) == ("one", "two")
    assert fonts.wrap("one\u00a0two three", fonts.width("one\u00a0two", 14) + 1, 14) == ("one\u00a0two", "three")
    assert fonts.wrap("", 100, 14) == ("",)


@pytest.mark.parametrize("words", ["a" * 200, "short " * 50, "Donaudampfschifffahrtsgesellschaft etc", "\u6f22" * 80])
def test_no_line_is_wider_than_it_may_be(words):
    lines = fonts.wrap(words, 120, 14)
    assert all(fonts.width(line, 14) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


def test_only_fonts_that_are_needed_are_brought():
    assert fonts.css("abc").count("@font-face") == 3
    assert "U+370" in fonts.css("\u03c3")
    assert "Open Sans Math" in fonts.css("\u2265")
    assert "U+100-130" in fonts.css("\u0141")


def test_a_narrow_drawing_fits_a_phone(view):
    for figure in figures_of(build(view)):
        assert figure.narrow.width == NARROW
