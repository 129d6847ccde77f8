"""The database's own refusal to change what has been recorded."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE = "ledger_event"
_WORDS = "the ledger is append-only"

_SQLITE = {
    f"{_TABLE}_no_update": f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE ON {_TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
    f"{_TABLE}_no_delete": f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
}
_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION {_TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
)
_POSTGRESQL = {
    f"{_TABLE}_no_change": f"CREATE TRIGGER {_TABLE}_no_change BEFORE UPDATE OR DELETE ON {_TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {_TABLE}_refuse()",
    f"{_TABLE}_no_truncate": f"CREATE TRIGGER {_TABLE}_no_truncate BEFORE TRUNCATE ON {_TABLE} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_refuse()",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers. SQLite and PostgreSQL are supported."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in _statements(connection).values():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for taking a migration back, and for tests that empty the database."""
    with connection.cursor() as cursor:
        for name in _statements(connection):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {_TABLE}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def absent(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that should be there and are not, or no longer do what they should."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [_TABLE]
            )
            found = dict(cursor.fetchall())
            return [name for name in _POSTGRESQL if found.get(name) not in {"O", "A"}]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [_TABLE])
        found = dict(cursor.fetchall())
    return [name for name, statement in _SQLITE.items() if found.get(name) != statement]


def _statements(connection: BaseDatabaseWrapper) -> dict[str, str]:
    if connection.vendor == "postgresql":
        return _POSTGRESQL
    if connection.vendor == "sqlite":
        return _SQLITE
    raise NotImplementedError(f"the ledger protects itself on SQLite and PostgreSQL, not on {connection.vendor}")
