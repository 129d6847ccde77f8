"""Staff need a second step before every page that needs a right; participants and pages of one's own need none."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.test import Client
from django.urls import reverse

from imara.service import settings as service
from imara.service.ledger.verify import verify
from imara.service.people import actions
from imara.service.people.links import make_link
from imara.service.people.roles import Role
from imara.service.people.second_factor import WITHOUT, needs_second_factor

from .conftest import HERE, ME, STUDY, Cast, member

pytestmark = pytest.mark.django_db


def test_a_site_asks_for_it() -> None:
    assert service.IMARA_SECOND_FACTOR is True


def test_the_policy_names_the_roles_that_need_none() -> None:
    assert {Role.PARTICIPANT, Role.SUPPORTER} == WITHOUT


@pytest.mark.parametrize("role", list(Role))
def test_every_role_about_others_needs_it(role: Role) -> None:
    assert needs_second_factor(member("Somebody", role, STUDY, HERE)) is (role not in WITHOUT)


def test_one_role_at_work_is_enough(cast: Cast) -> None:
    actions.assign(person=cast.participant, role=Role.MONITOR, study=STUDY, by=ME)
    assert needs_second_factor(cast.participant)


def test_without_it_pages_about_people_stay_shut(cast: Cast, visit) -> None:
    for person, path in ((cast.administrator, "/people/"), (cast.monitor, f"/studies/{STUDY}/history/")):
        client = visit(person, second_step=False)
        for method in (client.get, client.post):
            assert method(path)["Location"] == reverse("mfa_index")
        page = client.get(reverse("mfa_index")).content.decode()
        assert "set up a second step" in page


def test_a_one_time_link_is_no_second_step(cast: Cast) -> None:
    client = Client()
    client.post(make_link(person=cast.administrator, by=ME).path)
    assert client.get("/people/")["Location"] == reverse("mfa_index")


def test_with_it_they_open(cast: Cast, visit) -> None:
    assert visit(cast.administrator).get("/people/").status_code == 200


def test_pages_of_ones_own_need_none(cast: Cast, visit) -> None:
    client = visit(cast.administrator, second_step=False)
    for path in ("/", "/account/", "/rights/", "/account/kept/", "/help/"):
        assert client.get(path).status_code == 200


def test_a_right_that_is_missing_is_refused_before(cast: Cast, visit) -> None:
    assert visit(cast.stranger, second_step=False).get("/people/").status_code == 403


def test_lost_ones_are_removed_by_the_administrator_and_set_up_anew(cast: Cast, visit) -> None:
    with transaction.atomic():
        TOTP.activate(cast.coordinator, "JBSWY3DPEHPK3PXP")
    admin = visit(cast.administrator)
    path = f"/people/{cast.coordinator.key}/second-steps/remove/"
    assert admin.post(path, {"reason": ""}).status_code == 200
    admin.post(path, {"reason": "phone lost, known by voice"})
    assert not cast.coordinator.authenticator_set.exists()
    client = Client()
    client.post(make_link(person=cast.coordinator, by=ME).path)
    assert client.get(f"/studies/{STUDY}/history/")["Location"] == reverse("mfa_index")
    assert verify() == []
