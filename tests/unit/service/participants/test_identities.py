"""Identities: encrypted, apart from data, each look an event with a reason, and the key can be changed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from tests import harbour
from tests.harbour import COORDINATOR, EAST

from imara.service.ledger.models import Event
from imara.service.ledger.verify import verify
from imara.service.people import identities
from imara.service.people.identities import IdentityUnreadableError, Who
from imara.service.people.models import Identity

pytestmark = pytest.mark.usefixtures("study")
ANE = Who(name="Ane Sol", national_number="0101801234", phone="+45 12345678", contact="Bo, brother")


def keep(key: str, who: Who = ANE) -> Identity:
    return identities.keep(participant=key, who=who, study=harbour.NAME, site=EAST, by=COORDINATOR)


def see(key: str, reason: str = "To call about a visit") -> Who | None:
    return identities.see(participant=key, study=harbour.NAME, site=EAST, reason=reason, by=COORDINATOR)


def test_what_was_entered_comes_back() -> None:
    keep("EAS-001")
    assert see("EAS-001") == ANE


def test_nothing_readable_stands_in_the_tables_or_the_ledger() -> None:
    stored = keep("EAS-001")
    corrected = keep("EAS-001", Who(name="Ane Maane"))
    assert (corrected.pk, corrected.digest) == (stored.pk, "")
    texts = [bytes(stored.content).decode(), *Event.objects.values_list("changes", flat=True)]
    for word in ("Ane", "0101801234", "12345678", "brother"):
        assert not any(word in text for text in texts)
    assert repr(ANE) == "Who(hidden)"


def test_each_look_is_an_event_with_its_reason() -> None:
    keep("EAS-001")
    see("EAS-001")
    event = Event.objects.latest("sequence")
    assert (event.kind, event.reason, event.actor) == (
        "people.identity_seen",
        "To call about a visit",
        "pcoordinator",
    )
    assert (event.subject, event.site) == ("participant:EAS-001", EAST)


def test_nobody_looks_without_a_reason() -> None:
    keep("EAS-001")
    before = Event.objects.count()
    with pytest.raises(ValueError, match="why"):
        see("EAS-001", " ")
    assert Event.objects.count() == before


def test_a_look_at_nothing_is_an_event_too() -> None:
    assert see("EAS-009") is None
    assert Event.objects.latest("sequence").kind == "people.identity_seen"


def test_the_key_can_be_changed(settings: Any) -> None:
    keep("EAS-001")
    keep("EAS-002", Who(name="Bo"))
    old, new = settings.IMARA_IDENTITY_KEY, base64.urlsafe_b64encode(hashlib.sha256(b"new").digest())
    settings.IMARA_IDENTITY_KEY, settings.IMARA_IDENTITY_OLD_KEYS = new, [old]
    assert see("EAS-001") == ANE
    assert identities.same_number(ANE.national_number) == ("EAS-001",)
    assert identities.rotate(by=COORDINATOR) == 2
    settings.IMARA_IDENTITY_OLD_KEYS = []
    assert see("EAS-001") == ANE
    assert identities.same_number(ANE.national_number) == ("EAS-001",)
    assert verify() == []
    settings.IMARA_IDENTITY_KEY = old
    with pytest.raises(IdentityUnreadableError, match="IMARA_IDENTITY_OLD_KEYS"):
        see("EAS-001")


def test_another_key_gives_another_digest(settings: Any) -> None:
    first = identities.digest(ANE.national_number)
    settings.IMARA_IDENTITY_KEY = base64.urlsafe_b64encode(hashlib.sha256(b"new").digest())
    assert identities.digest(ANE.national_number) != first
    assert identities.digest("") == ""
