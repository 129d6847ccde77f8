"""Pages of who enrols: bad input keeps what was typed and says what to do; good input leads on."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import harbour
from tests.harbour import COORDINATOR, EAST, NAME, WEST

from imara.service.ledger.models import Event
from imara.service.participants import actions
from imara.service.participants.models import Consent, Participant, Screening, Withdrawal
from imara.service.people import identities
from imara.service.people.identities import Who
from imara.service.people.models import Person

GOOD = {"c_age": "41.5", "c_sex": "female", "c_smoker": "no", "q_near": "yes", "q_ill": "no", "note": "Came by bus"}


@pytest.fixture
def client(coordinator: Person) -> Client:
    client = Client()
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of(name: str, key: str, site: str = EAST) -> str:
    return reverse(f"participants:{name}", args=[NAME, site, key])


def day(name: str, days: int = 0) -> dict[str, str]:
    on = harbour.in_days(days)
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def test_screening_leads_to_the_persons_page(client: Client) -> None:
    response = client.post(reverse("participants:screen", args=[NAME, EAST]), GOOD, follow=True)
    assert response.redirect_chain[-1][0] == of("person", "EAS-001")
    assert "EAS-001: Can take part." in response.content.decode()
    screened = Screening.objects.get()
    assert (screened.characteristics["age"], screened.answers, screened.note) == (41.5, harbour.WELL, "Came by bus")
    assert screened.characteristics["born"] is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"c_age": "old"}, "“Age” must be a number"),
        ({"c_age": "300"}, "“Age” must be 120 or less"),
        ({"q_near": ""}, "Choose an answer to “Does the person live near?”"),
        ({"c_born_day": "31", "c_born_month": "2", "c_born_year": "1980"}, "“Born” must be a date that exists"),
        ({"q_ill": "yes"}, "Give a date on which to screen the person again"),
        ({"q_ill": "yes", **day("again_on", -1)}, "Give a later one"),
    ],
)
def test_bad_input_keeps_what_was_typed(client: Client, wrong: dict[str, str], words: str) -> None:
    response = client.post(reverse("participants:screen", args=[NAME, EAST]), {**GOOD, **wrong})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Came by bus" in page
    assert f'value="{wrong.get("c_age", "41.5")}"' in page
    assert not Participant.objects.exists()


def test_danish_pages_speak_danish_of_the_study_and_take_danish_numbers(client: Client) -> None:
    client.cookies["django_language"] = "da"
    address = reverse("participants:screen", args=[NAME, EAST])
    assert "Bor personen i nærheden?" in client.get(address).content.decode()
    client.post(address, {**GOOD, "c_age": "41,5"})
    assert Screening.objects.get().characteristics["age"] == 41.5


def test_screening_again_begins_with_what_is_known_and_asks_the_criteria_anew(client: Client) -> None:
    found = harbour.person()
    page = client.get(of("screen_again", found.key)).content.decode()
    assert 'value="40' in page
    client.post(of("screen_again", found.key), {**GOOD, "q_ill": "yes", **day("again_on", 7)})
    assert [one.outcome for one in found.screenings.order_by("number")] == ["eligible", "screen-again"]


def test_nobody_is_screened_by_page_while_the_study_is_paused(client: Client) -> None:
    from imara.service.studies import actions as studies  # noqa: PLC0415

    studies.take_step(study=NAME, name="pause", by=harbour.ADMINISTRATOR)
    address = reverse("participants:screen", args=[NAME, EAST])
    assert "<form" not in client.get(address).content.decode().split("<main")[1]
    assert client.post(address, GOOD).status_code == 422
    assert not Participant.objects.exists()


def test_consent_on_paper_says_all_that_is_missing(client: Client) -> None:
    found = harbour.person()
    sheet = {"decision": "given", "giver": "participant", "consent_version": "1", "file_reference": "", **day("on")}
    response = client.post(of("paper_consent", found.key), {**sheet, "taken_by": "Ann B"})
    assert response.status_code == 422
    assert "Say where the signed sheet is kept" in response.content.decode()
    assert "Ann B" in response.content.decode()
    client.post(of("paper_consent", found.key), {**sheet, "taken_by": "Ann B", "file_reference": "folder 1"})
    assert Consent.objects.get().taken_by == "Ann B"


def test_a_sheet_from_the_future_is_asked_about(client: Client) -> None:
    found = harbour.person()
    sheet = {
        "decision": "given",
        "giver": "participant",
        "consent_version": "1",
        "taken_by": "A",
        "file_reference": "1",
    }
    assert client.post(of("paper_consent", found.key), {**sheet, **day("on", 2)}).status_code == 422
    assert not Consent.objects.exists()


def test_a_link_is_shown_once_and_leads_to_the_invitation(client: Client) -> None:
    found = harbour.person()
    page = client.post(of("invite", found.key), {"giver": "participant", "language": "da"}).content.decode()
    assert "http://testserver/go/" in page
    token = page.split("http://testserver/go/")[1].split("/")[0]
    assert token not in client.get(of("person", found.key)).content.decode()
    assert not any(token in changes for changes in Event.objects.values_list("changes", flat=True))


def test_withdrawal_asks_what_and_when_and_not_why(client: Client) -> None:
    found = harbour.consented()
    assert client.post(of("withdraw", found.key), {"reason": "Far away"}).status_code == 422
    client.post(of("withdraw", found.key), {"degree": "follow-up", **day("on")})
    left = Withdrawal.objects.get()
    assert (left.degree, left.reason) == ("follow-up", "")
    assert "No more visits" in client.get(of("person", found.key)).content.decode()
    client.post(reverse("participants:resume", args=[NAME, EAST, found.key, left.pk]), {"reason": "Back", **day("on")})
    assert "Visits go on" in client.get(of("person", found.key)).content.decode()


def test_a_look_needs_a_reason(client: Client) -> None:
    found = harbour.person()
    identities.keep(participant=found.key, who=Who("Ane Sol"), study=NAME, site=EAST, by=COORDINATOR)
    response = client.post(of("identity", found.key), {"reason": " "})
    assert response.status_code == 422
    assert "Ane Sol" not in response.content.decode()
    response = client.post(of("identity", found.key), {"reason": "To call"})
    assert "Ane Sol" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "words"), [("123", "six digits and four digits"), ("990180-1234", "must be a date of birth")]
)
def test_a_national_number_that_cannot_be_is_explained(client: Client, typed: str, words: str) -> None:
    found = harbour.person()
    response = client.post(of("enter_identity", found.key), {"name": "Ane Sol", "national_number": typed})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Ane Sol" in response.content.decode()
    assert not identities.is_known(found.key)


def test_somebody_screened_elsewhere_is_told_without_more_than_the_centre(client: Client) -> None:
    there, here = harbour.person(WEST), harbour.person(EAST)
    who = Who("Ane Sol", "0101801234")
    identities.keep(participant=there.key, who=who, study=NAME, site=WEST, by=COORDINATOR)
    typed = {"name": "Anne", "national_number": "010180-1234"}
    page = client.post(of("enter_identity", here.key), typed, follow=True).content.decode()
    assert "Ask the coordinator of West" in page
    assert there.key not in page
    assert "Ane Sol" not in page
    again = harbour.person(EAST)
    page = client.post(of("enter_identity", again.key), typed, follow=True).content.decode()
    assert f"as {here.key}" in page


def test_the_other_number_of_a_duplicate_must_be_one(client: Client) -> None:
    found = harbour.person()
    response = client.post(of("report_duplicate", found.key), {"other": "NOR-001", "reason": "Same name"})
    assert response.status_code == 422
    assert "There is no such number in this study" in response.content.decode()
    assert "NOR-001" in response.content.decode()


def test_the_log_is_filtered_by_its_address(client: Client) -> None:
    harbour.person()
    harbour.screened(characteristics={"age": 12})
    harbour.screened(answers={"near": False})
    log = reverse("participants:log", args=[NAME])

    def keys(**wanted: Any) -> list[str]:
        page = client.get(log, wanted).content.decode()
        return [key for key in ("EAS-001", "EAS-002", "EAS-003") if key in page]

    assert keys() == ["EAS-001", "EAS-002", "EAS-003"]
    assert keys(outcome="not-eligible") == ["EAS-002", "EAS-003"]
    assert keys(reason="near") == ["EAS-003"]
    assert keys(reason="ear") == ["EAS-001", "EAS-002", "EAS-003"]  # no such reason: the filter is left out
    assert keys(**day("since", 1)) == []
    assert keys(sort="-number", page="x") == ["EAS-001", "EAS-002", "EAS-003"]
    assert "Nobody fits these filters" in client.get(log, {"outcome": "screen-again"}).content.decode()


def test_the_file_holds_the_same_rows_without_names(client: Client) -> None:
    found = harbour.screened(answers={"ill": True}, again_on=harbour.in_days(5)).participant
    identities.keep(participant=found.key, who=Who("Ane Sol"), study=NAME, site=EAST, by=COORDINATOR)
    harbour.person()
    response = client.get(reverse("participants:export", args=[NAME]), {"outcome": "screen-again"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [row["participant"] for row in rows] == ["EAS-001"]
    assert (rows[0]["reasons"], rows[0]["again_on"]) == ("ill", harbour.in_days(5).isoformat())
    assert "Ane" not in response.content.decode()


def test_the_list_of_whom_to_screen_again_leaves_out_who_need_not_be(client: Client) -> None:
    waiting = harbour.screened(answers={"ill": True}, again_on=harbour.in_days(5)).participant
    gone = harbour.screened(answers={"ill": True}, again_on=harbour.in_days(6)).participant
    actions.withdraw(participant=gone, degree="follow-up", on=harbour.today(), by=COORDINATOR)
    well = harbour.screened(answers={"ill": True}, again_on=harbour.in_days(7)).participant
    actions.screen_again(participant=well, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR)
    page = client.get(reverse("participants:again", args=[NAME])).content.decode()
    assert waiting.key in page
    assert gone.key not in page
    assert well.key not in page


def test_reasons_are_in_the_language_of_the_page(client: Client) -> None:
    harbour.screened(answers={"near": False})
    with translation.override("da"):
        client.cookies["django_language"] = "da"
        assert "Bor personen i nærheden?" in client.get(reverse("participants:log", args=[NAME])).content.decode()
