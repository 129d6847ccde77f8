"""Made-up content for the gallery, on which every component is seen, tested and photographed."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imara.service.ui.charts import Bar, bars
from imara.service.ui.choices import Checkboxes, Radios
from imara.service.ui.dates import DateField
from imara.service.ui.long_text import LongText
from imara.service.ui.navigation import Way
from imara.service.ui.tables import Cell, Column, Empty, Table, page_of, read_order
from imara.service.ui.vocabulary import word

PEOPLE = 57


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("What would you like to be called?"), max_length=40)
    call = forms.ChoiceField(
        label=gettext_lazy("How may we reach you?"),
        help_text=gettext_lazy("Choose the way you like best."),
        choices=[
            ("phone", gettext_lazy("By telephone")),
            ("letter", gettext_lazy("By letter")),
            ("not", gettext_lazy("Please do not write or call")),
        ],
        widget=Radios(
            hints={"phone": gettext_lazy("We never say on the line what it is about unless it is you.")},
            reveals={"phone": "phone"},
        ),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone number"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Which languages do you speak?"),
        choices=[("da", gettext_lazy("Danish")), ("en", gettext_lazy("English")), ("other", gettext_lazy("Another"))],
        widget=Checkboxes,
    )
    day = DateField(
        label=gettext_lazy("When did you move in?"),
        help_text=gettext_lazy("For instance 27 3 2024"),
        latest=datetime.date.today,
    )
    centre = forms.ChoiceField(
        label=gettext_lazy("Centre"), choices=[("", ""), ("b", "Ballerup"), ("f", "Frederiksberg")]
    )
    story = LongText(label=gettext_lazy("Is there anything you want us to know?"), max_length=200, required=False)
    agree = forms.BooleanField(label=gettext_lazy("I have read this"))


class SampleQuestion(forms.Form):
    """One question, as participants meet it: one on a page, and always a way not to answer."""

    week = forms.ChoiceField(
        label=gettext_lazy("How was your week?"),
        choices=[
            ("well", gettext_lazy("Good")),
            ("so", gettext_lazy("Neither good nor bad")),
            ("hard", gettext_lazy("Hard")),
            ("skip", gettext_lazy("I would rather not say")),
        ],
        widget=Radios,
    )


class SampleFilters(forms.Form):
    """What narrows the sample table."""

    search = forms.CharField(label=gettext_lazy("Number"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), ("due", gettext_lazy("Due")), ("done", gettext_lazy("Done"))],
    )


def samples(request: HttpRequest) -> dict[str, Any]:
    """Return what the gallery shows; `?errors=1` shows its form as it looks when it was sent empty."""
    form = SampleForm({}) if request.method == "POST" or request.GET.get("errors") else SampleForm()
    filled = SampleFilters(request.GET or None)
    filled.is_valid()
    return {
        "form": form,
        "question": SampleQuestion(prefix="one"),
        "filters_form": filled,
        "table": _table(request, getattr(filled, "cleaned_data", {})),
        "no_rows": Table(
            _("Visits due"),
            (Column("number", _("Number")),),
            (),
            Empty(
                _("No visits are due"),
                _("Visits appear here when their window opens. The next one opens on 3 March."),
                "/",
                _("See all visits"),
            ),
            id="due",
        ),
        "chart": bars(
            "recruited",
            _("Ballerup has taken in most people so far: 31 of 70."),
            (_("Centre"), _("People")),
            [Bar("Ballerup", 31), Bar("Frederiksberg", 24), Bar("Nordvest", 15, second=True)],
        ),
        "ways": [
            Way(_("Today"), request.path, _("Your next session and one thing to practise.")),
            Way(_("My goal"), "/gallery-goal/", _("What you are working towards, step by step.")),
            Way(_("My plan"), "/gallery-plan/", _("Your early signs, and what helps.")),
            Way(_("Messages"), "/gallery-messages/"),
        ],
        "crumbs": [Way(_("Studies"), "/"), Way("IMR Denmark", "/")],
        "summary": [
            {"key": _("Name"), "value": "Ane", "url": "/"},
            {"key": _("How we may reach you"), "value": _("By telephone"), "url": "/"},
            {"key": _("Entered"), "value": datetime.date(2025, 3, 27)},
        ],
        "tasks": [
            {"label": _("Read about the study"), "url": "/", "status": _("Done")},
            {"label": _("Ask your questions"), "url": "/", "status": _("Next"), "colour": "blue"},
            {
                "label": _("Sign"),
                "hint": _("Opens when your questions are answered"),
                "status": _("Not yet"),
            },
        ],
        "study_name": "IMR Denmark",
        "site_name": "Ballerup",
        "user": SimpleNamespace(is_authenticated=True, name="Ane Sample"),
        "role_name": _("coordinator"),
        "back": {"url": "/", "label": ""},
    }


def _table(request: HttpRequest, narrowed: dict[str, Any]) -> Table:
    columns = (
        Column("number", _("Number"), sortable=True),
        Column("since", _("Screened on"), sortable=True),
        Column("visits", _("Visits"), sortable=True, number=True),
        Column("state", _("State")),
    )
    order = read_order(request.GET, columns, "number")
    made = [
        (f"B-{index:03}", datetime.date(2024, 1, 3) + datetime.timedelta(days=index * 11 % 300), index % 4, index % 3)
        for index in range(1, PEOPLE + 1)
    ]
    kept = [
        person
        for person in made
        if narrowed.get("search", "").upper() in person[0]
        and narrowed.get("state", "") in {"", "due" if person[3] else "done"}
    ]
    kept.sort(key=lambda person: person[{"number": 0, "since": 1, "visits": 2}[order.sort]], reverse=order.descending)
    rows = [
        (
            Cell(number, "/"),
            since,
            visits,
            Cell(_("Due"), tag="orange") if due else Cell(_("Done"), tag="green"),
        )
        for number, since, visits, due in page_of(kept, order, 10)
    ]
    return Table(
        word("participant", "many").capitalize(),
        columns,
        rows,
        Empty(_("Nobody fits these filters"), _("Take a filter away to see more."), request.path, _("Show all")),
        id="people",
        order=order,
        query=request.GET,
        total=len(kept),
        per_page=10,
    )
