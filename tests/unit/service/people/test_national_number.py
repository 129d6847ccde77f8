"""Danish national numbers: what can be one, and what is said of what cannot."""

from __future__ import annotations

from datetime import date

import pytest

from imara.service.people.national_number import NationalNumberError, danish

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("typed", "digits", "born"),
    [
        ("010180-1234", "0101801234", date(1980, 1, 1)),
        (" 0101801234 ", "0101801234", date(1980, 1, 1)),
        ("290204 4123", "2902044123", date(2004, 2, 29)),
        ("010157-5123", "0101575123", date(2057, 1, 1)),
        ("311299-4000", "3112994000", date(1999, 12, 31)),
        ("010158-8123", "0101588123", date(1858, 1, 1)),
        ("150936-9000", "1509369000", date(2036, 9, 15)),
    ],
)
def test_the_seventh_digit_says_the_century(typed: str, digits: str, born: date) -> None:
    number = danish(typed, date(2100, 1, 1))
    assert (number.digits, number.born) == (digits, born)
    assert repr(number) == "NationalNumber(hidden)"
    assert str(number) == f"{digits[:6]}-{digits[6:]}"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0101801", "form"), ("010180-12345", "form"), ("abcdef-1234", "form"), ("320180-1234", "date"),
     ("290201-1234", "date"), ("010130-4123", "future")],
)  # fmt: skip
def test_what_cannot_be_a_number_is_said(typed: str, code: str) -> None:
    with pytest.raises(NationalNumberError) as wrong:
        danish(typed, TODAY)
    assert wrong.value.code == code


def test_a_number_without_the_old_check_digit_is_one() -> None:
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    number = danish("010180-1235", TODAY).digits
    assert sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 != 0
