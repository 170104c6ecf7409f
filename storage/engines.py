"""Which database stands behind a URL: what the two have in common, and where each is spoken to."""

from collections.abc import Iterator
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from storage import postgres, sqlite_file

__all__ = ["Backend", "Engine", "backend", "in_pieces", "is_postgres", "migration_engine", "reading_engine"]


class Backend(Protocol):
    """What the store needs to know of a database; `sqlite_file` and `postgres` are the two."""

    WRITERS: int
    READERS: int
    SHARED: bool

    def writing_engine(self, url: str) -> Engine: ...
    def reading_engine(self, url: str, *, hurried: bool = False) -> Engine: ...
    def migration_engine(self, url: str) -> Engine: ...
    def in_pieces(self, conn: Connection, words: str, size: int) -> Iterator[list[tuple[Any, ...]]]: ...
    def hurry(self, conn: Connection, waited_ms: int) -> None: ...
    def may_go_through(self, error: DBAPIError) -> bool: ...
    def is_fault(self, error: DBAPIError) -> bool: ...
    def without_content(self, error: DBAPIError) -> DBAPIError: ...


def backend(url: str) -> Backend:
    """The database of this URL."""
    return postgres if is_postgres(url) else sqlite_file


def is_postgres(url: str) -> bool:
    """Whether a server keeps the record, so that several processes may write."""
    return make_url(url).get_backend_name() == "postgresql"


def reading_engine(url: str) -> Engine:
    """An engine that cannot write, for questions nobody waits for in chat: the doctor, an auditor."""
    return backend(url).reading_engine(url)


def in_pieces(conn: Connection, question: Select[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """What a question without parameters gives, so many rows at a time, within the transaction that was begun. Rows
    come as the driver makes them: for a walk through millions that looks at numbers and bytes."""
    asked: Backend = postgres if conn.dialect.name == "postgresql" else sqlite_file
    return asked.in_pieces(conn, str(question.compile(conn)), size)


def migration_engine(url: str) -> Engine:
    """A connection for Alembic: schema changes in one transaction, closed afterwards."""
    return backend(url).migration_engine(url)
