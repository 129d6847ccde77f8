"""A one-time link on a page: opening it uses nothing up, its button lets one in once, and an ended one helps on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.people.links import NewLink, cancel_links, make_link

from .conftest import ME, Cast

pytestmark = pytest.mark.django_db


def link(cast: Cast, leads_to: str = "/account/") -> NewLink:
    return make_link(person=cast.participant, leads_to=leads_to, by=ME)


def test_opening_it_uses_nothing_up(cast: Cast) -> None:
    new = link(cast)
    for _ in range(2):
        answer = Client().get(new.path)
        assert answer.status_code == 200
        assert "one person only" in answer.content.decode()
    new.link.refresh_from_db()
    assert new.link.used_at is None


def test_its_button_lets_one_in_once(cast: Cast) -> None:
    new, client = link(cast), Client()
    answer = client.post(new.path)
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert Event.objects.get(kind="people.signed_in").reason == "link"
    again = Client().post(new.path)
    assert again.status_code == 410
    assert "The link has been used" in again.content.decode()


def test_it_says_whom_staff_links_are_for_and_nothing_of_health(cast: Cast) -> None:
    new = make_link(person=cast.coordinator, by=ME)
    page = Client().get(new.path).content.decode()
    assert "This link is for Carl Coordinator" in page
    for word in ("imr", "ballerup", "coordinator,", "illness", "study"):
        assert word not in page.lower().replace("carl coordinator", "")


def test_its_address_is_told_to_nobody(cast: Cast) -> None:
    for answer in (Client().get(link(cast).path), Client().post(link(cast).path), Client().get("/go/unknown/")):
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("used", "The link has been used"),
        ("expired", "for a few days only"),
        ("cancelled", "There is a newer link"),
        ("unknown", "We do not know this link"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_ended_one_says_kindly_what_to_do_and_whom_to_call(what: str, words: str, method: str, cast: Cast) -> None:
    new = link(cast)
    path = new.path
    if what == "used":
        Client().post(path)
    elif what == "expired":
        with recorded("test.clock_moved", by=ME):
            new.link.expires_at = timezone.now() - timedelta(minutes=1)
            new.link.save()
    elif what == "cancelled":
        cancel_links(person=cast.participant, reason="phone lost", by=ME)
    else:
        path = "/go/something/"
    client = Client()
    answer = getattr(client, method)(path)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert words in page
    assert "Ask the person who gave you the link for a new one." in page
    assert "tel:112" in page
    assert "_auth_user_id" not in client.session


def test_whoever_has_a_second_step_is_asked_for_it(cast: Cast) -> None:
    with transaction.atomic():
        TOTP.activate(cast.coordinator, "JBSWY3DPEHPK3PXP")
    client = Client()
    answer = client.post(make_link(person=cast.coordinator, by=ME).path)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_whoever_was_in_before_is_out(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    client.post(link(cast).path)
    assert client.session["_auth_user_id"] == str(cast.participant.pk)
    assert client.get("/people/").status_code == 403


def test_a_closed_account_has_no_links(cast: Cast, visit) -> None:
    new = link(cast)
    visit(cast.administrator).post(f"/people/{cast.participant.key}/close/", {"reason": "moved away"})
    assert Client().post(new.path).status_code == 410


def test_it_speaks_the_language_of_its_person(cast: Cast) -> None:
    with recorded("test.language", by=ME):
        cast.participant.language = "da"
        cast.participant.save()
    assert "Dette link er kun til én person" in Client().get(link(cast).path).content.decode()
