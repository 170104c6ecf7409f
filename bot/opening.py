"""Opening the record: keys, migrations and guards first; a wrong outside key refuses the start, and guards of the audit
log that somebody took down are raised anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import handlers.catalogue  # noqa: F401  registers every procedure
from bot.config import BadConfig, Settings
from bot.doorway import Doorway
from storage import keys, migrate
from storage.store import Store, lock_file, migration_engine, sqlite_path
from storage.vault import Keyring, Root

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def open_store(settings: Settings, now: Now = utc_now) -> Store:
    """The store, at the newest revision, with the keyring unwrapped. `InUse` when another process writes to it,
    `WrongKey` when the outside key does not fit; nothing was changed then."""
    if sqlite_path(settings.database_url) is None:
        raise BadConfig(["SOPWITH_DATABASE_URL: this version keeps its record in SQLite only."])
    lock = lock_file(settings.database_url)
    try:
        keyring = _prepare(settings)
    finally:
        if lock:
            lock.close()
    return Store(settings.database_url, keyring=keyring, now=now)


def _prepare(settings: Settings) -> Keyring:
    root = Root(settings.secrets.master_key, settings.secrets.master_key_old)
    engine = migration_engine(settings.migration_url)
    try:
        if migrate.at(engine):
            with engine.begin() as conn:
                keys.load(conn, root)  # before any migration: a wrong key must not touch the record
        migrate.upgrade(engine)
        with engine.begin() as conn:
            return keys.load(conn, root)
    finally:
        engine.dispose()


@contextmanager
def local_doorway(settings: Settings) -> Iterator[Doorway]:
    """The doorway without the service, for a command line that runs alone."""
    store = open_store(settings)
    try:
        yield Doorway(store, settings.policy)
    finally:
        store.close()
