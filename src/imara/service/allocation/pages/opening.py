"""Pages of who designs and watches over the scheme: how it behaves, opening, revealing, verifying."""

from __future__ import annotations

import json
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from imara.rules.allocation.disclosure import write_disclosure
from imara.rules.allocation.from_study import scheme_of
from imara.rules.allocation.scheme import Scheme as Terms
from imara.service.allocation import actions, queries, verification
from imara.service.allocation.forms import OpenForm
from imara.service.allocation.pages.visitor import actor, frame, may, refused, study_here
from imara.service.people.doorkeeper import opens_with
from imara.service.studies.queries import InForce
from imara.service.studies.refusal import RefusedError
from imara.service.studies.states import State
from imara.service.ui.charts import Bar, Chart, bars
from imara.simulation.allocation.balance import AllocationBalance, simulate_allocation
from imara.simulation.allocation.recruits import Recruitment
from imara.study.problems import InputError

TRIALS = 300
"""Simulated trials behind the figures: enough for a percentage point, quick enough for a page."""
UNITS = 100
"""People in a simulated trial, where the study has no target."""
MOST_UNITS = 2000


@never_cache
@opens_with("allocation.balance")
@require_safe
def scheme(request: HttpRequest, study: str) -> HttpResponse:
    """Show how the scheme behaves, and what has been committed to."""
    return _scheme(request, study_here(study), OpenForm())


@never_cache
@opens_with("allocation.open")
@require_POST
def open_scheme(request: HttpRequest, study: str) -> HttpResponse:
    """Draw the seed, seal it, commit to it."""
    now, form = study_here(study), OpenForm(request.POST)
    if form.is_valid():
        try:
            actions.open_allocation(study=study, by=actor(request, "allocation.open", study))
            return redirect("allocation:scheme", study=study)
        except RefusedError as error:
            refused(form, error)
    return _scheme(request, now, form)


@never_cache
@opens_with("allocation.reveal")
@require_POST
def reveal_seed(request: HttpRequest, study: str) -> HttpResponse:
    """Reveal the seed of a locked study."""
    now, form = study_here(study), OpenForm(request.POST)
    if form.is_valid():
        try:
            actions.reveal(study=study, by=actor(request, "allocation.reveal", study))
            return redirect("allocation:verification", study=study)
        except RefusedError as error:
            refused(form, error)
    return _verification(request, now, form)


@never_cache
@opens_with("allocation.verify")
@require_safe
def verify(request: HttpRequest, study: str) -> HttpResponse:
    """Draw everything again and say whether it is as it was."""
    return _verification(request, study_here(study), OpenForm())


@never_cache
@opens_with("allocation.reveal")
@require_safe
@sensitive_variables()
def export(request: HttpRequest, study: str) -> HttpResponse:
    """Give the file with which anyone can draw everything again, once the seed is revealed."""
    study_here(study)
    text = json.dumps(write_disclosure(queries.disclosure(study)), ensure_ascii=False, indent=1)
    response = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{study}-allocation.json"'
    return response


def _scheme(request: HttpRequest, now: InForce, form: OpenForm) -> HttpResponse:
    study = now.record.name
    opening = queries.opening(study)
    context = {**frame(now), "opening": opening, "form": form, "problems": (), "terms": None, "balance": None}
    try:
        terms = scheme_of(now.study, now.version.fingerprint)
    except InputError as error:
        context["problems"] = error.problems
    else:
        balance = _balance(terms, min(now.study.target or UNITS, MOST_UNITS))
        context |= {"terms": terms, "balance": balance, "charts": _charts(balance), "figures": _figures(balance)}
    context["may_open"] = may(request, "allocation.open", study) and opening is None and not context["problems"]
    return render(request, "allocation/scheme.html", context, status=409 if form.is_bound else 200)


def _verification(request: HttpRequest, now: InForce, form: OpenForm) -> HttpResponse:
    study = now.record.name
    opening = queries.opening(study)
    replayed = verification.replay_study(study)
    return render(
        request,
        "allocation/verification.html",
        {
            **frame(now),
            "opening": opening,
            "replayed": replayed,
            "locked": now.state is State.LOCKED,
            "may_reveal": may(request, "allocation.reveal", study),
            "file": reverse("allocation:export", args=[study]),
            "form": form,
        },
        status=409 if form.is_bound else 200,
    )


@lru_cache(maxsize=16)
def _balance(terms: Terms, units: int) -> AllocationBalance:
    return simulate_allocation(terms, Recruitment(units), trials=TRIALS)


def _figures(balance: AllocationBalance) -> list[dict[str, str]]:
    """Return what the charts do not show, as answers."""
    strata = balance.within_strata
    return [
        {
            "key": _("Largest difference between the arms in any simulated trial"),
            "value": f"{balance.overall.largest:g}",
        },
        {"key": _("Difference within a stratum, mean"), "value": f"{strata.mean.value:.2f}"},
        {"key": _("Difference within a stratum, 95 of 100 are below"), "value": f"{strata.quantile_95:g}"},
        {"key": _("Draws that such a guesser knows for certain"), "value": f"{100 * balance.forced.value:.1f}%"},
    ]


def _charts(balance: AllocationBalance) -> list[Chart]:
    guesses = [
        Bar(_("Who knows the ratio only"), 100 * balance.guess_by_share, second=True),
        Bar(_("Who sees all earlier arms of the study"), 100 * balance.guess_by_count.value),
        Bar(_("Who sees all earlier arms of the stratum"), 100 * balance.guess_by_count_in_stratum.value),
        Bar(_("Who knows everything but the seed"), 100 * balance.guess_by_scheme.value),
    ]
    spread = [Bar(f"{size:g}", 100 * share) for size, share in balance.overall.shares[:12]]
    sentence = _(
        "Someone who sees the earlier arms of a stratum guesses the next one right %(percent).0f times in 100."
    )
    differ = _("In half of the simulated trials the arms differ by %(median)g or less in the end.")
    return [
        bars(
            "guesses",
            sentence % {"percent": guesses[2].value},
            (_("Who guesses"), _("Right, times in 100")),
            guesses,
            decimals=1,
        ),
        bars(
            "imbalance",
            differ % {"median": balance.overall.median},
            (_("Difference between the arms"), _("Trials of 100")),
            spread,
            decimals=1,
        ),
    ]
