"""Who stands at a page, in which role, and what stands around its content."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from imara.service.ledger.recording import Actor
from imara.service.people import queries as people
from imara.service.people.roles import Role, right
from imara.service.studies.queries import InForce, in_force
from imara.service.studies.refusal import RefusedError
from imara.service.ui.navigation import Way


def actor(request: HttpRequest, name: str, study: str, site: str | None = None) -> Actor:
    """Return who acts, in the role that gives them the right.

    Raises:
        PermissionDenied: They do not have it.
    """
    used = right(name)
    for held in people.assignments(request.user):
        here = held.study in {"", study} and (site is None or used.scope != "site" or held.site in {"", site})
        if here and Role(held.role) in used.roles:
            return Actor(request.user.key, held.role)  # type: ignore[union-attr]  # who is assigned has a key
    raise PermissionDenied(f"you may not {used.words}")


def may(request: HttpRequest, name: str, study: str, site: str | None = None) -> bool:
    """Tell whether who stands at the page has a right here."""
    return people.may(request.user, right(name), study=study, site=site)


def study_here(study: str, site: str | None = None) -> InForce:
    """Return a study, after making sure that it has the centre.

    Raises:
        Http404: There is no such study, or no such centre in it.
    """
    now = in_force(study)
    if site is not None and now.study.sites and site not in now.study.sites:
        raise Http404("the study has no such centre")
    return now


def refused(form: Form, error: RefusedError) -> None:
    """Show what stands in the way in the form that was sent."""
    for reason in error.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))


def frame(now: InForce, site: str | None = None, *crumbs: Way) -> dict[str, Any]:
    """Return what every page of a study shows around its content."""
    label = now.study.sites[site].label if site and site in now.study.sites else None
    return {
        "study": now.record.name,
        "site": site,
        "study_name": words(now.study.title),
        "site_name": words(label) if label is not None else "",
        "crumbs": crumbs,
    }


def words(text: Any) -> str:
    """Return a text of a definition in the language of the page."""
    return str(text.to("da" if (get_language() or "en").startswith("da") else "en"))
