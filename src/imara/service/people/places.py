"""Studies and their centres, as far as people need them: a room above, which knows studies, says which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A study and its centres."""

    study: str
    """Its name in addresses and roles."""
    title: str
    """What it is called, in the language of the page."""
    sites: tuple[tuple[str, str], ...]
    """Key and name of each centre."""


def _nowhere() -> Sequence[Place]:
    return ()


_provider: Callable[[], Sequence[Place]] = _nowhere


def provided_by(provider: Callable[[], Sequence[Place]]) -> None:
    """Have a room say which studies there are; called once, when the server starts."""
    global _provider  # noqa: PLW0603  # one room knows
    _provider = provider


def places() -> Sequence[Place]:
    """Return every study that is conducted here, by name."""
    return _provider()


def title_of(study: str) -> str:
    """Return what a study is called; its name where nobody knows more."""
    return next((place.title for place in places() if place.study == study), study)


def name_of(study: str, site: str) -> str:
    """Return what a centre of a study is called; its key where nobody knows more."""
    return next((name for place in places() if place.study == study for key, name in place.sites if key == site), site)
