"""Every action of both rooms leaves the event it should, about the right person; a refused one leaves nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR, EAST, NAME

from imara.service.ledger.models import Event
from imara.service.ledger.recording import Actor
from imara.service.ledger.verify import verify
from imara.service.ledger.words import events
from imara.service.participants import actions
from imara.service.studies import actions as studies

MONITOR = Actor("pmonitor", "monitor")


def _reading(act: Callable[[harbour.Reader], Any]) -> Callable[[], Callable[[], Any]]:
    def prepare() -> Callable[[], Any]:
        reader = harbour.invited(harbour.person())
        return lambda: act(reader)

    return prepare


def _screen() -> Callable[[], Any]:
    return harbour.screened


def _screen_again() -> Callable[[], Any]:
    found = harbour.person()
    return lambda: actions.screen_again(
        participant=found, characteristics=harbour.ADULT, answers=harbour.WELL, by=COORDINATOR
    )


def _paper(*, given: bool) -> Callable[[], Callable[[], Any]]:
    def prepare() -> Callable[[], Any]:
        found = harbour.person()
        return lambda: harbour.on_paper(found, given=given)

    return prepare


def _mark() -> Callable[[], Any]:
    consent = harbour.consented().consents.get()
    return lambda: actions.mark_in_error(consent=consent, reason="Wrong sheet", by=COORDINATOR)


def _withdraw() -> Callable[[], Any]:
    found = harbour.person()
    return lambda: actions.withdraw(participant=found, degree="data", on=harbour.today(), by=COORDINATOR)


def _resume() -> Callable[[], Any]:
    left = actions.withdraw(participant=harbour.person(), degree="data", on=harbour.today(), by=COORDINATOR)
    return lambda: actions.resume(withdrawal=left, on=harbour.today(), reason="Back", by=COORDINATOR)


def _report() -> Callable[[], Any]:
    first, second = harbour.person(), harbour.person()
    return lambda: actions.report_duplicate(later=second, earlier=first, reason="Same", by=COORDINATOR)


def _decide(*, same: bool) -> Callable[[], Callable[[], Any]]:
    def prepare() -> Callable[[], Any]:
        found = _report()()
        return lambda: actions.decide_duplicate(duplicate=found, same=same, reason="Asked", by=MONITOR)

    return prepare


def _answered() -> Callable[[], Any]:
    reader = harbour.invited(harbour.person())
    question = actions.ask(invitation=reader.invitation, words="Why?", by=reader.by)
    return lambda: actions.answered(question=question, answer="So", by=COORDINATOR)


def _read() -> Callable[[], Any]:
    reader = harbour.invited(harbour.person())
    actions.answer_check(invitation=reader.invitation, page=1, answer=0, by=reader.by)
    return lambda: actions.read_page(invitation=reader.invitation, page=1, by=reader.by)


def _sign() -> Callable[[], Any]:
    reader = harbour.invited(harbour.person())
    harbour.read_all(reader)
    return lambda: actions.sign(invitation=reader.invitation, name="Ane", by=reader.by)


def _invite() -> Callable[[], Any]:
    found = harbour.person()
    return lambda: actions.invite(participant=found, by=COORDINATOR)


ACTS: dict[str, tuple[str, Callable[[], Callable[[], Any]], str]] = {
    "screen": ("participants.screened", _screen, "screen"),
    "screen again": ("participants.screened_again", _screen_again, "screen_again"),
    "yes on paper": ("participants.consented", _paper(given=True), "record_paper_consent"),
    "no on paper": ("participants.declined", _paper(given=False), "record_paper_consent"),
    "mark": ("participants.consent_marked", _mark, "mark_in_error"),
    "invite": ("participants.invited_to_decide", _invite, "invite"),
    "cancel": (
        "participants.invitation_cancelled",
        _reading(lambda one: actions.cancel_invitation(invitation=one.invitation, reason="x", by=COORDINATOR)),
        "cancel_invitation",
    ),
    "check": (
        "participants.check_answered",
        _reading(lambda one: actions.answer_check(invitation=one.invitation, page=1, answer=1, by=one.by)),
        "answer_check",
    ),
    "read": ("participants.read", _read, "read_page"),
    "ask": (
        "participants.asked",
        _reading(lambda one: actions.ask(invitation=one.invitation, words="Why?", by=one.by)),
        "ask",
    ),
    "answered": ("participants.question_answered", _answered, "answered"),
    "sign": ("participants.consented", _sign, "sign"),
    "refuse": (
        "participants.declined",
        _reading(lambda one: actions.refuse(invitation=one.invitation, by=one.by)),
        "refuse",
    ),
    "withdraw": ("participants.withdrew", _withdraw, "withdraw"),
    "resume": ("participants.resumed", _resume, "resume"),
    "report": ("participants.duplicate_reported", _report, "report_duplicate"),
    "same": ("participants.merged", _decide(same=True), "decide_duplicate"),
    "different": ("participants.found_different", _decide(same=False), "decide_duplicate"),
}


def test_every_action_is_here() -> None:
    assert {function for _, _, function in ACTS.values()} == set(actions.__all__)


@pytest.mark.parametrize("name", ACTS)
def test_an_action_leaves_its_event(study: str, name: str) -> None:
    kind, prepare, _ = ACTS[name]
    act = prepare()
    before = Event.objects.count()
    act()
    new = list(Event.objects.filter(sequence__gt=before).order_by("sequence"))
    about = [event for event in new if event.kind.startswith("participants.")]
    assert [event.kind for event in about] == [kind]
    assert all(event.subject.startswith("participant:EAS-") for event in about)
    assert (about[0].study, about[0].site) == (NAME, EAST)
    assert about[0].changes != "[]"
    assert kind in events(), "the ledger has no words for it"
    assert verify() == []


@pytest.mark.parametrize("function", [*actions.__all__])
def test_an_action_names_all_its_arguments_and_who_acts(function: str) -> None:
    parameters = inspect.signature(getattr(actions, function)).parameters
    assert all(one.kind is one.KEYWORD_ONLY for one in parameters.values())
    assert "by" in parameters


@pytest.mark.parametrize("function", [studies.load, studies.amend, studies.take_step])
def test_actions_of_studies_do_too(function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    assert all(one.kind is one.KEYWORD_ONLY for one in parameters.values())
    assert "by" in parameters


def test_a_refused_act_leaves_neither_row_nor_event(study: str) -> None:
    found = harbour.person()
    studies.take_step(study=NAME, name="pause", by=ADMINISTRATOR)
    before = Event.objects.count()
    for act in (
        harbour.person,
        lambda: harbour.on_paper(found, taken_by=""),
        lambda: actions.withdraw(participant=found, degree="x", on=harbour.today(), by=COORDINATOR),
        lambda: studies.take_step(study=NAME, name="open", by=ADMINISTRATOR),
    ):
        with pytest.raises(Exception, match=r"."):
            act()
    assert Event.objects.count() == before
    assert verify() == []
