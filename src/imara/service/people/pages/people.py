"""The administrator's pages about people: the list, inviting, one person, their roles, links and account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from imara.service.ledger.history import Asked, page_of_history
from imara.service.people import actions, mail
from imara.service.people.doorkeeper import opens_with
from imara.service.people.forms import DetailsForm, InviteForm, LinkForm, PeopleFilters, ReasonForm, RoleForm
from imara.service.people.links import NewLink, make_link
from imara.service.people.models import Assignment, Person
from imara.service.people.pages.acting import acting, person_called, visitor
from imara.service.people.pages.history import lines
from imara.service.people.places import name_of, title_of
from imara.service.people.role_names import ROLE_NAMES
from imara.service.people.roles import Role
from imara.service.people.second_factor import second_steps
from imara.service.ui.navigation import Way
from imara.service.ui.tables import PER_PAGE, Cell, Column, Empty, Table, page_of, read_order

COLUMNS = ("name", "email", "roles", "state")
SORTS = {"name": "name", "email": "email"}
GET_OR_POST = ["GET", "HEAD", "POST"]


@opens_with("people.manage")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone with an account, narrowed by what stands in the address."""
    form = PeopleFilters(request.GET or None)
    found = _narrowed(form.cleaned_data if form.is_bound and form.is_valid() else {})
    columns = (
        Column("name", _("Name"), sortable=True),
        Column("email", _("E-mail address"), sortable=True),
        Column("roles", _("Roles")),
        Column("state", _("Account")),
    )
    order = read_order(request.GET, columns, "name")
    chosen = page_of(found.order_by(*order.field(SORTS), "key").prefetch_related("assignments"), order)
    table = Table(
        _("People"),
        columns,
        [_row(person) for person in chosen],
        Empty(
            _("Nobody fits these filters"),
            _("Take a filter away, or invite somebody."),
            reverse("people:invite"),
            _("Invite somebody"),
        ),
        id="people",
        order=order,
        query=request.GET,
        total=found.count(),
        per_page=PER_PAGE,
    )
    return render(request, "people/people.html", {"table": table, "filters_form": form})


