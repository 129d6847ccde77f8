"""Tells the rooms below which studies and centres there are."""

from __future__ import annotations

from django.utils.translation import get_language

from imara.service.people.places import Place
from imara.service.studies.models import ConductedStudy
from imara.service.studies.queries import in_force
from imara.study.vocabulary import Text


def all_places() -> list[Place]:
    """Return every study that is conducted here with its centres, by name."""
    return [_place(name) for name in ConductedStudy.objects.order_by("name").values_list("name", flat=True)]


def _place(name: str) -> Place:
    study = in_force(name).study
    sites = tuple((key, _words(site.label)) for key, site in study.sites.items())
    return Place(name, _words(study.title), sites)


def _words(text: Text) -> str:
    return text.to("da" if (get_language() or "en").startswith("da") else "en")
