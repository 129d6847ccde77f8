"""Histories in sentences: of a study, of a participant or another record, of a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from imara.service.ledger import words
from imara.service.ledger.history import Asked, page_of_history
from imara.service.ledger.queries import Entry
from imara.service.people import queries
from imara.service.people.doorkeeper import opens_with
from imara.service.people.forms import HistoryFilters
from imara.service.people.models import Person
from imara.service.people.pages.acting import person_called, visitor
from imara.service.people.places import name_of, title_of
from imara.service.people.role_names import ROLE_NAMES
from imara.service.people.roles import right
from imara.service.ui.navigation import Way
from imara.service.ui.tables import Order, read_order

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An act as the page shows it."""

    sequence: int
    at: str
    sentence: str
    where: str
    reason: str
    changes: list[words.Told]


@opens_with("ledger.read")
@require_safe
def study_history(request: HttpRequest, study: str) -> HttpResponse:
    """What was done in a study, at the centres for which one may read it."""
    asked = Asked(study=study, sites=_sites(request, study))
    return _show(request, asked, _("History of %(what)s") % {"what": title_of(study)}, ())


@opens_with("ledger.read")
@require_safe
def participant_history(request: HttpRequest, study: str, participant: str) -> HttpResponse:
    """What was done about a participant."""
    asked = Asked(study=study, sites=_sites(request, study), subject=f"participant:{participant}")
    return _show(request, asked, _("History of %(what)s") % {"what": participant}, (_above(study),), must_be_there=True)


@opens_with("ledger.read")
@require_safe
def record_history(request: HttpRequest, study: str, model: str, key: str) -> HttpResponse:
    """How one record came to be as it is."""
    called = words.records().get(model)
    if called is None:
        raise Http404("there are no such records")
    asked = Asked(study=study, sites=_sites(request, study), record=(model, key))
    what = f"{called} {key}"
    return _show(request, asked, _("History of %(what)s") % {"what": what}, (_above(study),), must_be_there=True)


@opens_with("people.manage")
@require_safe
def person_history(request: HttpRequest, key: str) -> HttpResponse:
    """What a person did, and what was done to their account."""
    person = person_called(key)
    name = person.name or person.email or person.key
    crumbs = (
        Way(_("People"), reverse("people:people")),
        Way(name, reverse("people:person", args=[person.key])),
    )
    return _show(request, Asked(person=person.key), _("History of %(what)s") % {"what": name}, crumbs)


def lines(entries: list[Entry]) -> list[Line]:
    """Return events as a page shows them."""
    keys = {entry.actor for entry in entries} | {entry.subject.partition(":")[2] for entry in entries}
    names = {
        person.key: person.name or person.email or person.key for person in Person.objects.filter(key__in=sorted(keys))
    }
    roles = {role.value: name for role, name in ROLE_NAMES.items()}
    return [
        Line(
            entry.sequence,
            words.moment(entry.at),
            words.sentence(entry, names, roles),
            name_of(entry.study, entry.site) if entry.site else "",
            entry.reason,
            words.told(entry),
        )
        for entry in entries
    ]


def _sites(request: HttpRequest, study: str) -> frozenset[str] | None:
    return queries.sites_of(visitor(request), right("ledger.read"), study)


def _above(study: str) -> Way:
    return Way(_("History of %(what)s") % {"what": title_of(study)}, reverse("people:study_history", args=[study]))


def _show(
    request: HttpRequest, asked: Asked, heading: str, crumbs: tuple[Way, ...], *, must_be_there: bool = False
) -> HttpResponse:
    order = read_order(request.GET, ())
    everything = page_of_history(asked, per_page=1)
    if must_be_there and everything.total == 0:
        # Somebody else's centre, or nothing at all: the same answer to both.
        raise Http404("there is no such history")
    kinds = [(kind, capfirst(_phrase(kind))) for kind in everything.kinds]
    form = HistoryFilters(request.GET or None, kinds=kinds)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        asked = Asked(
            **{
                **asked.__dict__,
                "kind": given["kind"],
                "since": given["since"],
                "until": given["until"],
            }
        )
    found = page_of_history(asked, page=order.page, per_page=PER_PAGE)
    return render(
        request,
        "people/history.html",
        {
            "heading": heading,
            "crumbs": crumbs,
            "filters_form": form,
            "lines": lines(found.entries),
            "total": found.total,
            "last": max(1, -(-found.total // PER_PAGE)),
            "page": order.page,
            "newer": _page_address(request, order, -1) if order.page > 1 else "",
            "older": _page_address(request, order, 1) if order.page * PER_PAGE < found.total else "",
        },
    )


def _phrase(kind: str) -> str:
    phrase = words.events().get(kind)
    return str(phrase) % {"whom": "…"} if phrase is not None else kind


def _page_address(request: HttpRequest, order: Order, step: int) -> str:
    query = request.GET.copy()
    query["page"] = str(order.page + step)
    return "?" + query.urlencode()
