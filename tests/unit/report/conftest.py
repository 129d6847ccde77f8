"""A made-by-hand result to report on: two arms, five visits, numbers of the size a real trial gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from imara.analysis.judgement import judge
from imara.analysis.result import (
    ArmFlow,
    BaselineRow,
    Completeness,
    Contrast,
    Diagnostics,
    Equivalence,
    Estimate,
    Flow,
    Mean,
    Observed,
    Provenance,
    Result,
    StandardisedEffect,
)
from imara.report.view import View
from imara.study.folder import StudyFolder
from imara.study.instrument import Instrument
from imara.study.study import Study

VISITS = ("baseline", "month-2", "month-3", "month-5", "month-8")

STUDY: dict[str, Any] = {
    "study": "beat-the-blues",
    "title": {
        "en": "Beat the Blues: a course on a computer for depression",
        "da": "Beat the Blues: et kursus på computer mod depression",
    },
    "summary": {
        "en": "Some people got a course on a computer. Others got the usual care. We asked if the course helped.",
        "da": "Nogle fik et kursus på en computer. Andre fik den sædvanlige hjælp. Vi spurgte, om kurset hjalp.",
    },
    "registration": {"registry": "ClinicalTrials.gov", "number": "NCT00000000"},
    "publications": (
        {"citation": "Proudfoot J. An article. A journal 2004;185:46-54.", "doi": "10.1192/bjp.185.1.46"},
    ),
    "assumed": ({"en": "Nobody was blinded.", "da": "Ingen var blindet."},),
    "arms": {
        "tau": {"label": {"en": "Treatment as usual", "da": "Sædvanlig behandling"}, "reference": True},
        "beat-the-blues": {"label": {"en": "Beat the Blues", "da": "Beat the Blues"}},
    },
    "allocation": {"method": "not-reported", "assumed": {"en": "Its method is not known.", "da": "Metoden er ukendt."}},
    "characteristics": {
        "drug": {"label": {"en": "Takes antidepressants", "da": "Får medicin mod depression"}, "kind": "yes-no"},
        "length": {
            "label": {"en": "Length of this episode", "da": "Varighed af denne depression"},
            "kind": "category",
            "levels": {
                "<6m": {"en": "Less than 6 months", "da": "Under 6 måneder"},
                ">6m": {"en": "6 months or more", "da": "6 måneder eller mere"},
            },
        },
        "age": {"label": {"en": "Age", "da": "Alder"}, "kind": "number", "unit": "years"},
    },
    "visits": {
        "baseline": {"at": "0 months", "label": {"en": "Before treatment", "da": "Før behandlingen"}},
        "month-2": {"at": "2 months", "label": {"en": "End of treatment", "da": "Behandlingens afslutning"}},
        "month-3": {"at": "3 months"},
        "month-5": {"at": "5 months"},
        "month-8": {"at": "8 months"},
    },
    "forms": {"bdi": {"instrument": "bdi", "visits": VISITS, "by": "participant"}},
    "outcomes": {
        "depression": {
            "label": {"en": "Depression (BDI)", "da": "Depression (BDI)"},
            "form": "bdi",
            "family": "clinical",
            "role": "primary",
            "at": "month-8",
            "better": "lower",
            "smallest_effect": 5,
            "smallest_effect_source": {"en": "Assumed for this example.", "da": "Antaget til dette eksempel."},
        }
    },
    "analyses": {
        "primary": {
            "outcomes": ("depression",),
            "adjust": ("baseline", "drug", "length"),
            "estimand": {
                "population": {
                    "en": "People with depression in general practice",
                    "da": "Mennesker med depression i almen praksis",
                },
                "treatments": {
                    "en": "The course and usual care, against usual care",
                    "da": "Kurset og sædvanlig hjælp mod sædvanlig hjælp",
                },
                "variable": {"en": "BDI total 8 months after the start", "da": "BDI efter 8 måneder"},
                "intercurrent_events": (
                    {
                        "event": {"en": "Stopping the course", "da": "At stoppe på kurset"},
                        "strategy": "treatment-policy",
                    },
                ),
                "summary": {"en": "Difference in means", "da": "Forskel i gennemsnit"},
            },
        },
        "satterthwaite": {"outcomes": ("depression",), "role": "sensitivity", "df": "satterthwaite"},
    },
    "data": {
        "file": "data/btheb.csv",
        "layout": "wide",
        "source": {"en": "R package HSAUR3", "da": "R-pakken HSAUR3"},
        "licence": "GPL-2.0-only",
    },
    "flow": {
        "source": {"en": "The public data begin at allocation.", "da": "De offentlige data begynder ved lodtrækningen."}
    },
}

BDI: dict[str, Any] = {
    "instrument": "bdi",
    "title": {"en": "Beck Depression Inventory", "da": "Becks depressionsskala"},
    "short": "BDI",
    "family": "clinical",
    "respondent": ("participant",),
    "better": "lower",
    "scores": {"total": {"label": {"en": "Total", "da": "Samlet"}, "method": "entered", "minimum": 0, "maximum": 63}},
    "languages": ("en", "da"),
    "licence": {
        "status": "licensed",
        "wording": "site-supplied",
        "holder": "Pearson",
        "note": {"en": "Sold by the publisher.", "da": "Sælges af forlaget."},
    },
    "source": ("Beck AT. An inventory for measuring depression. 1961.",),
    "provisional": {"en": "The licence is general knowledge.", "da": "Licensen er almen viden."},
}

MEANS = {
    "tau": ((18.2948, 1.3147, 94.23), (16.7064, 1.5547, 85.71), (15.1190, 1.6133, 74.61), (12.4528, 1.6121, 67.80)),
    "beat-the-blues": (
        (15.1878, 1.1637, 92.77),
        (14.0562, 1.4524, 84.79),
        (13.3342, 1.5240, 74.63),
        (12.2597, 1.5018, 65.31),
    ),
}
DIFFERENCES = (
    (-3.1070, 1.7920, 94.17, -6.6651, 0.4511, 0.0862),
    (-2.6502, 2.1585, 87.46, -6.9402, 1.6398, 0.2228),
    (-1.7848, 2.2477, 76.62, -6.2609, 2.6913, 0.4297),
    (-0.1931, 2.2325, 68.33, -4.6476, 4.2614, 0.9313),
)
OBSERVED = {
    "tau": (
        (48, 24.1875, 9.8208, 23, 7, 47),
        (45, 19.4667, 11.0749, 20, 0, 48),
        (36, 17.6667, 12.6559, 15.5, 2, 49),
        (29, 16.2759, 12.7949, 19, 0, 47),
        (25, 13.6, 11.4746, 13, 0, 40),
    ),
    "beat-the-blues": (
        (52, 22.5385, 11.7430, 20.5, 2, 49),
        (52, 14.7115, 10.1233, 12.5, 0, 40),
        (37, 12.0270, 10.3722, 10, 0, 53),
        (29, 9.2414, 7.9944, 8, 0, 30),
        (27, 8.8519, 6.0871, 9, 0, 23),
    ),
}
ALLOCATED = {"tau": 48, "beat-the-blues": 52}
PAIR = ("beat-the-blues", "tau")
SD = 10.8698


def _estimate(name: str, df_method: str) -> Estimate:
    after = VISITS[1:]
    return Estimate(
        id=name,
        analysis=name,
        outcome="depression",
        model="mmrm",
        formula="bdi ~ bdi@baseline + drug + length + arm * visit",
        covariance="unstructured",
        df_method=df_method,
        method="reml",
        estimand=None,
        population="intention-to-treat",
        n_participants=97,
        n_observations=280,
        log_likelihood=-922.043020658466,
        converged=True,
        participants={"tau": 45, "beat-the-blues": 52},
        contrasts=tuple(
            Contrast(visit, PAIR, d, se, df, low, high, d / se, p)
            for visit, (d, se, df, low, high, p) in zip(after, DIFFERENCES, strict=True)
        ),
        means=tuple(
            Mean(arm, visit, m, se, df, m - 1.99 * se, m + 1.99 * se)
            for arm, rows in MEANS.items()
            for visit, (m, se, df) in zip(after, rows, strict=True)
        ),
        standardised=tuple(
            StandardisedEffect(visit, PAIR, d / SD, low / SD, high / SD, SD, "baseline")
            for visit, (d, _, _, low, high, _) in zip(after, DIFFERENCES, strict=True)
        ),
        equivalences=(Equivalence("month-8", PAIR, 5.0, -3.9151, 3.5289, 0.0176, "equivalent"),),
        diagnostics=Diagnostics(
            7,
            5,
            3.4e-13,
            14.18,
            8,
            (
                (69.2255, 51.0138, 52.7330, 46.8594),
                (51.0138, 87.5362, 63.2779, 53.4088),
                (52.7330, 63.2779, 86.0583, 59.8979),
                (46.8594, 53.4088, 59.8979, 76.5173),
            ),
            after,
        ),
    )


def _category(variable: str, level: str, tau: int, treated: int) -> BaselineRow:
    cells: dict[str, dict[str, float | None]] = {
        arm: {"n": total, "missing": 0, "count": count, "percent": 100 * count / total}
        for arm, count, total in (("tau", tau, 48), ("beat-the-blues", treated, 52), ("all", tau + treated, 100))
    }
    return BaselineRow(variable, "category", level, cells)


def _number(variable: str, kind: Any, *rows: tuple[str, float, float, float, float, float, float]) -> BaselineRow:
    return BaselineRow(
        variable,
        kind,
        None,
        {
            arm: {"n": n, "missing": 0, "mean": mean, "sd": sd, "median": median, "minimum": low, "maximum": high}
            for arm, n, mean, sd, median, low, high in rows
        },
    )


RESULT = Result(
    study="beat-the-blues",
    provenance=Provenance(
        "beat-the-blues",
        "5f1b" * 16,
        "btheb.csv",
        "a1c4e07d93b2" + "0" * 52,
        "imara 0.1.0",
        "3.11.7",
        {"numpy": "2.3.0", "scipy": "1.16.0", "polars": "1.31.0"},
        "imara analyse beat-the-blues --out report",
        None,
        "2025-11-23T03:09:00Z",
    ),
    flow=Flow(
        None,
        {},
        100,
        tuple(
            ArmFlow(
                arm,
                ALLOCATED[arm],
                {visit: row[0] for visit, row in zip(VISITS, OBSERVED[arm], strict=True)},
                {"primary": 45 if arm == "tau" else 52, "satterthwaite": 45 if arm == "tau" else 52},
            )
            for arm in ("tau", "beat-the-blues")
        ),
        "The public data begin at allocation.",
    ),
    baseline=(
        _number(
            "age",
            "number",
            ("tau", 48, 41.2, 12.3, 40, 19, 71),
            ("beat-the-blues", 52, 43.8, 13.9, 44.5, 18, 73),
            ("all", 100, 42.55, 13.1, 42, 18, 73),
        ),
        _category("drug", "no", 34, 22),
        _category("drug", "yes", 14, 30),
        _category("length", "<6m", 23, 26),
        _category("length", ">6m", 25, 26),
        _number(
            "bdi.total",
            "score",
            ("tau", 48, 24.1875, 9.8208, 23, 7, 47),
            ("beat-the-blues", 52, 22.5385, 11.7430, 20.5, 2, 49),
            ("all", 100, 23.33, 10.85, 22, 2, 49),
        ),
    ),
    completeness=tuple(
        Completeness("bdi", "total", visit, arm, row[0], ALLOCATED[arm])
        for visit_index, visit in enumerate(VISITS)
        for arm in ("tau", "beat-the-blues")
        for row in (OBSERVED[arm][visit_index],)
    ),
    observed=tuple(
        Observed("depression", visit, arm, *row)
        for arm, rows in OBSERVED.items()
        for visit, row in zip(VISITS, rows, strict=True)
    ),
    analyses=(_estimate("primary", "kenward-roger"), _estimate("satterthwaite", "satterthwaite")),
)


def make_folder(study: dict[str, Any], *instruments: dict[str, Any]) -> StudyFolder:
    """Build a checked study from plain values, without files."""
    built = [Instrument.model_validate(one) for one in instruments]
    return StudyFolder(
        Study.model_validate(study), {one.instrument: one for one in built}, {}, Path("beat-the-blues"), "5f1b" * 16
    )


@pytest.fixture(scope="session")
def folder() -> StudyFolder:
    """The study of two arms and five visits."""
    return make_folder(STUDY, BDI)


@pytest.fixture(scope="session")
def result() -> Result:
    """What its analysis found."""
    return RESULT


@pytest.fixture(scope="session")
def view(result: Result, folder: StudyFolder) -> View:
    """Both in English."""
    return View.of(result, folder, "en")


@pytest.fixture(scope="session")
def danish(result: Result, folder: StudyFolder) -> View:
    """Both in Danish."""
    return View.of(result, folder, "da")


# A second study, to see what more arms, two families and long names do to a page.

THREE_ARMS: dict[str, Any] = {
    "study": "three-arms",
    "title": {"en": "Three arms with long names", "da": "Tre grupper med lange navne"},
    "summary": {"en": "A made-up study with three groups.", "da": "Et opdigtet studie med tre grupper."},
    "arms": {
        "tau": {"label": {"en": "Usual care", "da": "Sædvanlig hjælp"}, "reference": True},
        "imr": {"label": {"en": "Illness Management and Recovery in groups", "da": "IMR i grupper"}},
        "imr-plus": {"label": {"en": "Illness Management and Recovery with supporters", "da": "IMR med pårørende"}},
    },
    "sites": {"north": {"label": {"en": "North", "da": "Nord"}}, "south": {"label": {"en": "South", "da": "Syd"}}},
    "visits": {
        "baseline": {"at": "0 months"},
        "end": {"at": "9 months", "label": {"en": "End of programme", "da": "Programmets slutning"}},
        "follow-up": {"at": "21 months"},
    },
    "forms": {
        "gaf": {"instrument": "gaf", "visits": ("baseline", "end", "follow-up"), "by": "assessor"},
        "hope": {"instrument": "hope", "visits": ("baseline", "end", "follow-up"), "by": "participant"},
        "panss": {"instrument": "panss", "visits": ("baseline", "end", "follow-up"), "by": "assessor"},
    },
    "outcomes": {
        "functioning": {
            "label": {"en": "Functioning (GAF-F)", "da": "Funktion (GAF-F)"},
            "form": "gaf",
            "family": "clinical",
            "role": "primary",
            "at": "end",
            "also_at": ("follow-up",),
            "better": "higher",
            "smallest_effect": 6,
        },
        "hope": {
            "label": {"en": "Hope and agency over the past week", "da": "Håb"},
            "form": "hope",
            "family": "personal",
            "at": "end",
            "better": "higher",
        },
        "symptoms": {
            "label": {"en": "Symptoms (PANSS)", "da": "Symptomer (PANSS)"},
            "form": "panss",
            "family": "clinical",
            "at": "end",
            "better": "lower",
            "smallest_effect": 8,
        },
    },
    "analyses": {"main": {"outcomes": ("functioning", "hope", "symptoms")}},
}


def _scale(name: str, low: float, high: float, family: str, better: str) -> dict[str, Any]:
    return {
        "instrument": name,
        "title": {"en": f"The {name} scale", "da": f"Skalaen {name}"},
        "short": name.upper(),
        "family": family,
        "respondent": ("clinician",),
        "better": better,
        "scores": {
            "total": {"label": {"en": "Total", "da": "Samlet"}, "method": "entered", "minimum": low, "maximum": high}
        },
        "licence": {"status": "unclear", "wording": "site-supplied", "note": {"en": "Unknown.", "da": "Ukendt."}},
        "source": ("A source.",),
    }


SCALES = (
    _scale("gaf", 0, 100, "clinical", "higher"),
    _scale("hope", 1, 5, "personal", "higher"),
    _scale("panss", 30, 210, "clinical", "lower"),
)


def invent(folder: StudyFolder, people: int = 40) -> Result:
    """Make up a result for any study: every arm, visit and outcome gets numbers of its scale, none of them real."""
    study = folder.study
    reference, others = study.reference_arm, study.treatment_arms
    visits = list(study.visits)
    estimates, observed, completeness = [], [], []
    for analysis, plan in study.analyses.items():
        for number, key in enumerate(plan.outcomes):
            outcome = study.outcomes[key]
            if outcome.form is None:
                name = analysis if len(plan.outcomes) == 1 else f"{analysis}.{key}"
                estimates.append(Estimate(
                    id=name, analysis=analysis, outcome=key, model=plan.model, formula="", covariance=plan.covariance,
                    df_method=plan.df, method=plan.method, estimand=None, population=plan.population,
                    n_participants=0, n_observations=0, log_likelihood=None, converged=False,
                    warnings=("Planned, but not computed.",)))  # fmt: skip
                continue
            score = folder.score_of(outcome.form, outcome.score)
            reach = score.maximum - score.minimum
            sd, se = 0.13 * reach, 0.02 * reach
            name = analysis if len(plan.outcomes) == 1 else f"{analysis}.{key}"
            after = visits[1:] or visits
            shift = {arm: (0.0 if arm == reference else (index + 1 - number) * 0.03 * reach)
                     for index, arm in enumerate((*others, reference))}  # fmt: skip
            middle = score.minimum + 0.45 * reach
            means = tuple(
                Mean(arm, v, middle + shift[arm], se, 50.0, middle + shift[arm] - 2 * se, middle + shift[arm] + 2 * se)
                for arm in study.arms
                for v in after
            )
            contrasts = tuple(
                Contrast(v, (arm, reference), shift[arm], se, 50.0, shift[arm] - 2 * se, shift[arm] + 2 * se,
                         shift[arm] / se, 0.04)
                for arm in others for v in after
            )  # fmt: skip
            margin = outcome.smallest_effect
            estimates.append(
                Estimate(
                    id=name, analysis=analysis, outcome=key, model="mmrm", formula=f"{key} ~ arm * visit",
                    covariance="unstructured", df_method="kenward-roger", method="reml", estimand=None,
                    population="intention-to-treat", n_participants=people * len(study.arms), n_observations=200,
                    log_likelihood=-500.0, converged=True, participants=dict.fromkeys(study.arms, people),
                    contrasts=contrasts, means=means,
                    standardised=tuple(StandardisedEffect(c.visit, c.arms, c.estimate / sd, c.ci_low / sd,
                                                          c.ci_high / sd, sd, "model") for c in contrasts),
                    equivalences=tuple(
                        judge(c, margin, outcome.better)
                        for v in (outcome.at, *outcome.also_at) for c in contrasts if margin and c.visit == v),
                )
            )  # fmt: skip
            observed += [
                Observed(key, v, arm, people, middle - 0.1 * reach, sd, middle, score.minimum, score.maximum)
                for v in visits
                for arm in study.arms
            ]
    for form in study.forms:
        completeness += [Completeness(form, "total", v, arm, people - 4 * index, people)
                         for index, v in enumerate(visits) for arm in study.arms]  # fmt: skip
    return Result(
        study=study.study,
        provenance=RESULT.provenance,
        flow=Flow(
            people * len(study.arms) + 30,
            {"Did not want to take part": 22, "Moved away": 8},
            people * len(study.arms),
            tuple(
                ArmFlow(arm, people, dict.fromkeys(visits, people), {one.id: people for one in estimates})
                for arm in study.arms
            ),
            None,
        ),
        baseline=(),
        completeness=tuple(completeness),
        observed=tuple(observed),
        analyses=tuple(estimates),
    )


@dataclass(frozen=True)
class Cast:
    """What tests vary: the plain values of both studies, and the means to build a view of them."""

    study: dict[str, Any]
    three_arms: dict[str, Any]
    bdi: dict[str, Any]
    scales: tuple[dict[str, Any], ...]
    result: Result

    def folder(self, study: dict[str, Any] | None = None, *instruments: dict[str, Any]) -> StudyFolder:
        """Build a study; the first one, where none is given."""
        return make_folder(study or self.study, *(instruments or (self.bdi,)))

    def invent(self, folder: StudyFolder, people: int = 40) -> Result:
        """Make up a result of a study."""
        return invent(folder, people)

    def view(self, result: Result | None = None, study: dict[str, Any] | None = None, language: Any = "en") -> View:
        """See a result of a (changed) first study."""
        return View.of(result or self.result, self.folder(study), language)

    def with_estimate(self, **changes: Any) -> Result:
        """Return the first result with its main analysis changed and the other one left out."""
        return replace(self.result, analyses=(replace(self.result.analyses[0], **changes),))


@pytest.fixture(scope="session")
def cast() -> Cast:
    """All there is to vary."""
    return Cast(STUDY, THREE_ARMS, BDI, SCALES, RESULT)


@pytest.fixture(scope="session")
def three_arms() -> View:
    """A view of three arms, three outcomes in both families, three visits."""
    folder = make_folder(THREE_ARMS, *SCALES)
    return View.of(invent(folder), folder, "en")
