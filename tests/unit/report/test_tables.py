"""Tables: every number printed is the result's, at the decimals of its scale; CSV files keep every digit."""

from __future__ import annotations

import csv
import re
from dataclasses import fields, replace
from io import StringIO

import pytest

from imara.report.models import covariance_table, estimand_table, model_tables, provenance_table, scientific
from imara.report.numbers import MISSING
from imara.report.spreadsheets import csv_files
from imara.report.tables import (
    Table,
    baseline_table,
    completeness_table,
    family_table,
    outcome_table,
    sensitivity_table,
)


def cells(table: Table | None) -> dict[str, tuple[str, ...]]:
    assert table is not None
    return {row[0]: row[1:] for group in table.groups for row in group.rows}


def numbers(cell: str) -> list[float]:
    return [float(word.replace("\u2212", "-").replace(",", "")) for word in re.findall(r"[\u2212\d.,]*\d", cell)]


def test_every_number_of_an_outcome_table_is_the_results(view):
    estimate = view.result.analyses[0]
    table = outcome_table(view, estimate)
    rows = [row for group in table.groups for row in group.rows]
    assert len(rows) == 4
    for row, contrast in zip(rows, estimate.contrasts, strict=True):
        _, treated, usual, difference, p, effect = row
        for cell, arm in ((treated, "beat-the-blues"), (usual, "tau")):
            mean = view.mean(estimate, arm, contrast.visit)
            assert numbers(cell) == pytest.approx([mean.estimate, mean.ci_low, mean.ci_high], abs=0.05001)
        assert numbers(difference) == pytest.approx([contrast.estimate, contrast.ci_low, contrast.ci_high], abs=0.05001)
        assert float(p) == pytest.approx(contrast.p, abs=0.005)
        standardised = view.standardised(estimate, contrast)
        assert numbers(effect) == pytest.approx(
            [standardised.estimate, standardised.ci_low, standardised.ci_high], abs=0.005001
        )
    assert "97 people and 280 measurements" in table.notes[0]
    assert rows[-1][0] == "8\u00a0months (judged here)"


def test_a_scale_of_few_points_gets_two_decimals(three_arms):
    hope = next(estimate for estimate in three_arms.result.analyses if estimate.outcome == "hope")
    table = outcome_table(three_arms, hope)
    assert re.match(r"\u2212?\d\.\d\d \(", table.groups[0].rows[0][-3])


def test_three_arms_give_a_row_for_each_comparison(three_arms):
    estimate = three_arms.key_estimate
    table = outcome_table(three_arms, estimate)
    assert "Compared arm" in table.columns
    assert len(table.groups[0].rows) == 4
    assert {len(row) for row in table.groups[0].rows} == {len(table.columns)}


def test_the_baseline_table_is_the_results(view):
    table = baseline_table(view)
    assert table.columns == (
        "Characteristic",
        "Beat the Blues (n = 52)",
        "Treatment as usual (n = 48)",
        "All (n = 100)",
    )
    groups = {group.heading: {row[0]: row[1:] for row in group.rows} for group in table.groups}
    assert groups["Takes antidepressants"] == {
        "No": ("22 (42%)", "34 (71%)", "56 (56%)"),
        "Yes": ("30 (58%)", "14 (29%)", "44 (44%)"),
    }
    assert groups["BDI"]["Mean (SD)"] == ("22.5 (11.7)", "24.2 (9.8)", "23.3 (10.8)")
    assert groups["Age (years)"]["Median (range)"][0] == "44.5 (18\u00a0to\u00a073)"


def test_missing_values_at_the_start_get_a_line(cast, view):
    row = cast.result.baseline[0]
    missing = {arm: {**numbers, "missing": 2.0 if arm != "tau" else 0.0} for arm, numbers in row.cells.items()}
    table = baseline_table(cast.view(replace(cast.result, baseline=(replace(row, cells=missing),))))
    assert cells(table)["Missing"] == ("2", "0", "2")
    assert "Missing" not in cells(baseline_table(view))


def test_the_baseline_table_tests_nothing(view):
    table = baseline_table(view)
    assert not any(column.strip() in {"p", "P"} for column in table.columns)


def test_a_person_with_no_numbers_at_all_is_a_dash(cast):
    row = replace(cast.result.baseline[0], cells={"tau": {"n": 0.0, "missing": 0.0}, "beat-the-blues": {}})
    table = baseline_table(cast.view(replace(cast.result, baseline=(row,))))
    assert set(cells(table)["Median (range)"]) == {MISSING}


def test_completeness_is_the_results(view):
    found = cells(completeness_table(view))
    assert found["8\u00a0months"] == ("27/52 (52%)", "25/48 (52%)")
    assert found["Before treatment (0\u00a0months)"] == ("52/52 (100%)", "48/48 (100%)")


def test_families_are_apart(view, three_arms):
    assert family_table(view, "personal") is None
    personal = cells(family_table(three_arms, "personal"))
    assert all(name.startswith("Hope") for name in personal)
    clinical = family_table(three_arms, "clinical").groups[0].rows
    assert clinical[0][0].startswith("Functioning (GAF-F) (primary)")
    assert {row[2] for row in clinical} == {"End of programme (9\u00a0months)", "21\u00a0months"}
    assert not any("Hope" in row[0] for row in clinical)


