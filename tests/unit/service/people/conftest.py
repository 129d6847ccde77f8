"""A site as it is run: the cast, the second step asked for, and browsers for its members."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import Client

from imara.service.ledger.recording import Actor
from imara.service.people import actions
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.people.second_factor import PROVED

ME = Actor("system:test", "administrator")
STUDY, HERE, THERE = "imr-denmark", "ballerup", "frederiksberg"


@dataclass(frozen=True)
class Cast:
    """Those who appear in the tests of this room."""

    administrator: Person
    coordinator: Person
    monitor: Person
    assessor: Person
    participant: Person
    stranger: Person
    """Has an account and no role."""


@pytest.fixture(autouse=True)
def as_a_site_is_run(settings: pytest.FixtureRequest) -> Iterator[None]:
    """Ask for the second step, and forget tries and kept forms of other tests."""
    settings.IMARA_SECOND_FACTOR = True  # type: ignore[attr-defined]  # pytest-django's
    settings.IMARA_DEMO = False  # type: ignore[attr-defined]  # as above
    cache.clear()
    yield
    cache.clear()


def member(name: str, role: Role | None, study: str = "", site: str = "") -> Person:
    """Make somebody with a role."""
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    person = actions.invite(name=name if role is not Role.PARTICIPANT else "", email=email, by=ME)
    if role is not None:
        actions.assign(person=person, role=role, study=study, site=site, by=ME)
    return person


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast(
        member("Ada Admin", Role.ADMINISTRATOR),
        member("Carl Coordinator", Role.COORDINATOR, STUDY, HERE),
        member("Mona Monitor", Role.MONITOR, STUDY),
        member("Asta Assessor", Role.ASSESSOR, STUDY, HERE),
        member("Pia Participant", Role.PARTICIPANT, STUDY, HERE),
        member("Stig Stranger", None),
    )


@pytest.fixture
def visit() -> Callable[..., Client]:
    """Return a browser in which somebody has signed in, with their second step unless told otherwise."""

    def browser(person: Person, *, second_step: bool = True) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        if second_step:
            session = client.session
            session[PROVED] = True
            session.save()
        return client

    return browser
