"""Official wording of instruments, loaded by a site that has the right to it; until then, a notice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from imara.study.instrument import Instrument
from imara.study.problems import InputError, Problem, nearest_word
from imara.study.vocabulary import Language
from imara.study.wording_draft import Draft, check_draft, item_named
from imara.study.wording_fhir import read_fhir
from imara.study.wording_folder import read_pack_file
from imara.study.wording_redcap import read_redcap

_NOTICE: Mapping[Language, str] = {
    "en": (
        "The lines here are short topic labels, not the validated wording of {what}. "
        "Load the official wording before anyone answers it."
    ),
    "da": (
        "Linjerne her er korte emner, ikke den validerede ordlyd af {what}. "
        "Indlæs den officielle ordlyd, før nogen svarer på det."
    ),
}
_ANY: Mapping[Language, str] = {"en": "the questionnaire", "da": "spørgeskemaet"}


@dataclass(frozen=True)
class WordingPack:
    """The official words of one instrument in one language, checked against its items and options."""

    instrument: str
    language: Language
    instruction: str | None
    """What is said before the first item."""
    items: Mapping[str, str]
    """Item to its sentence, in order; read-only."""
    options: Mapping[str, Mapping[int, str]]
    """Item to its answers' labels, lowest first; read-only. Of a long range perhaps only the ends."""
    source: str
    """Where the wording comes from."""
    licence: str
    """The right under which the site uses it."""


def wording_notice(language: Language, instrument: Instrument | None = None) -> str:
    """Return what every form and report must say of an instrument while no pack is loaded for it."""
    return _NOTICE[language].format(what=_ANY[language] if instrument is None else instrument.short)


def load_wording(
    path: Path,
    instrument: Instrument,
    *,
    language: Language | None = None,
    source: str | None = None,
    licence: str | None = None,
    form: str | None = None,
    names: Mapping[str, str] | None = None,
    ignore: Collection[str] = (),
) -> WordingPack:
    """Load official wording from any of its forms and check it against the instrument.

    Args:
        path: A folder with a `pack.yaml`, that file, a REDCap data dictionary (`.csv`) or a FHIR Questionnaire
            (`.json`).
        instrument: What it words.
        language: Language of a file that does not say; one that says another is refused.
        source: Where the wording comes from, for a file that does not say.
        licence: The right under which the site uses it, for a file that does not say.
        form: The form of a dictionary that has several.
        names: Name of a field in a dictionary or Questionnaire to the item it is, where they differ.
        ignore: Fields that are no items of the instrument.

    Raises:
        InputError: With every problem found, by line and column, or JSON path.
    """
    file = str(path)
    if not instrument.items:
        message = f"{instrument.instrument} has no items here, only scores that are entered: there is nothing to word"
        raise InputError([Problem(file, message)])
    named = dict(names or {})
    if path.is_dir() or path.suffix.lower() in (".yaml", ".yml"):
        draft, named, ignore = _from_folder(path, instrument)
    else:
        draft = _from_file(path, instrument, form, ignore)
    problems = list(check_draft(draft, instrument, named))
    problems += _unsaid(draft, {"language": language, "source": source, "licence": licence})
    if problems:
        raise InputError(problems)
    items = {item_named(item.name, instrument, named) or item.name: item for item in draft.items}
    return WordingPack(
        instrument=instrument.instrument,
        language="da" if (draft.language or language) == "da" else "en",
        instruction=draft.instruction,
        items=MappingProxyType({id_: item.text for id_, item in items.items()}),
        options=MappingProxyType(
            {
                id_: MappingProxyType(dict(sorted((option.value, option.label) for option in item.options)))
                for id_, item in items.items()
            }
        ),
        source=draft.source or source or "",
        licence=draft.licence or licence or "",
    )


