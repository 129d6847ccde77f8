"""A study together with everything it refers to, as read from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imara.study.instrument import Instrument, Score
from imara.study.intervention import Programme
from imara.study.plan import Outcome
from imara.study.study import Study


@dataclass(frozen=True)
class StudyFolder:
    """A checked study: its definition, the instruments and programmes it uses, and its version."""

    study: Study
    instruments: Mapping[str, Instrument]
    """Instrument name to instrument, for those the study's forms use."""
    programmes: Mapping[str, Programme]
    """Programme name to programme, for those the study's arms use."""
    path: Path
    """The folder."""
    fingerprint: str
    """SHA-256 of the canonical form of study, instruments and programmes: the study's version."""

    def instrument_of(self, form: str) -> Instrument:
        """Return the instrument that a form uses."""
        return self.instruments[self.study.forms[form].instrument]

    def score_of(self, form: str, score: str) -> Score:
        """Return a score of the instrument that a form uses."""
        return self.instrument_of(form).scores[score]

    def score_key(self, form_or_outcome: str | Outcome) -> str:
        """Return the score that a form, or an outcome measured by one, stands for.

        An outcome may name its score. Where it does not, and for a form, the instrument's `total` is meant, or else
        its first score.

        Raises:
            ValueError: For an outcome that counts events.
        """
        if isinstance(form_or_outcome, str):
            return self.instrument_of(form_or_outcome).usual_score
        if form_or_outcome.form is None:
            raise ValueError("an outcome that counts events has no score")
        return form_or_outcome.named_score or self.score_key(form_or_outcome.form)

    def score_column(self, form_or_outcome: str | Outcome) -> str:
        """Return the column of a dataset that holds that score: `form.score`."""
        form = form_or_outcome if isinstance(form_or_outcome, str) else form_or_outcome.form
        return f"{form}.{self.score_key(form_or_outcome)}"
