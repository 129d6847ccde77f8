"""Which column of a data file holds which variable at which visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from imara.dataset.findings import shorten
from imara.study.problems import nearest_word

if TYPE_CHECKING:
    from imara.dataset.dictionary import Dictionary, Variable
    from imara.dataset.findings import Findings
    from imara.study.study import DataSource

Layout = Literal["long", "wide"]
Content = Literal["everything", "participants", "visits"]
"""What a file is to hold: all, or one of the halves where participants have a file of their own."""


@dataclass(frozen=True)
class Column:
    """A column that is read."""

    position: int
    name: str
    """Its name in the file."""
    variable: Variable
    visit: str | None = None
    """In wide files, the visit its values belong to."""


@dataclass(frozen=True)
class Naming:
    """How names are to be understood: the map of a data source, and whether all of it must be there."""

    source: DataSource | None
    strict: bool
    """Whether a column that the map names must exist; otherwise our own names will do as well."""

    @property
    def ours(self) -> dict[str, list[str]]:
        """The file's column to our names for it."""
        names: dict[str, list[str]] = {}
        for our, theirs in (self.source.columns if self.source else {}).items():
            names.setdefault(theirs, []).append(our)
        return names

    def theirs(self, our: str) -> str:
        """Return the column that is expected to hold what we call `our`."""
        return self.source.columns.get(our, our) if self.source else our


def assign_columns(
    header: Sequence[str], dictionary: Dictionary, naming: Naming, content: Content, findings: Findings
) -> tuple[Layout, list[Column]]:
    """Decide the layout and which variable each column holds; note what is missing, doubled or unknown."""
    _check_map(dictionary, naming, findings)
    repeated = {name for name in header if name and header.count(name) > 1} if len(set(header)) < len(header) else set()
    for name in sorted(repeated):
        findings.add(f"{header.count(name)} columns have the same name", line=1, column=name, found=name)
    columns: list[Column] = []
    extra: list[str] = []
    ours = naming.ours
    for position, name in enumerate(header):
        targets = ours.get(name) or ([name] if _may_be_ours(name, header, naming) else [])
        known = [target for our in targets if (target := resolve(our, dictionary)) is not None]
        if known:
            columns += [Column(position, name, variable, visit) for variable, visit in known]
        elif name not in ours:
            extra.append(name)
    layout = _layout(columns, naming)
    columns = _fit(columns, layout, content, findings)
    columns = _once(columns, repeated, findings)
    missing = dict.fromkeys(_missing(columns, layout, content, dictionary))
    if naming.strict and naming.source:
        # Whoever wrote the map expects these, needed or not.
        missing |= dict.fromkeys(our for our, theirs in naming.source.columns.items() if theirs not in header)
    for our in missing:
        expected = naming.theirs(our)
        findings.add(
            "the column is missing",
            line=1,
            column=expected,
            found=f"the columns {shorten(', '.join(header))}",
            nearest=nearest_word(expected, extra),
        )
    _note_extra(extra, columns, dictionary, findings)
    if not missing:
        _note_absent(columns, layout, content, dictionary, findings)
    return layout, columns


def resolve(name: str, dictionary: Dictionary) -> tuple[Variable, str | None] | None:
    """Return the variable (and visit, for `bdi@month-2`) that one of our names stands for, or None."""
    if (variable := dictionary.by_name.get(name)) is not None:
        return variable, None
    base, at, word = name.rpartition("@")
    variable = dictionary.by_name.get(base)
    if not at or variable is None or not variable.at_visits:
        return None
    visit = dictionary.by_name["visit"].words.get(word)
    return None if visit is None else (variable, visit)


def _may_be_ours(name: str, header: Sequence[str], naming: Naming) -> bool:
    # A map that sends `arm` to `treatment` leaves a column called `arm` unread, unless `treatment` is not there.
    mapped = naming.theirs(name)
    return mapped == name or (not naming.strict and mapped not in header)


def _layout(columns: Sequence[Column], naming: Naming) -> Layout:
    if naming.strict and naming.source:
        return naming.source.layout
    if any(column.variable.role == "visit" for column in columns):
        return "long"
    measures = [column for column in columns if column.variable.at_visits]
    # Scores without a visit in their name can only belong to a long file whose visit column is missing.
    return "long" if measures and all(column.visit is None for column in measures) else "wide"


