"""How allauth signs people in here: by passkey, code or one-time link; nobody signs themselves up."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from imara.service.ledger.recording import Actor, recorded
from imara.service.people.models import Person
from imara.service.people.second_factor import note_proof


def shown_name(person: Person) -> str:
    """Return what a page calls a person to themselves."""
    return person.name or person.email or _("you")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes signing up, records changes of passwords, and says things in plain words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy(
            "This account is closed. Call your contact person if you think it should not be."
        ),
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is not right. Try again, or ask for a code by e-mail instead."
        ),
        "enter_current_password": gettext_lazy("This is not the password you have now. Try again."),
        "incorrect_code": gettext_lazy("The code is not right. Look at the newest one and try again."),
        "incorrect_password": gettext_lazy("The password is not right. Try again."),
        "rate_limited": gettext_lazy("There have been many tries in a short time. Wait five minutes and try again."),
        "too_many_login_attempts": gettext_lazy(
            "There have been many tries in a short time. Wait a while and try again, or call your contact person."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return false: accounts are made by invitation."""
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return the page that says that one is signed out, in the language of this one."""
        return f"{reverse('signed_out')}?in={get_language() or settings.LANGUAGE_CODE}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return one's own account."""
        return reverse("account")

    def get_from_email(self) -> str:
        """Return who messages are from."""
        return f"{settings.IMARA_MAIL_NAME} <{settings.DEFAULT_FROM_EMAIL}>"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a message that names the site by the name kept for messages."""
        super().send_mail(template_prefix, email, {**context, "mail_name": settings.IMARA_MAIL_NAME})

    def set_password(self, user: Any, password: str) -> None:
        """Set a password as an act of the person themselves."""
        with recorded("people.password_set", by=Actor(user.key, "self"), subject=f"person:{user.key}"):
            user.set_password(password)
            user.save()


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps secrets of second steps encrypted, and says things in plain words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy("Set up a second step first. Then you can get spare codes."),
        "incorrect_code": gettext_lazy("The code is not right. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that the database keeps."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return what an app calls this site: nothing that tells about anybody's health."""
        return str(settings.IMARA_MAIL_NAME)

    def _get_site_name(self) -> str:
        return str(settings.IMARA_MAIL_NAME)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  # allauth's name for it
        """Return what a new device is called until its owner gives it a name."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("My device") if number == 1 else _("My device %(number)s") % {"number": number}


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second steps {settings.SECRET_KEY}".encode()).digest()))


def sign_in_by_link(request: HttpRequest, person: Person, leads_to: str) -> HttpResponse:
    """Sign in someone who used a one-time link; a second step, where they have one, is still asked for."""
    record_authentication(request, person, method="link")
    response: HttpResponse = perform_login(request, Login(user=person, redirect_url=leads_to))
    return response


def sign_in_for_demonstration(request: HttpRequest, person: Person, leads_to: str = "/") -> HttpResponse:
    """Sign in as a made-up person with one click, without a second step.

    Raises:
        PermissionDenied: This site is not a demonstration.
    """
    if not settings.IMARA_DEMO:
        raise PermissionDenied("only a demonstration has one-click sign-ins")
    record_authentication(request, person, method="demonstration")
    response: HttpResponse = perform_login(request, Login(user=person, redirect_url=leads_to))
    if request.user.is_authenticated:
        note_proof(request)
    return response
