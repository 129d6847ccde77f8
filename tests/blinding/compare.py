"""Compares what was seen in two worlds, byte for byte, and says where they differ so that one can find the leak."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from tests.blinding.crawl import Record, Seen

AROUND = 48
"""Bytes shown on either side of a difference."""


@dataclass(frozen=True)
class Difference:
    """Something from which a visitor could tell the worlds apart."""

    who: str
    what: str
    where: str
    one: str
    other: str

    def __str__(self) -> str:
        return (
            f"{self.who}: {self.what}\n    {self.where}\n      one world:   {self.one}\n      the other:   {self.other}"
        )


def differences(one: Record, other: Record, blind: Set[str]) -> list[Difference]:
    """Return all differences: in answers to those who are blind, in log lines and e-mails whoever caused them."""
    found = []
    for who, what in sorted(one.keys() | other.keys()):
        first, second = one.get((who, what)), other.get((who, what))
        if first is None or second is None:
            if who in blind:
                found.append(Difference(who, what, "asked in one world only", _has(first), _has(second)))
            continue
        if who in blind:
            found += [Difference(who, what, *where) for where in _answers(first, second)]
        found += [Difference(who, what, *where) for where in _said(first, second)]
    return found


def _has(seen: Seen | None) -> str:
    return "not asked" if seen is None else f"status {seen.status}"


def _answers(first: Seen, second: Seen) -> list[tuple[str, str, str]]:
    found = []
    if first.status != second.status:
        found.append(("status", str(first.status), str(second.status)))
    if first.headers != second.headers:
        names = dict.fromkeys([*dict(first.headers), *dict(second.headers)])
        here, there = dict(first.headers), dict(second.headers)
        differing = [name for name in names if here.get(name) != there.get(name)]
        found += [(f"header {name}", str(here.get(name)), str(there.get(name))) for name in differing]
        if not differing:
            found.append(("order of headers", str(list(here)), str(list(there))))
    if first.cookies != second.cookies:
        found.append(("cookies", str(first.cookies), str(second.cookies)))
    if first.digest != second.digest:
        found.append(_where(first.body, second.body))
    return found


def _where(first: bytes, second: bytes) -> tuple[str, str, str]:
    place = next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return f"body at byte {place} (of {len(first)} and {len(second)})", _cut(first, place), _cut(second, place)


def _cut(body: bytes, place: int) -> str:
    return repr(body[max(0, place - AROUND) : place + AROUND].decode("utf-8", "replace"))


def _said(first: Seen, second: Seen) -> list[tuple[str, str, str]]:
    if first.said == second.said:
        return []
    if len(first.said) != len(second.said):
        return [("number of log lines and e-mails", str(len(first.said)), str(len(second.said)))]
    return [
        (f"log or e-mail, {_where(a.encode(), b.encode())[0]}", *_where(a.encode(), b.encode())[1:])
        for a, b in zip(first.said, second.said, strict=True)
        if a != b
    ]


def report(found: list[Difference], most: int = 15) -> str:
    """Return differences as one text."""
    more = f"\n... and {len(found) - most} more" if len(found) > most else ""
    return f"{len(found)} ways to tell an arm:\n" + "\n".join(map(str, found[:most])) + more
