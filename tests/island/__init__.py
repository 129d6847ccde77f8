"""A made-up study whose arms have names that stand nowhere else, so that a leak of one can be searched for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from imara.service.ledger.recording import Actor
from imara.service.participants import actions as participants
from imara.service.participants.queries import participant
from imara.service.studies import actions as studies
from imara.study.library import load_study

NAME = "island"
FOLDER = Path(__file__).resolve().parent
SITES = ("north", "south", "west")
LEVELS = ("low", "high")
ARMS = ("quokka", "narwhal")
LABELS = ("Xylophone", "Zither")
"""Words of the arms' labels."""
ADMINISTRATOR = Actor("system:test", "administrator")
COORDINATOR = Actor("pcoordinator", "coordinator")
STATISTICIAN = Actor("pstatistician", "statistician")


def load(text_of_allocation: str | None = None, into: Path | None = None) -> None:
    """Take the study in and open it.

    Args:
        text_of_allocation: YAML that stands for the study's own `allocation`.
        into: Folder for the changed study.
    """
    folder = FOLDER
    if text_of_allocation is not None:
        assert into is not None
        text = (FOLDER / "study.yaml").read_text(encoding="utf-8")
        before, rest = text.split("allocation:\n")
        after = rest[rest.index("blinding:") :]
        folder = into / NAME
        folder.mkdir()
        (folder / "study.yaml").write_text(f"{before}allocation: {text_of_allocation}\n{after}", encoding="utf-8")
    studies.load(folder=load_study(folder), by=ADMINISTRATOR)
    studies.take_step(study=NAME, name="open", by=ADMINISTRATOR)


def ready(number: int = 1, *, site: str = "north", level: str = "low") -> list[str]:
    """Screen people and take their consent; return their keys."""
    keys = []
    for _ in range(number):
        person = screened(site=site, level=level)
        consent(person)
        keys.append(person)
    return keys


def screened(*, site: str = "north", level: str = "low", age: int = 40) -> str:
    """Screen someone; return their key."""
    known = {"age": age, "severity": level}
    return str(
        participants.screen(study=NAME, site=site, characteristics=known, answers={}, by=COORDINATOR).participant.key
    )


def consent(key: str) -> None:
    """Take someone's consent on paper."""
    participants.record_paper_consent(
        participant=participant(key),
        consent_version="1",
        on=date(2026, 1, 1),
        taken_by="Ann",
        file_reference="binder 1",
        by=COORDINATOR,
    )


def lock() -> None:
    """Close and lock the study."""
    for step in ("close", "lock"):
        studies.take_step(study=NAME, name=step, by=ADMINISTRATOR)
