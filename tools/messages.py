#!/usr/bin/env python3
"""Gathers the sentences of the service's pages for translation, and compiles the translations. Run by `make messages`.

Babel does what gettext's own programs do, and needs nothing but Python. Sentences are gathered from the whole service
into one catalogue, `src/imara/service/ui/locale`, so that a word is translated in one place.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SERVICE = ROOT / "src" / "imara" / "service"
LOCALE = SERVICE / "ui" / "locale"
LANGUAGES = ("da",)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # Rights are plain data; what they allow is said on a page.
    "_right": (2,),
}


def gather(folder: Path = SERVICE) -> Catalog:
    """Return a catalogue of all sentences in the code and the templates under a folder."""
    found = Catalog(charset="utf-8")
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Django turns a template into lines that look like Python to programs that gather sentences.
            lines = templatize(source, origin=str(path)).splitlines()
            source = "\n".join(line.strip() for line in lines)
        # A line number would change the file with every edit above it; the file alone is enough to find a sentence.
        where = path.relative_to(folder).as_posix()
        for _, message, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
            found.add(message, locations=[(where, None)], context=context)  # type: ignore[list-item]
    return found


def read(language: str) -> Catalog:
    """Return the translations of a language as they stand in its file; an empty catalogue when there is none."""
    path = source_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Imara", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def source_of(language: str) -> Path:
    """Return the file in which a language is translated."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as a file for translators: sorted, and without a date that changes by itself."""
    out = BytesIO()
    write_po(out, catalog, width=110, sort_output=True, ignore_obsolete=True, omit_header=False)
    changing = rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To): .*\n'
    text = re.sub(changing, b"", out.getvalue(), flags=re.MULTILINE)
    _, _, body = text.partition(b'msgid ""')
    return b"# What pages say. Gathered and compiled by `make messages`.\n" + b'msgid ""' + body


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue in the form that programs read, the same bytes each time."""
    catalog.creation_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """Return the sentences that are not translated, or only by a guess."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not all(texts(message)))]


def texts(message: Message) -> tuple[str, ...]:
    """Return a sentence's translation: one text, or one for each number."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def main() -> int:
    """Bring the files up to date and say what is left to translate."""
    template = gather()
    left = 0
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
        path = source_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        path.with_suffix(".mo").write_bytes(compiled(read(language)))
        for sentence in missing(read(language)):
            print(f"{path.relative_to(ROOT)}: not translated: {sentence}")
            left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
