"""Who opens which page: a coordinator of one centre never sees another; a monitor sees no names; strangers nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests import harbour
from tests.harbour import COORDINATOR, EAST, NAME, WEST

from imara.service.participants import actions
from imara.service.people import identities
from imara.service.people.identities import Who
from imara.service.people.models import Person
from imara.service.people.roles import Role

PERSON_PAGES = (
    "person",
    "screen_again",
    "paper_consent",
    "invite",
    "withdraw",
    "identity",
    "enter_identity",
    "report_duplicate",
)
STUDY_PAGES = ("log", "export", "again")
OPEN, CLOSED = 200, 403


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of(name: str, site: str, key: str) -> str:
    return reverse(f"participants:{name}", args=[NAME, site, key])


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_a_coordinator_opens_pages_of_the_own_centre_only(coordinator: Person, name: str) -> None:
    here, there = harbour.consented(EAST), harbour.consented(WEST)
    client = signed_in(coordinator)
    assert client.get(of(name, EAST, here.key)).status_code == OPEN
    assert client.get(of(name, WEST, there.key)).status_code == CLOSED
    # Somebody of another centre under the own centre's address.
    assert client.get(of(name, EAST, there.key)).status_code == 404
    assert client.get(of(name, EAST, "EAS-999")).status_code == 404


def test_rows_of_other_people_are_not_there(coordinator: Person) -> None:
    here, there = harbour.consented(EAST), harbour.consented(WEST)
    left = actions.withdraw(participant=there, degree="data", on=harbour.today(), by=COORDINATOR)
    reader = harbour.invited(there)
    question = actions.ask(invitation=reader.invitation, words="Why?", by=reader.by)
    client = signed_in(coordinator)
    for name, pk in (
        ("consent_in_error", there.consents.get().pk),
        ("resume", left.pk),
        ("cancel_invitation", reader.invitation.pk),
        ("answer", question.pk),
    ):
        address = reverse(f"participants:{name}", args=[NAME, EAST, here.key, pk])
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "x", "answer": "x"}).status_code == 404


@pytest.mark.parametrize("name", STUDY_PAGES)
def test_lists_hold_the_own_centre_only(coordinator: Person, monitor: Person, name: str) -> None:
    for site in (EAST, WEST):
        harbour.screened(site, answers={"ill": True}, again_on=harbour.in_days(3))
    address = reverse(f"participants:{name}", args=[NAME])
    seen = signed_in(coordinator).get(address).content.decode()
    assert "EAS-001" in seen
    assert "WES-001" not in seen
    everything = signed_in(monitor).get(address).content.decode()
    assert "EAS-001" in everything
    assert "WES-001" in everything


def test_a_filter_for_another_centre_opens_nothing(coordinator: Person) -> None:
    harbour.screened(WEST)
    for name in STUDY_PAGES:
        seen = signed_in(coordinator).get(reverse(f"participants:{name}", args=[NAME]), {"site": WEST})
        assert "WES-001" not in seen.content.decode()


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        (Role.COORDINATOR, {"person", *PERSON_PAGES}),
        (Role.ASSESSOR, {"person"}),
        (Role.MONITOR, {"person"}),
        (Role.SUPERVISOR, {"person"}),
        (Role.PRACTITIONER, set()),
        (Role.STATISTICIAN, set()),
        (Role.BOARD, set()),
        (Role.PARTICIPANT, set()),
        (Role.SUPPORTER, set()),
    ],
)
def test_each_role_opens_what_the_table_says(study: str, role: Role, opened: set[str]) -> None:
    found = harbour.consented()
    client = signed_in(harbour.member(role, EAST))
    for name in PERSON_PAGES:
        status = client.get(of(name, EAST, found.key)).status_code
        assert status == (OPEN if name in opened else CLOSED), name


def test_an_assessor_reads_no_reasons_and_no_consent(study: str) -> None:
    found = harbour.consented()
    actions.withdraw(participant=found, degree="treatment", on=harbour.today(), reason="Tired of walks", by=COORDINATOR)
    seen = signed_in(harbour.member(Role.ASSESSOR, EAST)).get(of("person", EAST, found.key)).content.decode()
    assert "EAS-001" in seen
    for word in ("Tired of walks", "folder 1", "programme"):
        assert word not in seen


def test_names_are_on_no_page_but_the_one_that_asks_why(coordinator: Person, monitor: Person) -> None:
    found = harbour.consented()
    identities.keep(participant=found.key, who=Who("Ane Sol", "0101801234"), study=NAME, site=EAST, by=COORDINATOR)
    client = signed_in(coordinator)
    pages: list[Callable[[], bytes]] = [
        lambda name=name: client.get(of(name, EAST, found.key)).content for name in PERSON_PAGES
    ]  # type: ignore[misc]
    pages += [
        lambda name=name: client.get(reverse(f"participants:{name}", args=[NAME])).content for name in STUDY_PAGES
    ]  # type: ignore[misc]
    for page in pages:
        assert b"Ane Sol" not in page()
        assert b"0101801234" not in page()
    shown = client.post(of("identity", EAST, found.key), {"reason": "To call"}).content
    assert b"Ane Sol" in shown
    assert b"010180-1234" in shown
    assert signed_in(monitor).post(of("identity", EAST, found.key), {"reason": "To call"}).status_code == CLOSED


def test_strangers_are_sent_to_sign_in(study: str) -> None:
    found = harbour.consented()
    for name in PERSON_PAGES:
        response = Client().get(of(name, EAST, found.key))
        assert response.status_code == 302
        assert found.key not in response.content.decode()


def test_nobody_opens_the_invitation_of_somebody_else(study: str) -> None:
    reader, other = harbour.invited(harbour.person()), harbour.invited(harbour.person())
    client = signed_in(other.account)
    pk = reader.invitation.pk
    addresses = [
        reverse("participants:start", args=[pk]),
        reverse("participants:page", args=[pk, 1]),
        *(reverse(f"participants:{name}", args=[pk]) for name in ("ask", "questions", "sign", "refuse")),
    ]
    for address in addresses:
        assert client.get(address).status_code == 404
    assert client.post(reverse("participants:refuse", args=[pk])).status_code == 404


def test_only_a_second_person_decides_about_duplicates(coordinator: Person, monitor: Person) -> None:
    first, second = harbour.person(), harbour.person()
    found = actions.report_duplicate(later=second, earlier=first, reason="Same", by=COORDINATOR)
    address = reverse("participants:duplicate", args=[NAME, found.pk])
    assert signed_in(coordinator).get(address).status_code == CLOSED
    client = signed_in(monitor)
    assert client.get(reverse("participants:duplicates", args=[NAME])).status_code == OPEN
    assert client.post(address, {"same": "same", "reason": "Asked"}).status_code == 302
    second.refresh_from_db()
    assert second.merged_into == first
