"""Migrations from the command line: alone with the database, all or nothing, on record with who did it; a new
file is only this user's."""

import os
from datetime import UTC, datetime

from bot import os_user
from bot.terminal import WrongUse
from storage import migrate, roles
from storage.engines import Engine, is_postgres
from storage.store import lock_file, migration_engine, sqlite_path


def upgrade(url: str, service_url: str = "") -> str:
    """Bring the database at `url` to the newest revision and say what was done; `InUse` while a service runs on a file.
    On PostgreSQL the role of `service_url` gets its rights when it is another than the one that migrates."""
    path = sqlite_path(url)
    if path and not path.resolve().parent.is_dir():
        raise WrongUse(f"SOPWITH_DATABASE_URL: there is no folder {path.resolve().parent}.")
    try:
        lock = lock_file(url)
        if path:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise WrongUse(f"SOPWITH_DATABASE_URL: {error.filename} cannot be written: {error.strerror}.") from None
    engine = migration_engine(url)
    try:
        before = migrate.at(engine)
        done = migrate.upgrade(engine, who=os_user.speaker("cli"), now=datetime.now(UTC))
        granted = _grant(engine, url, service_url) if is_postgres(url) else ""
    except migrate.NotOurs:
        cure = "Name the one that owns them in SOPWITH_MIGRATION_URL."
        raise WrongUse(f"SOPWITH_MIGRATION_URL: this role may not change the tables. {cure}") from None
    finally:
        engine.dispose()
        if lock:
            lock.close()
    if not done:
        return f"The database is at {migrate.head()} already. The audit log's guards were renewed.{granted}"
    return f"The database went from {before or 'nothing'} to {migrate.head()}.{granted}"


def _grant(engine: Engine, url: str, service_url: str) -> str:
    role = roles.of(service_url)
    if not service_url or service_url == url or role == roles.of(url):
        return ""
    if not role:
        raise WrongUse("SOPWITH_DATABASE_URL: name the service's role, so that it gets its rights.")
    try:
        roles.grant(engine, role)
    except roles.NoSuchRole:
        cure = f"Make it first: CREATE ROLE {role} LOGIN. Then run this again."
        raise WrongUse(f"SOPWITH_DATABASE_URL: there is no role {role}. {cure}") from None
    return f" The role {role} has its rights: of the audit log it can read and add, no more."
