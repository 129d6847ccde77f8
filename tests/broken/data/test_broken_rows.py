"""Rows that repeat each other, and people whom nobody listed."""

from __future__ import annotations

import pytest

from imara.study.problems import Problem

WIDE = """\
participant,arm,site,age,gaf@baseline,gaf@end,gaf@year,mood.i1@baseline,mood.i2@baseline,mood.i3@baseline,\
mood.i1@end,mood.i2@end,mood.i3@end
p1,usual,north,31,45,52,50,1,2,0,2,1,
p2,course,south,58,38,,61,0,3,1,,,
p3,course,north,24,,70,,3,0,3,3,0,2
"""


def test_a_participants_visit_twice(refuse, sound):
    rows = sound.splitlines(keepends=True)

    (problem,) = refuse("".join([*rows, rows[3]]))

    assert problem == Problem(
        problem.file, "this participant's visit year already stands in row 4", 9, "participant", "p1",
        "one row for each participant and visit",
    )  # fmt: skip


def test_a_visit_twice_under_two_names(refuse, change):
    (problem,) = refuse(change({(3, "visit"): "Before"}).replace("2,1,,", ",,,"))

    assert (problem.line, problem.message) == (3, "this participant's visit baseline already stands in row 2")


def test_a_participant_twice_in_a_wide_file(refuse):
    (problem,) = refuse(WIDE + WIDE.splitlines()[2] + "\n")

    assert problem == Problem(
        problem.file, "this participant already stands in row 3", 5, "participant", "p2",
        "one row for each participant",
    )  # fmt: skip


@pytest.mark.parametrize(("column", "row"), [("gaf@year", 2), ("mood.i2@end", 4), ("gaf@baseline", 3)])
def test_a_wrong_value_in_a_wide_file_is_found_in_its_column(refuse, change, column, row):
    (problem,) = refuse(change({(row, column): "999"}, WIDE))

    assert (problem.line, problem.field, problem.found) == (row, column, "999")
    assert problem.message == "the value is outside its range"


def test_dates_out_of_order_in_a_wide_file(refuse):
    header, *rows = WIDE.splitlines()
    dated = [f"{header},date@baseline,date@end", f"{rows[0]},2024-05-01,2024-04-30"]

    problems = refuse("\n".join([*dated, *(f"{row},," for row in rows[1:])]))

    assert [(problem.line, problem.field, problem.found, problem.allowed) for problem in problems] == [
        (2, "date@end", "2024-04-30", "2024-05-01 or later")
    ]


PEOPLE = "participant,arm,site,age\np1,usual,north,31\np2,course,south,58\np3,course,north,24\n"
VISITS = """\
participant,visit,gaf,mood.i1,mood.i2,mood.i3
p1,baseline,45,1,2,0
p2,baseline,38,0,3,1
p2,end,61,,,
"""


@pytest.fixture
def refuse_two(refuse, tmp_path):
    def _refuse(people: str, visits: str) -> tuple[Problem, ...]:
        (tmp_path / "people.csv").write_text(people)
        return refuse(visits, "visits.csv", participants=tmp_path / "people.csv")

    return _refuse


def test_a_visit_of_somebody_not_listed(refuse_two, tmp_path):
    (problem,) = refuse_two(PEOPLE.replace("p2", "p22"), VISITS)

    assert problem == Problem(
        str(tmp_path / "visits.csv"), f"unknown participant: not in {tmp_path / 'people.csv'}", 3, "participant", "p2",
        "one of the 3 participants listed there", "p22",
    )  # fmt: skip


def test_problems_of_two_files_are_said_together(refuse_two, tmp_path):
    problems = refuse_two(PEOPLE.replace("58", "580"), VISITS.replace("end", "ende"))

    assert [(problem.file, problem.line, problem.field) for problem in problems] == [
        (str(tmp_path / "people.csv"), 3, "age"),
        (str(tmp_path / "visits.csv"), 4, "visit"),
    ]


def test_a_participant_listed_twice(refuse_two, tmp_path):
    (problem,) = refuse_two(PEOPLE + "p1,course,north,31\n", VISITS)

    assert (problem.file, problem.line) == (str(tmp_path / "people.csv"), 5)
    assert problem.message == "this participant already stands in row 2"


def test_an_arm_in_both_files(refuse_two, tmp_path):
    lines = VISITS.splitlines()

    (problem,) = refuse_two(PEOPLE, "\n".join([f"{lines[0]},arm", *(f"{line},usual" for line in lines[1:])]))

    assert (problem.file, problem.field) == (str(tmp_path / "visits.csv"), "arm")
    assert problem.message == "the column belongs in the file of participants only"


def test_a_file_of_participants_that_is_not_there(refuse, tmp_path):
    (problem,) = refuse(VISITS, "visits.csv", participants=tmp_path / "people.csv")

    assert (problem.file, problem.message) == (str(tmp_path / "people.csv"), "there is no such file")
