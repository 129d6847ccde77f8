"""A session that rests ends kindly: what was typed is kept, encrypted, and offered to its writer and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from imara.service.people import kept
from imara.service.people.links import make_link
from imara.service.people.models import Person
from imara.service.people.sessions import SEEN

from .conftest import ME, Cast

pytestmark = pytest.mark.django_db

TYPED = {"name": "Nina New", "email": "nina@example.org", "language": "en", "role": "monitor", "study": "", "site": ""}


def rest(client: Client, minutes: float) -> None:
    """Let a session go unused."""
    session = client.session
    session[SEEN] = session.get(SEEN, timezone.now().timestamp()) - minutes * 60
    session.save()


def sign_in_again(client: Client, person: Person, *, second_step: bool = True) -> None:
    client.post(make_link(person=person, by=ME).path)
    if second_step:
        session = client.session
        session["second_factor_proved"] = True
        session.save()


def leave_a_form(client: Client) -> str:
    client.get("/account/")
    rest(client, 32)
    answer = client.post("/people/invite/", TYPED)
    assert answer.status_code == 403
    return str(answer.content.decode())


def test_use_keeps_it_alive(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    for _ in range(3):
        assert client.get("/people/").status_code == 200
        rest(client, 20)
    assert client.get("/people/").status_code == 200


def test_rest_ends_it(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    client.get("/people/")
    rest(client, 32)
    answer = client.get("/people/?role=monitor")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You have been signed out" in page
    assert "/account/login/?next=%2Fpeople%2F%3Frole%3Dmonitor" in page
    assert "What you wrote is kept" not in page
    assert "_auth_user_id" not in client.session


def test_pages_open_to_all_do_not_scold(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    client.get("/people/")
    rest(client, 32)
    assert client.get("/help/").status_code == 200


def test_what_was_typed_is_kept_offered_and_taken(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    page = leave_a_form(client)
    assert "What you wrote is kept" in page
    assert not Person.objects.filter(email="nina@example.org").exists()
    sign_in_again(client, cast.administrator)
    assert client.get("/people/invite/")["Location"] == "/account/kept/"
    page = client.get("/account/kept/").content.decode()
    assert "Nina New" in page
    assert 'action="/people/invite/"' in page
    # It is offered once; afterwards one goes where one likes.
    assert client.get("/people/").status_code == 200
    assert client.post("/people/invite/", TYPED | {kept.SENT_AGAIN: "1"}).status_code == 200
    assert Person.objects.filter(email="nina@example.org").exists()


def test_sent_again_it_is_forgotten_once_it_was_taken(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    path = f"/people/{cast.coordinator.key}/change/"
    client.get("/people/")
    rest(client, 32)
    client.post(path, {"name": "Carl C.", "email": cast.coordinator.email, "reason": ""})
    sign_in_again(client, cast.administrator)
    wrong = client.post(path, {"name": "Carl C.", "email": "", "reason": "", kept.SENT_AGAIN: "1"})
    assert wrong.status_code == 200
    assert kept.of(cast.administrator.key) is not None
    client.post(path, {"name": "Carl C.", "email": "", "reason": "asked to", kept.SENT_AGAIN: "1"})
    assert kept.of(cast.administrator.key) is None


def test_nobody_else_sees_it(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    leave_a_form(client)
    sign_in_again(client, cast.monitor)
    for path in ("/", "/account/kept/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Nina" not in answer.content.decode()
    client.post("/account/kept/forget/")
    assert kept.of(cast.administrator.key) is not None


def test_it_is_unreadable_where_it_is_kept(cast: Cast, visit) -> None:
    leave_a_form(visit(cast.administrator))
    stored = cache.get(f"kept-{cast.administrator.key}")
    assert "Nina" not in stored
    # Put in somebody else's place, it opens for nobody.
    cache.set(f"kept-{cast.monitor.key}", stored)
    assert kept.of(cast.monitor.key) is None
    kept_form = kept.of(cast.administrator.key)
    assert kept_form is not None
    assert ("Name", "Nina New") in kept_form.readable
    assert dict(kept_form.pairs)["role"] == "monitor"


def test_it_can_be_thrown_away(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    leave_a_form(client)
    sign_in_again(client, cast.administrator)
    client.post("/account/kept/forget/")
    assert kept.of(cast.administrator.key) is None
    assert "Nothing is kept" in client.get("/account/kept/").content.decode()


def test_passwords_and_tokens_are_never_kept(rf) -> None:
    request = rf.post(
        "/x/", {"csrfmiddlewaretoken": "t", "password1": "secret", "oldPassword": "secret", "note": "hello"}
    )
    assert kept.keep("p1", request)
    found = kept.of("p1")
    assert found is not None
    assert found.fields == (("note", ("hello",)),)
    assert not kept.keep("p2", rf.post("/x/", {"password": "secret", "note": "  "}))
    assert kept.of("p2") is None


def test_a_session_that_is_over_altogether_is_kind_too(cast: Cast, visit) -> None:
    client = visit(cast.administrator)
    client.get("/people/")
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    page = client.post("/people/invite/", TYPED).content.decode()
    assert "What you wrote is kept" in page
    assert kept.of(cast.administrator.key) is not None


def test_strangers_are_just_sent_to_sign_in(cast: Cast) -> None:
    answer = Client().post("/people/invite/", TYPED)
    assert answer["Location"].startswith("/account/login/")
    assert cache.get("kept-") is None


def test_one_can_stay(cast: Cast, visit) -> None:
    client = visit(cast.participant)
    assert "30 minutes" in client.get("/account/stay/").content.decode()
    assert client.post("/account/stay/").status_code == 302
    page = client.get("/account/").content.decode()
    assert 'id="time-left"' in page
    assert 'data-minutes="30"' in page


def test_a_token_of_the_form_is_asked_for_as_ever(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    rest(client, 32)
    assert client.post("/people/invite/", TYPED).status_code == 403
    assert kept.of(cast.administrator.key) is None
