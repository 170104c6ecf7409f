"""Audit entries of many writers get their positions: all of them, once, without a gap, and one sequencer at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from sqlalchemy.exc import DBAPIError

from storage import audit, guards, locks, migrate, settings, watch
from storage.engines import migration_engine
from storage.store import Store, Tx
from storage.verify import verify
from tests.storage.conftest import NOW, opened
from tests.support.postgres import Server


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    url = postgres.database()
    yield url
    postgres.drop(url)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with opened(url) as store:
        yield store


def done(thing: str) -> Callable[[Tx], None]:
    return lambda tx: audit.record(tx, "thing.done", who=None, thing=thing)


def things(store: Store) -> list[str]:
    return [entry.words["thing"] for entry in store.read(audit.entries).result()]


def whole(url: str) -> int:
    """How many entries a walk finds, all in their place."""
    engine = migration_engine(url)
    found = verify(engine)
    engine.dispose()
    assert found.ok, found.problem
    return found.size


def test_what_many_writers_and_two_sequencers_do_at_once_is_whole(url: str, store: Store) -> None:
    other = Store(url, keyring=store._keyring, now=lambda: NOW)
    with closing(other):
        written = [s.write(done(f"{n}")) for n in range(200) for s in (store, other)]
        moved = [s.write(audit.sequence) for _ in range(20) for s in (store, other)]
        for future in (*written, *moved):
            future.result()
        store.write(audit.sequence).result()
    assert sorted(things(store)) == sorted(str(n) for n in range(200) for _ in range(2))
    assert store.read(audit.waiting).result() == 0
    assert whole(url) == 400


def test_an_entry_that_is_committed_late_comes_late_and_is_not_lost(store: Store) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        audit.record(tx, "thing.done", who=None, thing="slow")
        audit.settle(tx)
        tx._entries.clear()
        began.set()
        assert go_on.wait(10)

    late = store.write(slow)
    assert began.wait(10)
    store.write(done("quick")).result()
    assert store.write(audit.sequence).result() == 1
    go_on.set()
    late.result()
    assert store.write(audit.sequence).result() == 1
    assert things(store) == ["quick", "slow"]


def test_while_one_sequences_another_does_nothing_and_waits_for_nothing(url: str, store: Store) -> None:
    store.write(done("a")).result()
    engine = migration_engine(url)
    with engine.begin() as conn:
        assert locks.try_alone(conn, locks.Turn.SEQUENCE)
        assert store.write(audit.sequence).result() == 0
    engine.dispose()
    assert store.write(audit.sequence).result() == 1


def test_what_waits_when_the_last_process_closes_is_sequenced(url: str) -> None:
    with opened(url) as store:
        store.write(done("a")).result()
    assert whole(url) == 1


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET body = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"])
def test_the_log_refuses_changes_to_its_own_owner(store: Store, statement: str) -> None:
    store.write(done("a")).result()
    with pytest.raises(DBAPIError, match="append-only"):
        store.write(lambda tx: tx.conn.exec_driver_sql(statement) and None).result()


ANEW = "DROP TRIGGER audit_log_no_update ON audit_log; CREATE TRIGGER audit_log_no_update"
CALL = "FOR EACH STATEMENT {} EXECUTE FUNCTION audit_log_refuses()"
ALWAYS = "ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_no_update"


@pytest.mark.parametrize(
    "sabotage",
    [
        "DROP TRIGGER audit_log_no_update ON audit_log",
        "ALTER TABLE audit_log DISABLE TRIGGER audit_log_no_update",
        "ALTER TABLE audit_log ENABLE REPLICA TRIGGER audit_log_no_update",
        f"{ANEW} BEFORE INSERT ON audit_log {CALL.format('')}; {ALWAYS}",
        f"{ANEW} BEFORE UPDATE ON audit_log {CALL.format('WHEN (false)')}; {ALWAYS}",
        f"{ANEW} BEFORE UPDATE OF link ON audit_log {CALL.format('')}; {ALWAYS}",
    ],
)
def test_a_guard_that_was_taken_down_or_made_harmless_is_named_and_raised_again(
    url: str, store: Store, sabotage: str
) -> None:
    engine = migration_engine(url)
    with engine.begin() as conn:
        conn.exec_driver_sql(sabotage)
    assert store.read(watch.missing_guards).result() == ["audit_log_no_update"]
    migrate.upgrade(engine)
    assert store.read(watch.missing_guards).result() == []
    with engine.begin() as conn:
        conn.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION audit_log_refuses() RETURNS trigger "
            "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
    assert store.read(watch.missing_guards).result() == sorted(guards.POSTGRES)
    engine.dispose()


def test_no_error_quotes_the_row_that_broke_a_constraint(store: Store) -> None:
    store.write(lambda tx: settings.put(tx, "SECRET", "x")).result()
    with pytest.raises(DBAPIError) as caught:
        store.write(lambda tx: tx.conn.exec_driver_sql("INSERT INTO settings VALUES ('SECRET', 'y')") and None).result()
    assert "SECRET" not in str(caught.value)
    assert "pk_settings" in str(caught.value)
