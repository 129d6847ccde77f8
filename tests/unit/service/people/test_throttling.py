"""After many failed tries there is a pause, and its page says until when; others are not held up."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import formats, timezone

from imara.service.ledger.recording import Actor, recorded

from .conftest import Cast

pytestmark = pytest.mark.django_db

PASSWORD = "four words in a row"


@pytest.fixture
def cast_with_password(cast: Cast) -> Cast:
    for person in (cast.coordinator, cast.participant):
        with recorded("people.password_set", by=Actor(person.key, "self")):
            person.set_password(PASSWORD)
            person.save()
    return cast


def fail(client: Client, email: str, times: int, **extra: str) -> list[int]:
    return [
        client.post("/account/login/", {"login": email, "password": "wrong"}, **extra).status_code for _ in range(times)
    ]


def test_the_pause_comes_at_the_limit_and_says_when_it_ends(cast_with_password: Cast, settings) -> None:
    client, email = Client(), cast_with_password.participant.email
    statuses = fail(client, email, settings.AXES_FAILURE_LIMIT)
    assert set(statuses[:-1]) == {200}
    answer = client.post("/account/login/", {"login": email.upper(), "password": PASSWORD})
    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session
    page = answer.content.decode()
    assert "we have paused" in page
    assert "tel:112" in page
    last = AccessAttempt.objects.latest("attempt_time").attempt_time
    ends = timezone.localtime(last + timedelta(minutes=15))
    shown = {formats.date_format(ends + timedelta(minutes=n), "TIME_FORMAT") for n in (0, 1)}
    found = re.search(r"<strong>(\d+[:.]\d\d)</strong>", page)
    assert found
    assert found[1] in shown
    assert 880 < int(answer["Retry-After"]) <= 900


def test_others_and_other_places_are_not_held_up(cast_with_password: Cast, settings) -> None:
    email = cast_with_password.participant.email
    fail(Client(), email, settings.AXES_FAILURE_LIMIT)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.post("/account/login/", {"login": email, "password": PASSWORD})
    assert "_auth_user_id" in elsewhere.session
    other = Client()
    other.post("/account/login/", {"login": cast_with_password.coordinator.email, "password": PASSWORD})
    assert "_auth_user_id" in other.session


def test_after_the_pause_one_gets_in(cast_with_password: Cast, settings) -> None:
    client, email = Client(), cast_with_password.participant.email
    fail(client, email, settings.AXES_FAILURE_LIMIT)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    assert "_auth_user_id" in client.session


def test_tries_from_many_places_are_held_back_too(cast_with_password: Cast) -> None:
    email = cast_with_password.participant.email
    for number in range(30):
        fail(Client(REMOTE_ADDR=f"192.0.2.{number}"), email, 1)
    answer = Client(REMOTE_ADDR="198.51.100.1").post("/account/login/", {"login": email, "password": PASSWORD})
    assert "many tries" in answer.content.decode()


def test_trying_one_account_after_another_gets_the_same_kind_page(cast_with_password: Cast) -> None:
    statuses = [fail(Client(), f"a{number}@example.org", 1)[0] for number in range(31)]
    assert statuses == [200] * 30 + [429]
    answer = Client().post("/account/login/", {"login": "b@example.org", "password": "wrong"})
    assert "You can try again at" in answer.content.decode()
    assert int(answer["Retry-After"]) > 0


def test_behind_a_web_server_the_visitors_own_address_counts(cast_with_password: Cast, settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    email = cast_with_password.participant.email
    fail(Client(), email, settings.AXES_FAILURE_LIMIT, HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"192.0.2.1"}
    other = Client()
    other.post("/account/login/", {"login": email, "password": PASSWORD}, HTTP_X_FORWARDED_FOR="192.0.2.2")
    assert "_auth_user_id" in other.session


def test_no_password_is_written_down(cast_with_password: Cast) -> None:
    fail(Client(), cast_with_password.participant.email, 1)
    attempt = AccessAttempt.objects.get()
    assert "wrong" not in attempt.post_data.replace("password=********************", "")