def test_an_outcome_that_could_not_be_computed_keeps_its_line(cast):
    shown = cast.view(cast.with_estimate(contrasts=(), means=(), standardised=(), equivalences=(), converged=False))
    (row,) = family_table(shown, "clinical").groups[0].rows
    assert row[-1] == "could not be computed"
    assert row[3:6] == (MISSING, MISSING, MISSING)


def test_sensitivity_analyses_stand_beside_the_main_one(view):
    rows = sensitivity_table(view, view.result.analyses[0]).groups[0].rows
    assert [row[0] for row in rows] == ["primary (main)", "satterthwaite"]
    assert [row[2] for row in rows] == ["Kenward-Roger", "Satterthwaite"]


def test_an_outcome_analysed_once_needs_no_such_table(three_arms):
    assert sensitivity_table(three_arms, three_arms.key_estimate) is None


def test_models_are_told_in_full(view):
    (table,) = model_tables(view, view.result.analyses, "Depression (BDI)")
    found = cells(table)
    assert table.columns == ("Item", "primary", "satterthwaite")
    assert found["Formula"][0] == "bdi ~ bdi@baseline + drug + length + arm * visit"
    assert found["Covariance of a person's measurements"] == ("Unstructured", "Unstructured")
    assert found["Degrees of freedom"] == ("Kenward-Roger", "Satterthwaite")
    assert found["Log-likelihood"][0] == "\u2212922.0430"
    assert found["Largest gradient at the end"][0] == "3.4e\u221213"


def test_many_analyses_are_set_three_to_a_table(cast):
    main = cast.result.analyses[0]
    result = replace(cast.result, analyses=(main, *(replace(main, id=f"other-{index}") for index in range(4))))
    assert [len(table.columns) for table in model_tables(cast.view(result), result.analyses, "Depression (BDI)")] == [
        4,
        3,
    ]


def test_a_covariance_is_told_as_spread_and_correlation(view):
    rows = covariance_table(view, view.result.analyses[0]).groups[0].rows
    assert rows[0][1] == "8.3"
    assert rows[1][2:4] == ("0.66", "1.00")
    assert rows[0][3] == MISSING


def test_the_estimand_has_its_five_attributes(view, danish):
    table = estimand_table(view, view.result.analyses[0])
    heads = [row[0] for row in table.groups[0].rows]
    assert heads == ["Population", "Treatments compared", "Variable", "Intercurrent event", "Summary measure"]
    assert "Stopping the course: treatment policy" in table.groups[0].rows[3][1]
    assert "At stoppe på kurset" in estimand_table(danish, danish.result.analyses[0]).groups[0].rows[3][1]


def test_provenance_gives_all_that_is_needed_to_repeat(view):
    found = [row[1] for row in provenance_table(view).groups[0].rows]
    origin = view.result.provenance
    for value in (origin.study_fingerprint, origin.data_sha256, origin.command, origin.data_file, origin.python):
        assert value in found
    assert "imara 0.1.0" in found


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0"), (14.18, "14.18"), (3.4e-13, "3.4e\u221213"), (-2.5e7, "\u22122.5e7")]
)
def test_very_small_numbers_get_a_power_of_ten(view, value, words):
    assert scientific(view, value) == words


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_csv_files_keep_every_digit(view):
    files = csv_files(view.result)
    rows = read(files["contrasts.csv"])
    every = [(one.id, contrast) for one in view.result.analyses for contrast in one.contrasts]
    assert len(rows) == len(every)
    for row, (name, contrast) in zip(rows, every, strict=True):
        assert row["id"] == name
        assert (row["treatment"], row["reference"]) == contrast.arms
        for field in fields(contrast):
            if field.name not in ("arms", "visit"):
                assert float(row[field.name]) == getattr(contrast, field.name)


@pytest.mark.parametrize(
    ("name", "count"),
    [("means", 16), ("standardised-effects", 8), ("equivalence", 2), ("completeness", 10), ("observed", 10),
     ("baseline", 18), ("analyses", 2), ("warnings", 0)],
)  # fmt: skip
def test_a_csv_file_has_a_row_for_everything(view, name, count):
    assert len(read(csv_files(view.result)[f"{name}.csv"])) == count


def test_what_is_unknown_is_empty_and_not_zero(view):
    rows = read(csv_files(view.result)["flow.csv"])
    assert rows[0] == {"step": "assessed", "arm": "", "detail": "", "count": ""}
    assert {"step": "analysed", "arm": "tau", "detail": "primary", "count": "45"} in rows


def test_a_text_that_looks_like_a_formula_is_not_one(cast):
    result = cast.with_estimate(warnings=("=HYPERLINK(1)", "@x", 'a, "b"\nc'))
    rows = read(csv_files(result)["warnings.csv"])
    assert [row["warning"] for row in rows] == ["'=HYPERLINK(1)", "'@x", 'a, "b"\nc']
