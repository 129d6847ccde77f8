"""The study language in cases that run. The page docs/reference/study-language.md is made of the same cases.

After a change here: `.venv/bin/python tests/spec/test_study_language.py` writes the page anew.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from imara.study.expression import And, Comparison, Membership, Not, parse
from imara.study.fingerprint import fingerprint
from imara.study.problems import InputError
from imara.study.read import load_definition
from imara.study.study import Study

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "study-language.md"
BASE = "study: s\ntitle: T\nsummary: S\nvisits: {start: {at: 0 months}}\n"
MINIMAL = {"visits": {"start": {"at": "0 months"}}, "summary": "S", "title": "T", "study": "s"}


@dataclass(frozen=True)
class Case:
    """A piece of a study file, and what must be true of the study it gives."""

    title: str
    words: str
    text: str
    means: str
    holds: Callable[[Study], bool]


@dataclass(frozen=True)
class Refusal:
    """A piece of a study file that is refused, and with which words."""

    title: str
    words: str
    text: str
    answer: str


CASES: tuple[Case | Refusal, ...] = (
    Case(
        "Text for people",
        "Plain text is English. By language, English must be there; Danish is shown where it is.",
        "title: {en: Calm days, da: Rolige dage}\nsummary: A small study.",
        "The title in Danish is *Rolige dage*; the summary in Danish is *A small study.*",
        lambda study: study.title.to("da") == "Rolige dage" and study.summary.to("da") == "A small study.",
    ),
    Case(
        "Lengths of time",
        "A number and a unit: days, weeks, months or years. A month is a twelfth of 365.25 days.",
        "visits:\n  start: {at: 0 months}\n  end: {at: 9 months, window: [-4 weeks, +8 weeks]}",
        "The visit *end* is planned 273.9375 days after allocation, from 28 days before to 56 days after.",
        lambda study: (
            study.visits["end"].at.days == 273.9375
            and [length.days for length in study.visits["end"].window or ()] == [-28, 56]
        ),
    ),
    Case(
        "Yes, no, true, false",
        "YAML 1.2: `true` and `false` are truth values; `yes`, `no`, `on` and `off` are words.",
        "characteristics:\n  smoker:\n    label: Smokes\n    kind: category\n    levels: {no: Never, yes: Now}\n"
        "    baseline_table: false",
        "The levels are the words *no* and *yes*, and the table of baseline leaves the characteristic out.",
        lambda study: (
            list(study.characteristics["smoker"].levels) == ["no", "yes"]
            and study.characteristics["smoker"].baseline_table is False
        ),
    ),
    Case(
        "Names are text",
        "What stands before a colon is text as it is written, numbers and dates included.",
        "data:\n  file: data.csv\n  layout: long\n  source: A register\n  licence: CC0-1.0\n"
        "  values: {arm: {0: usual, 1: steps}}",
        "A cell that holds *0* means *usual*.",
        lambda study: study.data is not None and study.data.values["arm"] == {"0": "usual", "1": "steps"},
    ),
    Case(
        "One or more",
        "Where a list of names may stand, one name may stand alone.",
        "analyses:\n  primary: {outcomes: hope, visits: [end, later]}",
        "The analysis has one outcome, *hope*, and two visits.",
        lambda study: (
            study.analyses["primary"].outcomes == ("hope",) and study.analyses["primary"].visits == ("end", "later")
        ),
    ),
    Case(
        "Left out",
        "A field that is left out has the value its description gives.",
        "analyses:\n  primary: {outcomes: hope}",
        "Model mmrm, unstructured covariance, REML, Kenward-Roger, adjusted for baseline, 95% intervals.",
        lambda study: (
            [
                getattr(study.analyses["primary"], name)
                for name in ("model", "covariance", "method", "df", "adjust", "confidence")
            ]
            == ["mmrm", "unstructured", "reml", "kenward-roger", ("baseline",), 0.95]
        ),
    ),
    Case(
        "No better direction",
        "An outcome may describe without being judged: `better: neither`.",
        "outcomes:\n  contacts: {label: Contacts, event: contacts, measure: count, family: process, at: end, "
        "better: neither}",
        "The report gives the difference and draws no conclusion from it, so there is no smallest effect that matters.",
        lambda study: (
            study.outcomes["contacts"].better == "neither" and study.outcomes["contacts"].smallest_effect is None
        ),
    ),
    Case(
        "Said once, used twice",
        "An anchor (`&`) names a piece, an alias (`*`) repeats it, and `<<` adds fields to it.",
        "arms:\n  low: &arm {label: One meeting, grouped: true}\n  high: {<<: *arm, label: Ten meetings}",
        "The arm *high* is grouped too, under a label of its own.",
        lambda study: study.arms["high"].grouped and str(study.arms["high"].label) == "Ten meetings",
    ),
    Case(
        "Rules of eligibility",
        "Comparisons of characteristics, joined by `and`, `or`, `not` and brackets.",
        'eligibility:\n  include:\n    - {id: adult, ask: An adult?, rule: "age >= 18 and not (site in [north])"}',
        "Adults of every site but north. `not` binds tightest, then `and`, then `or`.",
        lambda study: (
            parse(study.eligibility.include[0].rule or "")
            == And((Comparison("age", ">=", 18.0, 1), Not(Membership("site", ("north",), 20))))
        ),
    ),
    Case(
        "The version of a study",
        "A SHA-256 of what the file means, with its instruments and programmes.",
        '# A comment\ntitle: {en: "T"}\nphase: completed',
        "The same version as without these lines: comments, quotes, order and values left at their default change "
        "nothing.",
        lambda study: fingerprint(study, {}, {}) == fingerprint(Study.model_validate(MINIMAL), {}, {}),
    ),
    Refusal(
        "A misspelt field",
        "Nothing is ignored: a field that does not exist is a mistake.",
        "arms:\n  steps: {label: Steps, progamme: steps}",
        "arms.steps.progamme: there is no field 'progamme' here (found: progamme). Allowed: label, description, "
        "programme, grouped, reference. Did you mean 'programme'?",
    ),
    Refusal(
        "A word instead of a truth value",
        "Since `yes` is a word, it cannot stand for true.",
        "blinding: {assessors: yes}",
        "blinding.assessors: true or false belongs here (found: yes). Allowed: true or false. Did you mean 'true'?",
    ),
    Refusal(
        "A number instead of text",
        "Numbers are not turned into text, since `1.10` would lose its last digit.",
        "registration: {registry: ISRCTN, number: 1.10}",
        "registration.number: text belongs here (found: 1.10). Allowed: text, in quotes if need be. "
        "Did you mean '\"1.10\"'?",
    ),
    Refusal(
        "A name that stands twice",
        "In YAML the last would win silently; here it is a mistake.",
        "phase: planned\ntarget: 40\nphase: running",
        "phase: 'phase' stands twice: it is already on line 1 (found: phase). Allowed: each name once.",
    ),
    Refusal(
        "Words with a comma between { and }",
        "A comma there ends a field. Quotes keep the words together.",
        "title: {en: Calm days, and nights}",
        "title.and nights: there is no field 'and nights' here; a comma inside { } starts a new field, so put the "
        "words in quotes (found: and nights). Allowed: en, da. Did you mean 'en: \"Calm days, and nights\"'?",
    ),
    Refusal(
        "Another word for ours",
        "Words of the field and of other programs are understood well enough to name ours. A long list of what is "
        "allowed stands after the suggestion.",
        "analyses:\n  primary: {outcomes: hope, covariance: us}",
        "analyses.primary.covariance: this word is not one of those allowed (found: us). Did you mean 'unstructured'? "
        "Allowed: unstructured, compound-symmetry, heterogeneous-compound-symmetry, ar1, heterogeneous-ar1, toeplitz, "
        "heterogeneous-toeplitz, ante-dependence, heterogeneous-ante-dependence.",
    ),
    Refusal(
        "A percentage instead of a share",
        "",
        "scenarios:\n  planned:\n    label: As planned\n    participants: 40\n    outcomes:\n      hope: {means: {}, "
        "sds: {}, correlation: 0.5, missing: {end: 38.9}, source: Assumed}",
        "scenarios.planned.outcomes.hope.missing.end: this number is out of range (found: 38.9). Allowed: a share from "
        "0 to 1. Did you mean '0.389'?",
    ),
    Refusal(
        "A length of time without its unit",
        "",
        "visits:\n  start: {at: 0}",
        "visits.start.at: this is not a length of time (found: 0). Allowed: a number and a unit, such as '9 months', "
        "'-4 weeks' or '0 days'. Did you mean '0 days'?",
    ),
)


def with_base(text: str) -> str:
    """Complete a piece of a study file with the required fields that it does not give."""
    given = {line.split(":")[0] for line in text.splitlines() if not line.startswith((" ", "#"))}
    return text + "\n" + "\n".join(line for line in BASE.splitlines() if line.split(":")[0] not in given) + "\n"


def read(text: str, folder: Path) -> Study:
    path = folder / "study.yaml"
    path.write_text(with_base(text), encoding="utf-8")
    return load_definition(path, Study, "study.yaml")


@pytest.mark.parametrize("case", [case for case in CASES if isinstance(case, Case)], ids=lambda case: case.title)
def test_the_language_means(case, tmp_path):
    assert case.holds(read(case.text, tmp_path))


@pytest.mark.parametrize("case", [case for case in CASES if isinstance(case, Refusal)], ids=lambda case: case.title)
def test_the_language_refuses(case, tmp_path):
    with pytest.raises(InputError) as error:
        read(case.text, tmp_path)

    [problem] = error.value.problems
    assert str(problem).split(", ", 2)[2] == case.answer


def page() -> str:
    """Return the page of the documentation that these cases make."""
    parts = [
        "# Study language",
        "How a study file is written, in cases that run as tests. All of it holds for instruments and programmes too. "
        "The [fields](study-file.md) are listed on their own page.",
    ]
    for case in CASES:
        kind = "yaml" if isinstance(case, Case) else "text"  # what is refused need not be YAML
        parts += [f"## {case.title}", case.words, f"```{kind}\n{case.text}\n```"]
        parts.append(case.means if isinstance(case, Case) else textwrap.indent(case.answer, "> "))
    return "\n\n".join(part for part in parts if part) + "\n"


def test_the_page_of_the_documentation_is_made_of_these_cases():
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
