"""Whatever the rule and however little is known: an answer never changes when more becomes known."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from imara.rules.eligibility import Finding, Outcome, holds, screen
from imara.study.expression import And, Comparison, Expression, Membership, Not, Or
from imara.study.study import Study

LEVELS = ("a", "b", "c")
NAMES = ("one", "two", "three")

leaves = st.builds(
    Comparison, st.sampled_from(NAMES), st.sampled_from(["==", "!="]), st.sampled_from(LEVELS)
) | st.builds(Membership, st.sampled_from(NAMES), st.lists(st.sampled_from(LEVELS), min_size=1, max_size=3).map(tuple))
rules = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=8,
)
known = st.fixed_dictionaries({name: st.sampled_from([None, *LEVELS]) for name in NAMES})


def completions(values: dict[str, str | None]) -> list[dict[str, str]]:
    choices = [LEVELS if values[name] is None else (values[name],) for name in NAMES]
    return [dict(zip(NAMES, choice, strict=True)) for choice in product(*choices)]  # type: ignore[arg-type]


def plain(rule: Expression, values: dict[str, str]) -> bool:
    """Evaluate with Python's own logic, where everything is known."""
    match rule:
        case And(operands):
            return all(plain(operand, values) for operand in operands)
        case Or(operands):
            return any(plain(operand, values) for operand in operands)
        case Not(operand):
            return not plain(operand, values)
        case Membership(name, wanted):
            return values[name] in wanted
        case Comparison(name, operator, wanted_value):
            return (values[name] == wanted_value) is (operator == "==")


@given(rules, known)
def test_a_rule_that_decides_decides_the_same_whatever_turns_up(rule, values):
    answer = holds(rule, values)
    later = {plain(rule, whole) for whole in completions(values)}

    if answer is not None:
        assert later == {answer}
    if all(value is not None for value in values.values()):
        assert {answer} == later


@given(rules, known)
def test_not_turns_an_answer_round_and_keeps_what_is_unknown(rule, values):
    answer = holds(rule, values)
    assert holds(Not(rule), values) == (None if answer is None else not answer)
    assert holds(And((rule, Not(rule))), values) in ((None,) if answer is None else (False,))
    assert holds(Or((rule, Not(rule))), values) in ((None,) if answer is None else (True,))


@given(rules, rules, known)
def test_one_false_part_is_enough_and_so_is_one_true_part(one, other, values):
    answers = [holds(one, values), holds(other, values)]

    both, either = holds(And((one, other)), values), holds(Or((other, one)), values)
    assert (both is False) == (False in answers)
    assert (both is True) == (answers == [True, True])
    assert (either is True) == (True in answers)
    assert (either is False) == (answers == [False, False])


criteria = st.lists(st.tuples(st.sampled_from(["include", "exclude"]), st.booleans()), max_size=6)


@given(criteria, st.data())
def test_the_outcome_follows_from_the_findings_and_only_settles(wanted, data):
    parts: dict[str, list[dict[str, object]]] = {"include": [], "exclude": []}
    for number, (part, until_resolved) in enumerate(wanted):
        parts[part].append({"id": f"c{number}", "ask": "?", "until_resolved": until_resolved})
    study = Study.model_validate(
        {
            "study": "s",
            "title": "S",
            "summary": "S",
            "visits": {"b": {"at": "0 days", "label": "B"}},
            "eligibility": parts,
        }
    )
    answers = {
        f"c{n}": data.draw(st.sampled_from([True, False, None])) for n in range(len(wanted)) if data.draw(st.booleans())
    }

    result = screen(study, {}, answers)

    in_the_way = {n for n, (part, _) in enumerate(wanted) if answers.get(f"c{n}") is (part == "exclude")}
    unknown = {n for n in range(len(wanted)) if answers.get(f"c{n}") is None}
    assert set(result.reasons) == {f"c{n}" for n in in_the_way}
    assert set(result.open) == {f"c{n}" for n in unknown}
    if in_the_way:
        passing = all(wanted[n][1] for n in in_the_way)
        assert result.outcome is (Outcome.SCREEN_AGAIN if passing else Outcome.NOT_ELIGIBLE)
    else:
        assert result.outcome is (Outcome.INCOMPLETE if unknown else Outcome.ELIGIBLE)
    for found in result.findings:
        asked = found.id in answers
        assert (found.finding is Finding.NEEDS_A_PERSON) == (not asked)

    # Who is eligible has every answer; who is out for good stays out, whatever else is answered.
    more = {f"c{n}": data.draw(st.booleans()) for n in unknown}
    settled = screen(study, {}, {**answers, **more})
    assert settled.outcome is not Outcome.INCOMPLETE
    if result.outcome is Outcome.NOT_ELIGIBLE:
        assert settled.outcome is Outcome.NOT_ELIGIBLE
    if result.outcome is Outcome.SCREEN_AGAIN:
        assert settled.outcome in (Outcome.SCREEN_AGAIN, Outcome.NOT_ELIGIBLE)
