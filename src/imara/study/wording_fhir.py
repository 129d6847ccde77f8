"""Wording from a FHIR Questionnaire (R4, R4B or R5): items, their text and their answer options."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from imara.study.problems import InputError, Problem
from imara.study.wording_draft import Draft, DraftItem, DraftOption, Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# A coded answer's score: an extension of R4, its successor in R5, or else the code itself.
_SCORES = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
_NOT_ASKED = ("group", "display")


def read_fhir(text: str, file: str, *, ignore: Collection[str] = ()) -> Draft:
    """Read the items of a Questionnaire; those in groups too, in order.

    Args:
        text: The file's content.
        file: How the person named it, for messages.
        ignore: `linkId`s that are no items.

    Raises:
        InputError: With every problem of the file, by JSON path.
    """
    try:
        resource = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError([Problem(file, f"this is not JSON: {error.msg.lower()}", error.lineno)]) from None
    except RecursionError:
        raise InputError([Problem(file, "values are nested too deeply", 1)]) from None
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if kind != "Questionnaire":
        message = "this is not a FHIR Questionnaire"
        raise InputError([Problem(file, message, field="$.resourceType", found=_shown(kind), allowed="Questionnaire")])
    reader = _Reader(file, frozenset(ignore), _contained(resource))
    items = tuple(reader.items(resource.get("item"), "$.item"))
    if reader.problems:
        raise InputError(reader.problems)
    language = resource.get("language")
    return Draft(
        file,
        items,
        instruction=reader.instruction,
        language=language.split("-")[0].lower() if isinstance(language, str) else None,
        source=next((words for key in ("url", "title", "publisher") if (words := _text(resource, key))), None),
        licence=_text(resource, "copyright") or None,
    )


class _Reader:
    """Walks through the items and remembers what is wrong with them."""

    def __init__(self, file: str, ignore: frozenset[str], value_sets: dict[str, Any]) -> None:
        self.file = file
        self.ignore = ignore
        self.value_sets = value_sets
        self.instruction: str | None = None
        self.problems: list[Problem] = []
        self._asked = False

    def wrong(self, path: str, message: str, allowed: str, found: object = None) -> None:
        self.problems.append(Problem(self.file, message, field=path, found=_shown(found), allowed=allowed))

    def items(self, entries: object, path: str) -> Iterator[DraftItem]:
        if not isinstance(entries, list):
            self.wrong(path, "there is no list of items", "a list of items", entries)
            return
        for index, entry in enumerate(entries):
            here = f"{path}[{index}]"
            if not isinstance(entry, dict):
                self.wrong(here, "an item is a set of named values", "linkId, text, type", entry)
                continue
            name, kind = _text(entry, "linkId"), _text(entry, "type")
            if not name:
                self.wrong(f"{here}.linkId", "an item needs a linkId", "a text", entry.get("linkId"))
            if not kind:
                allowed = "choice, coding, integer, display, group"
                self.wrong(f"{here}.type", "an item needs a type", allowed, entry.get("type"))
            if kind in _NOT_ASKED:
                if not self._asked:
                    self.instruction = _text(entry, "text") or self.instruction
            elif name and name not in self.ignore:
                self._asked = True
                options = tuple(self._options(entry, here))
                text, options_path = Where(None, f"{here}.text"), Where(None, f"{here}.answerOption")
                yield DraftItem(name, _text(entry, "text"), options, text, options_path)
            if "item" in entry:
                yield from self.items(entry["item"], f"{here}.item")

    def _options(self, entry: dict[str, Any], path: str) -> Iterator[DraftOption]:
        if "answerValueSet" in entry:
            reference = entry["answerValueSet"]
            concepts = self.value_sets.get(reference) if isinstance(reference, str) else None
            if concepts is None:
                message = "answers are listed outside this file, where they cannot be checked"
                self.wrong(f"{path}.answerValueSet", message, "answerOption, or a contained ValueSet", reference)
                return
            for concept_path, concept in concepts:
                yield from self._coded(concept, concept_path)
            return
        options = entry.get("answerOption", [])
        if not isinstance(options, list):
            self.wrong(f"{path}.answerOption", "options are a list", "a list", options)
            return
        for index, option in enumerate(options):
            here = f"{path}.answerOption[{index}]"
            if isinstance(option, dict) and isinstance(option.get("valueCoding"), dict):
                yield from self._coded({**option, **option["valueCoding"], "outer": option}, f"{here}.valueCoding")
            elif isinstance(option, dict) and type(option.get("valueInteger")) is int:
                value = option["valueInteger"]
                yield DraftOption(value, str(value), Where(None, f"{here}.valueInteger"))
            else:
                self.wrong(here, "an option needs a number that is scored", "valueCoding or valueInteger", option)

    def _coded(self, coding: dict[str, Any], path: str) -> Iterator[DraftOption]:
        value = _score(coding)
        if value is None:
            value = _score(coding.get("outer", {}))
        if value is None and str(coding.get("code", "")).removeprefix("-").isdecimal():
            value = float(coding["code"])
        if value is None or not float(value).is_integer():
            message = "an option needs a whole number that is scored: an ordinal value, or a code that is one"
            self.wrong(path, message, "extension ordinalValue, or code", coding.get("code"))
            return
        yield DraftOption(int(value), _text(coding, "display"), Where(None, f"{path}.display"))


def _score(element: dict[str, Any]) -> float | None:
    extensions = element.get("extension")
    for extension in extensions if isinstance(extensions, list) else []:
        if isinstance(extension, dict) and extension.get("url") in _SCORES:
            value = extension.get("valueDecimal", extension.get("valueInteger"))
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return float(value)
    return None


def _contained(resource: dict[str, Any]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Return the concepts of each contained ValueSet by its reference, with their JSON paths."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    contained = resource.get("contained")
    for index, inner in enumerate(contained if isinstance(contained, list) else []):
        try:
            if inner["resourceType"] == "ValueSet":
                found[f"#{inner['id']}"] = [
                    (f"$.contained[{index}].compose.include[{i}].concept[{c}]", dict(concept))
                    for i, include in enumerate(inner["compose"]["include"])
                    for c, concept in enumerate(include["concept"])
                ]
        except (KeyError, TypeError, ValueError):
            continue  # an item that needs it will say that it cannot be found
    return found


def _text(element: dict[str, Any], key: str) -> str:
    value = element.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words if len(words) <= 80 else words[:79] + "…"
