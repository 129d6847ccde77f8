"""Who acts on a page, and about whom."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from imara.service.ledger.recording import Actor
from imara.service.people import queries
from imara.service.people.models import Person
from imara.service.people.roles import right


def visitor(request: HttpRequest) -> Person:
    """Return the person who is signed in.

    Raises:
        PermissionDenied: Nobody is.
    """
    if not isinstance(request.user, Person):
        raise PermissionDenied("nobody is signed in")
    return request.user


def acting(request: HttpRequest, name: str) -> Actor:
    """Return who acts, in the role that gives them a right for the whole site.

    Raises:
        PermissionDenied: They do not have it.
    """
    person, needed = visitor(request), right(name)
    role = queries.acting_role(person, needed)
    if role is None:
        raise PermissionDenied(f"you may not {needed.words}")
    return Actor(person.key, role.value)


def person_called(key: str) -> Person:
    """Return a person by key.

    Raises:
        Http404: There is none.
    """
    person: Person | None = Person.objects.filter(key=key).first()
    if person is None:
        raise Http404("there is nobody with this key")
    return person
