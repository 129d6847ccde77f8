"""What every page says of the person who looks at it: ways, name, when they are signed out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from imara.service.people.entrances import main_ways


def person(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation and the time after which an unused session ends, for templates.

    Nothing is asked of the database until a page uses it: an error page must come up without one.
    """
    user = getattr(request, "user", None)
    return {
        "ways": SimpleLazyObject(lambda: main_ways(user) if user is not None and user.is_authenticated else ()),
        "idle_minutes": settings.IMARA_IDLE_MINUTES,
    }
