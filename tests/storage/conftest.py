import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import keys, migrate
from storage.store import Store, migration_engine
from storage.vault import Root

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a house #1.db'}"


@pytest.fixture
def file_store(url: str) -> Iterator[Store]:
    """On SQLite, for what only a file can show."""
    with opened(url) as store:
        yield store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """On either database."""
    with opened(database_url) as store:
        yield store


@contextmanager
def opened(url: str) -> Iterator[Store]:
    engine = migration_engine(url)
    migrate.upgrade(engine)
    with engine.begin() as conn:
        keyring = keys.load(conn, Root(os.urandom(32)))
    engine.dispose()
    store = Store(url, keyring=keyring, now=lambda: NOW)
    yield store
    store.close()
