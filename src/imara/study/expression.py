"""The small language of eligibility rules: `age >= 18 and not (diagnosis in [dementia, delirium])`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Value = float | str | date
"""What a characteristic is compared with: a number, a date, or a word (a level, `yes`, `no`)."""
Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Comparison:
    """A characteristic compared with one value."""

    name: str
    operator: Operator
    value: Value
    column: int = 1
    """Where in the rule it begins, from 1."""


@dataclass(frozen=True)
class Membership:
    """Whether a characteristic is one of several values."""

    name: str
    values: tuple[Value, ...]
    column: int = 1


@dataclass(frozen=True)
class Not:
    """The opposite of a rule."""

    operand: Expression


@dataclass(frozen=True)
class And:
    """Rules that must all hold."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Or:
    """Rules of which one must hold."""

    operands: tuple[Expression, ...]


Expression = Comparison | Membership | Not | And | Or

GRAMMAR = "comparisons such as age >= 18 or site in [north, south], joined by and, or, not and brackets ( )"
_MOST_NESTED = 50


class ExpressionError(ValueError):
    """A rule that cannot be read: what is wrong, where, and what may stand there."""

    def __init__(self, message: str, column: int, found: str, allowed: str, nearest: str | None = None) -> None:
        """Keep what is wrong at `column` (from 1)."""
        super().__init__(message)
        self.message = message
        self.column = column
        self.found = found
        self.allowed = allowed
        self.nearest = nearest


def parse(rule: str) -> Expression:
    """Read a rule.

    Args:
        rule: Comparisons (`==`, `!=`, `<`, `<=`, `>`, `>=`, `in [..]`, `not in [..]`) of a characteristic with numbers,
            dates (`2011-02-28`), words or quoted text, joined by `not`, `and`, `or` and brackets. `not` binds tightest,
            then `and`, then `or`. A yes-no characteristic is compared with `yes` or `no`.

    Raises:
        ExpressionError: When the rule is not of this form. Nothing is ever executed.
    """
    return _Parser(rule).whole()


def comparisons(expression: Expression) -> Iterator[Comparison | Membership]:
    """Yield every comparison in an expression, from left to right."""
    if isinstance(expression, (And, Or)):
        for operand in expression.operands:
            yield from comparisons(operand)
    elif isinstance(expression, Not):
        yield from comparisons(expression.operand)
    else:
        yield expression


@dataclass(frozen=True)
class _Token:
    kind: Literal["name", "number", "date", "text", "operator", "mark", "end"]
    text: str
    column: int


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<date>\d{4}-\d{2}-\d{2})(?![\w.])
    |(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+))(?![\w.])
    |(?P<name>[A-Za-zÀ-ɏ_][\wÀ-ɏ]*(?:-[\wÀ-ɏ]+)*)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<operator>==|!=|<=|>=|<|>)
    |(?P<mark>[()\[\],])
    )""",
    re.VERBOSE,
)
_KEYWORDS = ("and", "or", "not", "in")
_OPERATORS: dict[str, Operator] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MEANT = {
    "=": "==",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "&&": "and",
    "||": "or",
    "&": "and",
    "|": "or",
    "!": "not",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}


def _tokens(rule: str) -> list[_Token]:
    tokens, position = [], 0
    while rule[position:].strip():
        match = _TOKEN.match(rule, position)
        start = position + len(rule[position:]) - len(rule[position:].lstrip())
        if match is None or match.lastgroup is None:
            wrong = next((sign for sign in sorted(_MEANT, key=len, reverse=True) if rule.startswith(sign, start)), None)
            if wrong is None:
                wrong = re.split(r"[\s()\[\],]", rule[start:], maxsplit=1)[0] or rule[start]
            message = f"'{wrong}' has no meaning in a rule"
            raise ExpressionError(message, start + 1, wrong, GRAMMAR, _MEANT.get(wrong))
        tokens.append(_Token(match.lastgroup, match.group(match.lastgroup), start + 1))  # type: ignore[arg-type]  # the groups are named after the kinds
        position = match.end()
    return [*tokens, _Token("end", "the end of the rule", len(rule) + 1)]


class _Parser:
    """Reads from left to right with one token in view."""

    def __init__(self, rule: str) -> None:
        self.tokens = _tokens(rule)
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def whole(self) -> Expression:
        expression = self.either()
        if self.token.kind != "end":
            if self.token.text == "=":
                raise self.error("'=' has no meaning in a rule", "==", "==")
            raise self.error("the rule should end here, or go on with 'and' or 'or'", "and, or", self.keyword_meant())
        return expression

    def either(self) -> Expression:
        operands = [self.both()]
        while self.accept("or"):
            operands.append(self.both())
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def both(self) -> Expression:
        operands = [self.negation()]
        while self.accept("and"):
            operands.append(self.negation())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def negation(self) -> Expression:
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise self.error("the rule is nested too deeply", f"at most {_MOST_NESTED} levels")
        expression = Not(self.negation()) if self.accept("not") else self.single()
        self.depth -= 1
        return expression

    def single(self) -> Expression:
        if self.accept("("):
            expression = self.either()
            self.expect(")")
            return expression
        return self.comparison()

    def comparison(self) -> Expression:
        first = self.token
        if first.kind != "name" or first.text in _KEYWORDS:
            raise self.error("a comparison begins with the name of a characteristic", GRAMMAR)
        self.position += 1
        if self.accept("in"):
            return Membership(first.text, self.values(), first.column)
        if self.token.text == "not" and self.tokens[self.position + 1].text == "in":
            self.position += 2
            return Not(Membership(first.text, self.values(), first.column))
        operator = _OPERATORS.get(self.token.text) if self.token.kind == "operator" else None
        if operator is None:
            message = f"a comparison should follow '{first.text}'"
            raise self.error(message, f"{', '.join(_OPERATORS)}, in, not in", self.keyword_meant())
        self.position += 1
        return Comparison(first.text, operator, self.value(), first.column)

    def values(self) -> tuple[Value, ...]:
        self.expect("[")
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        self.expect("]")
        return tuple(values)

    def value(self) -> Value:
        token = self.token
        if token.kind in ("mark", "operator", "end") or token.text in _KEYWORDS:
            raise self.error("a value should stand here", "a number, a date, a word, or text in quotes")
        self.position += 1
        if token.kind == "number":
            return float(token.text)
        if token.kind == "date":
            try:
                return date.fromisoformat(token.text)
            except ValueError:
                self.position -= 1
                raise self.error("there is no such date", "a date as year-month-day") from None
        return token.text[1:-1] if token.kind == "text" else token.text

    def accept(self, text: str) -> bool:
        if self.token.text == text and self.token.kind in ("name", "mark"):
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.error(f"'{text}' should stand here", text)

    def keyword_meant(self) -> str | None:
        word = self.token.text.lower()
        return word if word in _KEYWORDS else None

    def error(self, message: str, allowed: str, nearest: str | None = None) -> ExpressionError:
        return ExpressionError(message, self.token.column, self.token.text, allowed, nearest)
