"""The store: a few threads that write (one on SQLite), a few that can only read, and the transaction.

Invariants: a transaction is one request's, never shared (a full disk rolls back all of it); it is committed before
anyone is told; audit entries are written inside it; no value appears in an exception; a transaction of which nothing
was committed may be tried again, one of which nobody knows only when its sender can tell.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage import audit
from storage.engines import backend, migration_engine, reading_engine
from storage.keychain import Keychain
from storage.sqlite_file import InUse, lock_file, sqlite_path

__all__ = [
    "InUse",
    "Store",
    "Tx",
    "Unavailable",
    "Unsure",
    "add_once",
    "lock_file",
    "migration_engine",
    "reading_engine",
    "sqlite_path",
]

T = TypeVar("T")
TRIES = 3


class Unavailable(Exception):
    """The database did not take or give it: locked, full, read-only or gone. Nothing was written."""


class Unsure(Unavailable):
    """The line broke while it was committed: nobody knows whether it was written."""


class _Lost(Exception):
    """The line broke during COMMIT."""


@dataclass(kw_only=True)
class Tx:
    """One transaction: its connection, its one instant, and the audit entries it will leave. `zone` is the firm's: in
    it a day begins and ends; `mail`: there is a second road to people."""

    conn: Connection
    now: datetime
    writable: bool
    _keyring: Keychain
    _entries: list[bytes] = field(default_factory=list)
    zone: tzinfo = UTC
    mail: bool = False
    outgoing: bool = False  # a notice was put: after the commit the courier has something to look at

    @property
    def today(self) -> date:
        """The firm's date."""
        return self.now.astimezone(self.zone).date()


class Store:
    """Opens `url` (SQLAlchemy). `now` gives the aware UTC instant that each transaction reads once. `shared`: other
    processes may write too, and audit entries wait until `audit.sequence` gives them their position."""

    def __init__(
        self, url: str, *, keyring: Keychain, now: Callable[[], datetime], zone: tzinfo = UTC, mail: bool = False
    ) -> None:
        self.url = url
        self._keyring = keyring
        self._firm: dict[str, Any] = {"zone": zone, "mail": mail}
        self._now = now
        self._lock = lock_file(url)
        self._backend = backend(url)
        self.shared = self._backend.SHARED
        self._writer = self._backend.writing_engine(url)
        self._reader = self._backend.reading_engine(url, hurried=True)
        self._writes = ThreadPoolExecutor(self._backend.WRITERS, "writer")
        self._reads = ThreadPoolExecutor(self._backend.READERS, "reader")
        self.write(lambda tx: None).result()  # SQLite's readers find the side files that only a writer makes

    def write(self, work: Callable[[Tx], T], *, repeatable: bool = False) -> Future[T]:
        """Queue `work` for a writer; the future is done when it is durably committed, or has failed. `work` may be
        called again after a failure that left nothing; `repeatable` work also when nobody knows, because it finds out
        for itself whether it was done (by its inbox key, by its timer)."""
        return self._writes.submit(self._transact, work, time.monotonic(), repeatable)

    def read(self, work: Callable[[Tx], T]) -> Future[T]:
        """Run `work` on a connection that cannot write."""
        return self._reads.submit(self._question, work)

    def _transact(self, work: Callable[[Tx], T], asked: float, repeatable: bool) -> T:
        unsure = False
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(work, asked)
            except _Lost as lost:
                unsure = True
                if not repeatable or attempt == TRIES:
                    raise Unsure(str(lost)) from None
            except DBAPIError as error:
                if attempt == TRIES or not self._backend.may_go_through(error):
                    raise self._translated(error, unsure=unsure) from None
        raise AssertionError("the last try returns or raises")

    def _once(self, work: Callable[[Tx], T], asked: float) -> T:
        with self._writer.connect() as conn:
            self._backend.hurry(conn, int((time.monotonic() - asked) * 1000))
            if not conn.in_transaction():
                conn.begin()
            tx = Tx(conn=conn, now=self._now(), writable=True, _keyring=self._keyring, **self._firm)
            result = work(tx)
            audit.settle(tx)
            self._commit(conn)
        return result

    def _commit(self, conn: Connection) -> None:
        try:
            conn.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _Lost(type(error.orig).__name__) from None
            raise

    def _question(self, work: Callable[[Tx], T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                with self._reader.connect() as conn:
                    return work(Tx(conn=conn, now=self._now(), writable=False, _keyring=self._keyring, **self._firm))
            except DBAPIError as error:
                if attempt == TRIES or not self._backend.may_go_through(error):
                    raise self._translated(error) from None
        raise AssertionError("the last try returns or raises")

    def _translated(self, error: DBAPIError, *, unsure: bool = False) -> Exception:
        """Faults of the database become `Unavailable` with the driver's word, or `Unsure` when an earlier try may have
        been written; broken constraints stay what they are, without the values that broke them."""
        if unsure:
            return Unsure(type(error.orig).__name__)
        if self._backend.is_fault(error):
            return Unavailable(type(error.orig).__name__ + ": " + str(error.orig))
        return self._backend.without_content(error)

    def close(self) -> None:
        """Finish what is queued, give waiting audit entries their position, then let go."""
        if self.shared:
            with suppress(Unavailable):  # they stay where they are, and the next process does it
                self.write(audit.sequence).result()
        self._writes.shutdown(wait=True)
        self._reads.shutdown(wait=True)
        self._writer.dispose()
        self._reader.dispose()
        if self._lock:
            self._lock.close()


def of_the_database(error: Exception) -> bool:
    """Whether this is the database's fault, met in the middle of a transaction: then that is over, and whoever works in
    it lets the error through, for only the store can begin anew."""
    return isinstance(error, SQLAlchemyError | Unavailable)


def add_once(tx: Tx, table: Table, unique: str, row: dict[str, Any]) -> bool:
    """Insert unless the unique column has it already; False then. The constraint decides, without a savepoint
    (after a full disk SQLite would silently open a new transaction for one)."""
    add = sqlite.insert(table) if tx.conn.dialect.name == "sqlite" else postgresql.insert(table)
    added = add.values(row).on_conflict_do_nothing(index_elements=[unique])
    return tx.conn.execute(added.returning(table.c[unique])).first() is not None
