"""Pages are in the language a person has chosen: on this device now, or stored before."""

from __future__ import annotations

import pytest
from django.test import Client

from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.ledger.verify import verify
from imara.service.people.languages import choose
from imara.service.people.links import make_link

from .conftest import ME, Cast

pytestmark = pytest.mark.django_db


def speak_danish(cast: Cast) -> None:
    with recorded("test.language", by=ME):
        cast.participant.language = "da"
        cast.participant.save()


def test_what_is_stored_holds_on_every_device(cast: Cast, visit) -> None:
    speak_danish(cast)
    page = visit(cast.participant).get("/account/")
    assert '<html lang="da">' in page.content.decode()
    assert "Min konto" in page.content.decode()


def test_choosing_on_ones_account_stores_it(cast: Cast, visit) -> None:
    client = visit(cast.participant)
    client.cookies["django_language"] = "en"
    answer = client.post("/account/", {"language": "da"}, follow=True)
    assert "Dine sider er på dansk nu." in answer.content.decode()
    cast.participant.refresh_from_db()
    assert cast.participant.language == "da"
    assert Event.objects.filter(kind="people.language_chosen", actor=cast.participant.key).count() == 1
    assert verify() == []


def test_what_was_chosen_before_signing_in_is_stored(cast: Cast) -> None:
    client = Client()
    client.get("/language/da/?next=/account/login/")
    client.post(make_link(person=cast.participant, by=ME).path)
    cast.participant.refresh_from_db()
    assert cast.participant.language == "da"


def test_signing_in_without_a_choice_changes_nothing(cast: Cast) -> None:
    speak_danish(cast)
    client = Client()
    client.post(make_link(person=cast.participant, by=ME).path)
    cast.participant.refresh_from_db()
    assert cast.participant.language == "da"
    assert '<html lang="da">' in client.get("/account/").content.decode()


def test_a_choice_on_this_device_goes_first(cast: Cast, visit) -> None:
    speak_danish(cast)
    client = visit(cast.participant)
    client.get("/language/en/?next=/account/")
    assert '<html lang="en">' in client.get("/account/").content.decode()


def test_a_language_that_the_site_does_not_speak_is_refused(cast: Cast, visit) -> None:
    with pytest.raises(ValueError, match="'xx' is not one of en, da"):
        choose(person=cast.participant, language="xx", by=ME)
    client = visit(cast.participant)
    client.cookies["django_language"] = "xx"
    assert client.get("/account/").status_code == 200
