"""Addresses of studies."""

from __future__ import annotations

from django.urls import path

from imara.service.studies import pages

app_name = "studies"

urlpatterns = [
    path("studies/", pages.studies, name="studies"),
    path("load-a-study/", pages.load, name="load"),
    path("studies/<slug:study>/", pages.study, name="study"),
    path("studies/<slug:study>/versions/<int:number>/", pages.version, name="version"),
    path("studies/<slug:study>/amend/", pages.amend, name="amend"),
    path("studies/<slug:study>/steps/<slug:step>/", pages.take_step, name="step"),
]
