"""Opening the record: keys, migrations and guards first; a wrong outside key refuses the start, and guards of the audit
log that somebody took down are raised anew.

Where the tables belong to an owner role (SOPWITH_MIGRATION_URL), the service changes none of them: a database that is
not at this version's tables refuses the start and says who brings it there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import handlers.catalogue  # noqa: F401  registers every procedure
from bot import os_user
from bot.config import BadConfig, Settings
from bot.doorway import Doorway
from storage import keys, locks, migrate
from storage.engines import Engine, is_postgres, migration_engine
from storage.keychain import Keychain
from storage.store import Store, lock_file
from storage.vault import Root

UPGRADE = "Run `sopwith db upgrade` with the owner's SOPWITH_MIGRATION_URL first."

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def open_store(settings: Settings, now: Now = utc_now, *, who: str = "") -> Store:
    """The store, at the newest revision, with the keyring unwrapped; a migration is on record as done by `who`. `InUse`
    when another process writes to it, `WrongKey` when the outside key does not fit; nothing was changed then."""
    lock = lock_file(settings.database_url)
    try:
        keyring = _prepare(settings, who, now())
    finally:
        if lock:
            lock.close()
    policy = settings.policy
    return Store(settings.database_url, keyring=keyring, now=now, zone=policy.zone, mail=policy.mail)


def _prepare(settings: Settings, who: str, now: datetime) -> Keychain:
    root = Root(settings.secrets.master_key, settings.secrets.master_key_old)
    engine = migration_engine(settings.database_url)
    try:
        at = migrate.at(engine)
        if at:
            with engine.begin() as conn:
                keys.fits(conn, root)  # before any migration: a wrong key must not touch the record
        _bring_up(engine, settings, at, who, now)
        return _keys(engine, root)
    finally:
        engine.dispose()


def _keys(engine: Engine, root: Root) -> Keychain:
    with engine.begin() as conn:
        locks.alone(conn, locks.Turn.MIGRATE)  # of two first starts at once only one makes keys
        return keys.load(conn, root)


def _bring_up(engine: Engine, settings: Settings, at: str, who: str, now: datetime) -> None:
    """To this version's tables, with guards; several processes that share a server touch no table without need."""
    if is_postgres(settings.database_url):
        if migrate.whole(engine):
            return
        if settings.migration_url != settings.database_url:
            if at == migrate.head():
                return  # guards are missing: only the owner can raise them, and the watch says so
            raise BadConfig([f"SOPWITH_DATABASE_URL: {migrate.behind(at)} {UPGRADE}"])
    try:
        migrate.upgrade(engine, who=who, now=now)
    except migrate.NotOurs:
        raise BadConfig(
            [f"SOPWITH_DATABASE_URL: {migrate.behind(at)} This role may not change tables. {UPGRADE}"]
        ) from None


@contextmanager
def local_doorway(settings: Settings) -> Iterator[Doorway]:
    """The doorway without the service, for a command line that runs alone."""
    store = open_store(settings, who=os_user.speaker("cli"))
    try:
        yield Doorway(store, settings.policy)
    finally:
        store.close()
