"""Where people can begin in this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from imara.service.people.entrances import Entrance

ENTRANCES = (
    Entrance(
        "studies.read", _("Studies"), _("What is conducted here, and where it stands."), "studies:studies", "platform"
    ),
    Entrance(
        "studies.read", _("The study"), _("Its definition in plain words, its versions."), "studies:study", "study"
    ),
)
