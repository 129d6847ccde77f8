"""Addresses for the tests of pages: those of this room, some that fail, and what the layouts link to."""

from __future__ import annotations

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.urls import path
from django.views.decorators.csrf import csrf_protect

from imara.service.ui import pages


def refuse(request, kind):
    if kind == "boom":
        raise RuntimeError("made to fail")
    if kind == "bare-429":
        return HttpResponse("Too many", status=429)
    if kind == "405":
        return HttpResponseNotAllowed(["POST"])
    raise {"400": BadRequest, "403": PermissionDenied, "404": Http404}[kind]("no")


@csrf_protect
def post_here(request):
    return HttpResponse("sent")


urlpatterns = [
    path("help/", pages.help_now, name="help_now"),
    path("offline/", pages.offline, name="offline"),
    path("maintenance/", pages.maintenance, name="maintenance"),
    path("language/<slug:language>/", pages.choose_language, name="choose_language"),
    path("gallery/", pages.gallery, name="gallery"),
    path("account/logout/", post_here, name="account_logout"),
    path("post-here/", post_here, name="post_here"),
    path("refuse/<slug:kind>/", refuse, name="refuse"),
]
