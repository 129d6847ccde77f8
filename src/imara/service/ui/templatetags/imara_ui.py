"""Components: every part that pages are put together from, each shown on the gallery page.

Tags that hold content end with `end` and their name, as in `{% inset %}...{% endinset %}`. Texts given to a tag are
shown as texts; content between two tags is HTML of the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info

from imara.service.ui import help_now as helping
from imara.service.ui import vocabulary
from imara.service.ui.charts import Chart
from imara.service.ui.navigation import Way, at_most_five, current
from imara.service.ui.rendering import Field, mistakes
from imara.service.ui.tables import Cell, Empty, Table

register = template.Library()


# The frame of a page ------------------------------------------------------------------------------------------------


@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a style sheet, script or picture; a plain one when the list of static files is missing.

    An error page must come up whatever else is wrong.
    """
    try:
        return staticfiles_storage.url(path)
    except Exception:  # whatever it is, a page without style is better than none
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag
def service_name() -> str:
    """What the site calls itself: the setting IMARA_SERVICE_NAME."""
    return helping.service_name()


@register.simple_tag
def help_address() -> str:
    """Where the page about help is; the help on the page itself when there is no such page."""
    try:
        return reverse("help_now")
    except NoReverseMatch:
        return "#help"


@register.simple_tag
def is_demonstration() -> bool:
    """Whether all people of the site are made up."""
    return bool(getattr(settings, "IMARA_DEMO", False))


@register.inclusion_tag("imara/components/languages.html", takes_context=True)
def languages(context: dict[str, Any]) -> dict[str, Any]:
    """Links to the same page in the other languages."""
    request = context.get("request")
    here = get_language() or "en"
    ways = []
    for code, _ in settings.LANGUAGES:
        try:
            address = reverse("choose_language", args=[code])
        except NoReverseMatch:
            return {"languages": []}
        ways.append({"code": code, "name": capfirst(get_language_info(code)["name_local"]), "url": address})
    back = request.get_full_path() if request is not None else "/"
    return {"languages": ways, "here": here.split("-")[0], "back": back}


@register.inclusion_tag("imara/components/navigation.html", takes_context=True)
def navigation(context: dict[str, Any], ways: Sequence[Way] = (), participant: bool = False) -> dict[str, Any]:
    """The main ways of the site: `{% navigation ways %}`, a sequence of `Way`. For participants at most five."""
    ways = at_most_five(ways) if participant else tuple(ways)
    request = context.get("request")
    return {"ways": ways, "current": current(ways, request.path) if request is not None else None}


@register.inclusion_tag("imara/components/help.html")
def help_card(id: str = "help", level: int = 2) -> dict[str, Any]:  # noqa: A002  # the attribute's name
    """Whom to call now: emergency number, the service, helplines. Needs no database."""
    return {"help": helping.who_can_help(), "id": id, "level": level}


# Words and numbers ---------------------------------------------------------------------------------------------------


@register.simple_tag
def word(role: str, form: str = "one", capital: bool = False) -> str:
    """What this site calls someone: `{% word "participant" "many" %}`; forms are one, the, many, the_many."""
    text = vocabulary.word(role, form)
    return capfirst(text) if capital else text


# Forms ---------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("imara/components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All that is wrong in forms or formsets; takes focus, each line leads to its field. Layouts show it for `form`."""
    return {"mistakes": [mistake for form in forms for mistake in mistakes(form)]}


@register.simple_tag
def field(bound: Field, heading: bool = False) -> SafeString:
    """One field of a form; `heading=True` makes its label the heading of the page (one question a page)."""
    return mark_safe(  # rendered by a template
        bound.form.renderer.render(bound.template_name, {"field": bound, "heading": heading})
    )


@register.inclusion_tag("imara/components/button.html")
def button(text: str, url: str = "", kind: str = "", name: str = "", value: str = "", form: str = "") -> dict[str, Any]:
    """A button that sends its form, or with `url` a link that looks like one. `kind`: secondary, warning or empty."""
    return {"text": text, "url": url, "kind": kind, "name": name, "value": value, "form": form}


# Getting about -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("imara/components/back_link.html")
def back_link(url: str, text: str = "") -> dict[str, Any]:
    """A link back, above the heading; `text` says where to."""
    return {"url": url, "text": text}


@register.inclusion_tag("imara/components/breadcrumbs.html")
def breadcrumbs(crumbs: Sequence[Way]) -> dict[str, Any]:
    """Where a staff page is: the pages above it, the topmost first."""
    return {"crumbs": crumbs}


