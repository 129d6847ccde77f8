"""Dates typed in three parts."""

from __future__ import annotations

import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.service.ui.conftest import Page

from imara.service.ui.dates import DateField, DateParts
from imara.service.ui.rendering import mistakes


class Asked(forms.Form):
    """A date between two others."""

    day = DateField(label="Moved in", earliest=datetime.date(2020, 1, 1), latest=lambda: datetime.date(2025, 12, 31))


def sent(day="", month="", year=""):
    return Asked({"day_day": day, "day_month": month, "day_year": year})


@given(st.dates(datetime.date(1000, 1, 1)))
def test_every_date_comes_back_as_it_went(date):
    assert DateField().clean(DateParts.parts(date)) == date


@pytest.mark.parametrize("month", ["3", "03", "March", "march", "mar", "Mar."])
def test_a_month_is_a_number_or_a_word(month):
    assert DateField().clean(("27", month, "2024")) == datetime.date(2024, 3, 27)


@pytest.mark.parametrize("month", ["marts", "Marts"])
def test_a_month_is_a_word_of_the_pages_language(month):
    with override("da"):
        assert DateField().clean(("27", month, "2024")) == datetime.date(2024, 3, 27)


@pytest.mark.parametrize(
    ("typed", "message", "anchor", "wrong"),
    [
        (("", "", ""), "Enter a date in “Moved in”, for instance 27 3 2025", "id_day_day", 3),
        (("", "3", "2024"), "“Moved in” needs a day", "id_day_day", 1),
        (("27", "", "2024"), "“Moved in” needs a month", "id_day_month", 1),
        (("27", "3", ""), "“Moved in” needs a year", "id_day_year", 1),
        (("27", "", ""), "“Moved in” needs a month", "id_day_month", 2),
        (("27", "3", "24"), "“Moved in” needs a year of four digits, for instance 2025", "id_day_year", 1),
        (("30", "2", "2024"), "“Moved in” must be a date that exists", "id_day_day", 3),
        (("x", "2", "2024"), "“Moved in” must be a date that exists", "id_day_day", 3),
        (("1", "brumaire", "2024"), "“Moved in” must be a date that exists", "id_day_day", 3),
        (("31", "12", "2019"), "“Moved in” must be 1 January 2020 or later", "id_day_day", 3),
        (("1", "1", "2026"), "“Moved in” must be 31 December 2025 or earlier", "id_day_day", 3),
    ],
)
def test_a_mistake_says_what_and_leads_to_where(typed, message, anchor, wrong):
    form = sent(*typed)
    (mistake,) = mistakes(form)
    assert (mistake.message, mistake.anchor) == (message, anchor)
    page = Page(str(form))
    assert len(page.all("input", aria_invalid="true")) == wrong
    assert anchor in {one["id"] for one in page.all("input", aria_invalid="true")}


@pytest.mark.parametrize(
    "typed",
    [("27", "³", "2024"), ("27", "3", "\uff12\uff10\uff12\uff14"), ("1" * 9999, "1", "2024")],
)
def test_what_looks_like_a_number_and_is_none_is_refused_kindly(typed):
    with pytest.raises(ValidationError) as error:
        DateField(label="Day").clean(typed)
    assert error.value.code in {"no-such-date", "short-year"}


def test_a_date_that_need_not_be_given_may_be_left():
    assert DateField(required=False).clean(("", "", "")) is None


def test_a_date_that_was_there_is_shown_and_counts_as_unchanged():
    class Form(forms.Form):
        day = DateField(initial=datetime.date(2024, 3, 27))

    page = Page(str(Form()))
    assert [one["value"] for one in page.all("input")] == ["27", "3", "2024"]
    assert not Form({"day_day": "27", "day_month": "3", "day_year": "2024"}).has_changed()
    assert Form({"day_day": "28", "day_month": "3", "day_year": "2024"}).has_changed()


@pytest.mark.parametrize(("language", "written"), [("en", "27 March 2024"), ("da", "27. marts 2024")])
def test_dates_are_written_with_the_month_as_a_word(language, written):
    with override(language):
        assert formats.date_format(datetime.date(2024, 3, 27)) == written
