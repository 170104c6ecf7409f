"""PostgreSQL: several processes write at once, each through a few connections; what the server says of an error.

Invariants: nobody waits longer for a lock or a statement than a platform waits for an answer; a process that was
stopped in the middle of a transaction loses it, so that its locks do not stop the others; a reader cannot write and
sees one state; values never appear in exceptions (the server likes to quote the row that broke a constraint).
"""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

WRITERS = 4
READERS = 4
SHARED = True  # several processes write
LOCK_MS, STATEMENT_MS, SHORTEST_MS = 2000, 2500, 50  # the platforms wait three seconds for an answer
IDLE_MS = 10_000  # between two statements of one transaction
MIGRATION_LOCK_MS = 60_000  # for another process that migrates, or for a transaction that still runs
HURRY_AFTER_MS = 100
CONNECT_S = 2
_HURRIED = {
    "lock_timeout": LOCK_MS,
    "statement_timeout": STATEMENT_MS,
    "idle_in_transaction_session_timeout": IDLE_MS,
}
_LINE = {  # libpq's: a line that went dead without a word is noticed while somebody still waits
    "connect_timeout": str(CONNECT_S),
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "2",
    "tcp_user_timeout": "3000",
    "application_name": "sopwith",
}
SERIALIZATION, DEADLOCK, UNIQUE = "40001", "40P01", "23505"
CONSTRAINT = "23"  # the class of these states
_OTHER_TABLES = frozenset({"42P01", "42703", "42501", "3F000"})  # no such table, column, right or schema


class NoDriver(Exception):
    """The driver is an extra and was not installed."""


def writing_engine(url: str) -> Engine:
    """READ COMMITTED; races are decided by constraints and row locks (docs/adr, PostgreSQL)."""
    return _engine(url, _HURRIED, poolclass=QueuePool, pool_size=WRITERS, max_overflow=0)


def reading_engine(url: str, *, hurried: bool = False) -> Engine:
    """An engine that cannot write; `hurried` when a person waits for the answer."""
    engine = _engine(url, _HURRIED if hurried else {}, poolclass=QueuePool, pool_size=READERS, max_overflow=0)
    event.listen(engine, "connect", _set_up_reader)
    return engine


def migration_engine(url: str) -> Engine:
    """A connection for Alembic: schema changes in one transaction, closed afterwards."""
    return _engine(url, {"lock_timeout": MIGRATION_LOCK_MS}, poolclass=NullPool)


def _engine(url: str, waits: Mapping[str, int], **pool: Any) -> Engine:
    if find_spec("psycopg") is None:
        raise NoDriver
    asked = make_url(url).query
    line = {name: value for name, value in _LINE.items() if name not in asked}
    engine = create_engine(url, hide_parameters=True, connect_args=line, **pool)

    def set_up(connection: Any, _record: object) -> None:
        connection.autocommit = True
        for word, value in waits.items():
            connection.execute(f"SET {word} = {value}")
        connection.autocommit = False

    event.listen(engine, "connect", set_up)
    return engine


def _set_up_reader(connection: Any, _record: object) -> None:
    from psycopg import IsolationLevel  # noqa: PLC0415  an extra: only where PostgreSQL is used

    connection.read_only = True
    connection.isolation_level = IsolationLevel.REPEATABLE_READ  # one question sees one state


def in_pieces(conn: Connection, words: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """What a question gives, as the driver's own rows, so many at a time; the server keeps the rest."""
    driver: Any = conn.connection.driver_connection
    with driver.cursor(name="in_pieces") as cursor:
        cursor.execute(words)
        while rows := cursor.fetchmany(size):
            yield rows


def hurry(conn: Connection, waited_ms: int) -> None:
    """Patience counts from the asking: who queued meanwhile does not wait anew for a lock."""
    if waited_ms > HURRY_AFTER_MS:
        left = max(SHORTEST_MS, LOCK_MS - waited_ms)
        waits = f"SET LOCAL lock_timeout = {left}; SET LOCAL statement_timeout = {left + STATEMENT_MS - LOCK_MS}"
        conn.exec_driver_sql(waits)


def may_go_through(error: DBAPIError) -> bool:
    """Whether a second try makes sense: the line broke, two transactions stood in each other's way, or somebody was
    first with a row of this key, which the second try will see."""
    return error.connection_invalidated or _state(error) in {SERIALIZATION, DEADLOCK, UNIQUE}


def is_fault(error: DBAPIError) -> bool:
    """Of the database (locked, full, gone, at other tables), not of what was asked."""
    word = type(error).__name__
    return word in {"OperationalError", "InternalError", "DatabaseError"} or _state(error) in _OTHER_TABLES


def without_content(error: DBAPIError) -> DBAPIError:
    """The same error, whose own words quote no row. Of a broken constraint the first line names it and no values."""
    found = getattr(error.orig, "diag", None)
    constraint = _state(error).startswith(CONSTRAINT)
    told = [_state(error), getattr(found, "message_primary", None) if constraint else None]
    words = " ".join(word for word in told if word)
    orig = type(error.orig)(words) if isinstance(error.orig, Exception) else error.orig
    return type(error)(None, None, orig, hide_parameters=True)  # type: ignore[arg-type]


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
