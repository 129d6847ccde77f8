"""What was probably meant by a value that cannot be used."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args, get_origin

from imara.study.problems import nearest_word
from imara.study.shape import plain
from imara.study.vocabulary import Duration, Text

_LETTERS = str.maketrans("æøåéü", "aoaeu")
_LENGTH_UNITS = ("days", "weeks", "months", "years")


def as_name(word: str) -> str | None:
    """Return `word` as an identifier (`GAF F` to `gaf-f`), or None when nothing of it would be left."""
    name = re.sub(r"[^a-z0-9]+", "-", word.lower().translate(_LETTERS))
    name = name.strip("-")
    name = re.sub(r"^[0-9-]+", "", name)[:40].rstrip("-")
    return name if name and name != word else None


def as_code(word: str) -> str | None:
    """Return two letters as capitals (`dk` to `DK`), or None for anything else."""
    return word.strip().upper() if re.fullmatch(r"\s*[A-Za-z]{2}\s*", word) else None


def as_duration(value: Any) -> str | None:
    """Guess what length of time was meant: `9 mths` is `9 months`, `9` in months perhaps."""
    words = re.fullmatch(r"\s*([+-]?)\s*(\d+(?:[.,]\d+)?)\s*([A-Za-z]*)\.?\s*", str(value))
    if words is None or isinstance(value, bool):
        return None
    sign, number, unit = words.groups()
    known = {unit_name[:length]: unit_name for unit_name in _LENGTH_UNITS for length in range(1, len(unit_name) + 1)}
    short = {"mths": "months", "mth": "months", "mdr": "months", "wks": "weeks", "wk": "weeks", "yrs": "years"}
    meant = short.get(unit.lower()) or known.get(unit.lower()) or nearest_word(unit, _LENGTH_UNITS)
    if not unit:
        meant = "days" if float(number.replace(",", ".")) == 0 else "months"
    if meant is None:
        return None
    amount = number.replace(",", ".")
    return f"{'-' if sign == '-' else ''}{amount} {meant.removesuffix('s') if amount == '1' else meant}"


def as_list(words: str) -> str | None:
    """Return words between commas as a list (`month-2, month-3` to `[month-2, month-3]`); None for a single word."""
    parts = [part.strip() for part in re.split(r"[,;]", words.strip("[]() ")) if part.strip()]
    return f"[{', '.join(parts)}]" if len(parts) > 1 and not any(" " in part for part in parts) else None


def as_share(value: Any, limits: tuple[float | None, float | None]) -> str | None:
    """Return a percentage as the share it stands for (`38.9` and `38.9%` to `0.389`), where a share is wanted."""
    low, high = limits
    percent = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%?\s*", str(value))
    if high != 1 or low is None or low < 0 or percent is None:
        return None
    number = float(percent[1].replace(",", "."))
    return f"{number / 100:.6g}" if (number > 1 or "%" in str(value)) and low < number / 100 < 1 else None


def nearest_of_type(shape: Any, value: Any, written: str | None) -> str | None:
    """Return what was probably meant when a value has the wrong type."""
    bare = plain(shape)
    if get_origin(bare) is tuple and isinstance(value, str):
        return _as_window(value) if plain(get_args(bare)[0]) is Duration else as_list(value) or _as_one(value)
    if bare is bool:
        words = {"yes": "true", "no": "false", "on": "true", "off": "false", "1": "true", "0": "false"}
        return words.get(str(value).lower()) or nearest_word(str(value), ("true", "false"))
    if bare is int and isinstance(value, float) and value.is_integer():
        return str(int(value))
    if bare in (int, float) and isinstance(value, str):
        number = value.strip().replace(",", ".")
        if re.fullmatch(r"[+-]?\d+", number) or (bare is float and re.fullmatch(r"[+-]?\d*\.?\d+", number)):
            return number
        return None
    if bare in (str, Text) and isinstance(value, (bool, int, float, date)) and written is not None:
        return f'"{written}"'
    if bare is date and isinstance(value, str):
        parts = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", value.strip())
        if parts:
            day, month, year = (int(part) for part in parts.groups())
            day, month = (month, day) if month > 12 >= day else (day, month)
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None


def _as_window(words: str) -> str | None:
    """Return a length of time as a window around a date: `4 weeks` is four weeks before to four weeks after."""
    length = as_duration(re.sub(r"^\s*(±|\+/-|[+-])\s*", "", words))
    return None if length is None else f"[-{length}, +{length}]"


def _as_one(word: str) -> str | None:
    return f"[{word}]" if re.fullmatch(r"[\w-]+", word) else None
