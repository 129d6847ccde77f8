"""Addresses of the demonstration; a real site has none of them."""

from __future__ import annotations

from django.urls import path

from imara.service.demonstration import pages

app_name = "demonstration"

urlpatterns = [
    path("demonstration/", pages.first_page, name="first_page"),
    path("demonstration/sign-in/<str:who>/", pages.sign_in, name="sign_in"),
    path("demonstration/report/", pages.report, name="report"),
]
