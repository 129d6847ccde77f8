"""What pages about one person share: the frame around them, a form on its own, and where to go afterwards."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from imara.service.participants.models import Participant
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import RefusedError
from imara.service.studies.visitor import frame, refused, studies_way, study_way
from imara.service.ui.navigation import Way
from imara.study.problems import InputError

EDIT = ["GET", "HEAD", "POST"]


def row_of(found: Participant, model: Any, pk: int) -> Any:
    """Return a row of a participant; somebody else's is as if there were none."""
    row = model.objects.filter(pk=pk, participant=found).first()
    if row is None:
        raise Http404("there is nothing of this number here")
    return row


def form_page(
    request: HttpRequest, now: InForce, found: Participant, form: Any, heading: str, button: str, quoted: str = ""
) -> HttpResponse:
    """Show a form on a page of its own; `quoted` is what it answers."""
    context = {**person_frame(now, found), "person": found, "form": form, "heading": heading, "button": button}
    return render(request, "participants/form.html", {**context, "quoted": quoted}, status=status_of(form))


def person_frame(now: InForce, found: Participant, *, last_crumb: bool = True) -> dict[str, Any]:
    """Return what pages about a person show around their content."""
    crumbs = [studies_way(), study_way(now)]
    if last_crumb:
        crumbs.append(Way(found.key, address_of(found)))
    return frame(now, found.site, *crumbs)


def address_of(found: Participant) -> str:
    """Return where a person's page is."""
    return reverse("participants:person", args=[found.study_id, found.site, found.key])


def to_person(found: Participant) -> HttpResponse:
    """Lead to a person's page."""
    return redirect(address_of(found))


def show(form: Any, error: RefusedError | InputError) -> None:
    """Show what stands in the way, or cannot be, at the fields of the form that was sent."""
    if isinstance(error, RefusedError):
        refused(form, error)
        return
    for problem in error.problems:
        names = [name for name in (f"c_{problem.field}", f"q_{problem.field}") if name in form.fields]
        form.add_error(names[0] if names else None, str(problem))


def status_of(form: Any) -> int:
    """Return the status of a page with a form: that something in it is wrong is not success."""
    return 422 if form.is_bound and form.errors else 200
