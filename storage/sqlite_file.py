"""SQLite: one file, its owner's alone; one process writes it through one connection, and a few connections only read.

Invariants: a writing transaction begins as one; commits are on the disk; a reader cannot write, whatever it asks for;
parameters never appear in exceptions.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

BUSY_MS, SHORTEST_MS = 2000, 50  # the platforms wait three seconds for an answer
WRITERS = 1
READERS = 4
SHARED = False  # one process writes


class InUse(Exception):
    """Another process writes to this database."""


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
    """An engine whose transactions begin as writers; the file is made with mode 0600."""
    keep_private(_path(url))
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )
    event.listen(engine, "connect", _set_up_writer)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def reading_engine(url: str, *, hurried: bool = False) -> Engine:
    """An engine that cannot write. A question is never cut short here, `hurried` or not: nobody else holds it up."""
    address = f"file:{quote(str(_path(url).resolve()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, check_same_thread=False, timeout=BUSY_MS / 1000)

    engine = create_engine("sqlite://", hide_parameters=True, poolclass=QueuePool, pool_size=READERS, creator=connect)
    event.listen(engine, "connect", _set_up_reader)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))  # one question sees one state
    return engine


def migration_engine(url: str) -> Engine:
    """A connection for Alembic: schema changes in one transaction, closed afterwards."""
    engine = create_engine(url, hide_parameters=True, poolclass=NullPool)
    keep_private(_path(url))
    event.listen(engine, "connect", _set_up_writer)
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _path(url: str) -> Path:
    path = sqlite_path(url)
    if path is None:
        raise ValueError("a record in memory is no record")
    return path


def in_pieces(conn: Connection, words: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """What a question gives, as the driver's own rows, so many at a time: whoever reads millions holds a few."""
    cursor = conn.connection.cursor()
    cursor.execute(words)
    while rows := cursor.fetchmany(size):
        yield list(rows)


def hurry(conn: Connection, waited_ms: int) -> None:
    """While another process holds the file, patience counts from the asking: who queued meanwhile does not wait anew,
    else the second one's answer would come when nobody waits for it any more."""
    if conn.connection.driver_connection:
        left = max(SHORTEST_MS, BUSY_MS - waited_ms)
        conn.connection.driver_connection.execute(f"PRAGMA busy_timeout={left}")


def may_go_through(error: DBAPIError) -> bool:
    """Whether a second try makes sense: the one writer has waited as long as anybody listens."""
    return False


def is_fault(error: DBAPIError) -> bool:
    """Of the database (locked, full, gone, at other tables), not of what was asked."""
    return type(error).__name__ in {"OperationalError", "InternalError", "DatabaseError"}


def without_content(error: DBAPIError) -> DBAPIError:
    """SQLite names columns in its errors, never values."""
    return error


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
