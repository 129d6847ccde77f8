"""Where people can begin in this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from imara.service.people.entrances import Entrance

ENTRANCES = (
    Entrance(
        "consent.give",
        _("Do you want to take part?"),
        _("Read about the study, ask, and decide."),
        "participants:invitations",
        "platform",
    ),
    Entrance(
        "screening.write",
        _("Screen someone"),
        _("Everyone who is screened gets a number."),
        "participants:screen",
        "site",
    ),
    Entrance("screening.read", _("Screening log"), _("Who was screened, without names."), "participants:log", "study"),
    Entrance(
        "screening.read",
        _("Screen again"),
        _("For whom something was in the way that may have passed."),
        "participants:again",
        "study",
    ),
    Entrance(
        "duplicates.decide",
        _("The same person twice"),
        _("Numbers that may be one person."),
        "participants:duplicates",
        "study",
    ),
)
