"""Every word the report says itself, by language; words about a study come from its own folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

from imara.study.vocabulary import Language


def placeholders(sentence: str) -> frozenset[str]:
    """Return the names in braces that a sentence needs values for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


@dataclass(frozen=True)
class Words:
    """The catalogue of one language: dotted key to sentence."""

    language: Language
    sentences: dict[str, str]

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values in place; raise KeyError for an unknown key or a missing value.

        A sentence that begins with a time gets its capital here, as the time does not know where it stands.
        """
        sentence = self.sentences[key]
        said = sentence.format_map(values)
        return said[:1].upper() + said[1:] if sentence.startswith("{when}") else said

    def plural(self, key: str, amount: int, **values: object) -> str:
        """Return the sentence for one or for several: `key.one` or `key.many`."""
        return self.say(f"{key}.{'one' if amount == 1 else 'many'}", **values)

    def term(self, group: str, word: str) -> str:
        """Return a term of the study language in plain language, or the word itself where it is not known."""
        return self.sentences.get(f"{group}.{word}", word)

    def listing(self, items: list[str]) -> str:
        """Join items as a sentence does: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.say('grammar.and')} {items[-1]}"


def _flatten(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


@cache
def catalogue(language: Language) -> Words:
    """Read the catalogue of a language."""
    text = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Words(language, _flatten(tomllib.loads(text)))
