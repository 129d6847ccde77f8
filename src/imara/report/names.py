"""What things of a study are called in the report's language: arms, visits, outcomes, scores, levels."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from imara.report.numbers import Numbers, decimals_of
from imara.report.words import Words
from imara.study.folder import StudyFolder
from imara.study.instrument import Score
from imara.study.plan import Outcome
from imara.study.vocabulary import Duration, Text


class Said(str):
    """Words that know whether they are in another language than the page, and tell a screen reader so."""

    __slots__ = ("language",)
    language: str | None

    def __new__(cls, words: str, language: str | None = None) -> Said:
        """Keep the words and the language they are in, if that is not the page's."""
        said = super().__new__(cls, words)
        said.language = language
        return said

    def __html__(self) -> Markup:
        words = escape(str(self))
        return words if self.language is None else Markup('<span lang="{}">{}</span>').format(self.language, words)


@dataclass(frozen=True)
class Names:
    """Names of one study in one language."""

    folder: StudyFolder
    words: Words
    numbers: Numbers

    def text(self, text: Text) -> Said:
        """Return a text of the study in the report's language, or in English and marked so."""
        foreign = self.words.language == "da" and text.da is None
        return Said(text.to(self.words.language), "en" if foreign else None)

    def arm(self, arm: str) -> str:
        """Name an arm; `all` is everybody."""
        if arm == "all":
            return self.words.say("table.all")
        return self.text(self.folder.study.arms[arm].label) if arm in self.folder.study.arms else arm

    def duration(self, duration: Duration) -> str:
        """Write a length of time: 8 months."""
        amount = self.numbers.plain(duration.amount)
        unit = self.words.say(f"unit.{duration.unit}.{'one' if abs(duration.amount) == 1 else 'many'}")
        return f"{amount}\u00a0{unit}"

    def visit(self, visit: str) -> str:
        """Name a visit in a table or on an axis."""
        planned = self.folder.study.visits.get(visit)
        if planned is None:
            return visit
        return self.text(planned.label) if planned.label else self.duration(planned.at)

    def visit_with_time(self, visit: str) -> str:
        """Name a visit with its time, where the name alone does not give it."""
        planned = self.folder.study.visits.get(visit)
        if planned is None or planned.label is None:
            return self.visit(visit)
        label, time = self.text(planned.label), self.duration(planned.at)
        return label if time.replace("\u00a0", " ") in label.replace("\u00a0", " ") else f"{label} ({time})"

    def when(self, visit: str) -> str:
        """Say when a visit is, inside a sentence: after 8 months."""
        planned = self.folder.study.visits.get(visit)
        if planned is None:
            return self.words.say("when.visit", visit=visit)
        if planned.at.amount == 0:
            return self.words.say("when.start")
        return self.words.say("when.after", time=self.duration(planned.at))

    def score(self, form: str, score: str) -> Score | None:
        """Return the score a form gives, where the study knows it."""
        planned = self.folder.study.forms.get(form)
        instrument = self.folder.instruments.get(planned.instrument) if planned else None
        return instrument.scores.get(score) if instrument else None

    def form(self, form: str, score: str) -> str:
        """Name a form's score: the instrument's abbreviation, and the score where it has several."""
        planned = self.folder.study.forms.get(form)
        instrument = self.folder.instruments.get(planned.instrument) if planned else None
        if instrument is None:
            return f"{form}.{score}"
        if len(instrument.scores) == 1 or score not in instrument.scores:
            return instrument.short
        return f"{instrument.short}: {self.text(instrument.scores[score].label)}"

    def outcome(self, outcome: str) -> str:
        """Name an outcome."""
        planned = self.folder.study.outcomes.get(outcome)
        return self.text(planned.label) if planned else outcome

    def plain_outcome(self, outcome: str) -> str:
        """Name an outcome without the abbreviation in brackets."""
        return self.outcome(outcome).split(" (")[0]

    def outcome_score(self, outcome: Outcome) -> Score | None:
        """Return the score an outcome is measured by; none for events."""
        if outcome.form is None:
            return None
        return self.score(outcome.form, self.folder.score_key(outcome))

    def decimals(self, outcome: str) -> int:
        """Return how many decimals an outcome's means deserve."""
        planned = self.folder.study.outcomes.get(outcome)
        return decimals_of(self.outcome_score(planned) if planned else None)

    def variable(self, variable: str) -> str:
        """Name a line of the baseline table: a characteristic, `site`, or `form.score`."""
        if variable == "site":
            return self.words.say("baseline.site")
        characteristic = self.folder.study.characteristics.get(variable)
        if characteristic is not None:
            label = self.text(characteristic.label)
            return f"{label} ({self.words.term('measure', characteristic.unit)})" if characteristic.unit else label
        form, _, score = variable.partition(".")
        return self.form(form, score)

    def level(self, variable: str, level: str) -> str:
        """Name a level of a category, of a site or of a yes-no question."""
        if variable == "site" and level in self.folder.study.sites:
            return self.text(self.folder.study.sites[level].label)
        characteristic = self.folder.study.characteristics.get(variable)
        if characteristic is not None and level in characteristic.levels:
            return self.text(characteristic.levels[level])
        return self.words.term("level", level.lower())
