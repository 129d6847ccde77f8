"""A YAML file as plain values, together with the line on which each of them stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from imara.study.problems import InputError, Problem
from imara.study.syntax import short, syntax_problem, unreadable_problem

Place = tuple[str | int, ...]
"""Where a value stands in a document: keys and list positions from the outside in."""

_TAG = "tag:yaml.org,2002:"
_PLAIN = {_TAG + kind for kind in ("null", "bool", "int", "float", "str", "timestamp", "value", "map", "seq")}
_MOST_VALUES = 200_000
"""More than any real definition holds; stops a small file that unfolds into a huge one through its aliases."""


@dataclass(frozen=True)
class Document:
    """The values of one YAML file and where they stand. Keys are always text, exactly as written."""

    file: str
    """The file, as the person named it."""
    values: dict[str, Any]
    """The whole file; lists are Python lists."""
    lines: Mapping[Place, int]
    """Line of each value: of its key when it has one, else its own; from 1."""
    texts: Mapping[Place, str]
    """Each single value as written in the file."""
    inline: frozenset[Place] = frozenset()
    """Where fields stand between { }."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the YAML although it can be read, such as a key that stands twice."""

    def line(self, place: Place) -> int:
        """Return the line of what stands at `place`, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def values_at(self, place: Place) -> Any:
        """Return what stands at `place`, or None when nothing does."""
        value: Any = self.values
        for step in place:
            if isinstance(value, dict):
                value = value.get(str(step))
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def path(self, place: Place) -> str:
        """Return `place` as a dotted path; entries of a list show their `id`, or their position from 0."""
        words = ""
        value: Any = self.values
        for step in place:
            inside: Any = None
            if isinstance(value, dict):
                inside = value.get(str(step))
            elif isinstance(value, list) and isinstance(step, int):
                inside = value[step] if step < len(value) else None
            elif isinstance(step, int):
                continue  # a single value where a list may stand: the file has no such level
            named = inside.get("id") if isinstance(step, int) and isinstance(inside, dict) else None
            if isinstance(step, int) and not isinstance(named, str):
                words += f"[{step}]"
            else:
                words += f".{named or step}" if words else str(named or step)
            value = inside
        return words

    def found(self, place: Place) -> str | None:
        """Return what stands at `place` in the words of the file, shortened, or None when nothing does."""
        value: Any = self.values
        for step in place:
            if isinstance(value, dict) and str(step) in value:
                value = value[str(step)]
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            elif not isinstance(step, int) or isinstance(value, (dict, list)):
                return None
        written = self.texts.get(place)
        return _in_words(value) if written is None or isinstance(value, (dict, list)) else short(written)


def read_document(path: Path, file: str) -> Document:
    """Read a YAML 1.2 file.

    Args:
        path: Where the file is.
        file: How the person named it, for messages.

    Raises:
        InputError: When the file is missing, empty, not UTF-8, not YAML, or not a set of named fields.
    """
    text = _text_of(path, file)
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise InputError([syntax_problem(error, text, file)]) from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise InputError([unreadable_problem(error, text, file)]) from None
    if root is None:
        message = "the file is empty"
        raise InputError([Problem(file, message, line=1, found="nothing", allowed="fields written as 'name: value'")])
    builder = _Builder(file)
    if not isinstance(root, MappingNode):
        kind = "a list" if isinstance(root, SequenceNode) else "a single value"
        message = "the file does not hold named fields"
        line = root.start_mark.line + 1
        allowed = "fields written as 'name: value', each on a line of its own"
        raise InputError([Problem(file, message, line=line, found=kind, allowed=allowed)])
    builder.lines[()] = root.start_mark.line + 1
    try:
        values = builder.build(root, ())
    except RecursionError:
        raise InputError([Problem(file, "values are nested too deeply", line=1)]) from None
    return Document(file, values, builder.lines, builder.texts, frozenset(builder.inline), tuple(builder.problems))


def _text_of(path: Path, file: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = "is a folder" if path.is_dir() else (error.strerror or "cannot be read").lower()
        raise InputError([Problem(file, f"the file cannot be read: {reason}")]) from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "the file is written in UTF-16, which cannot be read here; save it as UTF-8"
        raise InputError([Problem(file, message, line=1, found="UTF-16", allowed="UTF-8", nearest="UTF-8")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = "a character here is not UTF-8; save the file as UTF-8"
        found = f"byte {raw[error.start]:#04x}"
        raise InputError([Problem(file, message, line=line, found=found, allowed="UTF-8")]) from None


@dataclass
class _Builder:
    """Turns YAML nodes into values and remembers their places."""

    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)
    inline: set[Place] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    _open: list[Node] = field(default_factory=list)

    def build(self, node: Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if len(self.lines) > _MOST_VALUES:
            line = node.start_mark.line + 1
            message = f"the file holds more than {_MOST_VALUES} values, or unfolds to that through its aliases"
            raise InputError([*self.problems, Problem(self.file, message, line=line)])
        if any(node is above for above in self._open):
            self._report(node, place, "this alias contains itself")
            return None
        if str(node.tag) not in _PLAIN:
            self._report(node, place, "tags are not used here", str(node.tag), "plain values")
        if isinstance(node, ScalarNode):
            self.texts[place] = str(node.value)
            return _scalar(str(node.tag), str(node.value))
        self._open.append(node)
        value: Any = None
        if isinstance(node, SequenceNode):
            value = [self.build(child, (*place, index)) for index, child in enumerate(node.value)]
        elif isinstance(node, MappingNode):
            value = self._mapping(node, place)
        self._open.pop()
        return value

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        merged: dict[str, tuple[Node, Node]] = {}
        if node.flow_style:
            self.inline.add(place)
        for key, child in node.value:
            if not isinstance(key, ScalarNode):
                self._report(key, place, "the name of a field must be plain text", allowed="'name: value'")
                continue
            if key.tag == _TAG + "merge":
                for name, pair in self._merged(child, place).items():
                    merged.setdefault(name, pair)
                continue
            name = str(key.value)
            line = key.start_mark.line + 1
            inner = (*place, name)
            if name in values:
                message = f"'{name}' stands twice: it is already on line {self.lines[inner]}"
                allowed = "each name once"
                where = ".".join(str(step) for step in inner)
                self.problems.append(Problem(self.file, message, line=line, field=where, found=name, allowed=allowed))
                continue
            self.lines[inner] = line
            values[name] = self.build(child, inner)
        for name, (key, child) in merged.items():
            if name not in values:
                self.lines[(*place, name)] = key.start_mark.line + 1
                values[name] = self.build(child, (*place, name))
        return values

    def _merged(self, node: Node, place: Place) -> dict[str, tuple[Node, Node]]:
        """Return the pairs that `<<` brings in; earlier mappings of a list win, as YAML says."""
        pairs: dict[str, tuple[Node, Node]] = {}
        for part in node.value if isinstance(node, SequenceNode) else [node]:
            if not isinstance(part, MappingNode):
                message = "'<<' brings in the fields of another entry"
                self._report(part, place, message, allowed="an alias such as *name")
                continue
            for key, child in part.value:
                if isinstance(key, ScalarNode):
                    pairs.setdefault(str(key.value), (key, child))
        return pairs

    def _report(
        self, node: Node, place: Place, message: str, found: str | None = None, allowed: str | None = None
    ) -> None:
        where = ".".join(str(step) for step in place) or None
        line = node.start_mark.line + 1
        self.problems.append(Problem(self.file, message, line=line, field=where, found=found, allowed=allowed))


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _scalar(tag: str, text: str) -> Any:
    """Return the value of a scalar by the core rules of YAML 1.2; dates become dates, all else stays text."""
    kind = tag.removeprefix(_TAG)
    try:
        if kind == "null":
            return None
        if kind == "bool":
            return {"true": True, "false": False}[text.lower()]
        if kind == "int":
            return int(text, 0) if re.match(r"[+-]?0[box]", text) else int(text)
        if kind == "float":
            return float(re.sub(r"^([+-]?)\.(inf|nan)$", r"\1\2", text.lower()))
        if kind == "timestamp" and _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except (ValueError, KeyError):
        return text
    return text


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return short("fields " + ", ".join(value)) if value else "no fields"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    return "nothing" if value is None else short(str(value))
