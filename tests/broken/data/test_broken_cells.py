"""One wrong cell in a sound file: what is said of it, and where."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from imara.dataset import read_dataset
from imara.study.problems import Problem

WHOLE_3 = "whole numbers from 0 to 3"
GAF = "whole numbers from 1 to 100"
DATE = ("this is not a date, or not written as it is here", "a date as year-month-day, such as 2024-03-31")
ONE = "one value for each participant"


@dataclass(frozen=True)
class Case:
    """What stands in one cell, and the problem it makes."""

    name: str
    row: int
    column: str
    cell: str
    message: str
    allowed: str | None
    nearest: str | None = None
    found: str | None = None
    """Where it is not the cell itself."""


CASES = [
    Case("text in a number", 2, "gaf", "forty", "this is not a number", GAF),
    Case("a number and its unit", 2, "age", "31 years", "this is not a number", "numbers from 18 to 99"),
    Case("two numbers", 3, "gaf", "5 2", "this is not a number", GAF),
    Case("not a number, in words", 3, "gaf", "nan", "this is not a number", GAF),
    Case("infinity", 3, "gaf", "inf", "this is not a number", GAF),
    Case("a spreadsheet error", 4, "illness", "#VALUE!", "this is not a number", "numbers from 15 to 75"),
    Case("too high", 5, "gaf", "101", "the value is outside its range", GAF),
    Case("too low", 5, "gaf", "0", "the value is outside its range", GAF),
    Case("a code for missing that nobody explained", 8, "gaf", "-9", "the value is outside its range", GAF),
    Case("too young, in the first of a participant's rows", 2, "age", "17.5", "the value is outside its range",
         "numbers from 18 to 99"),
    Case("an item too high", 3, "mood.i2", "4", "the value is outside its range", WHOLE_3),
    Case("a fraction of an item", 3, "mood.i2", "1.5", "only whole numbers are possible", WHOLE_3),
    Case("a fraction of a whole score", 8, "gaf", "70.5", "only whole numbers are possible", GAF),
    Case(
        "a decimal comma between commas",
        2,
        "illness",
        "40,5",
        "a comma in a number may mean decimals or thousands",
        "numbers from 15 to 75, with a decimal point",
    ),
    Case(
        "thousands between commas",
        2,
        "illness",
        "1,000",
        "a comma in a number may mean decimals or thousands",
        "numbers from 15 to 75, with a decimal point",
    ),
    Case("an arm misspelt", 5, "arm", "cuorse", "unknown arm", "usual, course", "course"),
    Case("an arm in capitals", 5, "arm", "COURSE", "unknown arm", "usual, course", "course"),
    Case("a site misspelt", 5, "site", "sout", "unknown site", "north, south", "south"),
    Case("a site's label misspelt", 5, "site", "Sydbyen", "unknown site", "north, south", "Sydby"),
    Case("a level that does not exist", 5, "gender", "male", "unknown level", "f, m, x"),
    Case("a yes in another language", 5, "working", "ja", "unknown answer to a yes-or-no question", "yes, no"),
    Case("a yes misspelt", 5, "working", "yess", "unknown answer to a yes-or-no question", "yes, no", "yes"),
    Case("a visit misspelt", 3, "visit", "ends", "unknown visit", "baseline, end, year", "end"),
    Case("a visit's label misspelt", 3, "visit", "After the curse", "unknown visit", "baseline, end, year",
         "After the course"),
    Case("no visit", 3, "visit", "", "the row has no visit", "baseline, end, year"),
    Case("no participant", 3, "participant", "", "the row has no participant", "any text that is not empty"),
    Case("a participant called NA", 3, "participant", "NA", "the row has no participant",
         "any text that is not empty"),
    Case("a date day first", 2, "date", "31/12/2023", *DATE, "2023-12-31"),
    Case("a Danish date", 2, "date", "31.12.2023", *DATE, "2023-12-31"),
    Case("a date that may mean two days", 2, "date", "03/04/2024", *DATE),
    Case("a day that does not exist", 2, "born", "1993-02-30", *DATE),
    Case("a year of two digits", 2, "date", "24-01-10", *DATE),
    Case("a date in words", 2, "date", "January 2024", *DATE),
    Case("a form at a visit without it", 4, "mood.i1", "2", "mood is not collected at year, so this cell must be empty",
         "values at baseline, end", found="2"),
    Case("a score at a visit without it", 3, "illness", "41.5",
         "illness is not collected at end, so this cell must be empty", "values at baseline, year"),
    Case("somebody else's arm", 3, "arm", "course",
         "the value is not the same in all rows of this participant: row 2 has usual", ONE),
    Case("another age", 4, "age", "32", "the value is not the same in all rows of this participant: row 2 has 31",
         ONE),
    Case("another answer", 4, "working", "no",
         "the value is not the same in all rows of this participant: row 2 has yes", ONE),
    Case("a visit dated before an earlier one", 4, "date", "2024-03-01",
         "year of participant 'p1' has a date before that of an earlier visit", "2024-07-11 or later"),
    Case("a long answer is cut short", 2, "gaf", "x" * 200, "this is not a number", GAF, found="x" * 59 + "…"),
]  # fmt: skip  # one case a line or two


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_cell_is_located_and_explained(case, change, refuse):
    problems = refuse(change({(case.row, case.column): case.cell}))

    first = problems[0]
    expected = case.found if case.found is not None else (case.cell or None)
    assert problems == (Problem(first.file, case.message, case.row, case.column, expected, case.allowed, case.nearest),)


def test_wrong_cells_everywhere_are_all_said_in_the_order_of_the_file(change, refuse):
    problems = refuse(change({(case.row, case.column): case.cell for case in CASES[::-1] if case.row not in (3, 5)}))

    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert {(problem.line, problem.field) for problem in problems} >= {(2, "age"), (4, "illness"), (8, "gaf")}


def test_a_participant_without_an_arm(change, refuse):
    (problem,) = refuse(change({(5, "arm"): "", (6, "arm"): "NA"}))

    assert str(problem).endswith("line 5, arm: participant 'p2' has no arm. Allowed: usual, course.")


def test_a_participant_without_a_site(change, refuse):
    (problem,) = refuse(change({(7, "site"): "", (8, "site"): ""}))

    assert (problem.line, problem.field, problem.message) == (7, "site", "participant 'p3' has no site")


def test_an_arm_given_in_one_row_is_enough(change, small, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(change({(5, "arm"): ""}))

    assert read_dataset(small, path).participants["arm"].to_list() == ["usual", "course", "course"]


def test_an_arm_nobody_is_in(change, refuse):
    (problem,) = refuse(change({(row, "arm"): "usual" for row in range(5, 9)}))

    assert problem.message == "no participant is in the arm 'course', so there is nothing to compare"
    assert (problem.field, problem.found) == ("arm", "only usual")


def test_the_same_mistake_in_many_rows_is_said_once_with_its_number(sound, refuse):
    problems = refuse(sound.replace("course", "treatment"))

    (problem,) = problems
    assert problem.message == "unknown arm, here and in 3 more rows, the last of them row 8"
    assert (problem.line, problem.found) == (5, "treatment")


def test_a_few_mistakes_alike_are_said_one_by_one(change, refuse):
    problems = refuse(change({(row, "gaf"): "999" for row in (3, 5, 8)}))

    assert [(problem.line, problem.message) for problem in problems] == [
        (row, "the value is outside its range") for row in (3, 5, 8)
    ]


HEADER = "participant,arm,site,age,gender,working,born,visit,date,gaf,mood.i1,mood.i2,mood.i3,illness\n"


def _people_out_of_range(number: int) -> str:
    """Return a file in which each of so many people has another impossible score."""
    rows = "".join(f"q{n},usual,north,40,f,no,,baseline,,{n + 200},,,,\n" for n in range(number))
    return HEADER + rows + "z,course,north,40,f,no,,baseline,,50,,,,\n"


def test_as_many_mistakes_as_are_listed_need_no_total(refuse):
    assert [problem.line for problem in refuse(_people_out_of_range(50))] == list(range(2, 52))


def test_more_mistakes_than_anyone_reads_are_counted(refuse):
    problems = refuse(_people_out_of_range(120))

    assert len(problems) == 51
    assert [problem.line for problem in problems[:50]] == list(range(2, 52))
    assert problems[50].message == "120 mistakes in all; the first 50 are listed"


def test_mistakes_of_several_columns_are_counted_together(refuse):
    problems = refuse(_people_out_of_range(40).replace(",40,f", ",400,f"))

    # Forty ages that are wrong alike, and one more, are said once; with forty different scores they fit the list.
    assert len(problems) == 41
    assert problems[0].message == "the value is outside its range, here and in 40 more rows, the last of them row 42"
