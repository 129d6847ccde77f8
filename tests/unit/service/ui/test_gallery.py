"""The gallery: all components, both layouts, both languages, held to what makes a page readable by ear and by hand."""

from __future__ import annotations

import re

import pytest

ALL = [
    pytest.param((layout, language, errors), id=f"{layout}-{language}{'-errors' if errors else ''}")
    for layout in ("staff", "participant")
    for language in ("en", "da")
    for errors in (False, True)
]


@pytest.fixture(params=ALL)
def page(request, see):
    layout, language, errors = request.param
    found = see(f"/gallery/?layout={layout}{'&errors=1' if errors else ''}", language)
    found.language = language
    return found


def test_it_is_in_the_language_that_was_asked_for(page):
    assert page.all("html", lang=page.language)
    assert ("Få hjælp nu" in page.text) == (page.language == "da")


def test_no_id_stands_twice(page):
    assert len(page.ids) == len(set(page.ids))


def test_whatever_is_referred_to_is_there(page):
    ids = set(page.ids)
    for _, attrs in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "data-reveals"):
            assert not set((attrs.get(name) or "").split()) - ids, attrs
        address = attrs.get("href") or ""
        if address.startswith("#"):
            assert address[1:] in ids


def test_headings_form_a_tree(page):
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings[1:], page.headings[2:], strict=False))


def test_every_field_has_a_label(page):
    labelled = {label["for"] for label in page.all("label")}
    fields = [
        attrs
        for tag, attrs in page.elements
        if tag in {"input", "select", "textarea"} and attrs.get("type") not in {"hidden", "submit"}
    ]
    assert len(fields) > 10
    assert not [attrs for attrs in fields if attrs.get("id") not in labelled]


def test_buttons_send_once(page):
    assert all(
        button.get("data-prevent-double-click") == "true" for button in page.all("button", data_module="nhsuk-button")
    )
    assert page.all("button", data_module="nhsuk-button")


def test_tables_have_captions_and_scopes(page):
    assert page.html.count("<table") == page.html.count("<caption")
    assert all(head.get("scope") in {"col", "row"} for head in page.all("th"))


def test_regions_that_scroll_can_be_reached_by_keyboard(page):
    assert all(region.get("tabindex") == "0" for region in page.all("div", class_="imara-table-scroll"))


def test_the_head_of_the_page_leads_past_itself_and_to_help(page):
    links = page.all("a")
    assert links[0]["href"] == "#main"
    assert "imara-help-link" in links[1]["class"]
    assert page.all("main", id="main")


def test_a_participant_has_at_most_five_ways(see):
    found = see("/gallery/?layout=participant")
    navigation = re.search(r"imara-navigation__list.*?</ul>", found.html, re.DOTALL)[0]
    assert 1 <= navigation.count("<li>") <= 5
    assert navigation.count('aria-current="page"') == 1


def test_a_demonstration_says_so_and_others_do_not(see, settings):
    assert "Demonstration: made-up people" in see("/help/").text
    settings.IMARA_DEMO = False
    assert "Demonstration" not in see("/help/").text


def test_the_gallery_is_there_in_a_demonstration_only(see, settings):
    settings.IMARA_DEMO = False
    see("/gallery/", status=404)


def test_the_charts_sentence_stands_before_it_and_its_figures_in_a_table(see):
    found = see("/gallery/")
    figure = re.search(r'<figure class="imara-chart">.*?</figure>', found.html, re.DOTALL)[0]
    assert figure.index("<figcaption") < figure.index("<svg") < figure.index("<table")
    assert ">31<" in figure
    assert "style=" not in figure


def test_filters_and_order_stand_in_the_address(see):
    found = see("/gallery/?state=done&sort=-visits&page=2")
    assert found.all("th", aria_sort="descending")
    addresses = [link["href"] for link in found.all("a", data_table="people")]
    assert addresses
    assert all("state=done" in address for address in addresses)
    assert found.all("input", type="hidden", name="sort", value="-visits")
    assert 'value="done" selected' in found.html


def test_a_filter_that_nobody_fits_says_what_to_do(see):
    found = see("/gallery/?search=nobody")
    assert "Nobody fits these filters" in found.text
    assert found.all("a", href="/gallery/", class_="nhsuk-button")


def test_a_page_beyond_the_last_leads_back(see):
    found = see("/gallery/?page=99")
    assert "This page of the table is empty" in found.text
