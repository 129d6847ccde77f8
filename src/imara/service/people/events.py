"""What the ledger's events of this room are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "people.account_closed": _("closed the account of %(whom)s"),
    "people.account_opened_again": _("opened the account of %(whom)s again"),
    "people.assigned": _("gave %(whom)s a role"),
    "people.changed": _("changed the name or e-mail address of %(whom)s"),
    "people.identity_kept": _("entered or corrected the name and contact of %(whom)s"),
    "people.identity_reencrypted": _("encrypted the name and contact of %(whom)s with a new key"),
    "people.identity_seen": _("looked at the name and contact of %(whom)s"),
    "people.invited": _("invited %(whom)s"),
    "people.language_chosen": _("chose the language of pages"),
    "people.link_made": _("made a one-time link for %(whom)s"),
    "people.link_used": _("used a one-time link"),
    "people.links_cancelled": _("cancelled the one-time links of %(whom)s"),
    "people.password_set": _("set a password"),
    "people.password_strengthened": _("stored the password of %(whom)s in a stronger form"),
    "people.role_ended": _("ended a role of %(whom)s"),
    "people.second_step_changed": _("changed a second step for signing in"),
    "people.second_steps_removed": _("removed the second steps of %(whom)s for signing in"),
    "people.sign_in_address_changed": _("changed an e-mail address for signing in"),
    "people.signed_in": _("signed in"),
}

RECORDS: dict[str, str | Promise] = {
    "people.person": _("Account"),
    "people.assignment": _("Role"),
    "people.onetimelink": _("One-time link"),
    "people.identity": _("Name and contact"),
    "account.emailaddress": _("E-mail address for signing in"),
    "mfa.authenticator": _("Second step"),
}

FIELDS: dict[str, str | Promise] = {
    "cancelled_at": _("cancelled"),
    "content": _("content"),
    "created_at": _("made"),
    "data": _("secret"),
    "digest": _("secret"),
    "email": _("e-mail address"),
    "expires_at": _("works until"),
    "is_active": _("can sign in"),
    "language": _("language"),
    "leads_to": _("leads to"),
    "made_at": _("made"),
    "name": _("name"),
    "password": _("password"),
    "people.onetimelink.person_id": _("account"),
    "person_id": _("account"),
    "role": _("role"),
    "since": _("from"),
    "site": _("centre"),
    "state": _("state"),
    "study": _("study"),
    "type": _("kind"),
    "until": _("until"),
    "used_at": _("used"),
    "user_id": _("account"),
}