def _fit(columns: Sequence[Column], layout: Layout, content: Content, findings: Findings) -> list[Column]:
    """Drop columns that do not fit the layout, and note them."""
    fitting: list[Column] = []
    for column in columns:
        variable, visit = column.variable, column.visit
        if variable.computed:
            findings.warn("the column is not read: this score is computed from the items", column=column.name)
        elif content == "participants" and (variable.at_visits or variable.role == "visit"):
            findings.warn("the column is not read: the file is about participants, not visits", column=column.name)
        elif content == "visits" and not variable.at_visits and variable.role not in ("participant", "visit"):
            findings.add("the column belongs in the file of participants only", line=1, column=column.name)
        elif layout == "long" and visit is not None:
            findings.add(
                "a file with one row for each visit cannot have a column for one visit",
                line=1,
                column=column.name,
                allowed="one column for all visits, and a visit column",
            )
        elif layout == "wide" and variable.at_visits and visit is None and len(variable.visits) > 1:
            findings.add(
                "the column does not say which visit it belongs to",
                line=1,
                column=column.name,
                allowed=", ".join(f"{variable.name}@{visit}" for visit in variable.visits),
            )
        elif visit is not None and visit not in variable.visits:
            findings.add(
                f"{variable.form} is not collected at {visit}",
                line=1,
                column=column.name,
                allowed=", ".join(variable.visits),
            )
        elif layout == "wide" and variable.at_visits and visit is None:
            fitting.append(Column(column.position, column.name, variable, variable.visits[0]))
        elif layout == "long" or variable.role != "visit":
            fitting.append(column)
    return fitting


def _once(columns: Sequence[Column], repeated: set[str], findings: Findings) -> list[Column]:
    """Return the first column of each thing; note where another holds the same."""
    first: dict[tuple[str, str | None], Column] = {}
    for column in columns:
        other = first.setdefault((column.variable.name, column.visit), column)
        if other is not column and column.name not in repeated:
            findings.add(f"this column and '{other.name}' hold the same thing", line=1, column=column.name)
    return list(first.values())


def _missing(columns: Sequence[Column], layout: Layout, content: Content, dictionary: Dictionary) -> Iterator[str]:
    """Yield our names of columns that the study cannot do without."""
    present = {(column.variable.name, column.visit) for column in columns}
    for variable in dictionary:
        name = variable.aliases[0] if variable.aliases else variable.name
        if not variable.required or (variable.role == "visit" and (layout == "wide" or content == "participants")):
            continue
        if variable.at_visits and content == "participants":
            continue
        if not variable.at_visits and content == "visits" and variable.role not in ("participant", "visit"):
            continue
        if variable.at_visits and layout == "wide":
            yield from (f"{name}@{visit}" for visit in variable.visits if (variable.name, visit) not in present)
        elif (variable.name, None) not in present:
            yield name


def _note_absent(
    columns: Sequence[Column], layout: Layout, content: Content, dictionary: Dictionary, findings: Findings
) -> None:
    """Warn of what the study collects, the plan does not need and the file does not have."""
    present = {(column.variable.name, column.visit) for column in columns}
    for variable in dictionary.with_role("characteristic", "score"):
        if variable.computed or content == ("visits" if variable.role == "characteristic" else "participants"):
            continue
        by_visit = variable.visits if layout == "wide" and variable.at_visits else (None,)
        absent = [visit for visit in by_visit if (variable.name, visit) not in present]
        if absent:
            where = f" at {', '.join(filter(None, absent))}" if 0 < len(absent) < len(by_visit) else ""
            findings.warn(f"the file has no column for it{where}, so it is missing for everyone", column=variable.name)


def _note_extra(extra: Sequence[str], columns: Sequence[Column], dictionary: Dictionary, findings: Findings) -> None:
    visit_words = dictionary.by_name["visit"].words
    there = {column.variable.name for column in columns}
    absent = [name for name, variable in dictionary.by_name.items() if variable.name not in there]
    for name in extra:
        base, at, word = name.rpartition("@")
        variable = dictionary.by_name.get(base)
        if at and variable is not None and variable.at_visits:
            # It is plainly meant for us, so leaving it unread would lose data.
            findings.add(
                "the column is for an unknown visit",
                line=1,
                column=name,
                found=word,
                allowed=", ".join(variable.visits),
                nearest=nearest_word(word, list(visit_words)),
            )
        elif name:
            nearest = nearest_word(name, absent)
            findings.warn("the column is not part of the study and is not read", column=name, nearest=nearest)
        else:
            findings.warn("a column without a name is not read")


def _check_map(dictionary: Dictionary, naming: Naming, findings: Findings) -> None:
    """Note entries of the data source's map that mean nothing."""
    if naming.source is None:
        return
    known = [*dictionary.by_name]
    for our in naming.source.columns:
        if resolve(our, dictionary) is None:
            base, at, word = our.rpartition("@")
            if at and base in known:
                nearest = nearest_word(word, list(dictionary.by_name["visit"].words))
                nearest = f"{base}@{nearest}" if nearest else None
            else:
                nearest = nearest_word(our, known)
            findings.add(
                "the map of columns has a name that the study does not know",
                column=f"columns.{our}",
                found=our,
                nearest=nearest,
            )
    for our, values in naming.source.values.items():
        target = resolve(our, dictionary)
        if target is None:
            findings.add(
                "the map of values has a name that the study does not know",
                column=f"values.{our}",
                found=our,
                nearest=nearest_word(our, known),
            )
            continue
        words = target[0].words
        for theirs, value in values.items():
            if words and value not in words:
                findings.add(
                    "the map of values leads to a value that does not exist",
                    column=f"values.{our}.{theirs}",
                    found=value,
                    allowed=", ".join(target[0].levels),
                    nearest=nearest_word(value, list(words)),
                )
