"""People with an account, their roles, and the encrypted store of identities."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.service.ledger.recorded import RecordedModel, RecordedQuerySet
from imara.service.ledger.recording import Actor, recorded
from imara.service.people.roles import Role


def new_key() -> str:
    """Return a key that names a person in the ledger and says nothing about them."""
    return "p" + secrets.token_hex(6)


class PersonManager(BaseUserManager.from_queryset(RecordedQuerySet)):  # type: ignore[misc]  # made at run time by Django
    """Finds people by key; makes them only inside an act."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """Return the person with this key."""
        return self.get(key=username)


class Person(RecordedModel, AbstractBaseUser):
    """Someone who can sign in."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"password", "email", "name"})
    UNRECORDED: ClassVar[frozenset[str]] = frozenset({"last_login"})

    key = models.CharField(max_length=40, unique=True, default=new_key)
    """Names the person in the ledger."""
    name = models.CharField(_("name"), max_length=120, blank=True)
    """As shown to colleagues; left empty for participants, whose names are in the identity store."""
    email = models.EmailField(_("e-mail address"), blank=True)
    """Where invitations and one-time links go; nobody needs one who is given their link by hand."""
    language = models.CharField(max_length=2, default="en")
    """Language of pages."""
    is_active = models.BooleanField(default=True)
    """Whether the person can sign in."""

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """One account an address."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="one_person_an_address", condition=~models.Q(email=""))
        ]

    def __str__(self) -> str:
        return self.key

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether a password is the person's; store it anew where it was kept in a form now held to be weak."""

        def store_anew(password: str) -> None:
            with recorded("people.password_strengthened", by=Actor.system("sign-in"), subject=f"person:{self.key}"):
                self.set_password(password)
                # Not a change of password: nobody is signed out, and no message goes out.
                self._password = None
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, store_anew)


class Assignment(RecordedModel):
    """That someone has a role, in a study and at a centre, from one time to another. Ended, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    study = models.CharField(max_length=40, blank=True)
    """Study's name; empty for all."""
    site = models.CharField(max_length=40, blank=True)
    """Centre's key; empty for all of the study."""
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    """When it ended."""

    class Meta:
        """The same role is not held twice at once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="the_role_is_one_of_ours"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="a_role_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "study", "site"],
                condition=models.Q(until__isnull=True),
                name="a_role_is_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class OneTimeLink(RecordedModel):
    """A link that lets one person in once, for one purpose, until a time. Only its digest is kept."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"digest"})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token in the link."""
    leads_to = models.CharField(max_length=200, default="/")
    """Address within the site where the link leads."""
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A link is used or cancelled, not both."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="a_link_is_used_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class Identity(RecordedModel):
    """Who a participant is: name, contact, national number, encrypted, apart from the trial's data."""

    SEALED: ClassVar[frozenset[str]] = frozenset({"content", "digest"})

    participant = models.CharField(max_length=40, unique=True)
    """The participant's key; no relation, so that no query can walk from data to names."""
    content = models.BinaryField()
    """Encrypted JSON."""
    digest = models.CharField(max_length=64, blank=True)
    """Keyed digest of the national number, to find a person who was screened before."""

    def __str__(self) -> str:
        return self.participant
