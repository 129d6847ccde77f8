"""Writes down who may do what, from the table of rights itself."""

from __future__ import annotations

from imara.service.people.blinding import AFTER_THE_LOCK, IN_EMERGENCY
from imara.service.people.roles import RIGHTS, ROLE_WORDS, Right, Role

REACH = {
    "site": "At the centres where one has the role, and nowhere else.",
    "study": "In the whole study in which one has the role.",
    "platform": "On the whole site.",
}
INTRODUCTION = """\
# Who may do what

This page is written from the table that the program itself obeys (`src/imara/service/people/roles.py`). What is not listed here, nobody may do. A page of the service that names no right of this table, or does not say that it is open, is refused to everyone.

A role is given to a person for a study and for a centre, from one day to another; it ends and is never deleted. Whoever has no role in a study sees nothing of it.
"""
BLINDING = """\
## Who may learn an arm

Whoever is blinded does not see, in anything the service sends, a byte that depends on an arm. The tests prove it: they build the same site twice with every arm exchanged and compare all that each blinded person can open.

- Blinded in every study are monitors, and all roles without a right that tells arms.
- A study file can blind more people: participants and with them their supporters, practitioners and with them their supervisors, assessors, and statisticians until the data are locked.
- One blinded role in a study is enough: no other role of the same person opens what tells arms in it.
"""


def describe_rights() -> str:
    """Return the page: roles, what each right allows and to whom, and what tells an arm."""
    parts = [INTRODUCTION, "## The roles\n", _roles(), BLINDING, _telling(), "## Every right, and who has it\n"]
    for scope, words in REACH.items():
        rights = [right for right in RIGHTS if right.scope == scope]
        if rights:
            parts += [f"### {words}\n", _matrix(rights)]
    return "\n".join(parts)


def _roles() -> str:
    rows = [f"| {role.value.capitalize()} | {ROLE_WORDS[role]} |" for role in Role]
    return "\n".join(["| Role | Who that is |", "|---|---|", *rows]) + "\n"


def _telling() -> str:
    rows = [
        f"| {_sentence(right)} | {', '.join(role.value for role in Role if role in right.roles)} | {_when(right)} |"
        for right in RIGHTS
        if right.tells_arm
    ]
    return "\n".join(["| What can tell an arm | Who may | When |", "|---|---|---|", *rows]) + "\n"


def _when(right: Right) -> str:
    if right.name in IN_EMERGENCY:
        return "In an emergency: one person asks and says why, another confirms, and both are recorded."
    if right.name in AFTER_THE_LOCK:
        return "After the study is locked."
    return "In daily work."


def _matrix(rights: list[Right]) -> str:
    heading = "| One may | " + " | ".join(role.value for role in Role) + " |"
    rows = [
        f"| {_sentence(right)} | " + " | ".join("yes" if role in right.roles else "" for role in Role) + " |"
        for right in rights
    ]
    return "\n".join([heading, "|---|" + ":-:|" * len(Role), *rows]) + "\n"


def _sentence(right: Right) -> str:
    return right.words[0].upper() + right.words[1:]


if __name__ == "__main__":
    from pathlib import Path

    page = Path(__file__).resolve().parents[1] / "reference" / "who-may-do-what.md"
    page.write_text(describe_rights(), encoding="utf-8")
