"""Signing in: by a code in an e-mail, by password and a second step, by a spare code; never by signing oneself up."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor, recorded
from imara.service.ledger.verify import verify
from imara.service.people.models import Person

from .conftest import Cast

pytestmark = pytest.mark.django_db

PASSWORD = "four words in a row"
HEALTH = ("health", "illness", "psych", "trial", "study", "imr", "helbred", "sygdom", "psyk", "studie", "ballerup")


def with_password(person: Person) -> Person:
    with recorded("people.password_set", by=Actor(person.key, "self")):
        person.set_password(PASSWORD)
        person.save()
    return person


def with_app(person: Person) -> str:
    secret = generate_totp_secret()
    with transaction.atomic():
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
    return secret


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def ask_for_code(client: Client, email: str) -> str | None:
    client.post("/account/login/code/", {"email": email})
    if not mail.outbox:
        return None
    found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("language", ["en", "da"])
def test_a_code_by_e_mail_lets_one_in(cast: Cast, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language
    code = ask_for_code(client, cast.participant.email)
    answer = client.post("/account/login/code/confirm/", {"code": code})
    assert answer.status_code == 302
    assert is_in(client)
    (message,) = mail.outbox
    assert message.to == [cast.participant.email]
    assert "Imara" in message.subject
    whole = f"{message.subject} {message.body}".lower()
    assert not [word for word in HEALTH if word in whole]
    assert ("din kode" if language == "da" else "your code") in whole


def test_signing_in_stands_in_the_ledger(cast: Cast) -> None:
    client = Client()
    client.post("/account/login/code/confirm/", {"code": ask_for_code(client, cast.participant.email)})
    event = Event.objects.get(kind="people.signed_in")
    assert (event.actor, event.role, event.reason) == (cast.participant.key, "self", "code")
    assert verify() == []


def test_a_wrong_code_lets_nobody_in(cast: Cast) -> None:
    client = Client()
    ask_for_code(client, cast.participant.email)
    answer = client.post("/account/login/code/confirm/", {"code": "AAAAAA"})
    assert "Look at the newest one" in answer.content.decode()
    assert not is_in(client)


def test_whoever_has_no_account_gets_no_message_and_sees_the_same_page(cast: Cast) -> None:
    client = Client()
    answer = client.post("/account/login/code/", {"email": "nobody@example.org"}, follow=True)
    assert "has an account here" in answer.content.decode()
    assert mail.outbox == []
    mine = Client().post("/account/login/code/", {"email": cast.participant.email}, follow=True)

    def plain(page: bytes) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())

    mine_text = plain(mine.content).replace(cast.participant.email, "nobody@example.org")
    assert mine_text == plain(answer.content)


def test_a_closed_account_gets_no_code(cast: Cast) -> None:
    with recorded("test.closed", by=Actor("system:test", "administrator")):
        cast.stranger.is_active = False
        cast.stranger.save()
    assert ask_for_code(Client(), cast.stranger.email) is None


def test_nobody_signs_themselves_up() -> None:
    for name in ("account_signup", "account_email", "account_reset_password", "mfa_signup_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert Client().get("/account/signup/").status_code == 404


def test_a_password_needs_the_second_step_where_there_is_one(cast: Cast) -> None:
    secret = with_app(with_password(cast.coordinator))
    client = Client()
    answer = client.post("/account/login/", {"login": cast.coordinator.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)
    assert Event.objects.get(kind="people.signed_in").reason == "password, totp"
    assert client.get("/studies/imr-denmark/history/").status_code == 200
    assert verify() == []


def test_a_code_of_the_app_works_once(cast: Cast) -> None:
    secret = with_app(with_password(cast.coordinator))
    code = code_of(secret)
    clients = [Client(), Client()]
    for client in clients:
        client.post("/account/login/", {"login": cast.coordinator.email, "password": PASSWORD})
        client.post("/account/2fa/authenticate/", {"code": code})
    assert [is_in(client) for client in clients] == [True, False]


def test_a_spare_code_works_once(cast: Cast) -> None:
    with_app(with_password(cast.coordinator))
    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[3]
    entered = []
    for _ in range(2):
        client = Client()
        client.post("/account/login/", {"login": cast.coordinator.email, "password": PASSWORD})
        client.post("/account/2fa/authenticate/", {"code": spare})
        entered.append(is_in(client))
    assert entered == [True, False]
    assert Event.objects.filter(kind="people.second_step_changed").count() == 3
    assert verify() == []


def test_the_secret_of_the_app_is_encrypted_where_it_is_kept(cast: Cast) -> None:
    secret = with_app(cast.coordinator)
    row = Authenticator.objects.get(type="totp")
    assert secret not in str(row.data)
    assert row.wrap().validate_code(code_of(secret))


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_and_proves_the_second_step(cast: Cast, visit) -> None:
    client = visit(cast.coordinator, second_step=False)
    assert client.get("/studies/imr-denmark/history/")["Location"] == reverse("mfa_index")
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert found
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    page = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", page)) == 10
    assert client.get("/studies/imr-denmark/history/").status_code == 200
    (message,) = mail.outbox
    assert "An app that shows codes was set up" in message.body
    assert verify() == []


def test_a_password_is_set_and_changed_by_its_owner(cast: Cast, visit) -> None:
    client = visit(cast.participant)
    client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    cast.participant.refresh_from_db()
    assert cast.participant.check_password(PASSWORD)
    event = Event.objects.get(kind="people.password_set")
    assert (event.actor, event.subject) == (cast.participant.key, f"person:{cast.participant.key}")
    assert verify() == []


def test_a_password_kept_in_an_old_form_is_stored_anew_at_signing_in(cast: Cast, settings) -> None:
    with_password(cast.participant)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    client = Client()
    client.post("/account/login/", {"login": cast.participant.email, "password": PASSWORD})
    assert is_in(client)
    cast.participant.refresh_from_db()
    assert cast.participant.password.startswith("pbkdf2")
    assert Event.objects.filter(kind="people.password_strengthened").count() == 1
    assert verify() == []


def test_signing_out_wipes_the_device(cast: Cast, visit) -> None:
    client = visit(cast.participant)
    answer = client.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer["Location"] == "/account/signed-out/?in=en"
    assert not is_in(client)
    page = client.get("/account/signed-out/?in=da").content.decode()
    assert "Du er logget ud" in page