def wordings_in(folder: Path, instrument: Instrument) -> dict[Language, WordingPack]:
    """Load the packs a study or site folder holds for an instrument: `wording/<instrument>/<any name>/pack.yaml`.

    Raises:
        InputError: With the problems of all packs, and for two packs in one language.
    """
    packs: dict[Language, WordingPack] = {}
    problems: list[Problem] = []
    for file in sorted((folder / "wording" / instrument.instrument).glob("*/pack.yaml")):
        try:
            pack = load_wording(file, instrument)
        except InputError as error:
            problems += error.problems
            continue
        if pack.language in packs:
            message = f"there is another pack for {instrument.instrument} in this language"
            problems.append(Problem(str(file), message, None, "language", pack.language, "one pack a language"))
        packs.setdefault(pack.language, pack)
    if problems:
        raise InputError(problems)
    return packs


def _from_folder(path: Path, instrument: Instrument) -> tuple[Draft, dict[str, str], tuple[str, ...]]:
    file = path / "pack.yaml" if path.is_dir() else path
    reading, draft = read_pack_file(file, str(file))
    pack = reading.definition
    assert pack is not None  # read_pack_file raises otherwise
    if pack.instrument != instrument.instrument:
        message = f"this pack is for another instrument than {instrument.instrument}"
        line = reading.document.line(("instrument",))
        raise InputError([Problem(str(file), message, line, "instrument", pack.instrument, instrument.instrument)])
    if pack.file is None:
        return draft, dict(pack.names), pack.ignore
    other = file.parent / pack.file
    if other.suffix.lower() not in (".csv", ".json"):
        message = "words in another file are a REDCap data dictionary or a FHIR Questionnaire"
        line = reading.document.line(("file",))
        raise InputError([Problem(str(file), message, line, "file", pack.file, "a file named *.csv or *.json")])
    inner = _from_file(other, instrument, pack.form, pack.ignore)
    if inner.language not in (None, pack.language):
        message = "the file with the words is in another language than the pack"
        raise InputError([Problem(str(other), message, None, "language", inner.language, pack.language)])
    whole = Draft(
        inner.file, inner.items, pack.instruction or inner.instruction, pack.language, pack.source, pack.licence
    )
    return whole, dict(pack.names), pack.ignore


def _from_file(path: Path, instrument: Instrument, form: str | None, ignore: Collection[str]) -> Draft:
    file = str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"the wording cannot be read: {(error.strerror or 'no such file').lower()}"
        allowed = "a folder with a pack.yaml, a REDCap dictionary (.csv) or a FHIR Questionnaire (.json)"
        raise InputError([Problem(file, message, allowed=allowed)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte {raw[error.start]:#04x}"
        message = "a character here is not UTF-8; save the file as UTF-8"
        raise InputError([Problem(file, message, line, found=found, allowed="UTF-8")]) from None
    match path.suffix.lower():
        case ".csv":
            return read_redcap(text, file, instrument=instrument.instrument, form=form, ignore=ignore)
        case ".json":
            return read_fhir(text, file, ignore=ignore)
        case ending:
            message = "wording is a folder, a REDCap data dictionary or a FHIR Questionnaire"
            near = nearest_word(ending, (".csv", ".json", ".yaml"))
            allowed = ".csv, .json or pack.yaml"
            raise InputError([Problem(file, message, None, None, ending or "no ending", allowed, near)])


def _unsaid(draft: Draft, given: Mapping[str, str | None]) -> list[Problem]:
    problems = []
    for name, value in given.items():
        said = getattr(draft, name)
        if said is None and not value:
            message = f"neither the file nor the person who loads it says the {name} of this wording"
            allowed = "en or da" if name == "language" else "words"
            problems.append(Problem(draft.file, message, None, name, "nothing", allowed))
    spoken = draft.language or given["language"]
    if draft.language and given["language"] and draft.language != given["language"]:
        message = "the file is in another language than the one asked for"
        problems.append(Problem(draft.file, message, None, "language", draft.language, given["language"]))
    elif spoken and spoken not in ("en", "da"):
        problems.append(Problem(draft.file, "this language is not used here", None, "language", spoken, "en or da"))
    return problems
