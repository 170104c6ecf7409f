"""The store: one writer, readers that cannot write, faults that are said, nothing acknowledged that is not on disk."""

import os
import sqlite3
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from storage import inbox, keys, migrate, outbox, settings, timers
from storage.schema import metadata, people
from storage.schema import settings as table
from storage.store import InUse, Store, Tx, Unavailable, migration_engine
from storage.vault import Root, WrongKey
from tests.storage.conftest import NOW


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def test_only_its_owner_can_read_the_file(file_store: Store) -> None:
    for suffix in ("", "-wal", "-shm"):
        mode = stat.S_IMODE(path_of(file_store.url + suffix).stat().st_mode)
        assert mode == 0o600, suffix


def test_a_second_process_may_not_write(file_store: Store) -> None:
    with pytest.raises(InUse):
        Store(file_store.url, keyring=file_store._keyring, now=lambda: NOW)


def test_a_question_cannot_write(store: Store) -> None:
    with pytest.raises(Unavailable, match=r"read-?only"):
        store.read(lambda tx: settings.put(tx, "a", "b")).result()


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def half(tx: Tx) -> None:
        settings.put(tx, "first", "done")
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        store.write(half).result()
    assert store.read(lambda tx: settings.get(tx, "first")).result() is None


def test_a_locked_database_is_said_and_the_next_one_goes_through(file_store: Store) -> None:
    other = sqlite3.connect(path_of(file_store.url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        file_store.write(lambda tx: settings.put(tx, "a", "b")).result()
    other.execute("ROLLBACK")
    other.close()
    file_store.write(lambda tx: settings.put(tx, "a", "b")).result()
    assert file_store.read(lambda tx: settings.get(tx, "a")).result() == "b"


def test_a_full_disk_is_said_takes_back_the_whole_transaction_and_nothing_more(file_store: Store) -> None:
    """SQLite itself is told that the disk ends here."""
    file_store.write(lambda tx: settings.put(tx, "before", "kept")).result()

    def fill(tx: Tx) -> None:
        pages = tx.conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        settings.put(tx, "small", "x")
        settings.put(tx, "large", "x" * 1_000_000)

    with pytest.raises(Unavailable, match="full"):
        file_store.write(fill).result()
    assert file_store.read(lambda tx: settings.get(tx, "small")).result() is None
    assert file_store.read(lambda tx: settings.get(tx, "before")).result() == "kept"
    file_store.write(lambda tx: tx.conn.exec_driver_sql("PRAGMA max_page_count = 1000000") and None).result()
    file_store.write(lambda tx: settings.put(tx, "after", "kept")).result()


def test_parameters_never_appear_in_an_error(store: Store) -> None:
    with pytest.raises(Exception, match="constraint") as caught:
        store.write(lambda tx: tx.conn.execute(insert(table), [{"key": "a", "value": "SECRET"}] * 2)).result()
    assert "SECRET" not in str(caught.value)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        store.write(lambda tx: timers.start(tx, "k", "s", datetime(2026, 1, 1))).result()


def test_a_wrong_outside_key_refuses_the_start(store: Store) -> None:
    engine = migration_engine(store.url)
    with engine.begin() as conn, pytest.raises(WrongKey):
        keys.load(conn, Root(os.urandom(32)))
    engine.dispose()


def test_the_migrations_make_exactly_the_schema(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    engine = migration_engine(store.url)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_an_upgrade_from_every_earlier_revision_keeps_what_is_there(new_database: Callable[[], str]) -> None:
    from alembic.runtime.environment import EnvironmentContext

    for revision in [r.revision for r in migrate.scripts().walk_revisions()]:
        engine = migration_engine(new_database())
        known = migrate.scripts()
        with engine.begin() as conn:
            context = EnvironmentContext(
                migrate._config(), known, fn=lambda r, _c, to=revision, known=known: known._upgrade_revs(to, r)
            )
            with context:
                context.configure(connection=conn, target_metadata=metadata)
                context.run_migrations()
            conn.execute(insert(table).values(key="kept", value="yes"))
        assert migrate.upgrade(engine) == (revision != migrate.head())
        with engine.connect() as conn:
            assert conn.execute(select(table.c.value)).scalar_one() == "yes"
            assert conn.execute(select(people)).all() == []
        engine.dispose()


def test_a_notice_of_one_key_exists_once_and_a_lane_sends_one_at_a_time(store: Store) -> None:
    from storage import people as folk

    def seed(tx: Tx) -> str:
        id = folk.add(tx, email="a@b.example", name="A", roles=["staff"], kind="employee")
        assert outbox.put(tx, key="k1", recipient_id=id, kind="x", subject="s")
        assert not outbox.put(tx, key="k1", recipient_id=id, kind="x", subject="s")
        assert outbox.put(tx, key="k2", recipient_id=id, kind="x", subject="s", urgent=True)
        return id

    store.write(seed).result()
    taken = store.write(lambda tx: outbox.claim(tx, 10)).result()
    assert [n.key for n in taken] == ["k2"]  # urgent first, and one lane
    assert store.write(lambda tx: outbox.claim(tx, 10)).result() == []
    store.write(lambda tx: outbox.end(tx, taken[0], outbox.State.COMPLETED)).result()
    assert [n.key for n in store.write(lambda tx: outbox.claim(tx, 10)).result()] == ["k1"]


def test_a_seen_delivery_is_known_and_its_id_is_not_kept(file_store: Store) -> None:
    file_store.write(lambda tx: inbox.consume(tx, ["delivery:123.456"], "")).result()
    assert file_store.read(lambda tx: inbox.outcome(tx, ["form:1", "delivery:123.456"])).result() == ""
    assert file_store.read(lambda tx: inbox.outcome(tx, ["delivery:other"])).result() is None
    assert b"123.456" not in path_of(file_store.url).read_bytes() + path_of(file_store.url + "-wal").read_bytes()
