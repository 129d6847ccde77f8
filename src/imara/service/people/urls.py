"""Addresses of this room: signing in, one's own account, people, rights, history."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from imara.service.people.doorkeeper import open_to_all
from imara.service.people.pages import account, history, links, people, rights
from imara.service.ui import pages as ui

_people: list[URLPattern | URLResolver] = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<slug:key>/", people.person, name="person"),
    path("people/<slug:key>/change/", people.change, name="change"),
    path("people/<slug:key>/roles/add/", people.add_role, name="add_role"),
    path("people/<slug:key>/roles/<int:assignment>/end/", people.end_role, name="end_role"),
    path("people/<slug:key>/link/", people.new_link, name="new_link"),
    path("people/<slug:key>/close/", people.close, name="close"),
    path("people/<slug:key>/open/", people.open_again, name="open_again"),
    path("people/<slug:key>/second-steps/remove/", people.remove_second_steps, name="remove_second_steps"),
    path("people/<slug:key>/history/", history.person_history, name="person_history"),
    path("studies/<slug:study>/history/", history.study_history, name="study_history"),
    path(
        "studies/<slug:study>/history/participants/<slug:participant>/",
        history.participant_history,
        name="participant_history",
    ),
    path("studies/<slug:study>/history/records/<str:model>/<str:key>/", history.record_history, name="record_history"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.home, name="home"),
    # Pages of the room below, which knows no doors.
    path("help/", open_to_all(ui.help_now), name="help_now"),
    path("offline/", open_to_all(ui.offline), name="offline"),
    path("maintenance/", open_to_all(ui.maintenance), name="maintenance"),
    path("language/<slug:language>/", open_to_all(ui.choose_language), name="choose_language"),
    path("gallery/", open_to_all(ui.gallery), name="gallery"),
    path("go/<str:token>/", links.go, name="go"),
    path("account/", account.account, name="account"),
    path("account/kept/", account.kept_form, name="kept"),
    path("account/kept/forget/", account.forget_kept, name="forget_kept"),
    path("account/stay/", account.stay, name="stay"),
    path("account/signed-out/", account.signed_out, name="signed_out"),
    path("account/", include("imara.service.people.sign_in_urls")),
    path("rights/", rights.rights, name="rights"),
    path("", include((_people, "people"))),
]
