"""The room `studies` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """The room `studies`."""

    name = "imara.service.studies"
    label = "studies"

    def ready(self) -> None:
        """Tell the rooms below which studies and centres there are, and whom each study blinds."""
        from imara.service.people import blinding, places  # noqa: PLC0415  # models can be imported from now on
        from imara.service.studies import queries  # noqa: PLC0415
        from imara.service.studies.places import all_places  # noqa: PLC0415

        blinding.is_told_by(queries.standing)
        places.provided_by(all_places)