@register.inclusion_tag("imara/components/choices.html")
def choices(ways: Sequence[Way]) -> dict[str, Any]:
    """A participant's main choices, big and at most five."""
    return {"ways": at_most_five(ways)}


# Content that stands out ---------------------------------------------------------------------------------------------


def _render(name: str, **context: Any) -> SafeString:
    return render_to_string(f"imara/components/{name}.html", context)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Something to know, beside the text: `{% inset %}<p>...</p>{% endinset %}`."""
    return _render("inset", content=content)


@register.simple_block_tag
def warning(content: str, heading: str = "", level: int = 2) -> SafeString:
    """Something to heed before going on; one on a page."""
    return _render("warning", content=content, heading=heading, level=level)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:  # noqa: A002  # the attribute's name
    """More about something, for those who want it: `{% details "Why we ask" %}...{% enddetails %}`."""
    return _render("details", content=content, summary=summary, open=open)


@register.simple_block_tag
def care_card(content: str, heading: str, kind: str = "non-urgent", level: int = 2) -> SafeString:
    """What to do about one's health. `kind`: non-urgent, urgent or emergency; said in words too."""
    return _render("care_card", content=content, heading=heading, kind=kind, level=level)


@register.simple_block_tag
def card(content: str, heading: str = "", url: str = "", level: int = 2) -> SafeString:
    """A box with a heading, which is a link where `url` is given."""
    return _render("card", content=content, heading=heading, url=url, level=level)


@register.simple_block_tag
def banner(content: str, title: str = "", kind: str = "", focus: bool = False) -> SafeString:
    """News about the page. `kind`: success, warning, error or empty. `focus=True` when it tells what was just done."""
    return _render("banner", content=content, title=title, kind=kind, focus=focus)


@register.simple_block_tag
def panel(content: str, heading: str, level: int = 1) -> SafeString:
    """That something is done: the heading of a confirmation page."""
    return _render("panel", content=content, heading=heading, level=level)


@register.simple_tag
def tag(text: str, colour: str = "grey") -> SafeString:
    """A state in a word. Colours: grey, green, blue, purple, pink, red, orange, yellow, white; never the only sign."""
    return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, text)


# Lists and tables ----------------------------------------------------------------------------------------------------


@register.inclusion_tag("imara/components/summary_list.html")
def summary_list(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Answers to check: rows with `key`, `value`, and where they can be changed `url` (the key says what)."""
    return {"rows": rows}


@register.inclusion_tag("imara/components/task_list.html")
def task_list(tasks: Sequence[dict[str, Any]], id: str = "tasks") -> dict[str, Any]:  # noqa: A002  # the attribute's name
    """What is to be done: tasks with `label`, `url`, `hint`, `status`, and `colour` of the tag (none: plain text)."""
    return {"tasks": tasks, "id": id}


@register.inclusion_tag("imara/components/table.html")
def table(table: Table) -> dict[str, Any]:
    """A table with caption, sorting and pages in the address, and its empty state."""
    columns = [
        {
            "column": column,
            "address": table.sort_address(column) if column.sortable else "",
            "sorted": ("descending" if table.order.descending else "ascending")
            if table.order.sort == column.key and column.sortable
            else "",
        }
        for column in table.columns
    ]
    rows = [
        [
            (column, cell if isinstance(cell, Cell) else Cell(cell))
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    page, last = table.order.page, table.number_of_pages
    return {
        "table": table,
        "columns": columns,
        "rows": rows,
        "first": (page - 1) * table.per_page + 1,
        "until": (page - 1) * table.per_page + len(table.rows),
        "last": last,
        "previous_page": table.page_address(page - 1) if page > 1 else "",
        "next_page": table.page_address(page + 1) if page < last else "",
        "first_page": table.page_address(1),
    }


@register.inclusion_tag("imara/components/filters.html", takes_context=True)
def filters(context: dict[str, Any], form: Any, table_id: str = "table", clear: str = "?") -> dict[str, Any]:
    """A form whose fields narrow a table; it is sent with GET, so filters stand in the address."""
    # A filter that is left empty needs no apology.
    form.says_what_is_optional = False
    request = context.get("request")
    keep = {"sort": request.GET["sort"]} if request is not None and "sort" in request.GET else {}
    return {"form": form, "table_id": table_id, "clear": clear, "keep": keep, "path": request.path if request else ""}


@register.inclusion_tag("imara/components/empty.html")
def empty_state(empty: Empty, level: int = 2) -> dict[str, Any]:
    """That there is nothing yet, why, and what to do."""
    return {"empty": empty, "level": level}


@register.inclusion_tag("imara/components/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A drawing with its sentence before it and its figures in a table behind a click."""
    return {"chart": chart}
