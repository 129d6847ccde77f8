"""What has to rest while Django empties the test database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase

from imara.service.ledger import triggers
from imara.service.ledger.models import BEGINNING, Head


@contextmanager
def rest_during_flush() -> Iterator[None]:
    """Let Django empty the test database after a test with real transactions.

    The ledger's triggers refuse that, as they should. They rest while the tables are emptied; then they, and the
    beginning of the chain, which is a row like any other, are put back.
    """
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own, not in its stubs

    def flush_and_begin_again(case: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            flush(case)
        finally:
            triggers.install(connection)
            Head.objects.get_or_create(pk=1, defaults={"sequence": 0, "hash": BEGINNING})

    TransactionTestCase._fixture_teardown = flush_and_begin_again  # type: ignore[attr-defined]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]
