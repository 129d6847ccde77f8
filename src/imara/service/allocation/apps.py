"""The room `allocation` as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    """The room `allocation`."""

    name = "imara.service.allocation"
    label = "allocation"

    def ready(self) -> None:
        """Let studies know once the scheme is sealed, so that no amendment changes arms or scheme."""
        from imara.service.allocation.queries import opening  # noqa: PLC0415  # needs Django set up
        from imara.service.studies import uses  # noqa: PLC0415
        from imara.study.in_use import InUse  # noqa: PLC0415

        uses.register("allocation", lambda study: InUse(is_sealed=opening(study) is not None))
