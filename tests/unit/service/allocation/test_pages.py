"""Pages: who enrols is told once more the same, who is blinded is told nothing, and nothing is kept by browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone
from tests import island

from imara.service.allocation import actions, queries
from imara.service.allocation.models import AllocatedInError, Draw, Scheme, UnblindingRequest
from imara.service.people import actions as people
from imara.service.people.roles import Role

pytestmark = pytest.mark.django_db
SITE = "/studies/island/sites/north"
Enter = Callable[..., Client]


@pytest.fixture
def enter(study: str) -> Enter:
    """Return a browser in which someone with these roles has signed in."""

    def enter(*roles: Role, site: str = "north") -> Client:
        person = people.invite(by=island.ADMINISTRATOR)
        for role in roles:
            people.assign(person=person, role=role, study="island", site=site, by=island.ADMINISTRATOR)
        # As signing in leaves it: what watches over signing in has tests of its own.
        client = Client()
        session = client.session
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        return client

    return enter


def text(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]  # a response


def told(page: str) -> set[str]:
    return {word for word in island.LABELS if word in page}


def token(page: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_coordinator_allocates_and_is_told_the_same_twice(opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    client = enter(Role.COORDINATOR)
    assert key in text(client.get(f"{SITE}/allocation/"))
    form = text(client.get(f"{SITE}/allocation/people/{key}/"))
    sent = {"token": token(form), "checked": "on"}

    first = client.post(f"{SITE}/allocation/people/{key}/", sent)
    click = client.post(f"{SITE}/allocation/people/{key}/", sent)
    later = client.post(f"{SITE}/allocation/people/{key}/again/")

    assert first.status_code == click.status_code == later.status_code == 200
    assert len(told(text(first))) == 1
    assert told(text(first)) == told(text(click)) == told(text(later))
    assert "Drawn now" in text(first)
    assert "sent twice" in text(click)
    assert "allocated before" in text(later)
    assert "no-store" in first["Cache-Control"]
    assert Draw.objects.count() == 1
    for page in ("/allocation/", f"/allocation/people/{key}/"):
        assert told(text(client.get(SITE + page))) == set()


def test_nobody_is_allocated_without_a_tick_or_when_not_ready(opened: str, enter: Enter) -> None:
    (key,), client = island.ready(), enter(Role.COORDINATOR)
    unready = island.screened()

    assert client.post(f"{SITE}/allocation/people/{key}/", {"token": "t"}).status_code == 409
    refused = client.post(f"{SITE}/allocation/people/{unready}/", {"token": "t", "checked": "on"})
    assert refused.status_code == 409
    assert "cannot be allocated yet" in text(refused)
    assert Draw.objects.count() == 0


def test_those_who_waited_are_allocated_in_one_act(opened: str, enter: Enter) -> None:
    keys, client = island.ready(4), enter(Role.COORDINATOR)
    form = text(client.get(f"{SITE}/allocation/together/"))
    assert "A therapy group takes 10 people. When 20 are ready" in form
    sent = {"token": token(form), "checked": "on", "people": keys[:3]}

    first = client.post(f"{SITE}/allocation/together/", sent)
    click = client.post(f"{SITE}/allocation/together/", sent)

    assert first.status_code == click.status_code == 200
    assert text(click).count("sent twice") == 3
    assert set(Draw.objects.values_list("participant", "act", "act_size")) == {(key, 1, 3) for key in keys[:3]}


def test_a_participant_of_another_centre_is_not_there(opened: str, enter: Enter) -> None:
    (key,), client = island.ready(site="south"), enter(Role.COORDINATOR)
    for page in (f"/allocation/people/{key}/", f"/unblinding/people/{key}/", f"/allocated-in-error/{key}/report/"):
        assert client.get(SITE + page).status_code == 404, page
    assert client.get("/studies/island/sites/south/allocation/").status_code == 403
    assert client.get("/studies/island/sites/nowhere/allocation/").status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_else_is_told(role: Role, opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    client = enter(role)
    for page in ("/allocation/", f"/allocation/people/{key}/", "/allocation/together/"):
        assert client.get(SITE + page).status_code == 403
    assert client.post(f"{SITE}/allocation/people/{key}/again/").status_code == 403


def test_a_coordinator_who_rates_people_elsewhere_is_told_nothing(opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    client = enter(Role.COORDINATOR, Role.ASSESSOR)
    assert client.get(f"{SITE}/allocation/people/{key}/").status_code == 403
    assert client.post(f"{SITE}/allocation/people/{key}/", {"token": "t", "checked": "on"}).status_code == 403
    assert Draw.objects.count() == 0


def test_the_statistician_sees_how_the_scheme_behaves_and_opens_it(study: str, enter: Enter) -> None:
    client = enter(Role.STATISTICIAN, site="")
    before = text(client.get("/studies/island/allocation/"))
    assert "How it behaves" in before
    assert "guesses the next one right" in before
    assert client.post("/studies/island/allocation/open/", {}).status_code == 409

    opened = client.post("/studies/island/allocation/open/", {"checked": "on"}, follow=True)

    assert opened.status_code == 200
    assert Scheme.objects.get().commitment in text(opened)
    assert client.post("/studies/island/allocation/open/", {"checked": "on"}).status_code == 409


def test_no_page_of_who_enrols_shows_block_sizes_or_slots(opened: str, enter: Enter) -> None:
    keys, client = island.ready(3), enter(Role.COORDINATOR)
    for key in keys[:2]:
        actions.allocate(participant=key, by=island.COORDINATOR)
    for page in ("/allocation/", "/allocation/together/", *(f"/allocation/people/{key}/" for key in keys)):
        shown = text(client.get(SITE + page))
        assert not re.search(r"[Bb]lock size|[Ss]lot|stratum", shown), page
    assert client.get("/studies/island/allocation/").status_code == 403


def test_verification_reveals_after_the_lock_only(opened: str, enter: Enter) -> None:
    for key in island.ready(3):
        actions.allocate(participant=key, by=island.COORDINATOR)
    client = enter(Role.STATISTICIAN, site="")
    assert "All 3 draws were made again" in text(client.get("/studies/island/allocation/verification/"))
    assert client.get("/studies/island/allocation/verification/file/").status_code == 403
    # A statistician who is blinded until the lock does not even come to the form.
    assert client.post("/studies/island/allocation/reveal/", {"checked": "on"}).status_code == 403
    administrator = enter(Role.ADMINISTRATOR, site="")
    assert administrator.post("/studies/island/allocation/reveal/", {"checked": "on"}).status_code == 409
    island.lock()

    assert client.post("/studies/island/allocation/reveal/", {"checked": "on"}, follow=True).status_code == 200
    file = client.get("/studies/island/allocation/verification/file/")
    assert len(file.json()["draws"]) == 3
    monitor = enter(Role.MONITOR, site="")
    assert "All 3 draws" in text(monitor.get("/studies/island/allocation/verification/"))
    assert monitor.get("/studies/island/allocation/verification/file/").status_code == 403


def test_an_arm_is_shown_in_an_emergency_once_after_a_second_person(opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    assessor, supervisor, bystander = enter(Role.ASSESSOR), enter(Role.SUPERVISOR), enter(Role.ASSESSOR)
    assert assessor.post(f"{SITE}/unblinding/people/{key}/", {}).status_code == 409
    asked = assessor.post(f"{SITE}/unblinding/people/{key}/", {"reason": "admitted"}, follow=True)
    assert "Waits for a second person" in text(asked)
    page = f"{SITE}/unblinding/{UnblindingRequest.objects.get().pk}/"
    assert assessor.post(f"{page}show/").status_code == 409
    assert assessor.post(f"{page}confirm/").status_code == 403
    assert bystander.get(page).status_code == 404
    assert key not in text(bystander.get(f"{SITE}/unblinding/"))
    assert key in text(supervisor.get(f"{SITE}/unblinding/"))

    assert "Confirmed" in text(supervisor.post(f"{page}confirm/", follow=True))

    assert supervisor.post(f"{page}show/").status_code == 403
    shown = assessor.post(f"{page}show/")
    assert len(told(text(shown))) == 1
    assert assessor.post(f"{page}show/").status_code == 409
    for client in (assessor, supervisor):
        assert told(text(client.get(page))) == set()


def test_one_person_alone_is_looked_at_by_the_administrator(
    opened: str, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    assessor, administrator = enter(Role.ASSESSOR), enter(Role.ADMINISTRATOR, site="")
    assessor.post(f"{SITE}/unblinding/people/{key}/", {"reason": "admitted"})
    page = f"{SITE}/unblinding/{UnblindingRequest.objects.get().pk}/"
    assert assessor.post(f"{page}alone/", {"because": "nobody is here"}).status_code == 409
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "Go on alone" in text(assessor.get(page))

    assert assessor.post(f"{page}alone/", {"because": "called three people"}).status_code == 302
    assert len(told(text(assessor.post(f"{page}show/")))) == 1

    looked = text(administrator.get(page))
    assert "called three people" in looked
    assert "the administrator has not looked yet" in text(administrator.get(f"{SITE}/unblinding/"))
    assert [row.participant for row in queries.to_note("island")] == [key]
    assert "I have looked at this" in looked
    assert administrator.post(f"{page}note/", follow=True).status_code == 200
    assert administrator.post(f"{page}note/").status_code == 409
    assert queries.to_note("island") == []


def test_a_request_is_taken_back_or_declined_with_a_reason(opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    assessor, supervisor = enter(Role.ASSESSOR), enter(Role.SUPERVISOR)
    for client in (assessor, supervisor):
        assessor.post(f"{SITE}/unblinding/people/{key}/", {"reason": "admitted"})
        page = f"{SITE}/unblinding/{UnblindingRequest.objects.latest('pk').pk}/"
        assert client.post(f"{page}decline/", {}).status_code == 409
        assert "Declined" in text(client.post(f"{page}decline/", {"because": "not needed"}, follow=True))


def test_an_error_is_reported_and_decided_on_pages(opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    coordinator, monitor = enter(Role.COORDINATOR), enter(Role.MONITOR)
    assert coordinator.post(f"{SITE}/allocated-in-error/{key}/report/", {"reason": "other"}).status_code == 409
    sent = {"reason": "not-eligible", "account": "was 17"}
    assert key in text(coordinator.post(f"{SITE}/allocated-in-error/{key}/report/", sent, follow=True))
    page, decision = f"{SITE}/allocated-in-error/{key}/", {"decision": "kept", "grounds": "all stay"}
    assert coordinator.post(page, decision).status_code == 403

    decided = text(monitor.post(page, decision, follow=True))

    assert "all stay" in decided
    assert AllocatedInError.objects.get().decision == "kept"
    assert told(decided) == set()
    assert "Allocated in error" in text(coordinator.get(f"{SITE}/allocation/"))
    assert queries.receipt(key).in_error


def test_every_page_speaks_danish(opened: str, enter: Enter) -> None:
    (key,) = island.ready()
    actions.allocate(participant=key, by=island.COORDINATOR)
    client = enter(Role.COORDINATOR)
    client.cookies["django_language"] = "da"
    page = text(client.get(f"{SITE}/allocation/"))
    assert "Lodtrækning" in page
    assert "Nobody is ready" not in page
