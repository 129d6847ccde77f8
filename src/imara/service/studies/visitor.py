"""Who stands at a page of a study, in which role; and what every such page shows around its content."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imara.service.ledger.recording import Actor
from imara.service.people import queries as people
from imara.service.people.roles import Role, right
from imara.service.studies import queries
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import RefusedError
from imara.service.ui.navigation import Way
from imara.study.study import Study
from imara.study.vocabulary import Language, Text


def actor(request: HttpRequest, name: str, study: str | None = None, site: str | None = None) -> Actor:
    """Return who acts, in the role that gives them the right.

    Raises:
        PermissionDenied: They do not have it.
    """
    used = right(name)
    for held in people.assignments(request.user):
        here = study is None or held.study in {"", study}
        at = site is None or used.scope != "site" or held.site in {"", site}
        if here and at and Role(held.role) in used.roles:
            return Actor(request.user.key, held.role)  # type: ignore[union-attr]  # who is assigned has a key
    raise PermissionDenied(f"you may not {used.words}")


def may(request: HttpRequest, name: str, study: str | None = None, site: str | None = None) -> bool:
    """Tell whether who stands at the page has a right here."""
    return people.may(request.user, right(name), study=study, site=site)


def sites_seen(request: HttpRequest, name: str, study: str) -> frozenset[str] | None:
    """Return the centres for which who stands at the page has a right; None for all."""
    return people.sites_of(request.user, right(name), study)


def study_here(study: str, site: str | None = None) -> InForce:
    """Return a study, after making sure that it has the centre.

    Raises:
        Http404: There is no such study, or no such centre in it.
    """
    now = queries.in_force(study)
    if site is not None and site not in queries.sites(now.study):
        raise Http404("the study has no such centre")
    return now


def refused(form: Form, error: RefusedError) -> None:
    """Show what stands in the way in the form that was sent."""
    for reason in error.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, str(reason))


def frame(now: InForce, site: str | None = None, *crumbs: Way) -> dict[str, Any]:
    """Return what every page of a study shows around its content."""
    return {
        "study": now.record.name,
        "site": site,
        "study_name": words(now.study.title),
        "site_name": site_label(now.study, site) if site else "",
        "crumbs": crumbs,
    }


def site_label(study: Study, site: str) -> str:
    """Return a centre's name in the language of the page."""
    found = study.sites.get(site)
    return words(found.label) if found is not None else _("The centre")


def language() -> Language:
    """Return the language of the page."""
    return "da" if (get_language() or "en").startswith("da") else "en"


def words(text: Text | None) -> str:
    """Return a text of a definition in the language of the page; empty for none."""
    return text.to(language()) if text is not None else ""


def studies_way() -> Way:
    """Return the way to the list of studies."""
    return Way(_("Studies"), reverse("studies:studies"))


def study_way(now: InForce) -> Way:
    """Return the way to a study's page."""
    return Way(words(now.study.title), reverse("studies:study", args=[now.record.name]))
