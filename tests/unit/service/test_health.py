"""Whether the site is well: a word for whatever watches over it, and no details."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.test import Client


@pytest.mark.django_db
def test_a_site_that_reads_its_database_is_well(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"well\n")
    assert not response.cookies


@pytest.mark.django_db
def test_a_site_without_its_tables_is_unwell_and_says_no_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("could not connect to db.example.org as imara")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/health/")
    assert (response.status_code, response.content) == (503, b"unwell\n")


@pytest.mark.django_db
def test_it_is_only_for_reading(client: Client) -> None:
    assert client.post("/health/").status_code == 405
