"""A one-time link lets one person in, once, until it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor, recorded
from imara.service.ledger.verify import verify
from imara.service.people import actions
from imara.service.people.links import LinkState, cancel_links, look_up, make_link, use_link
from imara.service.people.models import OneTimeLink, Person

pytestmark = pytest.mark.django_db

ME = Actor("system:test", "coordinator")


@pytest.fixture
def person() -> Person:
    return actions.invite(by=ME)


def test_it_works_once(person: Person) -> None:
    new = make_link(person=person, leads_to="/consent/", by=ME)
    assert new.path == f"/go/{new.token}/"
    assert look_up(new.token)[0] is LinkState.GOOD
    state, link = use_link(token=new.token)
    assert state is LinkState.GOOD
    assert link is not None
    assert (link.person, link.leads_to) == (person, "/consent/")
    assert use_link(token=new.token) == (LinkState.USED, None)
    assert [event.kind for event in Event.objects.all()][-2:] == ["people.link_made", "people.link_used"]
    assert verify() == []


def test_the_token_is_nowhere(person: Person) -> None:
    new = make_link(person=person, by=ME)
    assert new.token not in repr(new)
    assert not any(new.token in event.changes for event in Event.objects.all())
    assert not OneTimeLink.objects.filter(digest=new.token).exists()


def test_it_ends(person: Person) -> None:
    new = make_link(person=person, lifetime=timedelta(minutes=5), by=ME)
    with recorded("test.clock_moved", by=ME):
        new.link.expires_at = timezone.now()
        new.link.save()
    assert use_link(token=new.token) == (LinkState.EXPIRED, None)


def test_a_new_link_to_the_same_place_ends_the_old(person: Person) -> None:
    old, other = make_link(person=person, leads_to="/a/", by=ME), make_link(person=person, leads_to="/b/", by=ME)
    new = make_link(person=person, leads_to="/a/", by=ME)
    assert look_up(old.token)[0] is LinkState.CANCELLED
    assert look_up(other.token)[0] is LinkState.GOOD
    assert look_up(new.token)[0] is LinkState.GOOD


def test_cancelling_ends_all(person: Person) -> None:
    links = [make_link(person=person, leads_to=f"/{n}/", by=ME) for n in range(3)]
    assert cancel_links(person=person, reason="phone lost", by=ME) == 3
    assert {look_up(new.token)[0] for new in links} == {LinkState.CANCELLED}


def test_a_closed_account_lets_nobody_in(person: Person) -> None:
    new = make_link(person=person, by=ME)
    actions.close_account(person=person, reason="left", by=ME)
    assert look_up(new.token) == (LinkState.UNKNOWN, None)


def test_an_unknown_token() -> None:
    assert use_link(token="x" * 43) == (LinkState.UNKNOWN, None)


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "evil", "/\\evil.example"])
def test_it_leads_nowhere_else(address: str, person: Person) -> None:
    with pytest.raises(ValueError, match="within this site"):
        make_link(person=person, leads_to=address, by=ME)
