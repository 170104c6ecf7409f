"""The store: one writer thread that owns the only writing connection, and a few threads that can only read.

Invariants: a transaction is one request's, never shared (a full disk rolls back all of it); it is committed before
anyone
is told; audit entries are sequenced inside it; parameters never appear in exceptions; one process writes a SQLite file.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from storage import audit
from storage.vault import Keyring

T = TypeVar("T")
READERS = 4
BUSY_MS, SHORTEST_MS = 2000, 50  # the platforms wait three seconds for an answer


class Unavailable(Exception):
    """The database did not take or give it: locked, full, read-only or gone. Nothing was written."""


class InUse(Exception):
    """Another process writes to this database."""


@dataclass(kw_only=True)
class Tx:
    """One transaction: its connection, its one instant, and the audit entries it will leave."""

    conn: Connection
    now: datetime
    writable: bool
    _keyring: Keyring
    _entries: list[bytes] = field(default_factory=list)


class Store:
    """Opens `url` (SQLAlchemy). `now` gives the aware UTC instant that each transaction reads once."""

    def __init__(self, url: str, *, keyring: Keyring, now: Callable[[], datetime]) -> None:
        self.url = url
        self._keyring = keyring
        self._now = now
        self._lock = lock_file(url)
        self._writer = writing_engine(url)
        self._reader = reading_engine(url)
        self._writes = ThreadPoolExecutor(1, "writer")
        self._reads = ThreadPoolExecutor(READERS, "reader")
        self.write(lambda tx: None).result()  # readers find the side files that only a writer makes

    def write(self, work: Callable[[Tx], T]) -> Future[T]:
        """Queue `work` for the writer thread; the future is done when it is durably committed, or has failed."""
        return self._writes.submit(self._transact, work, time.monotonic())

    def read(self, work: Callable[[Tx], T]) -> Future[T]:
        """Run `work` on a connection that cannot write."""
        return self._reads.submit(self._question, work)

    def _transact(self, work: Callable[[Tx], T], asked: float) -> T:
        try:
            with self._writer.connect() as conn, _patient(conn, asked).begin():
                tx = Tx(conn=conn, now=self._now(), writable=True, _keyring=self._keyring)
                result = work(tx)
                audit.settle(tx)
        except DBAPIError as error:
            raise translated(error) from None
        return result

    def _question(self, work: Callable[[Tx], T]) -> T:
        try:
            with self._reader.connect() as conn:
                return work(Tx(conn=conn, now=self._now(), writable=False, _keyring=self._keyring))
        except DBAPIError as error:
            raise translated(error) from None

    def close(self) -> None:
        """Finish what is queued, then let the file go."""
        self._writes.shutdown(wait=True)
        self._reads.shutdown(wait=True)
        self._writer.dispose()
        self._reader.dispose()
        if self._lock:
            self._lock.close()


def _patient(conn: Connection, asked: float) -> Connection:
    """While another process holds the file, patience counts from the asking: who queued meanwhile does not wait anew,
    else the second one's answer would come when nobody waits for it any more."""
    if conn.dialect.name == "sqlite" and conn.connection.driver_connection:
        left = max(SHORTEST_MS, BUSY_MS - int((time.monotonic() - asked) * 1000))
        conn.connection.driver_connection.execute(f"PRAGMA busy_timeout={left}")
    return conn


def translated(error: DBAPIError) -> Exception:
    """Faults of the database become `Unavailable` with the driver's word; broken constraints stay what they are."""
    if type(error).__name__ in {"OperationalError", "InternalError", "DatabaseError"}:
        return Unavailable(type(error.orig).__name__ + ": " + str(error.orig))
    return error


def add_once(tx: Tx, table: Table, unique: str, row: dict[str, Any]) -> bool:
    """Insert unless the unique column has it already; False then. The constraint decides, without a savepoint
    (after a full disk SQLite would silently open a new transaction for one)."""
    add = sqlite.insert(table) if tx.conn.dialect.name == "sqlite" else postgresql.insert(table)
    return bool(tx.conn.execute(add.values(row).on_conflict_do_nothing(index_elements=[unique])).rowcount)


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL, else None."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def lock_file(url: str) -> IO[bytes] | None:
    """Hold the right to write to a SQLite file for the life of this process; `InUse` when another has it."""
    path = sqlite_path(url)
    if path is None:
        return None
    handle = os.fdopen(os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise InUse(path.name) from None
    return handle


def keep_private(path: Path) -> None:
    """Make the file, if need be, so that only its owner reads it; SQLite gives its side files the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def writing_engine(url: str) -> Engine:
    """An engine whose transactions begin as writers; a SQLite file is made with mode 0600."""
    path = sqlite_path(url)
    if path is None:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    keep_private(path)
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _set_up_writer)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def reading_engine(url: str) -> Engine:
    """An engine that cannot write."""
    path = sqlite_path(url)
    if path is None:
        options = {"postgresql_readonly": True}
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, execution_options=options)
    address = f"file:{quote(str(path.resolve()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, check_same_thread=False, timeout=BUSY_MS / 1000)

    engine = create_engine("sqlite://", hide_parameters=True, poolclass=QueuePool, pool_size=READERS, creator=connect)
    event.listen(engine, "connect", _set_up_reader)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))  # one question sees one state
    return engine


def migration_engine(url: str) -> Engine:
    """A connection for Alembic: schema changes in one transaction, closed afterwards."""
    engine = create_engine(url, hide_parameters=True, poolclass=NullPool)
    path = sqlite_path(url)
    if path:
        keep_private(path)
        event.listen(engine, "connect", _set_up_writer)
        event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _set_up_writer(connection: Any, _record: object) -> None:
    """pysqlite hides BEGIN; recursive triggers, else INSERT OR REPLACE slips past the audit log's guards."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"busy_timeout={BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
