"""What is written reads back as the same, whatever words and numbers it holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imara.study.instrument import Instrument
from imara.study.intervention import Programme
from imara.study.library import CONTENT, load_study
from imara.study.problems import InputError
from imara.study.read import load_definition
from imara.study.study import Study
from imara.study.write import dump

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(
    ("model", "strategy"), [(Study, "studies"), (Instrument, "instruments"), (Programme, "programmes")]
)
def test_any_definition_survives_writing_and_reading(model, strategy, request, tmp_path):
    made = request.getfixturevalue(strategy)
    path = tmp_path / "definition.yaml"

    @RELAXED
    @given(made)
    def survives(definition):
        path.write_text(dump(definition), encoding="utf-8", newline="")
        assert load_definition(path, model, "definition.yaml") == definition

    survives()


@pytest.mark.parametrize("name", ["beat-the-blues", "imr-denmark"])
def test_packaged_studies_survive_writing_and_reading(name, tmp_path):
    study = load_study(name).study
    path = tmp_path / "study.yaml"
    path.write_text(dump(study), encoding="utf-8")

    assert load_definition(path, Study, "study.yaml") == study


def test_pieces_of_a_study_in_any_order_are_read_or_refused_with_a_place(tmp_path):
    # Cut, doubled and swapped pieces of a real file: nothing but InputError may come out, and always with a line.
    words = (CONTENT / "studies" / "beat-the-blues" / "study.yaml").read_text(encoding="utf-8")[5500:]
    path = tmp_path / "study.yaml"
    piece = st.tuples(st.integers(0, len(words)), st.integers(0, 200))

    @RELAXED
    @given(st.lists(piece, min_size=1, max_size=8))
    def is_answered(pieces):
        text = "study: x\n" + "".join(words[start : start + length] for start, length in pieces)
        path.write_text(text, encoding="utf-8")
        try:
            load_definition(path, Study, "study.yaml")
            problems = ()
        except InputError as error:
            problems = error.problems
            assert problems  # either way of ending is right; what matters is what it says
        assert all(problem.line is not None and problem.message for problem in problems)

    is_answered()
