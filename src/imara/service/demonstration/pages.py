"""The first page of a demonstration, with a sign-in for every role; none of it is there on a real site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from imara.service.demonstration.build import member_of
from imara.service.demonstration.cast import CAST, SITES, Member
from imara.service.people.doorkeeper import open_to_all
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.people.second_factor import note_proof

COMES_TO: dict[Role, str | Promise] = {
    Role.PARTICIPANT: _("take part: what is next, one thing to practise, my goal, help"),
    Role.SUPPORTER: _("help someone who has asked for it"),
    Role.PRACTITIONER: _("lead a group and see what each person works on"),
    Role.SUPERVISOR: _("see how a centre is doing"),
    Role.ASSESSOR: _("rate people without learning their arm"),
    Role.COORDINATOR: _("screen people, take consent, allocate"),
    Role.STATISTICIAN: _("design the trial and analyse it"),
    Role.MONITOR: _("check that what is recorded is right"),
    Role.BOARD: _("watch over the safety of those who take part"),
    Role.ADMINISTRATOR: _("run the site: people, roles, studies"),
}
ROLE_NAMES: dict[Role, str | Promise] = {
    Role.PARTICIPANT: _("participant"),
    Role.SUPPORTER: _("supporter"),
    Role.PRACTITIONER: _("practitioner"),
    Role.SUPERVISOR: _("supervisor"),
    Role.ASSESSOR: _("assessor"),
    Role.COORDINATOR: _("coordinator"),
    Role.STATISTICIAN: _("statistician"),
    Role.MONITOR: _("monitor"),
    Role.BOARD: _("member of the data and safety board"),
    Role.ADMINISTRATOR: _("administrator"),
}
REPORT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"
"""The report is one file with its style inside, and without scripts."""


@dataclass(frozen=True)
class SignIn:
    """A button of the first page."""

    member: Member
    role: str
    comes_to: str | Promise
    where: str


def _only_in_a_demonstration(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponse]:
    @wraps(page)
    def guarded(request: HttpRequest, **arguments: str) -> HttpResponseBase:
        if not settings.IMARA_DEMO:
            raise Http404("this is not a demonstration")
        return page(request, **arguments)

    return open_to_all(guarded)  # type: ignore[arg-type]  # a file's response is one too


@_only_in_a_demonstration
@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """What this is, and whom one can be. Open to everyone."""
    user = request.user if isinstance(request.user, Person) else None
    context = {
        "sign_ins": [_sign_in(member) for member in CAST if member.first],
        "others": [_sign_in(member) for member in CAST if not member.first],
        "here": member_of(user) if user is not None else None,
        "has_report": _report().is_file(),
    }
    return render(request, "demonstration/first_page.html", context)


@_only_in_a_demonstration
@require_POST
def sign_in(request: HttpRequest, *, who: str) -> HttpResponse:
    """Sign in as one of the cast, without a password. Open to everyone in a demonstration, and impossible elsewhere."""
    person = Person.objects.filter(email=_member(who).email, is_active=True).first()
    if person is None:
        raise Http404("this demonstration has nobody of that name")
    # What was begun as somebody else is not carried over.
    logout(request)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    note_proof(request)
    return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)


@_only_in_a_demonstration
@require_safe
def report(request: HttpRequest) -> HttpResponseBase:
    """The report of a real trial, as `imara demo` wrote it. Open to everyone."""
    if not _report().is_file():
        raise Http404("no report was written beside this demonstration")
    response = FileResponse(_report().open("rb"), content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = REPORT_POLICY
    return response


def _report() -> Path:
    return Path(settings.IMARA_HOME).parent / "report.html"


def _member(slug: str) -> Member:
    found = next((member for member in CAST if member.slug == slug), None)
    if found is None:
        raise Http404("this demonstration has nobody of that name")
    return found


def _sign_in(member: Member) -> SignIn:
    role = capfirst(str(ROLE_NAMES[member.role]))
    return SignIn(member, role, COMES_TO[member.role], str(SITES.get(member.site, "")))
