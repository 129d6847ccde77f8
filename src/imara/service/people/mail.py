"""Messages by e-mail: they name nobody's health, no study, no role and no arm, for others may read them."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation

from imara.service.people.links import NewLink


def can_be_sent() -> bool:
    """Tell whether this site has a way to send e-mail."""
    return not str(settings.EMAIL_BACKEND).endswith(".dummy.EmailBackend")


def send_link(new: NewLink, *, address: str) -> None:
    """Send a one-time link to its person, in their language.

    Args:
        new: The link, whose token is known only now.
        address: The site's address, `https://host`.
    """
    person = new.link.person
    with translation.override(person.language):
        context = {
            "mail_name": settings.IMARA_MAIL_NAME,
            "address": address.rstrip("/") + new.path,
            "until": formats.date_format(timezone.localtime(new.link.expires_at), "DATE_FORMAT"),
        }
        subject = render_to_string("people/email/link_subject.txt", context).strip()
        body = render_to_string("people/email/link_message.txt", context)
    sender = f"{settings.IMARA_MAIL_NAME} <{settings.DEFAULT_FROM_EMAIL}>"
    EmailMessage(subject, body, sender, [person.email]).send()
