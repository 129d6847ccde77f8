"""Danish national numbers (CPR): is what was typed one that can exist?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FORM = re.compile(r"^\s*(\d{2})(\d{2})(\d{2})[-\s]?(\d{4})\s*$")


class NationalNumberError(ValueError):
    """What was typed is no national number; `words` says what to do."""

    def __init__(self, code: str, words: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True)
class NationalNumber:
    """A national number as it is kept."""

    digits: str
    """Ten digits without a hyphen."""
    born: date
    """The date of birth it begins with."""

    def __str__(self) -> str:
        return f"{self.digits[:6]}-{self.digits[6:]}"

    def __repr__(self) -> str:
        return "NationalNumber(hidden)"


def danish(words: str, today: date) -> NationalNumber:
    """Read a Danish national number: date of birth, day first, and four digits.

    The first of the four digits says the century. The last digit was once a check digit (modulo 11); numbers without
    that property have been given since October 2007, because those with it had run out for some dates of birth. So it
    is not checked: whoever is told that their own number is wrong is told something that is not true.

    Args:
        words: What was typed, with a hyphen, a space or nothing between the two parts.
        today: Nobody is born after it.

    Raises:
        NationalNumberError: It has another form, or no such date exists, or it is still to come.
    """
    match = _FORM.match(words)
    if match is None:
        raise NationalNumberError("form", _("A CPR number is six digits and four digits, for instance 010180-1234."))
    day, month, year, serial = match.groups()
    try:
        born = date(_century(int(serial[0]), int(year)) + int(year), int(month), int(day))
    except ValueError:
        words_ = _("The first six digits must be a date of birth: day, month, year.")
        raise NationalNumberError("date", words_) from None
    if born > today:
        raise NationalNumberError("future", _("This date of birth is still to come. Check the number."))
    return NationalNumber(f"{day}{month}{year}{serial}", born)


def _century(first: int, year: int) -> int:
    """Return the century that the seventh digit and the year say, after the register's table."""
    if first <= 3:
        return 1900
    if first in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
