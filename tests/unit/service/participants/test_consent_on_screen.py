"""Consent on a screen: reading page by page, asking, deciding, signing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR

from imara.rules.consent import Standing
from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.participants import actions, queries
from imara.service.participants.models import Consent
from imara.service.people.identities import open_words
from imara.service.studies import actions as studies
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.usefixtures("study")


def test_reading_stops_and_goes_on() -> None:
    reader = harbour.invited(harbour.person())
    with pytest.raises(RefusedError) as refused:
        actions.read_page(invitation=reader.invitation, page=2, by=reader.by)
    assert refused.value.codes == ("page-skipped",)
    with pytest.raises(RefusedError) as refused:
        actions.read_page(invitation=reader.invitation, page=1, by=reader.by)
    assert refused.value.codes == ("check-open",)
    assert not actions.answer_check(invitation=reader.invitation, page=1, answer=2, by=reader.by)
    assert actions.answer_check(invitation=reader.invitation, page=1, answer=0, by=reader.by)
    kept = actions.read_page(invitation=reader.invitation, page=1, by=reader.by)
    assert (kept.page, kept.tries) == (1, {"1": {"tries": 2, "right": True}})


def test_a_signature_keeps_name_time_words_and_way() -> None:
    found = harbour.person()
    reader = harbour.invited(found, language="da")
    harbour.read_all(reader)
    kept = actions.sign(invitation=reader.invitation, name=" Ane Sol ", by=reader.by)
    assert (kept.method, kept.language, kept.decision, kept.by) == ("electronic", "da", "given", reader.account.key)
    assert kept.signature is not None
    assert open_words(kept.signature) == "Ane Sol"
    assert b"Ane" not in bytes(kept.signature)
    assert "Ane" not in Event.objects.latest("sequence").changes
    assert kept.questions == [{"page": 1, "tries": 1, "right": True}]
    assert queries.consent_standing(found) is Standing.VALID


def test_the_hash_tells_versions_and_languages_apart() -> None:
    hashes = set()
    for language in ("en", "da"):
        reader = harbour.invited(harbour.person(), language=language)
        harbour.read_all(reader)
        hashes.add(actions.sign(invitation=reader.invitation, name="A", by=reader.by).text_hash)
    assert len(hashes) == 2


def test_all_that_comes_before_signing_is_said_at_once() -> None:
    reader = harbour.invited(harbour.person())
    question = actions.ask(invitation=reader.invitation, words="How long is a walk?", by=reader.by)
    with pytest.raises(RefusedError) as refused:
        actions.sign(invitation=reader.invitation, name=" ", by=reader.by)
    assert refused.value.codes == ("pages-left", "question-open", "name-missing")
    harbour.read_all(reader)
    with pytest.raises(RefusedError):
        actions.answered(question=question, answer="", by=COORDINATOR)
    actions.answered(question=question, answer="An hour", by=COORDINATOR)
    assert actions.sign(invitation=reader.invitation, name="A", by=reader.by).decision == "given"


def test_people_may_close_their_own_question() -> None:
    reader = harbour.invited(harbour.person())
    question = actions.ask(invitation=reader.invitation, words="How long is a walk?", by=reader.by)
    assert actions.answered(question=question, by=reader.by).answered_by == reader.account.key


def test_saying_no_is_possible_on_every_page() -> None:
    found = harbour.person()
    reader = harbour.invited(found)
    actions.refuse(invitation=reader.invitation, by=reader.by)
    assert queries.consent_standing(found) is Standing.DECLINED
    with pytest.raises(RefusedError) as refused:
        actions.sign(invitation=reader.invitation, name="A", by=reader.by)
    assert refused.value.codes == ("decided",)


def test_nobody_decides_for_somebody_else() -> None:
    reader, other = harbour.invited(harbour.person()), harbour.invited(harbour.person())
    for act in (actions.refuse, lambda **acts: actions.sign(name="A", **acts)):
        with pytest.raises(RefusedError) as refused:
            act(invitation=reader.invitation, by=other.by)
        assert refused.value.codes == ("not-yours",)
    with pytest.raises(RefusedError):
        actions.sign(invitation=reader.invitation, name="A", by=COORDINATOR)


def test_a_newer_version_is_read_before_deciding() -> None:
    found = harbour.person()
    reader = harbour.invited(found)
    harbour.read_all(reader)
    pages = [{"heading": "New", "text": "Walks are longer."}]
    new = harbour.changed(lambda fields: fields["consent"]["versions"].update({"2": {"pages": pages}}))
    studies.amend(study=harbour.NAME, folder=new, reason="Longer walks", by=ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        actions.sign(invitation=reader.invitation, name="A", by=reader.by)
    assert refused.value.codes == ("newer-version",)
    again = harbour.invited(found)
    assert (again.invitation.pk != reader.invitation.pk, again.invitation.consent_version) == (True, "2")
    assert again.account == reader.account


def test_a_new_link_goes_on_where_reading_stopped() -> None:
    found = harbour.person()
    reader = harbour.invited(found)
    actions.answer_check(invitation=reader.invitation, page=1, answer=0, by=reader.by)
    actions.read_page(invitation=reader.invitation, page=1, by=reader.by)
    again = harbour.invited(found)
    assert (again.invitation.pk, again.invitation.page, again.path != reader.path) == (
        reader.invitation.pk,
        1,
        True,
    )


def test_an_invitation_that_was_taken_back_decides_nothing() -> None:
    reader = harbour.invited(harbour.person())
    actions.cancel_invitation(invitation=reader.invitation, reason="Wrong person", by=COORDINATOR)
    with pytest.raises(RefusedError) as refused:
        actions.refuse(invitation=reader.invitation, by=reader.by)
    assert refused.value.codes == ("cancelled",)


def test_guardian_and_person_decide_each_for_themselves() -> None:
    found = harbour.person()
    guardian, person = harbour.invited(found, giver="guardian"), harbour.invited(found, giver="assent")
    assert guardian.account != person.account
    assert queries.participant(found.key).account == person.account.key
    harbour.read_all(guardian)
    actions.sign(invitation=guardian.invitation, name="Mother", by=guardian.by)
    assert queries.consent_standing(found) is Standing.ASSENT_MISSING
    harbour.read_all(person)
    actions.sign(invitation=person.invitation, name="A", by=person.by)
    assert queries.consent_standing(found) is Standing.VALID


def test_where_there_is_nothing_to_read_nobody_is_asked() -> None:
    found = harbour.person()
    new = harbour.changed(lambda fields: fields["consent"]["versions"].update({"2": {"languages": ("en",)}}))
    studies.amend(study=harbour.NAME, folder=new, reason="New", by=ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        actions.invite(participant=found, language="da", by=COORDINATOR)
    assert refused.value.codes == ("nothing-to-read", "not-in-language")


def test_the_database_itself_keeps_paper_and_screen_apart() -> None:
    found = harbour.person()
    fields: dict[str, Any] = {
        "participant": found, "version": found.version, "consent_version": "1", "text_hash": "0" * 64,
        "on": harbour.today(), "by": "p",
    }  # fmt: skip
    wrong: list[dict[str, Any]] = [
        {"method": "paper"},
        {"method": "electronic"},
        {"method": "electronic", "signature": b"x", "taken_by": "Ann"},
        {"method": "paper", "taken_by": "Ann", "file_reference": "1", "signature": b"x"},
        {"method": "spoken", "decision": "declined"},
        {"method": "paper", "decision": "perhaps"},
        {"method": "paper", "decision": "declined", "giver": "neighbour"},
    ]
    for one in wrong:
        with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=COORDINATOR):
            Consent(**fields, **one).save()
