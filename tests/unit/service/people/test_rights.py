"""Who may do what, where: nothing unless the table says so."""

from __future__ import annotations

import pytest

from imara.service.ledger.recording import Actor
from imara.service.people import actions
from imara.service.people.models import Assignment, Person
from imara.service.people.queries import acting_role, may, sites_of
from imara.service.people.roles import RIGHTS, ROLE_WORDS, Role, right

ME = Actor("system:test", "administrator")


def someone(role: Role, study: str = "imr-denmark", site: str = "ballerup") -> tuple[Person, Assignment]:
    person = actions.invite(by=ME)
    return person, actions.assign(person=person, role=role, study=study, site=site, by=ME)


def test_every_role_has_words() -> None:
    assert set(ROLE_WORDS) == set(Role)


def test_rights_are_named_once_and_say_what_they_allow() -> None:
    names = [entry.name for entry in RIGHTS]
    assert len(names) == len(set(names))
    assert all(entry.words and entry.words[0].islower() and entry.roles for entry in RIGHTS)


def test_whoever_rates_outcomes_has_no_right_that_tells_an_arm_but_to_ask_in_an_emergency() -> None:
    telling = {entry.name for entry in RIGHTS if entry.tells_arm and Role.ASSESSOR in entry.roles}
    assert telling == {"unblinding.request"}


@pytest.mark.django_db
def test_a_right_ends_at_the_centre() -> None:
    person, _ = someone(Role.COORDINATOR)
    screen = right("screening.write")
    assert may(person, screen, study="imr-denmark", site="ballerup")
    assert not may(person, screen, study="imr-denmark", site="frederiksberg")
    assert not may(person, screen, study="beat-the-blues", site="ballerup")
    assert sites_of(person, screen, "imr-denmark") == {"ballerup"}
    assert acting_role(person, screen, study="imr-denmark", site="ballerup") is Role.COORDINATOR
    assert acting_role(person, screen, study="imr-denmark", site="frederiksberg") is None


@pytest.mark.django_db
def test_a_role_without_a_centre_is_for_all_of_them() -> None:
    person, _ = someone(Role.MONITOR, site="")
    assert may(person, right("screening.read"), study="imr-denmark", site="frederiksberg")
    assert sites_of(person, right("screening.read"), "imr-denmark") is None


@pytest.mark.django_db
def test_an_ended_role_opens_nothing() -> None:
    person, assignment = someone(Role.COORDINATOR)
    actions.end(assignment=assignment, reason="moved", by=ME)
    assert not may(person, right("screening.write"), study="imr-denmark", site="ballerup")


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_allowed_that_the_table_does_not_list(role: Role) -> None:
    person, _ = someone(role, study="", site="")
    for entry in RIGHTS:
        assert may(person, entry, study="any", site="any") == (role in entry.roles)
