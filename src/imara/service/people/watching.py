"""Which tables of allauth give access and are therefore in the ledger, and what is done when someone signs in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.http import HttpRequest

from imara.service.ledger.recording import Actor, recorded
from imara.service.ledger.watched import Watch, watch
from imara.service.people import kept, languages
from imara.service.people.models import Person


def begin() -> None:
    """Watch the tables and listen to signing in; called once, when the server starts."""
    watch(
        Watch(
            Authenticator,
            kind="people.second_step_changed",
            subject=_subject,
            by=_owner,
            sealed=frozenset({"data"}),
            unrecorded=frozenset({"last_used_at"}),
        )
    )
    watch(
        Watch(
            EmailAddress,
            kind="people.sign_in_address_changed",
            subject=_subject,
            by=_owner,
            sealed=frozenset({"email"}),
        )
    )
    user_logged_in.connect(_signed_in, dispatch_uid="people: signed in")
    authenticator_added.connect(_second_step_added, dispatch_uid="people: second step added")


def _subject(row: Any) -> str:
    return f"person:{row.user.key}"


def _owner(row: Any) -> Actor:
    # allauth's pages let people change their own rows only; what an administrator does is an act of its own.
    return Actor(row.user.key, "self")


def _signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    ways = [str(record.get("type") or record.get("method")) for record in get_authentication_records(request, user)]
    with recorded("people.signed_in", by=Actor(user.key, "self"), subject=f"person:{user.key}", reason=", ".join(ways)):
        languages.on_sign_in(request, user)
    if kept.of(user.key) is not None:
        request.session[kept.WAITING] = True


def _second_step_added(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        # Setting it up took a code or the device, so it is proved, and spare codes can be shown at once.
        record_authentication(
            request, authenticator.user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
        )
