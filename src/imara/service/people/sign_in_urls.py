"""Those of allauth's pages that this site uses: no signing up, no resetting by e-mail, no changing of addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

from allauth import urls as allauth_urls
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

USED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_request_login_code",
        "account_confirm_login_code",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "mfa_login_webauthn",
    }
)


def _whole(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page change second steps and write their events together or not at all."""

    @wraps(page)
    def in_one_transaction(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and not request.user.is_authenticated:
            return page(request, *args, **kwargs)
        with transaction.atomic():
            return page(request, *args, **kwargs)

    return in_one_transaction


def _used(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[URLPattern]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _used(pattern.url_patterns, route)
        elif pattern.name in USED:
            page = _whole(pattern.callback) if pattern.name.startswith("mfa_") else pattern.callback
            yield path(route, page, name=pattern.name)


urlpatterns = list(_used(allauth_urls.urlpatterns))
