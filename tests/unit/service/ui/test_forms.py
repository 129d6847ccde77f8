"""Any form of Django becomes a page that can be filled in by ear, by keyboard and by thumb."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.translation import override
from tests.unit.service.ui.conftest import Page

from imara.service.ui.choices import Checkboxes, Radios
from imara.service.ui.dates import DateField
from imara.service.ui.long_text import LongText
from imara.service.ui.rendering import Field, mistakes
from imara.service.ui.templatetags.imara_ui import error_summary
from imara.service.ui.templatetags.imara_ui import field as show_field


class Everything(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label="Name", help_text="As you like to be called", max_length=5)
    how = forms.ChoiceField(
        label="How",
        choices=[("phone", "Phone"), ("no", "Not")],
        widget=Radios(hints={"phone": "We say little"}, reveals={"phone": "number"}, inline=True),
    )
    number = forms.CharField(label="Number", required=False)
    speaks = forms.MultipleChoiceField(label="Speaks", choices=[("da", "Danish"), ("en", "English")], widget=Checkboxes)
    born = DateField(label="Born")
    centre = forms.ChoiceField(label="Centre", choices=[("", ""), ("b", "Ballerup")])
    story = LongText(label="Story", max_length=10, required=False)
    agree = forms.BooleanField(label="I agree")
    file = forms.FileField(label="Sheet", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="x")

    def clean(self):
        """Refuse what no single field can."""
        if self.cleaned_data.get("name") == "both":
            raise ValidationError("These two do not fit together")


GOOD = {
    "name": "Ane", "how": "no", "speaks": ["da"], "born_day": "27", "born_month": "3", "born_year": "1990",
    "centre": "b", "agree": "on", "hidden": "x",
}  # fmt: skip


def rendered(form) -> Page:
    return Page(str(form))


def test_our_renderer_makes_our_fields():
    assert all(isinstance(field, Field) for field in Everything())


def test_hint_and_error_are_tied_to_their_field():
    page = rendered(Everything({}))
    (name,) = page.all("input", name="name")
    assert name["aria-describedby"].split() == ["id_name_helptext", "id_name_error"]
    assert name["aria-invalid"] == "true"
    assert "nhsuk-input--error" in name["class"]
    assert {"id_name_helptext", "id_name_error"} <= set(page.ids)


def test_groups_have_a_legend_and_are_described_as_a_group():
    page = rendered(Everything({}))
    fieldsets = page.all("fieldset")
    assert len(fieldsets) == len(page.all("legend")) == 3
    described = {fieldset.get("aria-describedby") for fieldset in fieldsets}
    assert {"id_how_error", "id_speaks_error", "id_born_error"} <= described


def test_summary_and_field_say_the_same_in_the_order_of_the_page():
    form = Everything({})
    found = mistakes(form)
    page = rendered(form)
    inline = [
        re.sub(r"<[^>]+>", "", text).replace("Error:", "").strip()
        for text in re.findall(r'<span class="nhsuk-error-message">(.*?)</span></div>|$', page.html)
        if text
    ]
    assert [mistake.message for mistake in found if mistake.anchor] == inline
    assert [mistake.message for mistake in found] == [
        "Fill in “Name”",
        "Choose an answer to “How”",
        "Choose an answer to “Speaks”",
        "Enter a date in “Born”, for instance 27 3 2025",
        "Choose an answer to “Centre”",
        "Tick “I agree” to go on",
        "Fill in “Hidden”",
    ]


def test_every_line_of_the_summary_leads_to_a_field_that_is_there():
    form = Everything({})
    ids = set(rendered(form).ids)
    anchors = [mistake.anchor for mistake in mistakes(form) if mistake.anchor]
    assert len(anchors) == 6
    assert set(anchors) <= ids


def test_a_mistake_of_the_whole_form_stands_in_the_summary_without_a_link():
    form = Everything({**GOOD, "name": "both"})
    (mistake,) = mistakes(form)
    assert mistake.message == "These two do not fit together"
    assert mistake.anchor == ""


def test_a_good_form_has_no_summary():
    form = Everything(GOOD)
    assert form.is_valid(), form.errors
    assert error_summary(form)["mistakes"] == []
    assert mistakes(Everything()) == []
    assert mistakes("") == mistakes(None) == []


def test_the_mistakes_of_a_formset_are_found():
    formset = formset_factory(Everything, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", **{f"form-0-{k}": v for k, v in GOOD.items()}}
    )
    found = mistakes(formset)
    assert found
    assert all(mistake.anchor.startswith("id_form-1-") for mistake in found if mistake.anchor)
    assert {mistake.anchor for mistake in found if mistake.anchor} <= set(rendered(formset).ids)


def test_a_field_that_an_answer_asks_for_stands_below_it_and_nowhere_else():
    page = rendered(Everything())
    assert len(page.all("input", name="number")) == 1
    (phone,) = page.all("input", value="phone")
    assert phone["data-reveals"] == "id_how_0-more"
    assert page.html.index('id="id_how_0-more"') < page.html.index('name="number"') < page.html.index('value="no"')
    assert "conditional--hidden" in page.html
    assert "conditional--hidden" not in rendered(Everything({**GOOD, "how": "phone"})).html


def test_what_was_typed_is_kept():
    page = rendered(Everything({**GOOD, "name": "A <b>", "how": "phone", "born_month": "foo", "story": "x\r\ny"}))
    assert page.all("input", name="name", value="A <b>")
    assert "<b>" not in page.html
    assert "checked" in page.all("input", value="phone")[0]
    assert page.all("input", name="born_month", value="foo")
    assert "x\r\ny" in page.html


def test_optional_fields_say_so_and_required_ones_do_not():
    html = str(Everything())
    assert html.count("(you can leave this empty)") == 3


def test_one_question_a_page_has_its_label_as_heading():
    form = Everything()
    assert str(show_field(form["name"], heading=True)).count("<h1") == 1
    assert '<h1 class="nhsuk-fieldset__heading">How' in show_field(form["how"], heading=True)
    assert "<h1" not in show_field(form["name"])


def test_letters_are_counted_as_people_count_them():
    field = LongText(max_length=3, required=False)
    assert field.clean("a\r\nb") == "a\nb"
    with pytest.raises(ValidationError):
        field.clean("abcd")
    page = rendered(Everything())
    (box,) = page.all("textarea")
    assert "maxlength" not in box
    assert "id_story-info" in box["aria-describedby"]
    (group,) = page.all("div", data_module="nhsuk-character-count")
    assert group["data-maxlength"] == "10"
    assert group["data-i18n.characters-under-limit.other"] == "You have %{count} letters left"


def test_the_counter_speaks_the_language_of_the_page():
    with override("da"):
        page = rendered(Everything())
    (group,) = page.all("div", data_module="nhsuk-character-count")
    assert group["data-i18n.characters-over-limit.one"] == "Du har skrevet %{count} tegn for meget"


def test_a_message_of_ones_own_is_left_as_it_is():
    class Own(forms.Form):
        name = forms.CharField(label="Name", error_messages={"required": "Say what to call you"})
        size = forms.IntegerField(label="Size", max_value=3)

    assert [m.message for m in mistakes(Own({"size": "9"}))] == [
        "Say what to call you",
        "Ensure this value is less than or equal to 3.",
    ]


def test_help_text_is_text():
    class Odd(forms.Form):
        name = forms.CharField(help_text="<script>x</script>", label="<i>N</i>")

    html = str(Odd())
    assert "<script>" not in html
    assert "<i>" not in html
