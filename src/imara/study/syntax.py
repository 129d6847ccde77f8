"""Mistakes in YAML itself, in plain words."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError

from imara.study.problems import Problem


def short(words: str, limit: int = 80) -> str:
    """Return words on one line, cut to a length that fits into a message."""
    words = " ".join(words.split())
    if not words:
        return "nothing"
    return words if len(words) <= limit else words[: limit - 1] + "…"


_SYNTAX: tuple[tuple[str, str, str | None], ...] = (
    (r"character '\\t'|found a tab", "a tab stands here", "spaces for indentation"),
    (
        "mapping values are not allowed",
        "a colon stands where no field can begin",
        ("text with a colon in quotes, and fields of one entry indented alike"),
    ),
    ("undefined alias", "an alias refers to a name that was not anchored before", "an anchor '&name' above it"),
    ("another document", "a second document begins here", "one document in a file"),
    ("unexpected end of stream", "a quotation mark is opened here and never closed", "a closing quotation mark"),
    ("chomping or indentation", "text that begins with > or | needs quotes", "the text in quotes"),
    ("unknown escape character", r"a backslash in double quotes begins a special character", "single quotes"),
    (r"character '[@`%]'", "text that begins with this character needs quotes", "the text in quotes"),
    (
        "expected ',' or ']'",
        "a list that is opened here is not closed, or words in it need quotes",
        "a closing ], and quotes around words that hold : # or quotes",
    ),
    (
        "expected ',' or '}'",
        "fields that are opened here are not closed, or words in them need quotes",
        "a closing }, and quotes around words that hold : # or quotes",
    ),
    ("expected <block end>", "the indentation does not fit the lines above", "fields of one entry indented alike"),
    ("could not find expected ':'", "a field has no colon", "'name: value', with a space after the colon"),
)


def syntax_problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    """Say in plain words what a YAML parser says in its own."""
    reason = str(error.problem or error.context or "it is not YAML")
    mark = error.problem_mark or error.context_mark
    _, message, allowed = next((row for row in _SYNTAX if re.search(row[0], reason)), ("", "", None))
    if re.search("not closed|never closed|has no colon", message) and error.context_mark is not None:
        mark = error.context_mark  # where it begins, which may be far above
    line = 1 if mark is None else mark.line + 1
    lines = text.splitlines()
    found = short(lines[line - 1]) if line <= len(lines) else "the end of the file"
    if "a tab" in message and line <= len(lines) and re.match(r"[^\t]*:[ ]*\t", lines[line - 1]):
        allowed = "a space after the colon, not a tab"
    if "a colon stands" in message and _lacks_colon(lines, line - 1):
        message += ", or the line above lacks its colon"
    return Problem(file, message or f"this is not YAML: {reason}", line=line, found=found, allowed=allowed)


def _lacks_colon(lines: list[str], index: int) -> bool:
    """Tell whether the line above one is indented like it and has no colon, so that both were read as one text."""
    above, line = lines[index - 1] if index else "", lines[index]
    same = len(above) - len(above.lstrip()) == len(line) - len(line.lstrip())
    return bool(above.strip()) and same and not re.search(r":(\s|$)|^\s*#", above)


def unreadable_problem(error: Exception, text: str, file: str) -> Problem:
    """Say why a file cannot be read at all: nested too deeply, or with characters that are no text."""
    if isinstance(error, RecursionError):
        return Problem(file, "brackets are nested too deeply", line=1, allowed="a few levels")
    position = getattr(error, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
    character = getattr(error, "character", None)
    found = f"character {character:#06x}" if isinstance(character, int) else None
    return Problem(file, "an invisible control character stands here", line=line, found=found, allowed="plain text")
