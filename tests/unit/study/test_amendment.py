"""Two versions of a study compared: what changed in words, and what would lose or falsify what is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests import harbour

from imara.study.amendment import difference
from imara.study.in_use import InUse, merged
from imara.study.instrument import Instrument
from imara.study.library import load_study
from imara.study.problems import InputError
from imara.study.version import folder_of, text_of

Fields = dict[str, Any]
EVERYTHING = InUse(
    is_sealed=True,
    sites=frozenset({"east"}),
    visits=frozenset({"start"}),
    forms={"mood": frozenset({"start"})},
    items={"mood": {"i1": (0.0, 3.0)}},
    scores={"mood": {"total": (2.0, 20.0)}},
    events=frozenset({"admissions"}),
    characteristics=frozenset({"age", "sex", "smoker"}),
    levels={"sex": frozenset({"female"})},
    numbers={"age": (19.0, 71.0)},
    consent_versions=frozenset({"1"}),
    has_guardians=True,
)
"""A study under which something of each kind is recorded."""


@dataclass(frozen=True)
class Case:
    """One change, what is said of it, and whether it can be."""

    change: Callable[[Fields], None]
    words: str
    refused: str = ""
    """Part of why it cannot be; empty when it can."""
    renames: dict[str, str] = field(default_factory=dict)


def put(*place: Any) -> Callable[[Fields], None]:
    """Put the last of `place` at the place that the others make."""

    def change(fields: Fields) -> None:
        *path, name, value = place
        for step in path:
            fields = fields[step]
        fields[name] = value

    return change


def drop(*place: Any) -> Callable[[Fields], None]:
    def change(fields: Fields) -> None:
        *path, name = place
        for step in path:
            fields = fields[step]
        del fields[name]

    return change


def both(*changes: Callable[[Fields], None]) -> Callable[[Fields], None]:
    def change(fields: Fields) -> None:
        for one in changes:
            one(fields)

    return change


def rename(part: str, old: str, new: str) -> Callable[[Fields], None]:
    def change(fields: Fields) -> None:
        fields[part] = {new if key == old else key: value for key, value in fields[part].items()}

    return change


def months(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "month"}


def rename_end(fields: Fields) -> None:
    rename("visits", "end", "month-6")(fields)
    fields["forms"]["mood"]["visits"] = ("start", "month-6")
    fields["outcomes"]["mood"]["at"] = "month-6"


NEW_VERSION = {"languages": ("en",), "reconsent": True}
ARM = {"label": "Swims"}

CASES = {
    "visit moves": Case(put("visits", "end", "at", months(7)), "The visit 'end' moves from 6 months to 7 months."),
    "window": Case(
        put("visits", "end", "window", ({"amount": -4, "unit": "week"}, {"amount": 8, "unit": "week"})),
        "The visit 'end' can be held from 4 weeks before to 8 weeks after its day; before, from 2 weeks before to "
        "2 weeks after its day.",
    ),
    "visit added": Case(put("visits", "later", {"at": months(12)}), "A visit 'later' is added, at 12 months."),
    "visit in use removed": Case(
        both(drop("visits", "start"), put("forms", "mood", "visits", ("end",))),
        "The visit 'start' is removed.",
        "it was held; keep the visit",
    ),
    "visit not held removed": Case(
        both(
            drop("visits", "end"),
            put("forms", "mood", "visits", ("start",)),
            drop("outcomes", "mood"),
            drop("analyses", "main"),
        ),
        "The visit 'end' is removed.",
    ),
    "visit renamed": Case(
        rename_end, "The visit 'end' is called 'month-6' from now on.", renames={"visits.end": "month-6"}
    ),
    "other first visit": Case(
        both(put("visits", {"before": {"at": months(0)}, "start": {"at": months(1)}, "end": {"at": months(6)}})),
        "The first visit is 'before' instead of 'start'.",
        "what counts as the start cannot change",
    ),
    "form no longer at a visit with answers": Case(
        put("forms", "mood", "visits", ("end",)),
        "The form 'mood' is no longer answered at 'start'.",
        "it was answered at start; keep the form there",
    ),
    "form no longer at a visit without answers": Case(
        put("forms", "mood", "visits", ("start",)), "The form 'mood' is no longer answered at 'end'."
    ),
    "form removed": Case(drop("forms", "mood"), "The form 'mood' is removed.", "it was answered; keep the form"),
    "form with another instrument": Case(
        put("forms", "mood", "instrument", "gad-7"),
        "The form 'mood' uses the instrument 'gad-7' instead of 'phq-9'.",
        "add a new form beside it",
    ),
    "form added": Case(
        put("forms", "worry", {"instrument": "phq-9", "visits": ("end",), "by": "participant"}),
        "A form 'worry' is added: the instrument 'phq-9' at end.",
    ),
    "form answered by others": Case(
        put("forms", "mood", "by", "assessor"),
        "The form 'mood' is answered by the assessor instead of the participant.",
    ),
    "items to scores": Case(
        put("forms", "mood", "recorded_as", "scores"),
        "The way of recording of the form 'mood' changes from 'items' to 'scores'.",
        "would then mean something else",
    ),
    "arm removed": Case(drop("arms", "walk"), "The arm 'walk' is removed.", "allocation is open"),
    "arm added": Case(put("arms", "swim", ARM), "An arm 'swim' is added: 'Swims'.", "allocation is open"),
    "arm renamed": Case(
        rename("arms", "walk", "stroll"),
        "The arm 'walk' is called 'stroll' from now on.",
        "the arms that are drawn from must stay",
        {"arms.walk": "stroll"},
    ),
    "arm labelled anew": Case(
        put("arms", "walk", "label", "Long walks"), "The label of the arm 'walk' changes from 'Walks' to 'Long walks'."
    ),
    "only the Danish changes": Case(
        put("arms", "walk", "label", {"en": "Walks", "da": "Ture"}),
        "The label of the arm 'walk' changes in Danish from 'Gåture' to 'Ture'.",
    ),
    "strata": Case(
        put("allocation", "strata", ("site",)),
        "The strata of the allocation change from site and sex to site.",
        "its scheme was sealed",
    ),
    "block sizes are not told": Case(
        put("allocation", "block_sizes", (4,)),
        "The sizes of the blocks in which people are allocated change.",
        "its scheme was sealed",
    ),
    "allocation removed": Case(
        put("allocation", None), "The study no longer says how people are allocated.", "its scheme was sealed"
    ),
    "centre in use removed": Case(drop("sites", "east"), "The centre 'east' is removed.", "people were screened there"),
    "centre not in use removed": Case(drop("sites", "west"), "The centre 'west' is removed."),
    "centre renamed": Case(
        rename("sites", "east", "north"),
        "The centre 'east' is called 'north' from now on.",
        "people were screened there",
        {"sites.east": "north"},
    ),
    "centre added": Case(put("sites", "north", {"label": "North"}), "A centre 'north' is added: 'North'."),
    "characteristic removed": Case(
        both(drop("characteristics", "smoker")),
        "The characteristic 'smoker' is removed.",
        "it is recorded for people",
    ),
    "characteristic renamed": Case(
        rename("characteristics", "smoker", "smokes"),
        "The characteristic 'smoker' is called 'smokes' from now on.",
        renames={"characteristics.smoker": "smokes"},
    ),
    "characteristic of another kind": Case(
        put("characteristics", "smoker", {"label": {"en": "Smokes", "da": "Ryger"}, "kind": "number"}),
        "The kind of the characteristic 'smoker' changes from 'yes-no' to 'number'.",
        "what is recorded would then mean something else",
    ),
    "unit": Case(
        put("characteristics", "age", "unit", "months"),
        "The unit of the characteristic 'age' changes from 'years' to 'months'.",
        "add a new characteristic",
    ),
    "smallest number above what is recorded": Case(
        put("characteristics", "age", "minimum", 20),
        "The smallest number accepted for the characteristic 'age' changes from 0 to 20.",
        "19 is recorded; 19 or less is possible here",
    ),
    "smallest number below what is recorded": Case(
        put("characteristics", "age", "minimum", 18),
        "The smallest number accepted for the characteristic 'age' changes from 0 to 18.",
    ),
    "largest number taken away": Case(
        put("characteristics", "age", "maximum", None),
        "The largest number accepted for the characteristic 'age' is now nothing; it was 120.",
    ),
    "level in use removed": Case(
        put("characteristics", "sex", "levels", {"male": "Man", "other": "Other"}),
        "The level 'female' of the characteristic 'sex' is removed.",
        "it is recorded for people",
    ),
    "level not in use removed": Case(
        put("characteristics", "sex", "levels", {"female": {"en": "Woman", "da": "Kvinde"}, "other": "Other"}),
        "The level 'male' of the characteristic 'sex' is removed.",
    ),
    "rule": Case(
        put("eligibility", "include", 0, "rule", "age >= 16"),
        "The inclusion criterion 'adult' is decided by the rule age >= 16 instead of the rule age >= 18.",
    ),
    "rule becomes a question": Case(
        put("eligibility", "include", 0, "rule", None),
        "The inclusion criterion 'adult' is decided by the person who screens instead of the rule age >= 18.",
    ),
    "criterion removed": Case(put("eligibility", "exclude", ()), "The exclusion criterion 'ill' is removed."),
    "criterion for good": Case(
        put("eligibility", "exclude", 0, "until_resolved", False),
        "People kept out by the exclusion criterion 'ill' may not be screened again.",
    ),
    "question asked otherwise": Case(
        put("eligibility", "include", 1, "ask", "Does the person live on the island?"),
        "The inclusion criterion 'near' asks 'Does the person live on the island?' instead of 'Does the person live "
        "near?'.",
    ),
    "consent version added": Case(
        put("consent", "versions", "2", NEW_VERSION),
        "A version of the information '2' is added; everyone who consented before is asked again.",
    ),
    "consent version in use removed": Case(
        put("consent", "versions", {"2": {"languages": ("en",)}}),
        "The version of the information '1' is removed.",
        "people have decided about it",
    ),
    "consent version put first": Case(
        lambda fields: fields["consent"].update(
            versions={"0": {"languages": ("en",)}, **fields["consent"]["versions"]}
        ),
        "A version of the information '0' is added.",
        "put new versions last",
    ),
    "pages that were signed": Case(
        put("consent", "versions", "1", "pages", 1, "text", "No."),
        "What people read in the version of the information '1' changes: page 2 of 2.",
        "add a new version with the new words",
    ),
    "no consent at all": Case(put("consent", None), "The consent", "people have decided by it"),
    "no guardians": Case(
        put("consent", "guardian", False),
        "A guardian may no longer consent for someone who agrees to take part.",
        "a guardian has consented",
    ),
    "event removed": Case(
        drop("events", "admissions"), "The kind of event 'admissions' is removed.", "such events are recorded"
    ),
    "event without an end": Case(
        put("events", "admissions", "has_duration", False),
        "The end of the kind of event 'admissions' changes from yes to no.",
        "their ends would be lost",
    ),
    "blinding": Case(put("blinding", "practitioners", True), "Practitioners are blinded."),
    "target": Case(put("target", 240), "The number of people planned is now 240; nothing was said before."),
    "outcome renamed": Case(
        both(rename("outcomes", "mood", "low-mood"), put("analyses", "main", "outcomes", ("low-mood",))),
        "The outcome 'mood' is called 'low-mood' from now on.",
        renames={"outcomes.mood": "low-mood"},
    ),
    "another study": Case(
        put("study", "lighthouse"), "The study changes from 'harbour' to 'lighthouse'.", "load it as a study of its own"
    ),
    "entry named like a part": Case(
        put("events", "scores", {"label": "Scores", "source": "staff"}), "A kind of event 'scores' is added: 'Scores'."
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_said_and_judged(name: str) -> None:
    case = CASES[name]
    amendment = difference(harbour.folder(), harbour.changed(case.change), EVERYTHING, case.renames)
    said = [change for change in amendment.changes if change.words.startswith(case.words)]
    assert said, [change.words for change in amendment.changes]
    if case.refused:
        assert case.refused in said[0].refusal
        assert not amendment.is_possible
    else:
        assert said[0].refusal == ""
    assert all(change.words.endswith(".") for change in amendment.changes)


ALONE = [
    name for name, case in CASES.items() if not case.refused and name not in ("visit not held removed", "form added")
]


@pytest.mark.parametrize("name", ALONE)
def test_what_can_be_brings_nothing_else_with_it(name: str) -> None:
    case = CASES[name]
    amendment = difference(harbour.folder(), harbour.changed(case.change), EVERYTHING, case.renames)
    assert amendment.is_possible
    extra = {"level not in use removed"}
    assert len(amendment.changes) == (2 if name in extra else 1), [change.words for change in amendment.changes]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.refused and name != "another study"])
def test_everything_can_change_before_anything_is_recorded(name: str) -> None:
    case = CASES[name]
    assert difference(harbour.folder(), harbour.changed(case.change), InUse(), case.renames).is_possible


def with_instrument(change: Callable[[Fields], None]) -> Any:
    old = harbour.folder()
    fields = old.instruments["phq-9"].model_dump()
    change(fields)
    return replace(old, instruments={"phq-9": Instrument.model_validate(fields)})


def without_first_item(fields: Fields) -> None:
    fields["items"] = fields["items"][1:]


MAX = "The largest number accepted for "


@pytest.mark.parametrize(
    ("change", "words", "refused"),
    [
        (put("items", 0, "maximum", 2), MAX + "the item 'i1' of the instrument 'phq-9' changes "
         "from 3 to 2.", "3 is recorded; 3 or more is possible here"),
        (put("items", 0, "maximum", 4), MAX + "the item 'i1' of the instrument 'phq-9' changes "
         "from 3 to 4.", ""),
        (put("items", 1, "maximum", 2), MAX + "the item 'i2' of the instrument 'phq-9' changes "
         "from 3 to 2.", ""),
        (without_first_item, "The item 'i1' of the instrument 'phq-9' is removed.", "it was answered; keep the item"),
        (put("items", 0, "reverse", True), "The reversal of the item 'i1' of the instrument 'phq-9' changes from no to "
         "yes.", "would not mean the same"),
        (put("scores", "total", "maximum", 19), MAX + "the score 'total' of the instrument "
         "'phq-9' changes from 27 to 19.", "20 is recorded"),
        (put("title", "Another title"), "The title of the instrument 'phq-9' changes from", ""),
    ],
)  # fmt: skip
def test_instruments_keep_what_was_answered(change: Callable[[Fields], None], words: str, refused: str) -> None:
    amendment = difference(harbour.folder(), with_instrument(change), EVERYTHING)
    (found,) = [one for one in amendment.changes if one.words.startswith(words)]
    assert (refused in found.refusal) if refused else found.refusal == ""


def test_nothing_changed_is_nothing_said() -> None:
    amendment = difference(harbour.folder(), harbour.folder(), EVERYTHING)
    assert amendment.changes == ()
    assert not amendment.is_possible


def test_line_breaks_of_the_file_are_no_change() -> None:
    new = harbour.changed(put("summary", "en", "Does a\n  walk help?"))
    assert difference(harbour.folder(), new).changes == ()


def test_a_new_version_that_asks_again_is_named() -> None:
    amendment = difference(harbour.folder(), harbour.changed(CASES["consent version added"].change))
    assert amendment.asks_again == ("2",)


def test_what_is_refused_becomes_a_located_problem() -> None:
    new = harbour.changed(CASES["smallest number above what is recorded"].change)
    (problem,) = difference(harbour.folder(), new, EVERYTHING).problems("study.yaml")
    assert problem.field == "characteristics.age.minimum"
    assert "19 is recorded" in problem.message


@pytest.mark.parametrize(
    ("renames", "message"),
    [
        ({"visits.finish": "month-6"}, "the version in force has nothing of this name"),
        ({"visits.end": "month-7"}, "the new version has nothing of this name"),
        ({"visits.end": "start"}, "belongs to something else already"),
        ({"visits.start": "month-6"}, "still has the old name"),
        ({"visit.end": "month-6"}, "Did you mean 'visits'?"),
        ({"visits.end": "month-6", "visits.start": "month-6"}, "two old names get this new one"),
    ],
)
def test_a_rename_must_be_one(renames: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match="renames") as refused:
        difference(harbour.folder(), harbour.changed(rename_end), InUse(), renames)
    assert message in str(refused.value)


def test_what_several_rooms_have_recorded_counts_together() -> None:
    whole = merged([
        InUse(numbers={"age": (30.0, 40.0)}, forms={"mood": frozenset({"start"})}),
        InUse(numbers={"age": (20.0, 35.0)}, forms={"mood": frozenset({"end"})}, is_sealed=True),
    ])  # fmt: skip
    assert whole.numbers == {"age": (20.0, 40.0)}
    assert whole.forms == {"mood": frozenset({"start", "end"})}
    assert whole.is_sealed


@pytest.mark.parametrize("name", ["imr-denmark", "beat-the-blues"])
def test_the_stored_text_reads_back_as_the_same_study(name: str) -> None:
    folder = load_study(name)
    again = folder_of(text_of(folder))
    assert (again.study, again.fingerprint) == (folder.study, folder.fingerprint)
    assert dict(again.instruments) == dict(folder.instruments)
    assert text_of(again) == text_of(folder)
