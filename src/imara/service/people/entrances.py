"""Where people go from the first page: every room says what it opens, and to whom; nobody sees other doors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imara.service.people import queries
from imara.service.people.places import name_of, places, title_of
from imara.service.people.roles import Right, right
from imara.service.ui.navigation import Way


@dataclass(frozen=True)
class Entrance:
    """A page that a person can begin with."""

    right: str
    """The right it needs."""
    label: str | Promise
    hint: str | Promise
    url_name: str
    """Its address takes `study`, or `study` and `site`, as `per` says."""
    per: Literal["platform", "study", "site"]


@dataclass(frozen=True)
class Area:
    """What one can do in one study at one centre, or for the site as a whole."""

    study: str
    site: str
    heading: str
    ways: tuple[Way, ...]


ENTRANCES: tuple[Entrance, ...] = (
    Entrance("people.manage", _("People"), _("Invite people, give and end roles."), "people:people", "platform"),
    Entrance("ledger.read", _("History"), _("Who did what, and when."), "people:study_history", "study"),
)


@lru_cache(maxsize=1)
def all_entrances() -> tuple[Entrance, ...]:
    """Return what all rooms open: `ENTRANCES` of their modules `entrances`."""
    found: list[Entrance] = []
    for config in apps.get_app_configs():
        module = f"{config.name}.entrances"
        if config.name.startswith("imara.service.") and find_spec(module) is not None:
            found += import_module(module).ENTRANCES
    return tuple(found)


def areas(person: Any) -> list[Area]:
    """Return what a person can begin with: for the whole site, then study by study and centre by centre."""
    held = queries.assignments(person)
    studies = sorted({place.study for place in places()} | {one.study for one in held if one.study})
    found = [Area("", "", "", _ways(person, "platform"))]
    for study in studies:
        found.append(Area(study, "", title_of(study), _ways(person, "study", study=study)))
        known = [key for place in places() if place.study == study for key, _name in place.sites]
        sites = sorted({*known, *(one.site for one in held if one.study == study and one.site)})
        found += [
            Area(
                study, site, f"{title_of(study)}, {name_of(study, site)}", _ways(person, "site", study=study, site=site)
            )
            for site in sites or ["main"]
        ]
    return [area for area in found if area.ways]


def main_ways(person: Any) -> tuple[Way, ...]:
    """Return the ways of the navigation that are the same on every page."""
    return (Way(str(_("First page")), "/"), *_ways(person, "platform"))


def _ways(person: Any, per: str, **where: str) -> tuple[Way, ...]:
    found = []
    for entrance in all_entrances():
        if entrance.per != per or not _may(person, right(entrance.right), per, where):
            continue
        try:
            address = reverse(entrance.url_name, kwargs=where)
        except NoReverseMatch:
            continue
        found.append(Way(str(entrance.label), address, str(entrance.hint)))
    return tuple(found)


def _may(person: Any, needed: Right, per: str, where: dict[str, str]) -> bool:
    return queries.may(person, needed, study=where.get("study"), site=where.get("site"))
