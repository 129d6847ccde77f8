"""The person's own pages: from the link to the signature on a phone, in their language, with help on each."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests import harbour
from tests.harbour import COORDINATOR

from imara.rules.consent import Standing
from imara.service.participants import actions, queries
from imara.service.participants.models import Consent, Question
from imara.service.participants.pages.deciding import CheckForm
from imara.study.people import CheckQuestion
from imara.study.vocabulary import Text

pytestmark = pytest.mark.usefixtures("study")


def arrived(reader: harbour.Reader) -> Client:
    """Open the one-time link as a browser does."""
    client = Client()
    client.get(reader.path)
    response = client.post(reader.path)
    assert response.status_code == 302
    assert response["Location"].endswith(f"/consent/{reader.invitation.pk}/")
    return client


def address(name: str, reader: harbour.Reader, *more: int) -> str:
    return reverse(f"participants:{name}", args=[reader.invitation.pk, *more])


def test_from_the_link_to_the_signature() -> None:
    found = harbour.person()
    reader = harbour.invited(found)
    client = arrived(reader)
    start = client.get(address("start", reader)).content.decode()
    assert "First you read 2 short pages" in start
    assert address("page", reader, 1) in start
    page = client.get(address("page", reader, 1)).content.decode()
    assert "What is it about?" in page
    assert page.index("<main") < page.index("We want to know if walks help.")
    assert client.post(address("page", reader, 1), {"answer": "0"})["Location"] == address("page", reader, 2)
    assert client.post(address("page", reader, 2))["Location"] == address("sign", reader)
    response = client.post(address("sign", reader), {"agree": "on", "name": "Ane Sol"}, follow=True)
    assert "You have said yes." in response.content.decode()
    assert queries.consent_standing(found) is Standing.VALID
    assert Consent.objects.get().by == reader.account.key


def test_every_page_shows_where_help_is_and_a_way_out() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    pages = [address("start", reader), address("page", reader, 1), address("ask", reader), address("refuse", reader)]
    harbour.read_all(reader)
    pages.append(address("sign", reader))
    for one in pages:
        page = client.get(one).content.decode()
        assert "Get help now" in page
        assert address("refuse", reader) in page or one == address("ask", reader) or address("start", reader) in page


def test_a_wrong_answer_leads_back_to_the_page_kindly() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    response = client.post(address("page", reader, 1), {"answer": "1"})
    assert response.status_code == 422
    assert "It is our job to say it clearly." in response.content.decode()
    response = client.post(address("page", reader, 1), {})
    assert "Choose one of the answers." in response.content.decode()
    assert client.post(address("page", reader, 1), {"answer": "7"}).status_code == 422


def test_the_order_of_answers_does_not_tell_which_fits() -> None:
    words = [Text(en="Chance"), Text(en="The doctor"), Text(en="I do")]
    orders = {
        tuple(
            label
            for _, label in CheckForm(
                CheckQuestion(ask=Text(en="Who?"), right=right, wrong=tuple(one for one in words if one is not right))
            )
            .fields["answer"]
            .choices  # type: ignore[attr-defined]
        )
        for right in words
    }
    assert len(orders) == 1


def test_pages_are_read_in_order_and_reading_goes_on_where_it_stopped() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    assert client.get(address("page", reader, 2))["Location"] == address("page", reader, 1)
    assert client.get(address("sign", reader))["Location"] == address("page", reader, 1)
    client.post(address("page", reader, 1), {"answer": "0"})
    start = client.get(address("start", reader)).content.decode()
    assert "You have read 1 of 2 pages." in start
    assert address("page", reader, 2) in start
    assert client.get(address("page", reader, 3)).status_code == 404


def test_it_is_in_the_language_of_the_invitation_whatever_the_browser_says() -> None:
    reader = harbour.invited(harbour.person(), language="da")
    client = arrived(reader)
    client.cookies["django_language"] = "en"
    page = client.get(address("page", reader, 1)).content.decode()
    assert "Hvad handler det om?" in page
    assert "Lodtrækning afgør, hvem der får gåture." in page


def test_a_question_is_answered_before_deciding() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    assert client.post(address("ask", reader), {"words": " "}).status_code == 422
    client.post(address("ask", reader), {"words": "Is it far?"})
    harbour.read_all(reader)
    waiting = client.get(address("sign", reader)).content.decode()
    assert "We will answer before you decide." in waiting
    assert 'name="name"' not in waiting
    actions.answered(question=Question.objects.get(), answer="Two kilometres", by=COORDINATOR)
    assert "Two kilometres" in client.get(address("questions", reader)).content.decode()
    assert 'name="name"' in client.get(address("sign", reader)).content.decode()


def test_ones_own_question_can_be_closed() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    client.post(address("ask", reader), {"words": "Is it far?"})
    client.post(reverse("participants:close_question", args=[reader.invitation.pk, Question.objects.get().pk]))
    assert Question.objects.get().answered_at is not None


def test_signing_without_a_name_or_a_tick_says_what_to_do() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    harbour.read_all(reader)
    response = client.post(address("sign", reader), {"name": "Ane Sol"})
    assert response.status_code == 422
    assert "Ane Sol" in response.content.decode()
    assert client.post(address("sign", reader), {"agree": "on", "name": " "}).status_code == 422
    assert not Consent.objects.exists()


def test_saying_no_takes_two_steps_and_no_reason() -> None:
    found = harbour.person()
    reader = harbour.invited(found)
    client = arrived(reader)
    assert client.get(address("refuse", reader)).status_code == 200
    assert queries.consent_standing(found) is Standing.NOT_ASKED
    page = client.post(address("refuse", reader), follow=True).content.decode()
    assert "You get the same help as before." in page
    assert queries.consent_standing(found) is Standing.DECLINED
    assert client.get(address("sign", reader)).status_code == 404


def test_an_invitation_that_was_taken_back_says_so() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    actions.cancel_invitation(invitation=reader.invitation, reason="Wrong person", by=COORDINATOR)
    assert "This invitation was taken back." in client.get(address("start", reader)).content.decode()


def test_the_link_works_once() -> None:
    reader = harbour.invited(harbour.person())
    arrived(reader)
    stranger = Client()
    stranger.post(reader.path)
    assert stranger.get(address("start", reader)).status_code == 302


def test_what_one_is_asked_to_decide_is_one_click_away() -> None:
    reader = harbour.invited(harbour.person())
    client = arrived(reader)
    assert client.get(reverse("participants:invitations"))["Location"] == address("start", reader)
    client.post(address("refuse", reader))
    assert (
        "You are not asked to decide anything now." in client.get(reverse("participants:invitations")).content.decode()
    )


def test_a_guardian_is_asked_about_somebody_else() -> None:
    reader = harbour.invited(harbour.person(), giver="guardian")
    client = arrived(reader)
    harbour.read_all(reader)
    page = client.get(address("sign", reader)).content.decode()
    assert "I agree that they take part" in page
    assert "I want to take part" not in page
