"""Role by page by method by phase: whoever may open a page can, and nobody else; all of it from the table of rights."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import clear_url_caches, path
from django.views.decorators.cache import never_cache
from tests.blinding.addresses import PROVIDERS, Address, Page, addresses, pages
from tests.blinding.crawl import Visitor
from tests.blinding.worlds import HERE, MAIN, OTHER, THERE, Member, World, cast, world

from imara.service import urls
from imara.service.ledger.recording import Actor, recorded
from imara.service.people.doorkeeper import Door, DoorkeeperMiddleware, door_of, opens_with
from imara.service.people.roles import RIGHTS, right
from imara.service.studies import actions as studies
from imara.service.studies.models import ConductedStudy

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE")
PHASES = ("draft", "open", "paused", "closed", "locked")
STEPS_TO = {"paused": ("pause",), "closed": ("close",), "locked": ("close", "lock")}
REFUSED = {403, 404}
ROOMS = Path(urls.__file__).parent
OURS = [page for page in pages() if not page.callback.__module__.startswith("allauth.")]


def door(page: Page) -> Door:
    found = door_of(page.callback)
    assert found is not None
    return found


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_page_has_a_door(page: Page) -> None:
    assert door_of(page.callback) is not None, (
        f"nobody has said who may open '{page.route}': put @opens_with(...), @open_to_signed_in or @open_to_all on it"
    )


@pytest.mark.parametrize("page", OURS, ids=str)
def test_a_page_says_what_it_is_about_by_name(page: Page) -> None:
    """The doorkeeper reads study and centre by their names; a nameless part of an address would pass it by."""
    assert all(not name.startswith("_") for name in page.parameters), f"name every part of '{page.route}'"
    assert all(page.provider(name) for name in page.parameters)
    right = door(page).right
    if right is not None and right.tells_arm:
        assert "study" in page.parameters, (
            "what tells an arm is about a study, so that the doorkeeper knows who is blind"
        )


def test_no_line_for_addresses_is_left_over() -> None:
    used = {name for page in pages() for name in page.parameters}
    used |= {f"{page.name}/{name}" for page in pages() for name in page.parameters}
    assert set(PROVIDERS) <= used


WITHOUT_A_PAGE = {"ledger.verify": "it is done on the server, by `imara verify`"}


def test_every_right_is_used() -> None:
    doors = {found.right.name for page in pages() if (found := door_of(page.callback)) and found.right}
    inside = "".join(file.read_text(encoding="utf-8") for file in ROOMS.rglob("*.py") if file.name != "roles.py")
    unused = {entry.name for entry in RIGHTS if entry.name not in doors and f'"{entry.name}"' not in inside}
    assert unused == set(WITHOUT_A_PAGE)


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_a_page_without_a_door_is_refused_to_everyone(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def undeclared(_: HttpRequest) -> HttpResponse:
        return HttpResponse("come in")

    monkeypatch.setattr(urls, "urlpatterns", [path("undeclared/", undeclared), *urls.urlpatterns])
    clear_url_caches()
    try:
        with world() as made:
            for member in cast():
                assert Visitor(made, member).ask(method, "/undeclared/").status == 403, member
    finally:
        monkeypatch.undo()
        clear_url_caches()


def test_a_decorator_does_not_take_a_door_away() -> None:
    @never_cache
    @opens_with("people.manage")
    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert door_of(page) == Door(right("people.manage"))


def test_a_page_is_not_opened_for_being_called_like_one_of_allauth() -> None:
    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse()

    page.__module__ = "allauthority.views"
    with pytest.raises(PermissionDenied):
        DoorkeeperMiddleware(page).process_view(RequestFactory().get("/"), page, (), {})


def by_the_table(member: Member, page: Page, address: Address) -> bool:
    """Say by the table of rights and the member's own role, study and centre whether a door opens."""
    found = door(page)
    if not found.signed_in or found.right is None:
        return not found.signed_in or member.name != "nobody signed in"
    study, site = address.says("study"), address.says("site")
    return (
        member.role in found.right.roles
        and (study is None or member.study in {"", study})
        and (site is None or found.right.scope != "site" or member.site in {"", site})
    )