@opens_with("people.manage")
@never_cache
@require_http_methods(GET_OR_POST)
@sensitive_variables("new")
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account with a role, and a one-time link, which is shown once or sent."""
    form = InviteForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        by, given = acting(request, "people.manage"), form.cleaned_data
        person = actions.invite(name=given["name"], email=given["email"], language=given["language"], by=by)
        actions.assign(person=person, role=Role(given["role"]), study=given["study"], site=given["site"], by=by)
        return _hand_over(request, make_link(person=person, by=by), bool(given.get("send")))
    return render(request, "people/invite.html", {"form": form, "crumbs": (_all(),)})


@opens_with("people.manage")
@require_safe
def person(request: HttpRequest, key: str) -> HttpResponse:
    """One person: account, roles from when until when, what can be done, and what was done last."""
    shown = person_called(key)
    recent = page_of_history(Asked(person=shown.key), per_page=5)
    return render(
        request,
        "people/person.html",
        {
            "person": shown,
            "called": _called(shown),
            "roles": _roles_table(shown),
            "steps": second_steps(shown),
            "lines": lines(recent.entries),
            "crumbs": (_all(),),
            "oneself": shown == request.user,
        },
    )


@opens_with("people.manage")
@require_http_methods(GET_OR_POST)
def add_role(request: HttpRequest, key: str) -> HttpResponse:
    """Give a person a role."""
    shown = person_called(key)
    form = RoleForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        held = Assignment.objects.filter(
            person=shown, role=given["role"], study=given["study"], site=given["site"], until__isnull=True
        )
        if held.exists():
            form.add_error("role", _("The person has this role there already."))
        else:
            by = acting(request, "people.manage")
            actions.assign(person=shown, role=Role(given["role"]), study=given["study"], site=given["site"], by=by)
            messages.success(request, _("The role is given."))
            return _back(shown)
    return _ask(request, shown, form, _("Give a role"), _("Give the role"))


@opens_with("people.manage")
@require_http_methods(GET_OR_POST)
def end_role(request: HttpRequest, key: str, assignment: int) -> HttpResponse:
    """End a role now, for a reason."""
    shown = person_called(key)
    held = Assignment.objects.filter(pk=assignment, person=shown, until__isnull=True).first()
    if held is None:
        raise Http404("there is no such role, or it has ended")
    form = ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        if shown == visitor(request) and held.role == Role.ADMINISTRATOR and _is_last_administrator(shown):
            form.add_error(None, _("You are the last administrator. Give the role to somebody else first."))
        else:
            actions.end(assignment=held, reason=form.cleaned_data["reason"], by=acting(request, "people.manage"))
            messages.success(request, _("The role has ended."))
            return _back(shown)
    return _ask(
        request, shown, form, _("End the role: %(role)s") % {"role": _role(held)}, _("End the role"), grave=True
    )


@opens_with("people.manage")
@never_cache
@require_http_methods(GET_OR_POST)
@sensitive_variables("new")
def new_link(request: HttpRequest, key: str) -> HttpResponse:
    """Make a new one-time link for a person; the ones before it stop working."""
    shown = person_called(key)
    form = LinkForm(_sent(request), person=shown)
    if request.method == "POST" and form.is_valid() and shown.is_active:
        new = make_link(person=shown, by=acting(request, "people.manage"))
        return _hand_over(request, new, bool(form.cleaned_data.get("send")))
    return _ask(request, shown, form, _("New one-time link"), _("Make the link"))


@opens_with("people.manage")
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Correct a person's name or e-mail address."""
    shown = person_called(key)
    form = DetailsForm(_sent(request), person=shown)
    if request.method == "POST" and form.is_valid():
        actions.correct(person=shown, by=acting(request, "people.manage"), **form.cleaned_data)
        messages.success(request, _("It is changed."))
        return _back(shown)
    return _ask(request, shown, form, _("Correct name or e-mail address"), _("Save"))


@opens_with("people.manage")
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Close a person's account, for a reason."""
    shown = person_called(key)
    if not shown.is_active:
        raise Http404("the account is closed already")
    form = ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        if shown == visitor(request):
            form.add_error(None, _("You cannot close your own account. Ask another administrator."))
        else:
            actions.close_account(person=shown, reason=form.cleaned_data["reason"], by=acting(request, "people.manage"))
            messages.success(request, _("The account is closed."))
            return _back(shown)
    return _ask(request, shown, form, _("Close the account"), _("Close the account"), grave=True)


@opens_with("people.manage")
@require_http_methods(GET_OR_POST)
def open_again(request: HttpRequest, key: str) -> HttpResponse:
    """Open a closed account again; roles are given anew."""
    shown = person_called(key)
    if shown.is_active:
        raise Http404("the account is open")
    form = ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        actions.open_again(person=shown, reason=form.cleaned_data["reason"], by=acting(request, "people.manage"))
        messages.success(request, _("The account is open. Give the person a role."))
        return _back(shown)
    return _ask(request, shown, form, _("Open the account again"), _("Open the account"))


@opens_with("people.manage")
@require_http_methods(GET_OR_POST)
def remove_second_steps(request: HttpRequest, key: str) -> HttpResponse:
    """Remove a person's second steps, because their phone was lost; they set up new ones."""
    shown = person_called(key)
    form = ReasonForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        actions.remove_second_steps(
            person=shown, reason=form.cleaned_data["reason"], by=acting(request, "people.manage")
        )
        messages.success(request, _("The second steps are removed. The person sets up a new one at the next sign-in."))
        return _back(shown)
    return _ask(request, shown, form, _("Remove lost second steps"), _("Remove them"), grave=True)


