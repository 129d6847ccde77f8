"""A demonstration holds made-up people in every state, by the actions that people at work use."""

from __future__ import annotations

from random import Random

import pytest

from imara.service.allocation.verification import replay_all
from imara.service.demonstration.build import FATES, NotADemonstrationError, fates, fill
from imara.service.demonstration.cast import CAST, SITES, STUDY, names
from imara.service.ledger.models import Event
from imara.service.ledger.verify import verify
from imara.service.participants.models import Consent, Duplicate, Participant, Screening, Withdrawal
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.studies.models import ConductedStudy

EACH = 24


@pytest.mark.django_db
def test_people_are_in_every_state_at_three_centres() -> None:
    told: list[tuple[int, int]] = []
    filled = fill(people_a_centre=EACH, told=lambda done, of: told.append((done, of)))
    total = EACH * len(SITES)
    assert filled.screened == Participant.objects.count() == total
    assert told[-1] == (total, total)
    for site in SITES:
        here = Screening.objects.filter(participant__site=site)
        assert {screening.outcome for screening in here} == {"eligible", "not-eligible", "screen-again", "incomplete"}
        assert here.filter(number=2).exists()
        assert Consent.objects.filter(participant__site=site, decision="declined").exists()
        assert Consent.objects.filter(participant__site=site, decision="given").count() > 5
    assert {left.degree for left in Withdrawal.objects.all()} >= {"treatment", "follow-up"}
    drawn = Event.objects.filter(kind="allocation.drawn").count()
    assert drawn == filled.allocated > total / 4
    assert Duplicate.objects.count() == 1
    assert ConductedStudy.objects.get(name=STUDY).state == "open"
    assert verify() == []
    assert all(not replayed.findings for replayed in replay_all())


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_people() -> None:
    fill(people_a_centre=3, seed=7)
    first = list(Screening.objects.order_by("pk").values_list("participant__key", "characteristics", "outcome"))
    assert names(9, 7) == names(9, 7) != names(9, 8)
    assert first[0][0].endswith("-001")
    assert len(first) >= 9


def test_nobody_is_called_the_same_and_fates_add_up() -> None:
    called = names(600, 1)
    assert len(set(called)) == 600
    assert sum(FATES.values()) == 100


@pytest.mark.parametrize("count", [1, 5, 11, 24, 36, 400])
def test_every_fate_has_somebody_where_there_is_room(count: int) -> None:
    chosen = fates(count, Random(1))
    assert len(chosen) == count
    assert len(set(chosen)) == min(count, len(FATES))


def test_there_is_a_sign_in_for_every_role_and_a_coordinator_at_every_centre() -> None:
    assert sorted(member.role for member in CAST if member.first) == sorted(Role)
    assert {member.site for member in CAST if member.role is Role.COORDINATOR} == set(SITES)
    assert all(member.email.endswith("@example.org") for member in CAST)


@pytest.mark.django_db
def test_made_up_people_are_never_put_into_a_real_site(settings: pytest.FixtureRequest) -> None:
    settings.IMARA_DEMO = False  # type: ignore[attr-defined]  # pytest-django's settings
    with pytest.raises(NotADemonstrationError):
        fill(people_a_centre=1)
    assert not Person.objects.exists()
