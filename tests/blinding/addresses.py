"""Every address of the service, from the URL table, with everything that can stand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize
from tests.blinding.worlds import HERE, MAIN, OTHER, SITES, THERE, World

from imara.service.ledger.recorded import RecordedModel
from imara.service.people.models import Assignment
from imara.service.studies.states import STEPS


@dataclass(frozen=True)
class Value:
    """Something that can stand in an address, and whose it is."""

    text: str
    study: str = ""
    """Study it belongs to; empty for none."""
    site: str = ""
    """Centre it belongs to; empty for none."""


def _participants(world: World) -> list[Value]:
    return [Value(key, story.study, story.site) for story, key in world.keys.items()] + [Value("XYZ-999")]


def _rows(model: Any, study: str, site: str, key: str = "pk") -> list[Value]:
    """Return the keys of a model's rows; `study` and `site` are paths to where each row says whose it is."""
    rows = model.objects.order_by("pk").values_list(key, study, site)
    return [Value(str(pk), of, at) for pk, of, at in rows] + [Value("987654")]


def _of_participants(model: Any) -> list[Value]:
    return _rows(model, "participant__study_id", "participant__site")


def _model(name: str) -> Any:
    return apps.get_model(name)


def _recorded_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, RecordedModel)]


def _words(*texts: str) -> Callable[[World], list[Value]]:
    return lambda _: [Value(text) for text in texts]


Provider = Callable[[World], list[Value]]

PROVIDERS: dict[str, Provider] = {
    # What stands in addresses, by the parameter's name, or by "name of the address/parameter" where a name means
    # different things. A new page whose parameters are here already needs no line at all.
    "study": _words(MAIN, OTHER, "no-such-study"),
    "site": _words(*SITES, "no-such-centre"),
    "participant": _participants,
    "language": _words("en", "da", "xx"),
    "number": _words("1", "2"),
    "step": lambda _: [Value(step.name) for step in STEPS],
    "token": _words("no-such-token"),
    "who": _words("no-such-person"),
    # People with an account; `people:...` are pages of the administrator.
    "key": lambda world: [Value(world.persons[name].key) for name in list(world.persons)[:3]] + [Value("p-nobody")],
    "assignment": lambda _: [
        Value(str(pk)) for pk in Assignment.objects.order_by("pk").values_list("pk", flat=True)[:2]
    ],
    # Histories of records.
    "model": lambda _: [Value(model._meta.label_lower) for model in _recorded_models()],
    "people:record_history/key": _words("1", "2"),
    # Rows of rooms.
    "request_id": lambda _: _rows(_model("allocation.UnblindingRequest"), "study", "site"),
    "consent_id": lambda _: _of_participants(_model("participants.Consent")),
    "invitation_id": lambda _: _of_participants(_model("participants.Invitation")),
    "withdrawal_id": lambda _: _of_participants(_model("participants.Withdrawal")),
    "question_id": lambda _: _rows(
        _model("participants.Question"), "invitation__participant__study_id", "invitation__participant__site"
    ),
    "duplicate_id": lambda _: _rows(_model("participants.Duplicate"), "later__study_id", "later__site"),
    # Passkeys, on pages of allauth.
    "pk": _words("1"),
}

OWN_PLACES = ((MAIN, HERE), (MAIN, THERE), (OTHER, HERE))
"""Where the cast works: what belongs elsewhere is tried under these as well."""


class UnknownParameterError(AssertionError):
    """An address has a parameter that nobody has given values."""


@dataclass(frozen=True)
class Page:
    """One line of the URL table."""

    name: str
    """Its name with its namespace, `allocation:one`."""
    route: str
    """As it is written, `studies/<slug:study>/`, for reports."""
    form: str
    """As it is filled in, `studies/%(study)s/`."""
    parameters: tuple[str, ...]
    pattern: URLPattern
    """The line itself."""

    @property
    def callback(self) -> Any:
        """The function that answers."""
        return self.pattern.callback

    def __str__(self) -> str:
        return self.route or "/"

    def provider(self, parameter: str) -> Provider:
        """Return where the values of a parameter come from."""
        found = PROVIDERS.get(f"{self.name}/{parameter}") or PROVIDERS.get(parameter)
        if found is None:
            raise UnknownParameterError(
                f"The page '{self.route}' has the parameter '{parameter}', and nothing says what can stand there. Add "
                f"a line to PROVIDERS in tests/blinding/addresses.py, for rows of a model such as\n"
                f'    "{parameter}": lambda _: _of_participants(_model("room.Model")),'
            )
        return found


@dataclass(frozen=True)
class Address:
    """A page with its parameters filled in."""

    page: Page
    path: str
    values: tuple[tuple[str, Value], ...]

    def __str__(self) -> str:
        return self.path

    def says(self, parameter: str) -> str | None:
        """Return what stands in a parameter, or None where the page has no such parameter."""
        return next((value.text for name, value in self.values if name == parameter), None)

    @property
    def places(self) -> set[tuple[str, str]]:
        """Study and centre of everything in the address that belongs somewhere."""
        return {(value.study, value.site) for _, value in self.values if value.study}

    @property
    def is_true(self) -> bool:
        """Whether everything in it belongs where the address says."""
        here = (self.says("study"), self.says("site"))
        return all(
            (here[0] is None or study == here[0]) and (here[1] is None or not site or site == here[1])
            for study, site in self.places
        )


def pages() -> list[Page]:
    """Return the whole URL table."""
    return list(_walk(get_resolver().url_patterns, "", "", ""))


def _walk(patterns: list[Any], regex: str, route: str, namespace: str) -> Iterator[Page]:
    for each in patterns:
        here = regex + each.pattern.regex.pattern.removeprefix("^")
        there = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, here, there, inner)
        elif isinstance(each, URLPattern):
            for form, parameters in normalize(here):
                yield Page(namespace + (each.name or ""), there, form, tuple(parameters), each)


def addresses(page: Page, world: World) -> list[Address]:
    """Return a page's addresses: with everything in its own place, and with what belongs elsewhere in each other's."""
    choices = {name: page.provider(name)(world) for name in page.parameters}
    studies = {value.text: value for value in choices.get("study", [])}
    sites = {value.text: value for value in choices.get("site", [])}
    others = [name for name in page.parameters if name not in {"study", "site"}]
    found: dict[str, Address] = {}
    for values in product(*(choices[name] for name in others)):
        filled = dict(zip(others, values, strict=True))
        owners = {(value.study, value.site) for value in values if value.study}
        places = sorted({*owners, *OWN_PLACES}) if others else [*product(studies, sites or [""])]
        if not studies:
            places = [("", "")]
        for study, site in places:
            given = dict(filled)
            if "study" in page.parameters:
                given["study"] = studies.get(study, Value(study))
            if "site" in page.parameters:
                given["site"] = sites.get(site, Value(site))
            if any(not value.text for value in given.values()):
                continue
            path = "/" + page.form % {name: value.text for name, value in given.items()}
            found.setdefault(path, Address(page, path, tuple((name, given[name]) for name in page.parameters)))
    # The true ones first, so that whoever tries only a few tries these.
    return sorted(found.values(), key=lambda address: not address.is_true)
