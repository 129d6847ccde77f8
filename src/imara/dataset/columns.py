"""Which column of a data file holds which variable at which visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from imara.dataset.findings import shorten
from imara.study.problems import nearest_word

if TYPE_CHECKING:
    from imara.dataset.dictionary import Variable
    from imara.dataset.findings import Findings
    from imara.dataset.naming import Naming, Target

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

    @property
    def target(self) -> Target:
        """What it holds."""
        return self.variable.name, self.visit


def assign_columns(
    header: Sequence[str], naming: Naming, content: Content, findings: Findings
) -> tuple[Layout, list[Column]]:
    """Decide the layout and which variable each column holds; note what is missing, doubled or unknown."""
    naming.check(findings)
    names = frozenset(header)
    repeated = {name for name in names if name and header.count(name) > 1} if len(names) < len(header) else set()
    for name in sorted(repeated):
        findings.add(f"{header.count(name)} columns have the same name", line=1, column=name, found=name)
    by_name = naming.dictionary.by_name
    columns = [
        Column(position, name, by_name[variable], visit)
        for position, name in enumerate(header)
        for variable, visit in naming.held_by(name, names)
    ]
    held = {column.position for column in columns}
    extra = [name for position, name in enumerate(header) if position not in held]
    layout = _layout(columns, naming, content)
    columns = _once(_fit(columns, layout, content, findings), repeated, findings)
    missing = dict.fromkeys(_missing(columns, layout, content, naming))
    if naming.strict:
        # Whoever wrote the map expects these, needed or not.
        missing |= dict.fromkeys(target for target, theirs in naming.theirs.items() if theirs not in names)
    for target in missing:
        expected = naming.expected(target)
        findings.add(
            "the column is missing",
            line=1,
            column=expected,
            found=f"the columns {shorten(', '.join(header))}",
            nearest=nearest_word(expected, extra),
        )
    _note_extra(extra, columns, naming, findings)
    if not missing:
        _note_absent(columns, layout, content, naming, findings)
    return layout, columns


def _layout(columns: Sequence[Column], naming: Naming, content: Content) -> Layout:
    if content == "participants":
        return "wide"
    if naming.strict and naming.source:
        return naming.source.layout
    if any(column.variable.role == "visit" for column in columns):
        return "long"
    measures = [column for column in columns if column.variable.at_visits]
    # Scores without a visit in their name can only belong to a long file whose visit column is missing, unless the
    # form is answered once.
    once = all(len(column.variable.visits) == 1 for column in measures)
    return "long" if measures and not once and all(column.visit is None for column in measures) else "wide"


def _belongs(variable: Variable, layout: Layout, content: Content) -> bool:
    """Return whether a file of this kind has this variable."""
    if variable.role == "participant":
        return True
    if variable.role == "visit":
        return layout == "long"
    return content != ("participants" if variable.at_visits else "visits")


def _fit(columns: Sequence[Column], layout: Layout, content: Content, findings: Findings) -> list[Column]:
    """Return the columns that fit the layout; note the others."""
    fitting: list[Column] = []
    for column in columns:
        variable, visit = column.variable, column.visit
        if variable.computed:
            findings.warn("the column is not read: this score is computed from the items", column=column.name)
        elif not _belongs(variable, layout, content):
            if content == "visits":
                findings.add("the column belongs in the file of participants only", line=1, column=column.name)
            else:
                findings.warn("the column is not read: the file has one row for each participant", column=column.name)
        elif not variable.at_visits:
            fitting.append(column)
        elif layout == "wide" and visit is None and len(variable.visits) == 1:
            fitting.append(replace(column, visit=variable.visits[0]))
        elif (fault := _fault(variable, visit, layout)) is not None:
            findings.add(fault[0], line=1, column=column.name, allowed=fault[1])
        else:
            fitting.append(column)
    return fitting


def _fault(variable: Variable, visit: str | None, layout: Layout) -> tuple[str, str] | None:
    """Return what is wrong with a column of this visit, and what is allowed."""
    if layout == "long":
        message = "a file with one row for each visit cannot have a column for one visit"
        return None if visit is None else (message, "one column for all visits, and a visit column")
    if visit is None:
        names = ", ".join(f"{variable.name}@{visit}" for visit in variable.visits)
        return "the column does not say which visit it belongs to", names
    if visit not in variable.visits:
        return f"{variable.form} is not collected at {visit}", ", ".join(variable.visits)
    return None


def _once(columns: Sequence[Column], repeated: set[str], findings: Findings) -> list[Column]:
    """Return the first column of each thing; note where another holds the same."""
    first: dict[Target, Column] = {}
    for column in columns:
        other = first.setdefault(column.target, column)
        if other is not column and column.name not in repeated:
            findings.add(f"this column and '{other.name}' hold the same thing", line=1, column=column.name)
    return list(first.values())


def _missing(columns: Sequence[Column], layout: Layout, content: Content, naming: Naming) -> Iterator[Target]:
    """Yield what the study cannot do without and no column holds."""
    present = {column.target for column in columns}
    for variable in naming.dictionary:
        if variable.required and _belongs(variable, layout, content):
            yield from (target for target in _targets(variable, layout) if target not in present)


def _targets(variable: Variable, layout: Layout) -> list[Target]:
    if variable.at_visits and layout == "wide":
        return [(variable.name, visit) for visit in variable.visits]
    return [(variable.name, None)]


def _note_absent(
    columns: Sequence[Column], layout: Layout, content: Content, naming: Naming, findings: Findings
) -> None:
    """Warn of what the study collects, the plan does not need and the file does not have."""
    present = {column.target for column in columns}
    for variable in naming.dictionary.with_role("characteristic", "score"):
        if variable.computed or not _belongs(variable, layout, content):
            continue
        targets = _targets(variable, layout)
        absent = [visit for name, visit in targets if (name, visit) not in present]
        if absent:
            where = f" at {', '.join(filter(None, absent))}" if len(absent) < len(targets) else ""
            findings.warn(f"the file has no column for it{where}, so it is missing for everyone", column=variable.name)


def _note_extra(extra: Sequence[str], columns: Sequence[Column], naming: Naming, findings: Findings) -> None:
    """Warn of columns that are not read; those plainly meant for us, were it not for their visit, are mistakes."""
    there = {column.variable.name for column in columns}
    by_name = naming.dictionary.by_name
    absent = [name for name, variable in by_name.items() if variable.name not in there]
    for name in extra:
        variable, word = naming.at_visit(name)
        if variable is not None and naming.meaning(name) is None:
            findings.add(
                "the column is for an unknown visit",
                line=1,
                column=name,
                found=word,
                allowed=", ".join(variable.visits),
                nearest=nearest_word(word, list(by_name["visit"].words)),
            )
        elif name:
            nearest = nearest_word(name, absent)
            findings.warn("the column is not part of the study and is not read", column=name, nearest=nearest)
        else:
            findings.warn("a column without a name is not read")
