"""Files that cannot be read as a table at all, or not in every row."""

from __future__ import annotations

import gzip

import polars as pl
import pytest

from imara.dataset import read_dataset
from imara.study.problems import InputError, Problem


def _lines(text: str, change: dict[int, str]) -> str:
    """Replace whole rows."""
    return "".join(change.get(row, line) for row, line in enumerate(text.splitlines(keepends=True), start=1))


def test_an_empty_file(refuse):
    (problem,) = refuse("")

    assert problem.message == "the file is empty"
    assert problem.allowed == "a header row and one row for each participant or visit"


@pytest.mark.parametrize("blank", ["\n\n", "  \n", "\ufeff", "\r\n"])
def test_a_file_of_nothing_but_blanks(refuse, blank):
    assert refuse(blank)[0].message == "the file is empty"


def test_a_header_and_nothing_below(refuse, sound):
    (problem,) = refuse(sound.splitlines()[0])

    assert (problem.message, problem.line) == ("the file has a header but no rows below it", 1)


def test_a_header_and_empty_rows_below(refuse, sound):
    header = sound.splitlines()[0]

    assert refuse(header + "\n\n" + "," * header.count(",") + "\n")[0].line == 1


def test_a_file_that_is_not_there(small, tmp_path, sound):
    (tmp_path / "outcomes.csv").write_text(sound)

    with pytest.raises(InputError) as caught:
        read_dataset(small, tmp_path / "outcome.csv")

    path = str(tmp_path / "outcome.csv")
    assert caught.value.problems == (Problem(path, "there is no such file", nearest="outcomes.csv"),)


def test_a_folder_that_is_not_there(small, tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_dataset(small, tmp_path / "nowhere" / "outcome.csv")


def test_a_folder_instead_of_a_file(small, tmp_path, sound):
    (tmp_path / "b.csv").write_text(sound)
    (tmp_path / "a.parquet").touch()
    (tmp_path / "notes.md").touch()

    with pytest.raises(InputError) as caught:
        read_dataset(small, tmp_path)

    (problem,) = caught.value.problems
    assert problem == Problem(
        str(tmp_path), "this is a folder, not a data file", found="a.parquet, b.csv", allowed="a CSV or Parquet file"
    )


def test_windows_encoding_is_refused_with_the_byte(refuse, sound):
    content = sound.replace("p2", "Søren").encode("cp1252")

    (problem,) = refuse(content)

    at = content.index(b"\xf8") + 1
    assert problem.message == (
        f"the file is not UTF-8 text: byte {at} does not fit (most likely it was saved as Windows-1252)"
    )
    assert problem.line == 5
    assert problem.found.startswith("Søren,course,south")
    assert problem.allowed == "UTF-8: save it as 'CSV UTF-8'"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_refused(refuse, sound, encoding):
    (problem,) = refuse(sound.encode(encoding))

    assert "UTF-16" in problem.message or "byte 2 is zero" in problem.message or "byte 1 is zero" in problem.message


def test_a_zero_byte(refuse, sound):
    (problem,) = refuse(sound.encode().replace(b"p2", b"p\0", 1))

    assert problem.message == f"byte {sound.index('p2') + 2} is zero, so this is not a text file"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("data.xlsx", b"PK\x03\x04 and so on", "a spreadsheet workbook or a zip archive"),
        ("data.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old spreadsheet workbook"),
        ("data.csv.gz", gzip.compress(b"participant,arm\n"), "compressed"),
        ("data.sav", b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
        ("data.json", b'{"participant": 1}', "JSON"),
    ],
)
def test_other_kinds_of_file_are_named(refuse, name, content, kind):
    (problem,) = refuse(content, name)

    assert problem.message == f"the file is {kind}"
    assert problem.allowed == "a CSV file in UTF-8 or a Parquet file"


def test_a_csv_file_that_calls_itself_parquet(refuse, sound):
    (problem,) = refuse(sound, "data.parquet")

    assert problem.message == "the file is not Parquet, though its name says so"


def test_a_parquet_file_cut_short(refuse, sound, tmp_path):
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"participant": ["p1"]}).write_parquet(whole)

    (problem,) = refuse(whole.read_bytes()[:-9], "data.parquet")

    assert problem.message == "the Parquet file is damaged or cut short"


