"""Which score a form or an outcome stands for: the one that is named, else `total`, else the instrument's first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imara.dataset.dictionary import dictionary_of
from imara.study.folder import StudyFolder
from imara.study.library import load_study


@pytest.fixture(scope="module")
def folder() -> StudyFolder:
    return load_study("beat-the-blues")


def with_scores(folder: StudyFolder, *names: str) -> StudyFolder:
    """Return the study with an instrument that has these scores, in this order."""
    total = folder.score_of("bdi", "total")
    instrument = folder.instruments["bdi"].model_copy(update={"scores": dict.fromkeys(names, total)})
    return replace(folder, instruments={"bdi": instrument})


def test_total_is_meant_where_it_is_one_of_the_scores_wherever_it_stands(folder):
    outcome = folder.study.outcomes["depression"]

    for names in (("total",), ("total", "somatic"), ("somatic", "total")):
        scored = with_scores(folder, *names)
        assert (scored.score_key("bdi"), scored.score_key(outcome)) == ("total", "total")
        assert (scored.score_column("bdi"), scored.score_column(outcome)) == ("bdi.total", "bdi.total")


def test_the_first_score_is_meant_where_there_is_no_total(folder):
    scored = with_scores(folder, "severity", "change")

    assert scored.score_key("bdi") == "severity"
    assert scored.score_key(folder.study.outcomes["depression"]) == "severity"


def test_an_outcome_may_name_its_score(folder):
    named = folder.study.outcomes["depression"].model_copy(update={"score": "change"})

    assert with_scores(folder, "severity", "change", "total").score_key(named) == "change"


def test_an_outcome_that_counts_events_has_no_score():
    imr = load_study("imr-denmark")

    with pytest.raises(ValueError, match="counts events"):
        imr.score_key(imr.study.outcomes["admissions"])


@pytest.mark.parametrize(
    ("names", "meant"), [(("somatic", "total"), "bdi.total"), (("severity", "change"), "bdi.severity")]
)
def test_a_column_with_the_name_of_a_form_is_its_usual_score(folder, names, meant):
    variables = dictionary_of(with_scores(folder, *names))

    assert [one.name for one in variables.variables if "bdi" in one.aliases] == [meant]
