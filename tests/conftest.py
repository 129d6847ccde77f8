"""How the tests run: the same way on every machine, unless new examples are asked for, and on which database."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import settings
from tests import database, guards

# A change must not fail because of an example that nobody's change has made: `make test` tries the same ones each
# time. `make test-all` looks for new ones. Deadlines measure the machine, not the code.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("repeatable")

ON_POSTGRESQL = os.environ.get("IMARA_TEST_DATABASE") == "postgresql"
"""Whether this run takes PostgreSQL: then only tests that need a database run, for the others have run already."""
ADDRESS, REFUSAL = "IMARA_TEST_SERVER", "IMARA_TEST_NO_SERVER"
"""Where the first process tells its workers of the server that it has started, or why there is none."""

_server: database.Server | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for all workers, in the process that starts them."""
    global _server  # noqa: PLW0603  # a run has one server
    if not ON_POSTGRESQL or hasattr(config, "workerinput") or config.option.collectonly:
        return
    try:
        _server = database.start()
        os.environ[ADDRESS] = str(_server.folder)
    except database.NoServerError as error:
        os.environ[REFUSAL] = str(error)


def pytest_unconfigure() -> None:
    """Stop the server."""
    if _server is not None:
        _server.stop()


def pytest_report_header() -> str:
    """Say on which database the tests run."""
    if _server is not None:
        return f"database: {_server.version}, in {_server.folder}"
    if REFUSAL in os.environ:
        return f"database: none. {os.environ[REFUSAL]}"
    return f"database: {connection.vendor}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL keep the tests that need a database; without a server skip them, and say why."""
    if not ON_POSTGRESQL:
        return
    chosen = [item for item in items if _needs_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen
    if REFUSAL in os.environ:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"no PostgreSQL: {os.environ[REFUSAL]}"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Call a run on PostgreSQL good whose chosen tests need no database: they have all run on the other one."""
    if ON_POSTGRESQL and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leave no doubt that half of the promise was not tested."""
    if ON_POSTGRESQL and REFUSAL in os.environ:
        terminalreporter.section("NOT TESTED ON POSTGRESQL", sep="!", red=True, bold=True)
        terminalreporter.line(os.environ[REFUSAL])


def _needs_database(item: pytest.Item) -> bool:
    needed = {"db", "transactional_db", "live_server", "database_url"}
    return item.get_closest_marker("django_db") is not None or bool(needed & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Find the server, and let the guards of the ledger rest whenever a test's database is emptied."""
    if ADDRESS in os.environ:
        connection.settings_dict["HOST"] = os.environ[ADDRESS]
    with guards.rest_during_flush():
        yield


@pytest.fixture
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an empty database of its own, for tests whose processes must share one.

    It is on the database that this run is about; give it to them as DATABASE_URL. Tables are made by migrating.
    """
    if not ON_POSTGRESQL:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'imara.sqlite3'}"
        return
    with database.made(os.environ[ADDRESS]) as address:
        yield address


@pytest.fixture(autouse=True)
def begins_in_english() -> Iterator[None]:
    """Forget the language in which a test asked for a page, which Django keeps until the next page."""
    yield
    translation.deactivate()
