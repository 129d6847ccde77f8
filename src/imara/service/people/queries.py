"""Reads across rooms: who has which role and right, where."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from imara.service.people.blinding import keeps_from, standing_of
from imara.service.people.models import Assignment
from imara.service.people.roles import Right, Role


def assignments(person: Any) -> list[Assignment]:
    """Return the roles that a person holds now."""
    now = timezone.now()
    held = Assignment.objects.filter(person=person, since__lte=now)
    return list(held.filter(Q(until__isnull=True) | Q(until__gt=now)).order_by("study", "site", "role"))


def may(person: Any, right: Right, *, study: str | None = None, site: str | None = None) -> bool:
    """Tell whether a person has a right, in a study and at a centre where those are named.

    A right that tells arms is nobody's who holds a blinded role in the study, whatever their other roles give.
    """
    held = assignments(person)
    opened = any(
        Role(one.role) in right.roles
        and (study is None or one.study in {"", study})
        and (site is None or right.scope != "site" or one.site in {"", site})
        for one in held
    )
    return opened and not (study and right.tells_arm and _kept_blind(held, right, study))


def sites_of(person: Any, right: Right, study: str) -> frozenset[str] | None:
    """Return the centres for which a person has a right in a study; None means all of them."""
    sites = {held.site for held in assignments(person) if Role(held.role) in right.roles and held.study in {"", study}}
    if "" in sites or (sites and right.scope != "site"):
        return None
    return frozenset(sites)


def acting_role(person: Any, right: Right, *, study: str = "", site: str = "") -> Role | None:
    """Return the role in which a person uses a right, or None when they do not have it."""
    for held in assignments(person):
        if Role(held.role) in right.roles and held.study in {"", study} and held.site in {"", site}:
            return Role(held.role)
    return None


def members(study: str) -> list[Assignment]:
    """Return who works on a study now, by role and name; participants and supporters are left out."""
    now = timezone.now()
    held = Assignment.objects.filter(study__in=["", study], since__lte=now).exclude(
        role__in=[Role.PARTICIPANT.value, Role.SUPPORTER.value]
    )
    held = held.filter(Q(until__isnull=True) | Q(until__gt=now)).select_related("person")
    return list(held.order_by("role", "site", "person__name", "person__key"))


def _kept_blind(held: list[Assignment], right: Right, study: str) -> bool:
    standing = standing_of(study)
    roles = [Role(one.role) for one in held if one.study in {"", study}]
    return standing is not None and keeps_from(standing, roles, right)
