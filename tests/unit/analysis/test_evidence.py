"""A flag means what it says: true numbers are never flagged however they are rounded, wrong ones are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import ndtr, stdtr, stdtrit
from scipy.stats import ttest_ind_from_stats

from imara.analysis.evidence import Finding, check
from imara.analysis.evidence_table import packaged_tables, read_table
from imara.study.problems import InputError

if TYPE_CHECKING:
    from pathlib import Path

SES = "outcome,mean_treatment,se_treatment,mean_reference,se_reference,p"
CI = "outcome,difference,ci_low,ci_high,p"
SDS = "outcome,mean_treatment,sd_treatment,n_treatment,mean_reference,sd_reference,n_reference,p"

# Differences, intervals and p values as computed by hand from the printed means and standard errors (z test).
DANISH = {
    "GAF-F": (0.80, -3.05, 4.65, 0.68), "GAF-S": (-1.40, -5.65, 2.85, 0.52), "PSP": (-1.00, -5.32, 3.32, 0.65),
    "PANSS": (3.70, -1.37, 8.77, 0.15), "Hamilton": (0.03, -1.18, 1.24, 0.96),
    "Young Mania": (0.56, -1.51, 2.63, 0.60), "MHRM": (-0.70, -6.53, 5.13, 0.81),
    "State hope": (-0.80, -3.85, 2.25, 0.61), "Patient satisfaction": (-0.90, -3.11, 1.31, 0.42),
    "IMRS patient": (-1.10, -4.20, 2.00, 0.49),
}  # fmt: skip


def checked(folder: Path, text: str, **options: float) -> tuple[Finding, ...]:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return check(read_table(str(file)), **options)


def problems_of(folder: Path, content: str | bytes) -> list[str]:
    file = folder / "table.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_table(str(file))
    return [str(problem).removeprefix(str(file)) for problem in caught.value.problems]


def test_danish_table_has_three_rows_that_do_not_agree() -> None:
    assert "imr-denmark-2019" in packaged_tables()
    findings = check(read_table("imr-denmark-2019"))
    flagged = [finding.outcome for finding in findings if not finding.agrees]
    assert flagged == ["Young Mania", "Patient satisfaction", "IMRS patient"]
    for finding in findings:
        difference, low, high, p = DANISH[finding.outcome]
        assert finding.difference == pytest.approx(difference, abs=1e-9)
        assert finding.ci_low == pytest.approx(low, abs=0.00501)
        assert finding.ci_high == pytest.approx(high, abs=0.00501)
        assert finding.p_recomputed == pytest.approx(p, abs=0.00501)
        assert finding.p_low <= finding.p_recomputed <= finding.p_high  # type: ignore[operator]  # all are computed


@pytest.mark.parametrize("correlation", [0.0, 0.2])
def test_danish_verdict_does_not_hang_on_the_tolerance(correlation: float) -> None:
    findings = check(read_table("imr-denmark-2019"), correlation=correlation)
    assert sum(not finding.agrees for finding in findings) == 3


def row(name: str, *numbers: float | str, decimals: int) -> str:
    return ",".join([name, *(n if isinstance(n, str) else f"{n:.{decimals}f}" for n in numbers)])


positive = st.floats(0.5, 50)
means = st.floats(-100, 100)


@given(means, positive, means, positive, st.floats(-0.09, 0.09), st.integers(2, 4), st.integers(2, 4))
def test_true_means_and_ses_are_never_flagged(  # what a published row consists of
    tmp_path_factory: pytest.TempPathFactory,
    m1: float, s1: float, m2: float, s2: float, r: float, decimals: int, p_decimals: int,
) -> None:  # fmt: skip
    p = 2 * ndtr(-abs(m1 - m2) / math.sqrt(s1**2 + s2**2 - 2 * r * s1 * s2))
    line = row("x", m1, s1, m2, s2, f"{p:.{p_decimals}f}", decimals=decimals)
    (finding,) = checked(tmp_path_factory.getbasetemp(), f"{SES}\n{line}\n")
    assert finding.agrees


@given(means, positive, st.one_of(st.just(math.inf), st.floats(30, 500)), st.integers(1, 4))
def test_true_differences_and_intervals_are_never_flagged(
    tmp_path_factory: pytest.TempPathFactory, d: float, se: float, df: float, decimals: int
) -> None:
    quantile = 1.959963984540054 if math.isinf(df) else float(stdtrit(df, 0.975))
    p = 2 * (ndtr(-abs(d) / se) if math.isinf(df) else stdtr(df, -abs(d) / se))
    line = row("x", d, d - quantile * se, d + quantile * se, f"{p:.3f}", decimals=decimals)
    (finding,) = checked(tmp_path_factory.getbasetemp(), f"{CI}\n{line}\n")
    assert finding.agrees


@given(means, positive, st.integers(5, 300), means, positive, st.integers(5, 300), st.booleans())
def test_true_means_and_sds_are_never_flagged(  # as above
    tmp_path_factory: pytest.TempPathFactory,
    m1: float, s1: float, n1: int, m2: float, s2: float, n2: int, equal: bool,
) -> None:  # fmt: skip
    v1, v2 = s1**2 / n1, s2**2 / n2
    df, se = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1)), math.sqrt(v1 + v2)
    if equal:
        df = n1 + n2 - 2
        se = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / df * (1 / n1 + 1 / n2))
    p = 2 * stdtr(df, -abs(m1 - m2) / se)
    line = row("x", m1, s1, str(n1), m2, s2, str(n2), f"{p:.3f}", decimals=2)
    (finding,) = checked(tmp_path_factory.getbasetemp(), f"{SDS}\n{line}\n")
    assert finding.agrees


@given(st.floats(0, 20), positive, st.floats(0, 1))
def test_p_far_from_what_numbers_allow_is_flagged(
    tmp_path_factory: pytest.TempPathFactory, d: float, se: float, p: float
) -> None:
    line = row("x", d, se, 0.0, se, f"{p:.4f}", decimals=3)
    (finding,) = checked(tmp_path_factory.getbasetemp(), f"{SES}\n{line}\n")
    assert finding.p_low is not None
    assert finding.p_high is not None
    assume(p < finding.p_low - 1e-4 or p > finding.p_high + 1e-4)
    assert finding.agrees is False


def test_t_tests_match_scipy(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, f"{SDS}\nGAF-F,50.4,13.4,66,50.2,11.8,62,.63\n")
    welch = ttest_ind_from_stats(50.4, 13.4, 66, 50.2, 11.8, 62, equal_var=False)
    assert finding.p_recomputed == pytest.approx(float(welch.pvalue), rel=1e-9)
    assert finding.agrees is False


def test_more_digits_leave_less_room(tmp_path: Path) -> None:
    coarse, fine = checked(tmp_path, f"{SES}\na,5,1,3,1,.15\nb,5.000,1.000,3.000,1.000,.15\n")
    assert coarse.p_high - coarse.p_low > fine.p_high - fine.p_low  # type: ignore[operator]  # both are computed
    (tight,) = checked(tmp_path, f"{SES}\na,5.000,1.000,3.000,1.000,.190\n")
    assert tight.agrees is False
    (few,) = checked(tmp_path, f"{SES},n_treatment,n_reference\na,5.000,1.000,3.000,1.000,.190,12,12\n")
    assert few.agrees


def test_means_that_round_to_the_same_allow_any_p_up_to_one(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, f"{SES}\na,5.0,1.0,5.0,1.0,1.00\n")
    assert finding.p_high == 1.0
    assert finding.agrees
    (close,) = checked(tmp_path, f"{CI}\na,0.1,-2.0,2.2,.99\n")
    assert close.p_high is not None
    assert close.p_high < 1.0
    (zero,) = checked(tmp_path, f"{CI}\na,0.0,-2.0,2.0,.99\n")
    assert zero.p_high == 1.0


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        (".16", True), ("0.157", True), ("p = .16", True), ("<.20", True), ("<0.001", False), (">.05", True),
        (">.5", False), (".2", True), ("1.6e-1", True), ("0.00", False), ("1", False),
    ],
)  # fmt: skip
def test_p_is_read_in_all_its_printed_forms(tmp_path: Path, printed: str, agrees: bool) -> None:
    (finding,) = checked(tmp_path, f"{SES}\na,5.000,1.000,3.000,1.000,{printed}\n")
    assert finding.p_printed == printed
    assert finding.agrees is agrees


def test_interval_off_centre_is_flagged_as_such(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, f"{CI}\nOdds ratio,1.22,0.44,3.42,.11\n")
    assert finding.agrees is False
    assert "not the middle" in finding.note


def test_other_levels_of_confidence(tmp_path: Path) -> None:
    (ninety,) = checked(tmp_path, f"{CI}\na,2.000,0.355,3.645,.0455\n", level=0.90)
    assert ninety.agrees
    (finding,) = checked(tmp_path, f"{SES}\na,5.000,1.000,3.000,1.000,.157\n", level=0.90)
    assert finding.ci_low == pytest.approx(2 - 1.6448536 * math.sqrt(2))


def test_missing_numbers_are_not_checked_but_what_can_be_is_computed(tmp_path: Path) -> None:
    no_p, no_se, dash = checked(tmp_path, f"{SES}\na,5,1,3,1,-\nb,5,-,3,1,.5\nc,–,—,,NA,.5\n")  # noqa: RUF001
    assert (no_p.agrees, no_p.p_published) == (None, None)
    assert no_p.p_recomputed == pytest.approx(0.1573, abs=1e-4)
    assert (no_se.agrees, no_se.form, no_se.p_recomputed) == (None, None, None)
    assert dash.form is None


def test_forms_are_recognised_row_by_row(tmp_path: Path) -> None:
    both = "outcome,mean_treatment,se_treatment,mean_reference,se_reference,difference,ci_low,ci_high,p"
    first, second = checked(tmp_path, f"{both}\na,5,1,3,1,-,-,-,.16\nb,5,-,3,-,2.0,-0.8,4.8,.16\n")
    assert (first.form, second.form) == ("means-and-ses", "difference-and-ci")
    assert first.agrees
    assert second.agrees


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_minus_signs_and_byte_order_marks(tmp_path: Path, separator: str) -> None:
    head = CI.replace(",", separator)
    body = separator.join(["Håb", "−0,80", "–3,85", "2,25", ",61"])  # noqa: RUF001  # as in printed tables
    (finding,) = checked(tmp_path, f"\ufeff{head}\r\n{body}\r\n")
    assert finding.outcome == "Håb"
    assert finding.difference == -0.8
    assert finding.agrees


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["the file is empty"]),
        ("\n \n", ["the file is empty"]),
        (f"{SES}\n", ["line 1: the file has a header but no rows"]),
        (
            f"{SES.replace('se_treatment', 'se_treatmnt')}\na,1,1,1,1,.5\n",
            ["line 1, se_treatment", "(found: se_treatmnt)", "Did you mean 'se_treatment'?"],
        ),
        ("outcome,p\na,.5\n", ["there is no column 'mean_treatment'", "ci_low"]),
        (f"{SES.removesuffix(',p')}\na,1,1,1,1\n", ["there is no column 'p'"]),
        (f"{SES},p\na,1,1,1,1,.5,.5\n", ["the column 'p' stands twice"]),
        (f"{SES}\na,x,1,1,1,.5\n", ["line 2, mean_treatment: the value is not a number (found: x)"]),
        (f'{SES}\na,"1,5",1,1,1,.5\n', ["line 2, mean_treatment: the value is not a number (found: 1,5)"]),
        (f"{SES}\na,nan,inf,1_0,\uff11,.5\n", ["mean_treatment", "se_treatment", "mean_reference", "se_reference"]),
        (f"{SES}\na,1e300,1,1,1e-30,.5\n", ["mean_treatment", "se_reference"]),
        (f"{SES}\na,1,0,1,-1,.5\n", ["se_treatment: the value is not positive (found: 0)", "se_reference"]),
        (f"{SES}\na,1,1,1,1,1.5\n", ["line 2, p: the p value is not a number from 0 to 1 (found: 1.5)"]),
        (f"{SES}\na,1,1,1,1,ns\n", ["line 2, p: "]),
        (f"{SES}\na,1,1,1,1,-.1\n", ["line 2, p: "]),
        (f"{SES}\na,1,1,1,1\n", ["line 2: this row has 5 cells where the header has 6"]),
        (f"{SES}\n,1,1,1,1,.5\n", ["line 2, outcome: the outcome has no name"]),
        (f"{SDS}\na,1,1,1,1,1,2.5,.5\n", ["n_treatment: the value is not a number of people", "n_reference"]),
        (f"{CI}\na,1,3,2,.5\n", ["ci_low: the lower end of the interval is not below its upper end"]),
        (f"{SES}\n\"a\nb\",1,1,1,1,.5\nc,x,1,1,1,.5\n", ["line 4, mean_treatment"]),
        (f"{SES}\na,1,1,1,\"1,.5\n", ["this is not a CSV file"]),
        (f"{SES}\nH\xe5b,1,1,1,1,.5\n".encode("latin-1"), ["line 2: a character here is not UTF-8"]),
        (f"{SES}\n".encode("utf-16"), ["not UTF-8"]),
        (b"PK\x03\x04\x00\x00", ["this is not a text file"]),
    ],
)  # fmt: skip
def test_bad_tables_are_answered_with_row_and_column(tmp_path: Path, content: str | bytes, expected: list[str]) -> None:
    said = "\n".join(problems_of(tmp_path, content))
    for words in expected:
        assert words in said


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    assert len(problems_of(tmp_path, f"{SES}\na,x,0,1,1,2\nb,1,1,y,1,.5\nc,1\n")) == 5


def test_unknown_table_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="Did you mean 'imr-denmark-2019'"):
        read_table("imr-denmark-2018")
    with pytest.raises(InputError, match="is a folder"):
        read_table(".")
