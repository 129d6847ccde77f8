"""One click signs in as anybody of the cast: in a demonstration, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from imara.service.demonstration.build import _invite_cast
from imara.service.demonstration.cast import CAST
from imara.service.people.models import Person

ADDRESSES = ["/demonstration/", "/demonstration/report/"]


@pytest.fixture
def cast(db: None) -> None:
    _invite_cast()


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("member", CAST, ids=lambda member: member.slug)
def test_one_click_signs_in(member: Any, client: Client) -> None:
    response = client.post(f"/demonstration/sign-in/{member.slug}/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(Person.objects.get(email=member.email).pk)
    assert f"You are {member.name} now" in client.get("/demonstration/").content.decode()


@pytest.mark.usefixtures("cast")
def test_the_first_page_has_a_button_for_everybody_and_says_that_they_are_made_up(client: Client) -> None:
    page = client.get("/demonstration/").content.decode()
    assert all(f'action="/demonstration/sign-in/{member.slug}/"' in page for member in CAST)
    assert "made-up people" in page


@pytest.mark.usefixtures("cast")
def test_a_link_alone_signs_nobody_in(client: Client) -> None:
    assert client.get("/demonstration/sign-in/administrator/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demonstration/sign-in/administrator/").status_code == 403


@pytest.mark.usefixtures("cast")
def test_only_the_cast_can_be_chosen(client: Client) -> None:
    assert client.post("/demonstration/sign-in/nobody/").status_code == 404
    Person.objects.get(email="monitor@example.org")
    assert client.post("/demonstration/sign-in/monitor@example.org/").status_code == 404


@pytest.mark.usefixtures("cast")
def test_choosing_somebody_else_leaves_nothing_of_the_first(client: Client) -> None:
    client.post("/demonstration/sign-in/coordinator/")
    session = client.session
    session["typed"] = "something"
    session.save()
    client.post("/demonstration/sign-in/monitor/")
    assert "typed" not in client.session


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("member", CAST, ids=lambda member: member.slug)
def test_outside_a_demonstration_nobody_gets_in(member: Any, client: Client, settings: Any) -> None:
    settings.IMARA_DEMO = False
    assert client.post(f"/demonstration/sign-in/{member.slug}/").status_code == 404
    assert "_auth_user_id" not in client.session
    assert all(client.get(address).status_code == 404 for address in ADDRESSES)


def test_a_real_site_does_not_even_have_the_addresses(tmp_path: Path) -> None:
    script = (
        "import django; django.setup()\n"
        "from django.apps import apps; from django.urls import Resolver404, resolve\n"
        "assert not apps.is_installed('imara.service.demonstration')\n"
        "for address in ('/demonstration/', '/demonstration/sign-in/monitor/', '/demonstration/report/'):\n"
        "    try: resolve(address)\n"
        "    except Resolver404: print('none')\n"
    )
    secrets = {f"IMARA_{name}_KEY": "x" * 60 for name in ("SECRET", "LEDGER", "IDENTITY", "ALLOCATION")}
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "imara.service.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment | secrets | {"IMARA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["none"] * 3


def test_the_report_may_show_its_own_style_and_run_nothing(
    client: Client, settings: Any, tmp_path: Path, db: None
) -> None:
    settings.IMARA_HOME = tmp_path / "site"
    assert client.get("/demonstration/report/").status_code == 404
    (tmp_path / "report.html").write_text("<h1>Report</h1>", encoding="utf-8")
    response = client.get("/demonstration/report/")
    assert b"".join(response.streaming_content) == b"<h1>Report</h1>"  # type: ignore[attr-defined]  # a file's
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
