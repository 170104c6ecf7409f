"""Migrations from the command line: alone with the database, all or nothing, on record with who did it; a new
file is only this user's."""

import os
from datetime import UTC, datetime

from bot import os_user
from bot.terminal import WrongUse
from storage import migrate
from storage.store import lock_file, migration_engine, sqlite_path


def upgrade(url: str) -> str:
    """Bring the database at `url` to the newest revision and say what was done; `InUse` while a service runs."""
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
    finally:
        engine.dispose()
        if lock:
            lock.close()
    if not done:
        return f"The database is at {migrate.head()} already. The audit log's guards were renewed."
    return f"The database went from {before or 'nothing'} to {migrate.head()}."
