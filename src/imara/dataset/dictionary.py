"""The data dictionary: every variable a study collects, derived from its definition and written nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from imara.study.vocabulary import Text

if TYPE_CHECKING:
    from imara.study.collection import Form
    from imara.study.folder import StudyFolder
    from imara.study.people import Characteristic

Role = Literal["participant", "arm", "site", "visit", "date", "characteristic", "item", "score"]
Kind = Literal["text", "category", "yes-no", "number", "whole-number", "date"]
AT_VISITS: frozenset[Role] = frozenset({"date", "item", "score"})
"""Roles of variables that have one value a participant and visit; the others have one a participant."""


@dataclass(frozen=True)
class Variable:
    """One thing that is recorded, or computed from what is recorded."""

    name: str
    """Its canonical column name: `arm`, `bdi.total`, `phq-9.i1`."""
    label: Text
    """Its name for people."""
    role: Role
    kind: Kind
    levels: Mapping[str, Text | None]
    """For a category: value to label, in the order of the definition."""
    visits: tuple[str, ...] = ()
    """At which visits it is collected; empty for what is recorded once about each participant."""
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False
    """Whether a data file must have it: without it the study's own plan cannot be followed."""
    computed: bool = False
    """Whether it is computed from items rather than read."""
    aliases: tuple[str, ...] = ()
    """Other column names that mean the same: `bdi` for the usual score of the form `bdi`."""
    form: str | None = None
    """For scores and items, the form they belong to."""
    defined_in: str = ""
    """Where in the definition it comes from, as a dotted path."""

    @property
    def at_visits(self) -> bool:
        """Whether it has one value a participant and visit."""
        return self.role in AT_VISITS

    @cached_property
    def words(self) -> dict[str, str]:
        """For a category: every word that may stand for a value (the value itself, its labels) to the value."""
        labels = [
            (label, value)
            for value, text in self.levels.items()
            if text is not None
            for label in {text.en, text.to("da")}
        ]
        seen = [label for label, _ in labels]
        # A label that two values share says neither.
        unambiguous = {label: value for label, value in labels if seen.count(label) == 1}
        return unambiguous | {value: value for value in self.levels}

    @property
    def allowed(self) -> str:
        """Return in words what may stand in a cell."""
        if self.levels:
            return ", ".join(self.levels)
        if self.kind == "date":
            return "a date as year-month-day, such as 2024-03-31"
        if self.kind == "yes-no":
            return "yes, no"
        if self.kind == "text":
            return "any text that is not empty"
        noun = "whole numbers" if self.kind == "whole-number" else "numbers"
        if self.minimum is not None and self.maximum is not None:
            return f"{noun} from {self.minimum:g} to {self.maximum:g}"
        if self.minimum is not None:
            return f"{noun} of at least {self.minimum:g}"
        return noun if self.maximum is None else f"{noun} of at most {self.maximum:g}"


@dataclass(frozen=True)
class Dictionary:
    """All variables of a study: those about the participant first, then by form."""

    study: str
    fingerprint: str
    variables: tuple[Variable, ...]

    def __iter__(self) -> Iterator[Variable]:
        return iter(self.variables)

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        """Canonical names and aliases to variables."""
        names = {alias: variable for variable in self.variables for alias in variable.aliases}
        return names | {variable.name: variable for variable in self.variables}

    def with_role(self, *roles: Role) -> tuple[Variable, ...]:
        """Return the variables that have one of these roles, in order."""
        return tuple(variable for variable in self.variables if variable.role in roles)


def dictionary_of(folder: StudyFolder) -> Dictionary:
    """Derive the data dictionary of a study from its definition."""
    study = folder.study
    variables = [
        Variable(
            "participant",
            Text(en="Participant", da="Deltager"),
            "participant",
            "text",
            {},
            required=True,
            defined_in="study",
        ),
    ]
    if study.arms:
        order = sorted(study.arms, key=lambda key: not study.arms[key].reference)
        variables.append(
            Variable(
                "arm",
                Text(en="Arm", da="Arm"),
                "arm",
                "category",
                {key: study.arms[key].label for key in order},
                required=True,
                defined_in="arms",
            )
        )
    if study.sites:
        # With a single site there is nothing to tell apart, so a file need not say it.
        variables.append(
            Variable(
                "site",
                Text(en="Site", da="Center"),
                "site",
                "category",
                {key: site.label for key, site in study.sites.items()},
                required=len(study.sites) > 1,
                defined_in="sites",
            )
        )
    planned = {name for analysis in study.analyses.values() for name in (*analysis.adjust, *analysis.adjust_by_visit)}
    planned |= set(study.allocation.strata) if study.allocation else set()
    variables += [_characteristic(key, value, required=key in planned) for key, value in study.characteristics.items()]
    visits = tuple(study.visits)
    variables.append(
        Variable(
            "visit",
            Text(en="Visit", da="Besøg"),
            "visit",
            "category",
            {key: visit.label or Text(en=str(visit.at)) for key, visit in study.visits.items()},
            required=True,
            defined_in="visits",
        )
    )
    if "date" not in study.characteristics:
        variables.append(
            Variable(
                "date",
                Text(en="Date of the visit", da="Besøgets dato"),
                "date",
                "date",
                {},
                visits=visits,
                defined_in="visits",
            )
        )
    for key, form in study.forms.items():
        variables += _of_form(key, form, folder)
    return Dictionary(study.study, folder.fingerprint, tuple(variables))


def _characteristic(key: str, value: Characteristic, *, required: bool) -> Variable:
    return Variable(
        key,
        value.label,
        "characteristic",
        value.kind,
        dict(value.levels),
        unit=value.unit,
        minimum=value.minimum,
        maximum=value.maximum,
        required=required,
        defined_in=f"characteristics.{key}",
    )


def _of_form(key: str, form: Form, folder: StudyFolder) -> Iterator[Variable]:
    instrument = folder.instrument_of(key)
    place = f"forms.{key} (instrument {instrument.instrument}: "
    by_item = form.recorded_as == "items"
    if by_item:
        for item in instrument.items:
            yield Variable(
                f"{key}.{item.id}",
                item.topic,
                "item",
                "whole-number",
                {},
                form.visits,
                minimum=item.minimum,
                maximum=item.maximum,
                required=True,
                form=key,
                defined_in=f"{place}items.{item.id})",
            )
    judged = _judged_scores(key, folder)
    for name, score in instrument.scores.items():
        computed = by_item and score.method != "entered"
        yield Variable(
            f"{key}.{name}",
            score.label,
            "score",
            "whole-number" if score.whole else "number",
            {},
            form.visits,
            unit="points",
            minimum=score.minimum,
            maximum=score.maximum,
            required=name in judged and not computed,
            computed=computed,
            aliases=(key,) if name == folder.score_key(key) else (),
            form=key,
            defined_in=f"{place}scores.{name})",
        )


def _judged_scores(form: str, folder: StudyFolder) -> set[str]:
    """Return the scores of a form that an outcome is made of."""
    return {folder.score_key(outcome) for outcome in folder.study.outcomes.values() if outcome.form == form}
