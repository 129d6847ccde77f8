"""A made-up study with questions of every kind and consent on a screen, and a cast that works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from imara.service.ledger.recording import Actor
from imara.service.participants import actions
from imara.service.participants.models import Consent, Invitation, Participant, Screening
from imara.service.people import actions as people
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.studies import actions as studies
from imara.study.fingerprint import fingerprint
from imara.study.folder import StudyFolder
from imara.study.library import load_study
from imara.study.study import Study

NAME = "harbour"
FOLDER = Path(__file__).resolve().parent
EAST, WEST = "east", "west"
ADMINISTRATOR = Actor("system:test", "administrator")
COORDINATOR = Actor("pcoordinator", "coordinator")
WELL = {"near": True, "ill": False}
"""Answers of somebody who can take part."""
ADULT = {"age": 40, "sex": "female", "smoker": "no", "born": date(1985, 3, 1)}


@cache
def folder() -> StudyFolder:
    """Return the study as its file says."""
    return load_study(FOLDER)


def changed(change: Callable[[dict[str, Any]], None], of: StudyFolder | None = None) -> StudyFolder:
    """Return the study with something changed in it, as a new version would be read."""
    start = of or folder()
    fields = start.study.model_dump()
    change(fields)
    study = Study.model_validate(fields)
    return replace(start, study=study, fingerprint=fingerprint(study, start.instruments, start.programmes))


def load(*, state: str = "open") -> None:
    """Take the study in; open it unless it is to stay a draft."""
    studies.load(folder=folder(), by=ADMINISTRATOR)
    if state == "open":
        studies.take_step(study=NAME, name="open", by=ADMINISTRATOR)


def screened(site: str = EAST, *, by: Actor = COORDINATOR, **other: Any) -> Screening:
    """Screen someone who can take part, unless something else is said."""
    known = {**ADULT, **other.pop("characteristics", {})}
    answers = {**WELL, **other.pop("answers", {})}
    return actions.screen(study=NAME, site=site, characteristics=known, answers=answers, by=by, **other)


def person(site: str = EAST) -> Participant:
    """Screen someone who can take part."""
    found: Participant = screened(site).participant
    return found


def consented(site: str = EAST) -> Participant:
    """Screen someone and take their consent on paper."""
    found = person(site)
    on_paper(found)
    return found


def on_paper(found: Participant, **other: Any) -> Consent:
    """Take someone's consent on paper."""
    sheet = {"consent_version": "1", "on": today(), "taken_by": "Ann", "file_reference": "folder 1", "by": COORDINATOR}
    return actions.record_paper_consent(participant=found, **{**sheet, **other})


def today() -> date:
    """Return the day at the site."""
    return timezone.localdate()


def in_days(days: int) -> date:
    """Return a day before or after today."""
    return today() + timedelta(days=days)


@dataclass(frozen=True)
class Reader:
    """Someone who was asked to decide on a screen."""

    invitation: Invitation
    by: Actor
    account: Person
    path: str
    """Where their one-time link leads."""


def invited(found: Participant, **other: Any) -> Reader:
    """Ask someone to decide on a screen."""
    invitation, link = actions.invite(participant=found, by=COORDINATOR, **other)
    account = Person.objects.get(key=invitation.account)
    return Reader(invitation, Actor(account.key, "participant"), account, link.path)


def read_all(reader: Reader) -> None:
    """Read every page and answer its question."""
    actions.answer_check(invitation=reader.invitation, page=1, answer=0, by=reader.by)
    actions.read_page(invitation=reader.invitation, page=1, by=reader.by)
    actions.read_page(invitation=reader.invitation, page=2, by=reader.by)


def member(role: Role, site: str = "", study: str = NAME, name: str = "") -> Person:
    """Invite someone and give them a role."""
    found = people.invite(name=name or f"{role.value} {site}", by=ADMINISTRATOR)
    people.assign(person=found, role=role, study=study, site=site, by=ADMINISTRATOR)
    return found