def _narrowed(given: dict[str, Any]) -> QuerySet[Person]:
    found: QuerySet[Person] = Person.objects.all()
    if given.get("state", "") == "":
        found = found.filter(is_active=True)
    elif given["state"] == "closed":
        found = found.filter(is_active=False)
    if given.get("name"):
        found = found.filter(Q(name__icontains=given["name"]) | Q(email__icontains=given["name"]))
    held = Assignment.objects.filter(since__lte=timezone.now()).filter(
        Q(until__isnull=True) | Q(until__gt=timezone.now())
    )
    study, _slash, site = given.get("site", "").partition("/")
    wanted = {"role": given.get("role", ""), "study": given.get("study", "") or study, "site": site}
    wanted = {name: value for name, value in wanted.items() if value}
    return found.filter(pk__in=held.filter(**wanted).values("person_id")) if wanted else found


def _row(person: Person) -> tuple[Any, ...]:
    now = timezone.now()
    held = [one for one in person.assignments.all() if one.until is None or one.until > now]
    state = Cell(_("Open"), tag="green") if person.is_active else Cell(_("Closed"), tag="grey")
    roles = "; ".join(sorted(_role(one) for one in held)) or _("none")
    return Cell(_called(person), reverse("people:person", args=[person.key])), person.email, roles, state


def _role(held: Assignment) -> str:
    places = [name_of(held.study, held.site) if held.site else "", title_of(held.study) if held.study else ""]
    return ", ".join([capfirst(str(ROLE_NAMES[Role(held.role)])), *filter(None, places)])


def _roles_table(person: Person) -> Table:
    columns = (
        Column("role", _("Role")),
        Column("study", _("Study")),
        Column("site", _("Centre")),
        Column("since", _("From")),
        Column("until", _("Until")),
    )
    rows = [
        (
            capfirst(str(ROLE_NAMES[Role(held.role)])),
            title_of(held.study) if held.study else _("All studies"),
            name_of(held.study, held.site) if held.site else _("All centres"),
            timezone.localtime(held.since).date(),
            timezone.localtime(held.until).date()
            if held.until
            else Cell(_("End the role"), reverse("people:end_role", args=[person.key, held.pk])),
        )
        for held in person.assignments.order_by("-since", "pk")
    ]
    empty = Empty(
        _("No roles yet"),
        _("Without a role one sees nothing of a study."),
        reverse("people:add_role", args=[person.key]),
        _("Give a role"),
    )
    return Table(_("Roles"), columns, rows, empty, id="roles")


def _is_last_administrator(person: Person) -> bool:
    others = Assignment.objects.filter(role=Role.ADMINISTRATOR.value, until__isnull=True, person__is_active=True)
    return not others.exclude(person=person).exists()


def _hand_over(request: HttpRequest, new: NewLink, send: bool) -> HttpResponse:
    """Send the link or show it, once: its token is nowhere in the database."""
    shown = new.link.person
    address = f"{request.scheme}://{request.get_host()}"
    if send:
        mail.send_link(new, address=address)
    context = {
        "person": shown,
        "called": _called(shown),
        "address": "" if send else address + new.path,
        "until": new.link.expires_at,
        "crumbs": (_all(), _one(shown)),
    }
    return render(request, "people/link_made.html", context)


def _ask(  # what differs between such pages
    request: HttpRequest, shown: Person, form: Form, heading: str, button: str, *, grave: bool = False
) -> HttpResponse:
    context = {
        "person": shown,
        "called": _called(shown),
        "form": form,
        "heading": heading,
        "button": button,
        "kind": "warning" if grave else "",
        "crumbs": (_all(), _one(shown)),
        "back": reverse("people:person", args=[shown.key]),
    }
    return render(request, "people/ask.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    # A form without an answer is sent empty, and counts as sent.
    return request.POST if request.method == "POST" else None


def _called(person: Person) -> str:
    return person.name or person.email or person.key


def _all() -> Way:
    return Way(_("People"), reverse("people:people"))


def _one(person: Person) -> Way:
    return Way(_called(person), reverse("people:person", args=[person.key]))


def _back(person: Person) -> HttpResponse:
    return redirect("people:person", key=person.key)
