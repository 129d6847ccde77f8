"""How the columns and words of a data file are understood: our own names, and the map of a data source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from imara.study.problems import nearest_word

if TYPE_CHECKING:
    from imara.dataset.dictionary import Dictionary, Variable
    from imara.dataset.findings import Findings
    from imara.study.study import DataSource

Target = tuple[str, str | None]
"""What a column holds: a variable's canonical name and, in wide files, a visit."""


@dataclass(frozen=True)
class Naming:
    """What names and words mean in the files of one study."""

    dictionary: Dictionary
    source: DataSource | None = None
    """The map of a data source, where there is one."""
    strict: bool = False
    """Whether each column that the map names must exist; otherwise our own names will do as well."""
    missing: tuple[str, ...] = field(init=False)
    """Texts that stand for a missing value, besides an empty cell."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "missing", self.source.missing if self.source else ("", "NA"))

    def meaning(self, name: str) -> Target | None:
        """Return what one of our names stands for (`bdi@month-2`: a score at a visit), or None."""
        if (variable := self.dictionary.by_name.get(name)) is not None:
            return variable.name, None
        variable, word = self.at_visit(name)
        visit = self.dictionary.by_name["visit"].words.get(word)
        return None if variable is None or visit is None else (variable.name, visit)

    def at_visit(self, name: str) -> tuple[Variable | None, str]:
        """Return the variable and the word for a visit in a name like `bdi@month-2`; no variable in other names."""
        base, at, word = name.rpartition("@")
        variable = self.dictionary.by_name.get(base)
        return (variable if at and variable is not None and variable.at_visits else None), word

    @cached_property
    def theirs(self) -> Mapping[Target, str]:
        """What a column holds to its name in the file, for those that the map names."""
        columns = self.source.columns if self.source else {}
        return {target: theirs for our, theirs in columns.items() if (target := self.meaning(our)) is not None}

    @cached_property
    def values(self) -> Mapping[Target, Mapping[str, str]]:
        """What a column holds to {word in the file: our word}; without a visit where it is the same at all."""
        values = self.source.values if self.source else {}
        return {target: words for our, words in values.items() if (target := self.meaning(our)) is not None}

    def words(self, variable: Variable, visit: str | None) -> Mapping[str, str]:
        """Return {word in the file: our word} of a column."""
        everywhere = self.values.get((variable.name, None), {})
        return self.values.get((variable.name, visit), everywhere)

    def expected(self, target: Target) -> str:
        """Return the column name under which something is expected."""
        if target in self.theirs:
            return self.theirs[target]
        name, visit = target
        variable = self.dictionary.by_name[name]
        shortest = variable.aliases[0] if variable.aliases else name
        return shortest if visit is None else f"{shortest}@{visit}"

    def held_by(self, column: str, header: frozenset[str]) -> list[Target]:
        """Return what a column of the file holds, nothing for columns that are not ours."""
        mapped = [target for target, theirs in self.theirs.items() if theirs == column]
        if mapped:
            return mapped
        target = self.meaning(column)
        if target is None:
            return []
        # A map that sends `arm` to `treatment` leaves a column called `arm` unread, unless `treatment` is not there.
        sent = self.theirs.get(target)
        return [target] if sent is None or (not self.strict and sent not in header) else []

    def check(self, findings: Findings) -> None:
        """Note entries of the map that mean nothing."""
        if self.source is None:
            return
        for our in self.source.columns:
            if self.meaning(our) is None:
                findings.add(
                    "the map of columns has a name that the study does not know",
                    column=f"columns.{our}",
                    found=our,
                    nearest=self._nearest(our),
                )
        for our, words in self.source.values.items():
            target = self.meaning(our)
            if target is None:
                findings.add(
                    "the map of values has a name that the study does not know",
                    column=f"values.{our}",
                    found=our,
                    nearest=self._nearest(our),
                )
                continue
            variable = self.dictionary.by_name[target[0]]
            for theirs, ours in words.items():
                if variable.words and ours not in variable.words:
                    findings.add(
                        "the map of values leads to a value that does not exist",
                        column=f"values.{our}.{theirs}",
                        found=ours,
                        allowed=", ".join(variable.levels),
                        nearest=nearest_word(ours, list(variable.words)),
                    )

    def _nearest(self, name: str) -> str | None:
        variable, word = self.at_visit(name)
        if variable is None:
            return nearest_word(name, list(self.dictionary.by_name))
        visit = nearest_word(word, list(self.dictionary.by_name["visit"].words))
        return f"{name.removesuffix(word)}{visit}" if visit else None
