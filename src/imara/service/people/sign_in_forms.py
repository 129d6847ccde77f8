"""allauth's forms with labels in plain words and no text inside fields that vanishes when one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
EMAIL: Words = _("E-mail address")
CODE: Words = _("Code")


class PlainWords:
    """Gives fields our labels and hints."""

    labels: ClassVar[Mapping[str, Words]] = {}
    hints: ClassVar[Mapping[str, Words]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]  # of the form this is mixed into
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if name == "code":
                field.widget.attrs["inputmode"] = "text" if isinstance(self, EnterCode) else "numeric"
                field.widget.attrs["autocapitalize"] = "characters"
                field.widget.attrs["spellcheck"] = "false"


class SignIn(PlainWords, account.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """E-mail address and password."""

    labels: ClassVar = {"login": EMAIL, "password": _("Password")}


class AskForCode(PlainWords, account.RequestLoginCodeForm):  # type: ignore[misc]  # as above
    """The address to which a code is sent."""

    labels: ClassVar = {"email": EMAIL}


class EnterCode(PlainWords, account.ConfirmLoginCodeForm):  # type: ignore[misc]  # as above
    """The code from the message."""

    labels: ClassVar = {"code": CODE}
    hints: ClassVar = {"code": _("It stands in the e-mail. Capital or small letters are the same.")}


class PasswordAgain(PlainWords, account.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The password once more, before something important."""

    labels: ClassVar = {"password": _("Password")}


_NEW: Words = _("At least 12 letters or numbers. Three or four words in a row are easy to remember and hard to guess.")


class ChangePassword(PlainWords, account.ChangePasswordForm):  # type: ignore[misc]  # as above
    """Another password."""

    labels: ClassVar = {
        "oldpassword": _("The password you have now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    hints: ClassVar = {"password1": _NEW}


class SetPassword(PlainWords, account.SetPasswordForm):  # type: ignore[misc]  # as above
    """A first password."""

    labels: ClassVar = {"password1": _("Password"), "password2": _("Password once more")}
    hints: ClassVar = {"password1": _NEW}


class SecondStep(PlainWords, mfa.AuthenticateForm):  # type: ignore[misc]  # as above
    """A code of the app, or a spare code."""

    labels: ClassVar = {"code": CODE}
    hints: ClassVar = {"code": _("The six digits in your app, or one of your spare codes.")}


class SecondStepAgain(PlainWords, mfa.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The same, before something important."""

    labels: ClassVar = SecondStep.labels
    hints: ClassVar = SecondStep.hints


class AddApp(PlainWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # as above
    """The first code of an app."""

    labels: ClassVar = {"code": _("Code in your app")}
    hints: ClassVar = {"code": _("Six digits. They change every half minute.")}


class AddDevice(PlainWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # as above
    """A phone, computer or security key."""

    labels: ClassVar = {
        "name": _("What would you like to call this device?"),
        "passwordless": _("Sign in with this device alone"),
    }
    hints: ClassVar = {
        "name": _("For instance: my phone"),
        "passwordless": _("You unlock it as you always do: with your finger, your face or its code."),
    }


class NameDevice(PlainWords, webauthn.EditWebAuthnForm):  # type: ignore[misc]  # as above
    """Another name for a device."""

    labels: ClassVar = {"name": _("Name of the device")}