def test_a_parquet_file_without_rows(refuse, tmp_path):
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"participant": ["p1"]}).clear().write_parquet(whole)

    assert refuse(whole.read_bytes(), "data.parquet")[0].message == "the file has columns but no rows"


def test_a_column_of_lists(refuse, tmp_path):
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"participant": ["p1"], "arm": [["usual"]], "visit": ["end"], "gaf": [50]}).write_parquet(whole)

    problem = next(problem for problem in refuse(whole.read_bytes(), "data.parquet") if problem.field == "arm")

    assert (problem.message, problem.found) == ("the column does not hold plain values", "type List(String)")


def test_a_row_with_a_cell_too_few(refuse, sound):
    row = "p1,usual,north,31,f,yes,1993-05-17,end,2024-07-11,52,2,1,\n"

    (problem,) = refuse(_lines(sound, {3: row}))

    assert problem.message == "this row has 13 cells where the header has 14"
    assert (problem.line, problem.allowed) == (3, "14 cells separated by a comma")
    assert problem.found.startswith("p1,usual,north,31")


def test_rows_of_different_lengths_are_all_said_and_the_others_still_checked(refuse, sound, change):
    changed = change({(6, "gaf"): "610"})

    problems = refuse(_lines(changed, {3: "p1,usual\n", 5: changed.splitlines()[4] + ",more,still\n"}))

    assert [(problem.line, problem.message) for problem in problems] == [
        (3, "this row has 2 cells where the header has 14"),
        (5, "this row has 16 cells where the header has 14"),
        (6, "the value is outside its range"),
    ]


def test_rows_keep_the_numbers_a_spreadsheet_shows(refuse, change):
    lines = change({(6, "gaf"): "610"}).splitlines(keepends=True)
    lines[2:2] = ["\n", "," * 13 + "\r\n"]

    (problem,) = refuse("".join(lines))

    assert (problem.line, problem.field) == (8, "gaf")


def test_a_line_break_inside_a_cell_is_part_of_its_row(refuse, change):
    (problem,) = refuse(change({(2, "gender"): "f\n", (6, "gaf"): "610"}))

    assert (problem.line, problem.field) == (6, "gaf")


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ('p1,usual,north,31,"f,yes,1993-05-17,end,2024-07-11,52,2,1,,\n', '"f,yes,1993-05-17,end'),
        ('p1,usual,north,31,f"x",yes,1993-05-17,end,2024-07-11,52,2,1,,\n', '"x",yes'),
        ('p1,usual,north,31,"f"x,yes,1993-05-17,end,2024-07-11,52,2,1,,\n', '"f"x,yes'),
    ],
    ids=["never closed", "opened in the middle", "closed in the middle"],
)
def test_a_quotation_mark_out_of_place(refuse, sound, row, found):
    (problem,) = refuse(_lines(sound, {3: row}))

    assert problem.message == "a quotation mark is opened and not closed, or stands in the middle of a cell"
    assert problem.line == 3
    assert problem.found.startswith(found)


def test_semicolons_with_decimal_points_and_commas_mixed(refuse, sound):
    mixed = sound.replace(",", ";").replace("40.5", "40,5")

    problems = refuse(mixed)

    assert [(problem.line, problem.field, problem.found) for problem in problems] == [
        (5, "age", "58.5"), (6, "age", "58.5"),
    ]  # fmt: skip
    assert problems[0].message == "a decimal point, in a file that has decimal commas elsewhere"
    assert problems[0].allowed == "numbers from 18 to 99, with a decimal comma"


def test_a_comma_that_may_mean_thousands(refuse, sound):
    (problem,) = refuse(sound.replace(",", ";").replace("40.5", "40,500"))

    assert (problem.line, problem.field, problem.found) == (2, "illness", "40,500")
    assert problem.message == "a comma in a number may mean decimals or thousands"


def test_a_row_broken_by_a_carriage_return_alone(refuse, sound):
    (problem,) = refuse(_lines(sound, {3: "p1,usual,north,31,f,yes\r,1993-05-17,end,2024-07-11,52,2,1,,\n"}))

    assert problem.message == "a carriage return stands in the middle of a row"
    assert (problem.line, problem.allowed) == (3, "line ends of one kind")
    assert problem.found == "p1,usual,north,31,f,yes"
