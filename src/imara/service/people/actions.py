"""What changes people: inviting, assigning and ending roles; the only writers of this room."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils import timezone

from imara.service.ledger.recording import Actor, recorded
from imara.service.people.models import Assignment, OneTimeLink, Person
from imara.service.people.roles import Role


def invite(*, name: str = "", email: str = "", language: str = "en", by: Actor) -> Person:
    """Make an account for someone, without a password: they sign in by a one-time link and add a passkey."""
    with recorded("people.invited", by=by) as act:
        person = Person(name=name, email=email.strip(), language=language)
        person.set_unusable_password()
        person.save()
        act.subject = f"person:{person.key}"
    return person


def assign(*, person: Person, role: Role, study: str = "", site: str = "", by: Actor) -> Assignment:
    """Give someone a role."""
    with recorded("people.assigned", by=by, study=study, site=site, subject=f"person:{person.key}"):
        assignment = Assignment(person=person, role=role.value, study=study, site=site)
        assignment.save()
    return assignment


def end(*, assignment: Assignment, reason: str, by: Actor) -> Assignment:
    """End a role now."""
    subject = f"person:{assignment.person.key}"
    with recorded(
        "people.role_ended", by=by, study=assignment.study, site=assignment.site, subject=subject, reason=reason
    ):
        assignment.until = timezone.now()
        assignment.save()
    return assignment


def close_account(*, person: Person, reason: str, by: Actor) -> Person:
    """Close an account: its roles and links end, and it can no longer sign in. Nothing is deleted."""
    with recorded("people.account_closed", by=by, subject=f"person:{person.key}", reason=reason):
        for assignment in Assignment.objects.filter(person=person, until__isnull=True):
            assignment.until = timezone.now()
            assignment.save()
        for link in OneTimeLink.objects.filter(person=person, used_at__isnull=True, cancelled_at__isnull=True):
            link.cancelled_at = timezone.now()
            link.save()
        person.is_active = False
        person.save()
    return person


def open_again(*, person: Person, reason: str, by: Actor) -> Person:
    """Open a closed account again, without the roles it had."""
    with recorded("people.account_opened_again", by=by, subject=f"person:{person.key}", reason=reason):
        person.is_active = True
        person.save()
    return person


def correct(*, person: Person, name: str, email: str, reason: str, by: Actor) -> Person:
    """Correct a person's name or e-mail address."""
    with recorded("people.changed", by=by, subject=f"person:{person.key}", reason=reason):
        person.name, person.email = name, email.strip()
        person.save()
    return person


def remove_second_steps(*, person: Person, reason: str, by: Actor) -> int:
    """Remove a person's devices, app and spare codes, because they were lost; return how many there were."""
    with recorded("people.second_steps_removed", by=by, subject=f"person:{person.key}", reason=reason):
        lost = list(Authenticator.objects.filter(user=person))
        for authenticator in lost:
            authenticator.delete()
    return len(lost)
