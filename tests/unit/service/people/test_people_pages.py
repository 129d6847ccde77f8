"""The administrator's pages: inviting, roles, links, closing; and nobody else's."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from imara.service.ledger.models import Event
from imara.service.ledger.verify import verify
from imara.service.people import places as places_module
from imara.service.people import queries
from imara.service.people.models import Assignment, OneTimeLink, Person
from imara.service.people.places import Place, places, provided_by
from imara.service.people.roles import RIGHTS, Role

from .conftest import HERE, STUDY, THERE, Cast

pytestmark = pytest.mark.django_db

NEW = {"name": "Nina New", "email": "nina@example.org", "language": "da", "role": "assessor", "study": STUDY,
       "site": f"{STUDY}/{HERE}"}  # fmt: skip


@pytest.fixture(autouse=True)
def one_study():
    """Let there be a study with two centres, whatever the rooms above know."""
    before = places_module._provider
    provided_by(lambda: [Place(STUDY, "IMR Denmark", ((HERE, "Ballerup"), (THERE, "Frederiksberg")))])
    yield
    provided_by(before)


@pytest.fixture
def admin(cast: Cast, visit) -> Client:
    client: Client = visit(cast.administrator)
    return client


PATHS = ["", "invite/", "{key}/", "{key}/change/", "{key}/roles/add/", "{key}/roles/{role}/end/", "{key}/link/",
         "{key}/close/", "{key}/open/", "{key}/second-steps/remove/", "{key}/history/"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["coordinator", "monitor", "assessor", "participant", "stranger"])
def test_nobody_else_gets_in(path: str, method: str, who: str, cast: Cast, visit) -> None:
    whole = "/people/" + path.format(key=cast.coordinator.key, role=cast.coordinator.assignments.get().pk)
    before = Event.objects.count()
    assert getattr(visit(getattr(cast, who)), method)(whole, {"reason": "x"}).status_code == 403
    assert getattr(Client(), method)(whole)["Location"].startswith("/account/login/")
    assert Event.objects.count() == before


def test_inviting_makes_an_account_a_role_and_a_link_that_is_shown_once(cast: Cast, admin: Client) -> None:
    answer = admin.post("/people/invite/", NEW)
    person = Person.objects.get(email="nina@example.org")
    assert (person.name, person.language, person.has_usable_password()) == ("Nina New", "da", False)
    (held,) = queries.assignments(person)
    assert (held.role, held.study, held.site) == ("assessor", STUDY, HERE)
    found = re.search(r'value="http://testserver(/go/[\w-]+/)"', answer.content.decode())
    assert found
    assert "no-store" in answer["Cache-Control"]
    assert mail.outbox == []
    client = Client()
    client.post(found[1])
    assert client.session["_auth_user_id"] == str(person.pk)
    events = list(Event.objects.filter(actor=cast.administrator.key).values_list("kind", "role"))
    assert events == [(kind, "administrator") for kind in ("people.invited", "people.assigned", "people.link_made")]
    assert verify() == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_an_invitation_by_e_mail_tells_nothing_of_health_study_role_or_arm(language: str, admin: Client) -> None:
    answer = admin.post("/people/invite/", NEW | {"send": "on", "language": language})
    (message,) = mail.outbox
    text = f"{message.subject} {message.body} {message.from_email}".lower()
    assert message.to == ["nina@example.org"]
    forbidden = ["imr", "ballerup", "denmark", "assess", "bedøm", "illness", "sygdom", "psyk", "trial", "study",
                 "studie", "health", "helbred", "recovery", "nina new"]  # fmt: skip
    assert not [word for word in forbidden if word in text]
    assert re.search(r"http://testserver/go/[\w-]{20,}/", message.body)
    assert ("engang" in text or "én gang" in text) if language == "da" else "once" in text
    page = answer.content.decode()
    assert "/go/" not in page
    assert "nina@example.org" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "carl@example.org"}, "has an account"),
        ({"email": "CARL@example.org"}, "has an account"),
        ({"name": ""}, "Enter the name that colleagues see."),
        ({"study": "", "site": ""}, "Choose the study in which this role holds."),
        ({"study": "other"}, "Select a valid choice"),
        ({"role": ""}, "Choose an answer"),
        ({"email": "", "send": "on"}, "do not send the link"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(
    change: dict[str, str], words: str, cast: Cast, admin: Client
) -> None:
    before = Person.objects.count()
    answer = admin.post("/people/invite/", NEW | change)
    assert answer.status_code == 200
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert Person.objects.count() == before


def test_a_site_without_e_mail_offers_none(admin: Client, settings) -> None:
    assert 'name="send"' in admin.get("/people/invite/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert 'name="send"' not in admin.get("/people/invite/").content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Ada", "Carl", "Mona", "Asta", "Pia", "Stig"}),
        ("?role=coordinator", {"Carl"}),
        ("?study=imr-denmark&role=monitor", {"Mona"}),
        (f"?site={STUDY}/{HERE}", {"Carl", "Asta", "Pia"}),
        ("?name=STIG", {"Stig"}),
        ("?name=asta@", {"Asta"}),
        ("?state=closed", set()),
        ("?state=all&role=assessor", {"Asta"}),
        ("?role=nonsense", {"Ada", "Carl", "Mona", "Asta", "Pia", "Stig"}),
    ],
)
def test_filters_stand_in_the_address(query: str, names: set[str], cast: Cast, admin: Client) -> None:
    page = admin.get(f"/people/{query}").content.decode()
    table = page[page.index('id="people"') :]
    emails = {"Ada": "ada@", "Carl": "carl@", "Mona": "mona@", "Asta": "asta@", "Pia": "pia@", "Stig": "stig@"}
    assert {name for name, email in emails.items() if email in table} == names
    if not names:
        assert "Nobody fits these filters" in table


def test_a_persons_page_shows_roles_from_until_and_what_was_done(cast: Cast, admin: Client) -> None:
    page = admin.get(f"/people/{cast.coordinator.key}/").content.decode()
    for words in ("Carl Coordinator", "IMR Denmark", "Ballerup", "invited Carl Coordinator", "End the role"):
        assert words in page
    assert admin.get("/people/p000000000000/").status_code == 404


def test_a_role_is_given_and_ended_with_a_reason(cast: Cast, admin: Client) -> None:
    base = f"/people/{cast.stranger.key}"
    admin.post(f"{base}/roles/add/", {"role": "supervisor", "site": f"{STUDY}/{THERE}"})
    held = Assignment.objects.get(person=cast.stranger)
    assert (held.role, held.study, held.site) == ("supervisor", STUDY, THERE)
    twice = admin.post(f"{base}/roles/add/", {"role": "supervisor", "site": f"{STUDY}/{THERE}"})
    assert "has this role there already" in twice.content.decode()
    assert admin.post(f"{base}/roles/{held.pk}/end/", {"reason": ""}).status_code == 200
    admin.post(f"{base}/roles/{held.pk}/end/", {"reason": "maternity leave"})
    held.refresh_from_db()
    assert held.until is not None
    assert Event.objects.get(kind="people.role_ended").reason == "maternity leave"
    assert admin.get(f"{base}/roles/{held.pk}/end/").status_code == 404
    assert verify() == []


def test_a_role_of_somebody_else_is_not_ended_by_its_number(cast: Cast, admin: Client) -> None:
    number = cast.monitor.assignments.get().pk
    assert admin.post(f"/people/{cast.coordinator.key}/roles/{number}/end/", {"reason": "x"}).status_code == 404
    assert cast.monitor.assignments.get().until is None


def test_the_last_administrator_stays(cast: Cast, admin: Client) -> None:
    number = cast.administrator.assignments.get().pk
    answer = admin.post(f"/people/{cast.administrator.key}/roles/{number}/end/", {"reason": "tired"})
    assert "You are the last administrator" in answer.content.decode()
    answer = admin.post(f"/people/{cast.administrator.key}/close/", {"reason": "tired"})
    assert "You cannot close your own account" in answer.content.decode()
    cast.administrator.refresh_from_db()
    assert cast.administrator.is_active


def test_closing_ends_all_and_can_be_taken_back(cast: Cast, admin: Client, visit) -> None:
    theirs = visit(cast.coordinator)
    assert theirs.get("/account/").status_code == 200
    admin.post(f"/people/{cast.coordinator.key}/link/")
    admin.post(f"/people/{cast.coordinator.key}/close/", {"reason": "left"})
    cast.coordinator.refresh_from_db()
    assert not cast.coordinator.is_active
    assert queries.assignments(cast.coordinator) == []
    assert OneTimeLink.objects.get(person=cast.coordinator).cancelled_at is not None
    assert theirs.get("/account/").status_code in {302, 403}
    admin.post(f"/people/{cast.coordinator.key}/open/", {"reason": "is back"})
    cast.coordinator.refresh_from_db()
    assert cast.coordinator.is_active
    assert queries.assignments(cast.coordinator) == []
    assert verify() == []


def test_a_new_link_ends_the_one_before(cast: Cast, admin: Client) -> None:
    first = admin.post(f"/people/{cast.participant.key}/link/").content.decode()
    second = admin.post(f"/people/{cast.participant.key}/link/").content.decode()
    old, new = (re.search(r"(/go/[\w-]+/)", page)[1] for page in (first, second))  # type: ignore[index]  # they are there
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200


def test_name_and_address_are_corrected_with_a_reason(cast: Cast, admin: Client) -> None:
    path = f"/people/{cast.coordinator.key}/change/"
    taken = admin.post(path, {"name": "Carl", "email": "mona@example.org", "reason": "x"})
    assert "Somebody else has an account" in taken.content.decode()
    admin.post(path, {"name": "Carla Coordinator", "email": "carla@example.org", "reason": "new name"})
    cast.coordinator.refresh_from_db()
    assert (cast.coordinator.name, cast.coordinator.email) == ("Carla Coordinator", "carla@example.org")
    assert "Carla" not in Event.objects.get(kind="people.changed").changes
    assert verify() == []


@pytest.mark.parametrize("language", ["en", "da"])
def test_who_may_do_what_is_a_table_everyone_signed_in_can_read(language: str, cast: Cast, visit) -> None:
    client = visit(cast.participant)
    client.cookies["django_language"] = language
    page = client.get("/rights/").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.count("<tr>") == len(RIGHTS)
    assert ("Koordinator" if language == "da" else "Coordinator") in table
    if language == "da":
        assert "Screene personer" in table
    assert Client().get("/rights/").status_code == 302


def test_the_first_page_leads_where_one_may_go(cast: Cast, visit) -> None:
    assert 'href="/people/"' in visit(cast.administrator).get("/").content.decode()
    monitor = visit(cast.monitor).get("/").content.decode()
    assert 'href="/people/"' not in monitor
    assert f'href="/studies/{STUDY}/history/"' in monitor
    participant = visit(cast.participant).get("/").content.decode()
    assert "/history/" not in participant
    assert Client().get("/")["Location"] == "/account/login/"


def test_studies_say_which_places_there_are() -> None:
    assert [place.study for place in places()] == [STUDY]
    assert Role.ADMINISTRATOR in Role
