"""Consent on paper: who decided what, who took it, and where the sheet is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests import harbour
from tests.harbour import ADMINISTRATOR, COORDINATOR

from imara.rules.consent import Standing
from imara.service.ledger.models import Event
from imara.service.participants import actions, queries
from imara.service.participants.models import Consent
from imara.service.studies import actions as studies
from imara.service.studies.refusal import RefusedError

pytestmark = pytest.mark.usefixtures("study")


def test_it_is_kept_with_who_took_it_and_where_it_is() -> None:
    found = harbour.person()
    kept = harbour.on_paper(found)
    assert (kept.method, kept.taken_by, kept.file_reference, kept.by) == (
        "paper",
        "Ann",
        "folder 1",
        "pcoordinator",
    )
    assert kept.version.number == 1
    assert len(kept.text_hash) == 64
    assert queries.consent_standing(found) is Standing.VALID
    event = Event.objects.filter(subject=f"participant:{found.key}").latest("sequence")
    assert event.kind == "participants.consented"


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"taken_by": " "}, "taken-by-missing", "taken_by"),
        ({"file_reference": ""}, "file-missing", "file_reference"),
        ({"consent_version": "9"}, "no-such-version", "consent_version"),
        ({"giver": "neighbour"}, "guardian-not-foreseen", "giver"),
        ({"on": date(2999, 1, 1)}, "day-to-come", "on"),
    ],
)
def test_what_is_missing_is_said_at_its_field(wrong: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        harbour.on_paper(harbour.person(), **wrong)
    assert (refused.value.codes, refused.value.reasons[0].field) == ((code,), field)
    assert not Consent.objects.exists()


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        harbour.on_paper(harbour.person(), taken_by="", file_reference="", consent_version="9")
    assert refused.value.codes == ("taken-by-missing", "file-missing", "no-such-version")


def test_a_no_needs_no_sheet() -> None:
    found = harbour.person()
    harbour.on_paper(found, given=False, taken_by="", file_reference="")
    assert queries.consent_standing(found) is Standing.DECLINED


def test_a_record_made_by_mistake_counts_for_nothing_and_stays() -> None:
    found = harbour.consented()
    kept = found.consents.get()
    with pytest.raises(RefusedError):
        actions.mark_in_error(consent=kept, reason=" ", by=COORDINATOR)
    actions.mark_in_error(consent=kept, reason="The sheet of somebody else", by=COORDINATOR)
    assert queries.consent_standing(found) is Standing.NOT_ASKED
    assert Consent.objects.get().in_error


def test_nothing_is_recorded_once_the_study_is_locked() -> None:
    found = harbour.person()
    for step in ("close", "lock"):
        studies.take_step(study=harbour.NAME, name=step, by=ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        harbour.on_paper(found)
    assert refused.value.codes == ("study-locked",)
