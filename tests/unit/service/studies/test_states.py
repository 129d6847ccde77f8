"""Where a study stands: a table says which steps lead on, and nothing else does."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests import harbour
from tests.harbour import ADMINISTRATOR, NAME

from imara.service.ledger.models import Event
from imara.service.ledger.recording import recorded
from imara.service.people.roles import right
from imara.service.studies import actions, queries
from imara.service.studies.models import ConductedStudy
from imara.service.studies.refusal import RefusedError
from imara.service.studies.states import STATE_LABELS, STATE_WORDS, STEPS, State, drawing, steps_from

PATHS = {
    State.DRAFT: (),
    State.OPEN: ("open",),
    State.PAUSED: ("open", "pause"),
    State.CLOSED: ("open", "close"),
    State.LOCKED: ("open", "close", "lock"),
}


@pytest.mark.parametrize(("state", "name"), list(product(State, [step.name for step in STEPS])))
def test_a_step_starts_where_the_table_says_and_nowhere_else(study: str, state: State, name: str) -> None:
    for one in PATHS[state]:
        actions.take_step(study=NAME, name=one, by=ADMINISTRATOR)
    before = Event.objects.count()
    chosen = next(step for step in STEPS if step.name == name)
    if state in chosen.sources:
        actions.take_step(study=NAME, name=name, reason="As planned", by=ADMINISTRATOR)
        event = Event.objects.latest("sequence")
        assert queries.in_force(NAME).state is chosen.target
        assert (event.kind, event.reason, event.subject) == (chosen.event, "As planned", f"study:{NAME}")
    else:
        with pytest.raises(RefusedError) as refused:
            actions.take_step(study=NAME, name=name, by=ADMINISTRATOR)
        assert refused.value.codes == ("not-from-here",)
        assert (queries.in_force(NAME).state, Event.objects.count()) == (state, before)


def test_every_state_has_words_and_a_way_on_but_the_last() -> None:
    assert set(STATE_LABELS) == set(STATE_WORDS) == set(State)
    assert [state for state in State if not steps_from(state)] == [State.LOCKED]
    assert {step.target for step in STEPS} == set(State) - {State.DRAFT}
    assert all(right(step.right) for step in STEPS)


def test_the_documentation_draws_the_table_as_it_is() -> None:
    page = Path(__file__).parents[4] / "docs" / "reference" / "states-of-a-study.md"
    assert drawing() in page.read_text(encoding="utf-8")


def test_the_database_itself_knows_the_states(study: str) -> None:
    record = ConductedStudy.objects.get(name=NAME)
    record.state = "lost"
    with pytest.raises(IntegrityError), transaction.atomic(), recorded("test.wrong", by=ADMINISTRATOR):
        record.save()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("consent", None, "no-consent-plan"), ("allocation", None, "no-allocation")],
)
def test_a_trial_that_cannot_be_run_is_not_opened(db: None, field: str, value: None, code: str) -> None:
    actions.load(folder=harbour.changed(lambda fields: fields.update({field: value})), by=ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        actions.take_step(study=NAME, name="open", by=ADMINISTRATOR)
    assert refused.value.codes == (code,)


def test_plain_care_needs_neither_arms_nor_allocation(db: None) -> None:
    plain = harbour.changed(
        lambda fields: fields.update(arms={}, allocation=None, consent=None, outcomes={}, analyses={})
    )
    actions.load(folder=plain, by=ADMINISTRATOR)
    assert actions.take_step(study=NAME, name="open", by=ADMINISTRATOR).state == State.OPEN
