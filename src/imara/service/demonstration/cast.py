"""Who is at work at the demonstration, and what people there are called: nobody who exists."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from django.utils.translation import gettext_lazy as _

from imara.service.people.roles import Role

STUDY = "imr-denmark"
SITES = {"ballerup": "Ballerup", "frederiksberg": "Frederiksberg", "third-centre": _("the third centre")}


@dataclass(frozen=True)
class Member:
    """Someone at work, whom a visitor can be with one click."""

    slug: str
    """Name in the address of the sign-in, and before the @ of the e-mail address."""
    name: str
    role: Role
    site: str = ""
    """Their centre; empty for all."""
    first: bool = True
    """Whether they stand in the row of sign-ins, where there is one for each role."""

    @property
    def email(self) -> str:
        """An address that no post reaches."""
        return f"{self.slug}@example.org"


CAST: tuple[Member, ...] = (
    Member("participant", "Asta Havgaard", Role.PARTICIPANT, "ballerup"),
    Member("supporter", "Villy Havgaard", Role.SUPPORTER, "ballerup"),
    Member("practitioner", "Rigmor Lyngbo", Role.PRACTITIONER, "ballerup"),
    Member("supervisor", "Aksel Fuglevang", Role.SUPERVISOR, "ballerup"),
    Member("assessor", "Solvej Enghave", Role.ASSESSOR, "ballerup"),
    Member("coordinator", "Tove Birkedal", Role.COORDINATOR, "ballerup"),
    Member("coordinator.frederiksberg", "Holger Mosegaard", Role.COORDINATOR, "frederiksberg", first=False),
    Member("coordinator.third", "Ragna Klitholm", Role.COORDINATOR, "third-centre", first=False),
    Member("statistician", "Ejnar Skovlund", Role.STATISTICIAN),
    Member("monitor", "Vibeke Rosenvang", Role.MONITOR),
    Member("board", "Palle Strandby", Role.BOARD),
    Member("administrator", "Gudrun Ravnsholt", Role.ADMINISTRATOR),
)

_GIVEN = """
Agnete Alma Arne Asger Bente Bodil Carlo Dagny Ebbe Edith Egon Elna Erna Esther Evald Finn Frode Gerda Grethe Gunnar
Hedvig Helga Henning Herdis Hjalmar Inga Ivar Jytte Kaja Karla Knud Laurits Leif Lilly Magda Mogens Nanna Niels Oda
Olga Orla Oskar Poul Rita Rosa Signe Sigurd Svend Thora Thyge Ulla Valborg Verner Viggo Vilma Yrsa
"""
_FIRST = (
    "Aa Birke Bøge Dal Eng Fjord Gran Hassel Hav Hede Kilde Klit Lind Lyng Mose Nørre Rav Skov Sten Sø Vester Øster"
)
_LAST = "bo by dal gaard holm holt høj lund mark toft vang bæk"


def names(count: int, seed: int) -> list[str]:
    """Return made-up names that sound Danish, the same for the same seed, none twice."""
    draw = Random(seed)
    family = [first + last for first in _FIRST.split() for last in _LAST.split()]
    every = [f"{given} {name}" for given in _GIVEN.split() for name in family]
    return draw.sample(every, count)
