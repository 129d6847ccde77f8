"""What a service calls people: client, participant or patient; the same word on every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True)
class Word:
    """A noun in the forms that sentences need."""

    one: str
    """One of them: participant, deltager."""
    the: str
    """The one spoken of: the participant, deltageren."""
    many: str
    """Several: participants, deltagere."""
    the_many: str
    """Those spoken of: the participants, deltagerne."""


def _english(one: str) -> Word:
    return Word(one, f"the {one}", f"{one}s", f"the {one}s")


VOCABULARY: dict[str, dict[str, dict[str, Word]]] = {
    "participant": {
        "participant": {
            "en": _english("participant"),
            "da": Word("deltager", "deltageren", "deltagere", "deltagerne"),
        },
        "client": {"en": _english("client"), "da": Word("klient", "klienten", "klienter", "klienterne")},
        "patient": {"en": _english("patient"), "da": Word("patient", "patienten", "patienter", "patienterne")},
        "service-user": {"en": _english("service user"), "da": Word("bruger", "brugeren", "brugere", "brugerne")},
        "citizen": {"en": _english("citizen"), "da": Word("borger", "borgeren", "borgere", "borgerne")},
    },
    "practitioner": {
        "practitioner": {
            "en": _english("practitioner"),
            "da": Word("behandler", "behandleren", "behandlere", "behandlerne"),
        },
        "facilitator": {
            "en": _english("facilitator"),
            "da": Word("gruppeleder", "gruppelederen", "gruppeledere", "gruppelederne"),
        },
        "therapist": {"en": _english("therapist"), "da": Word("terapeut", "terapeuten", "terapeuter", "terapeuterne")},
        "trainer": {"en": _english("trainer"), "da": Word("træner", "træneren", "trænere", "trænerne")},
    },
    "supporter": {
        "supporter": {
            "en": _english("supporter"),
            "da": Word("støtteperson", "støttepersonen", "støttepersoner", "støttepersonerne"),
        },
        "relative": {
            "en": _english("relative"),
            "da": Word("pårørende", "den pårørende", "pårørende", "de pårørende"),
        },
    },
}
"""Role, then the word a service may choose for it, then the language."""


def chosen() -> dict[str, str]:
    """Return the words that this site has chosen, by role."""
    return dict(getattr(settings, "IMARA_WORDS", {}))


def word(role: str, form: str = "one") -> str:
    """Return what this site calls someone, in the language of the page.

    Args:
        role: participant, practitioner or supporter.
        form: one, the, many or the_many.

    Raises:
        KeyError: the role has no words.
    """
    choices = VOCABULARY[role]
    languages = choices.get(chosen().get(role, role), choices[role])
    language = (get_language() or "en").split("-")[0]
    text: str = getattr(languages.get(language, languages["en"]), form)
    return text
