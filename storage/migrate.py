"""Migrations: forward only, each in one transaction, and the audit log's guards re-raised after every one.

Alembic's batch mode drops a table's triggers without a word; so the guards are checked here and at every start.
"""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from storage import audit
from storage.schema import metadata

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
    """The revision a database is at; empty for a new one."""
    with engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision() or ""


def upgrade(engine: Engine) -> bool:
    """Bring a database to the newest revision; True when something was done. One transaction: all or nothing."""
    with engine.begin() as conn:
        before = MigrationContext.configure(conn).get_current_revision()
        if before != head():
            _run(conn)
        audit.raise_guards(conn)
    return before != head()


def _run(conn: Connection) -> None:
    known = scripts()
    context = EnvironmentContext(_config(), known, fn=lambda revision, _context: known._upgrade_revs("head", revision))  # noqa: SLF001  as Alembic's own command does
    with context:
        context.configure(connection=conn, target_metadata=metadata, transactional_ddl=True, render_as_batch=True)
        context.run_migrations()
