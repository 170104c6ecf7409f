"""A store for rows that need no service: an empty record on disk, opened as the house opens it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage import keys, migrate
from storage.store import Store, migration_engine
from storage.vault import KEY_BYTES, Root

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@contextmanager
def store(folder: Path, name: str) -> Iterator[Store]:
    """Closed at the end. Its clock stands still."""
    url = f"sqlite:///{folder / name}.db"
    engine = migration_engine(url)
    try:
        migrate.upgrade(engine)
        with engine.begin() as conn:
            keyring = keys.load(conn, Root(secrets.token_bytes(KEY_BYTES)))
    finally:
        engine.dispose()
    opened = Store(url, keyring=keyring, now=lambda: NOW)
    try:
        yield opened
    finally:
        opened.close()
