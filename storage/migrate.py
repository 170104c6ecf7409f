"""Migrations: forward only, all in one transaction, one process at a time, and the audit log's guards re-raised after.

Alembic's batch mode drops a table's triggers without a word; so the guards are checked here and at every start.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, cast

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from storage import audit, guards, locks
from storage.schema import metadata
from storage.store import Tx, Unavailable

MAY_NOT = "42501"  # PostgreSQL's word for a role without the right


class NotOurs(Exception):
    """The tables belong to another role, or this one may not make any."""


HERE = Path(__file__).parent / "migrations"


def scripts() -> ScriptDirectory:
    """The revisions, in code beside this file."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def head() -> str:
    """The newest revision."""
    return scripts().get_current_head() or ""


def at(engine: Engine) -> str:
    """The revision a database is at; empty for a new one. `Unavailable` when it cannot be reached."""
    try:
        with engine.connect() as conn:
            return MigrationContext.configure(conn).get_current_revision() or ""
    except OperationalError as error:
        raise Unavailable(type(error.orig).__name__) from None


def whole(engine: Engine) -> bool:
    """At the newest revision, with all guards of the audit log standing."""
    with engine.connect() as conn:
        found = MigrationContext.configure(conn).get_current_revision()
        return found == head() and not guards.missing_guards(conn)


def behind(at: str) -> str:
    """What to say of a database that is at another revision."""
    return f"the database is at {at or 'nothing'}, this version needs {head()}."


def upgrade(engine: Engine, *, who: str = "", now: datetime | None = None) -> bool:
    """Bring a database to the newest revision; True when something was done. One transaction: all or nothing, and with
    an audit entry when it is said who does it, and when."""
    try:
        return _upgrade(engine, who, now)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) == MAY_NOT:
            raise NotOurs from None
        raise


def _upgrade(engine: Engine, who: str, now: datetime | None) -> bool:
    with engine.begin() as conn:
        locks.alone(conn, locks.Turn.MIGRATE)
        before = MigrationContext.configure(conn).get_current_revision()
        if before != head():
            _run(conn)
            if who and now:
                _record(conn, who, now, before or "")
        guards.raise_guards(conn)
    return before != head()


def _record(conn: Connection, who: str, now: datetime, before: str) -> None:
    tx = Tx(conn=conn, now=now, writable=True, _keyring=cast(Any, None))  # nothing sealed is touched
    audit.record(tx, "database.upgraded", who=who, before=before, after=head())
    audit.settle(tx)


def _run(conn: Connection) -> None:
    known = scripts()
    context = EnvironmentContext(_config(), known, fn=lambda revision, _context: known._upgrade_revs("head", revision))  # noqa: SLF001  as Alembic's own command does
    with context:
        context.configure(connection=conn, target_metadata=metadata, transactional_ddl=True, render_as_batch=True)
        context.run_migrations()
