"""Schemes: what a study file asks for, and what cannot be built."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from imara.rules.allocation.from_study import scheme_of
from imara.rules.allocation.scheme import Factor, Scheme, commitment
from imara.rules.allocation.seed import Seed
from imara.study.library import load_study
from imara.study.problems import InputError
from imara.study.study import Study

SITE = Factor("site", ("a", "b"))
SEX = Factor("sex", ("female", "male"))
BLOCKS = Scheme("permuted-blocks", ("imr", "tau"), (1, 1), (SITE,), (4, 6))
MINIMISATION = Scheme("minimisation", ("imr", "tau"), (1, 1), (SITE, SEX), best_probability=Fraction(4, 5))


def study(**allocation: Any) -> Study:
    return Study.model_validate(
        {
            "study": "calm", "title": "Calm", "summary": "Is it calm?",
            "sites": {"north": {"label": "North"}, "east": {"label": "East"}},
            "characteristics": {
                "age": {"label": "Age", "kind": "number"},
                "sex": {"label": "Sex", "kind": "category", "levels": {"male": "Male", "female": "Female"}},
                "earlier": {"label": "Earlier", "kind": "yes-no"},
            },
            "arms": {"tau": {"label": "Usual care", "reference": True}, "imr": {"label": "IMR"}},
            "visits": {"baseline": {"at": "0 months", "label": "Start"}},
            "allocation": {"method": "permuted-blocks", "block_sizes": [4], **allocation},
        }
    )  # fmt: skip


def refusal(**allocation: Any) -> str:
    with pytest.raises(InputError) as caught:
        scheme_of(study(**allocation))
    return str(caught.value)


def test_the_danish_study_is_permuted_blocks_within_centre_and_diagnosis():
    folder = load_study("imr-denmark")
    scheme = scheme_of(folder.study, folder.fingerprint)

    assert (scheme.method, scheme.arms, scheme.ratio) == ("permuted-blocks", ("imr", "tau"), (1, 1))
    assert [factor.name for factor in scheme.factors] == ["site", "diagnosis"]
    assert scheme.factors[0].levels == ("ballerup", "frederiksberg", "third-centre")
    assert scheme.block_sizes == (4, 6)
    assert scheme.study == folder.fingerprint


def test_the_order_of_lines_in_the_file_does_not_matter():
    one = study(strata=["site", "sex", "earlier"], ratio={"imr": 1, "tau": 3}, block_sizes=[8, 4])
    shuffled = one.model_dump(exclude_defaults=True)
    for part in ("arms", "sites", "characteristics"):
        shuffled[part] = dict(reversed(shuffled[part].items()))
    shuffled["allocation"]["ratio"] = {"tau": 3, "imr": 1}

    scheme = scheme_of(one)
    assert scheme == scheme_of(Study.model_validate(shuffled))
    assert (scheme.arms, scheme.ratio, scheme.block_sizes) == (("imr", "tau"), (1, 3), (4, 8))
    assert scheme.factors[1:] == (Factor("sex", ("female", "male")), Factor("earlier", ("no", "yes")))


def test_a_random_element_is_taken_at_its_word():
    scheme = scheme_of(study(method="minimisation", strata=["sex"], random_element=0.8, block_sizes=[]))
    assert scheme.best_probability == Fraction(4, 5)
    assert scheme_of(study(method="minimisation", strata=["sex"], block_sizes=[])).best_probability == 1


def test_measure_weights_and_clusters_are_said_when_the_scheme_is_made():
    wanted = study(method="minimisation", strata=["site", "sex"], random_element=0.7, block_sizes=[])
    scheme = scheme_of(wanted, measure="variance", weights=(3, 1), kind="cluster")
    assert (scheme.measure, scheme.factor_weights, scheme.kind) == ("variance", (3, 1), "cluster")


def test_a_study_that_does_not_say_how_cannot_be_run():
    assert "not reported" in refusal(method="not-reported", block_sizes=[])
    with pytest.raises(InputError, match="does not say how people are allocated"):
        scheme_of(study().model_copy(update={"allocation": None}))
    with pytest.raises(InputError, match="without arms has nobody to allocate"):
        scheme_of(study().model_copy(update={"arms": {}, "allocation": None}))
    with pytest.raises(InputError, match="not-reported"):
        scheme_of(load_study("beat-the-blues").study)


@pytest.mark.parametrize(
    ("allocation", "words"),
    [
        ({"strata": ["sexx"]}, "Did you mean 'sex'?"),
        ({"strata": ["age"]}, "a site, a category or a yes-no"),
        ({"strata": ["sex", "sex"]}, "would count twice"),
        ({"ratio": {"imr": 1}}, "the ratio has no share for tau"),
        ({"ratio": {"imr": 1, "tau": 1, "tua": 1}}, "Did you mean 'tau'?"),
        ({"block_sizes": [5]}, "a block of 5 cannot hold the ratio"),
        ({"block_sizes": []}, "permuted blocks need their sizes"),
        ({"random_element": 0.8}, "permuted-blocks has neither a random element nor weights"),
        ({"method": "simple"}, "simple has no blocks"),
        ({"method": "simple", "block_sizes": [], "strata": ["sex"]}, "simple allocation does not look at strata"),
        ({"method": "minimisation", "block_sizes": []}, "needs something to balance"),
        (
            {"method": "minimisation", "block_sizes": [], "strata": ["sex"], "random_element": 0.5},
            "must be likelier than the others",
        ),
        (
            {"method": "minimisation", "block_sizes": [], "strata": ["sex"], "random_element": 0.8000000001},
            "too fine to be drawn",
        ),
    ],
)
def test_what_cannot_be_built_is_refused_in_words(allocation, words):
    message = refusal(**allocation)
    assert words in message
    assert message.startswith("calm, allocation.")


def test_all_that_is_wrong_is_said_at_once():
    message = refusal(strata=["sexx", "age"], ratio={"imr": 1})
    assert message.count("\n") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"arms": ("imr",), "ratio": (1,)},
        {"arms": ("imr", "imr")},
        {"ratio": (1,)},
        {"ratio": (0, 1)},
        {"method": "urn"},
        {"factors": (Factor("site", ()),)},
        {"factors": (Factor("site", ("a", "a")),)},
        {"weights": (1,)},
        {"block_sizes": (0,)},
        {"block_sizes": (-4,)},
    ],
)
def test_an_impossible_scheme_cannot_be_made(change):
    with pytest.raises(InputError):
        replace(BLOCKS, **change)


@pytest.mark.parametrize(
    "change", [{"weights": (1,)}, {"weights": (1, 0)}, {"measure": "guess"}, {"block_sizes": (4,)}]
)
def test_an_impossible_minimisation_cannot_be_made(change):
    with pytest.raises(InputError):
        replace(MINIMISATION, **change)


def test_shares_are_the_ratio_in_lowest_terms():
    assert replace(BLOCKS, ratio=(4, 2), block_sizes=(6,)).shares == (0, 0, 1)


def test_everything_that_decides_a_draw_is_committed_to():
    seed = Seed(bytes(32))
    changes: list[dict[str, Any]] = [
        {}, {"arms": ("tau", "imr")}, {"ratio": (2, 1)}, {"factors": (SEX, SITE)}, {"factors": (SITE,)},
        {"best_probability": Fraction(9, 10)}, {"measure": "variance"}, {"weights": (1, 2)}, {"kind": "cluster"},
        {"study": "another version"},
    ]  # fmt: skip
    schemes = [replace(MINIMISATION, **change) for change in changes]
    schemes += [BLOCKS, replace(BLOCKS, block_sizes=(4,)), Scheme("simple", ("imr", "tau"), (1, 1))]

    assert len({commitment(scheme, seed) for scheme in schemes}) == len(schemes)
    assert commitment(BLOCKS, Seed(bytes(31) + b"\1")) != commitment(BLOCKS, seed)


def test_a_stratum_needs_every_level_and_nothing_else():
    assert MINIMISATION.stratum({"sex": "male", "site": "a"}) == (("site", "a"), ("sex", "male"))
    with pytest.raises(InputError) as caught:
        MINIMISATION.stratum({"site": "A", "height": "tall"})
    message = str(caught.value)
    assert "height: the scheme does not look at this" in message
    assert "Did you mean 'a'?" in message
    assert "sex: a level is needed before allocation" in message
