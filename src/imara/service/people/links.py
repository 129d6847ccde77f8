"""One-time links: making, opening and cancelling them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from imara.service.ledger.recording import Actor, recorded
from imara.service.people.models import OneTimeLink, Person

LIFETIME = timedelta(days=7)


class LinkState(StrEnum):
    """What a link is good for."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class NewLink:
    """A link as it is handed over, once. Its token is nowhere in the database."""

    token: str = field(repr=False)
    link: OneTimeLink

    @property
    def path(self) -> str:
        """Address within the site."""
        return f"/go/{self.token}/"


def make_link(*, person: Person, leads_to: str = "/", lifetime: timedelta = LIFETIME, by: Actor) -> NewLink:
    """Make a link for someone. Links they had before to the same place stop working.

    Args:
        person: Whom it lets in.
        leads_to: Address within this site; must begin with a single slash.
        lifetime: How long it works.
        by: Who made it.
    """
    if not leads_to.startswith("/") or leads_to.startswith("//") or "\\" in leads_to:
        raise ValueError("a link leads to an address within this site")
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    with recorded("people.link_made", by=by, subject=f"person:{person.key}"):
        for old in OneTimeLink.objects.filter(
            person=person, leads_to=leads_to, used_at__isnull=True, cancelled_at__isnull=True
        ):
            old.cancelled_at = now
            old.save()
        link = OneTimeLink(
            person=person, digest=_digest(token), leads_to=leads_to, made_at=now, expires_at=now + lifetime
        )
        link.save()
    return NewLink(token, link)


def look_up(token: str) -> tuple[LinkState, OneTimeLink | None]:
    """Return what a token is good for, without using it."""
    link = OneTimeLink.objects.select_related("person").filter(digest=_digest(token)).first()
    if link is None or not link.person.is_active:
        return LinkState.UNKNOWN, None
    if link.cancelled_at is not None:
        return LinkState.CANCELLED, link
    if link.used_at is not None:
        return LinkState.USED, link
    if link.expires_at <= timezone.now():
        return LinkState.EXPIRED, link
    return LinkState.GOOD, link


def use_link(*, token: str) -> tuple[LinkState, OneTimeLink | None]:
    """Use a link: of two who use it at once, one gets in. Return its state before, and the link where it was good."""
    with transaction.atomic():
        list(OneTimeLink.objects.select_for_update().filter(digest=_digest(token)).values_list("pk"))
        state, link = look_up(token)
        if state is not LinkState.GOOD or link is None:
            return state, None
        by = Actor(link.person.key, "self")
        with recorded("people.link_used", by=by, subject=f"person:{link.person.key}"):
            link.used_at = timezone.now()
            link.save()
    return state, link


def cancel_links(*, person: Person, reason: str, by: Actor) -> int:
    """Cancel every unused link of a person; return how many."""
    open_links = list(OneTimeLink.objects.filter(person=person, used_at__isnull=True, cancelled_at__isnull=True))
    with recorded("people.links_cancelled", by=by, subject=f"person:{person.key}", reason=reason):
        for link in open_links:
            link.cancelled_at = timezone.now()
            link.save()
    return len(open_links)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