def answers_rightly(visitor: Visitor, page: Page, address: Address, method: str) -> str:
    """Return what is wrong with an answer, or nothing."""
    seen, found = visitor.ask(method, address.path), door(page)
    is_open = by_the_table(visitor.member, page, address)
    what = f"{visitor.member}: {method} {address} gave {seen.status}"
    if seen.status == 500:
        return f"{what}: the page failed"
    location = dict(seen.headers).get("Location", "")
    if is_open:
        if location.startswith("/account/login/"):
            return f"{what}, sent to sign in, though the door is open"
        blind = found.right is not None and found.right.tells_arm
        refused = method == "GET" and address.is_true and seen.status == 403 and not blind
        return f"{what}, though the door is open" if refused else ""
    if visitor.member.name == "nobody signed in":
        return "" if seen.status == 302 and location.startswith("/account/login/") else f"{what}, not sent to sign in"
    return "" if seen.status == 403 else f"{what}, though no role opens it"


def wrong_in(made: World, members: list[Member], methods: tuple[str, ...], some: int) -> list[str]:
    wrong = []
    for member in members:
        visitor = Visitor(made, member)
        for page in OURS:
            for address in addresses(page, made)[:some]:
                wrong += [answers_rightly(visitor, page, address, method) for method in methods]
        wrong += visitor.failed
    return [each for each in wrong if each]


PARTS = [list(cast()[start::5]) for start in range(5)]


@pytest.mark.django_db
@pytest.mark.parametrize("members", PARTS, ids=lambda members: str(members[0]))
def test_each_role_opens_what_the_table_says_and_nothing_else(members: list[Member]) -> None:
    with world() as made:
        assert wrong_in(made, members, ("GET", "POST"), 2) == []


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("members", PARTS, ids=lambda members: str(members[0]))
@pytest.mark.parametrize("phase", PHASES)
def test_each_role_by_each_method_in_each_phase(phase: str, members: list[Member]) -> None:
    with world() as made:
        if phase == "draft":
            put_back_to_draft()
        take_steps(made, STEPS_TO.get(phase, ()))
        assert wrong_in(made, members, METHODS, 3) == []


@pytest.mark.django_db
@pytest.mark.parametrize("phase", ["paused", "closed", "locked"])
def test_nobody_is_screened_or_allocated_unless_the_study_is_open(phase: str) -> None:
    with world() as made:
        take_steps(made, STEPS_TO[phase])
        visitor = Visitor(made, next(member for member in cast() if member.name == f"coordinator in {MAIN}"))
        before = made.arms
        for page in OURS:
            for address in addresses(page, made)[:3]:
                visitor.look(address.path)
        assert visitor.failed == []
        assert made.arms == before


def take_steps(made: World, steps: tuple[str, ...]) -> None:
    for study in (MAIN, OTHER):
        for step in steps:
            made.clock.go_on(days=1)
            studies.take_step(study=study, name=step, by=Actor(made.persons["administrator"].key, "administrator"))


def put_back_to_draft() -> None:
    """Put both studies back to where they began, which no act can do."""
    with recorded("test.put_back", by=Actor.system("test")):
        for study in ConductedStudy.objects.all():
            study.state = "draft"
            study.save()


@pytest.mark.django_db
@pytest.mark.parametrize("site", [HERE, THERE])
def test_what_belongs_to_another_centre_or_study_is_not_there(site: str) -> None:
    """Every number of another centre or study is tried on every page, by those who may open it for their own."""
    members = [member for member in cast() if member.role and member.site == site]
    wrong = []
    with world() as made:
        for member in members:
            visitor = Visitor(made, member)
            for page in OURS:
                for address in foreign(member, page, made):
                    for method in ("GET", "POST"):
                        seen = visitor.ask(method, address.path)
                        if seen.status not in {*REFUSED, 405}:
                            wrong.append(f"{member}: {method} {address} gave {seen.status}")
            wrong += visitor.failed
    assert wrong == []


def foreign(member: Member, page: Page, made: World) -> list[Address]:
    """Return a page's addresses that name something of another centre or study, as few as try every kind."""
    right = door(page).right
    if right is None or member.role not in right.roles or right.scope != "site":
        return []
    tried: dict[tuple[object, ...], Address] = {}
    for address in addresses(page, made):
        others = {
            place for place in address.places if place[0] != member.study or (place[1] or member.site) != member.site
        }
        if others:
            shape = (address.says("study"), address.says("site"), *sorted(others))
            tried.setdefault(shape, address)
    return list(tried.values())
