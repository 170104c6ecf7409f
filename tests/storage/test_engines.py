"""What the connections promise, each promise alone: who can write, what is on disk, what an error may say."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, NoResultFound

from storage import audit, intake, keys, migrate, settings, vault
from storage.schema import settings as table
from storage.store import Store, Tx, Unavailable, migration_engine
from storage.vault import WrongKey
from tests.storage.conftest import NOW


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: a commit is on the disk before anybody is answered
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
    ],
)
def test_the_writer_keeps_its_promises(file_store: Store, pragma: str, value: object) -> None:
    assert file_store.write(lambda tx: tx.conn.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()).result() == value


def test_a_reader_says_that_it_only_asks(file_store: Store) -> None:
    assert file_store.read(lambda tx: tx.conn.exec_driver_sql("PRAGMA query_only").scalar_one()).result() == 1


def test_a_reader_cannot_write_even_when_it_forgets_that_it_only_asks(file_store: Store) -> None:
    def forget(tx: Tx) -> None:
        tx.conn.exec_driver_sql("PRAGMA query_only=OFF")
        settings.put(tx, "a", "b")

    with pytest.raises(Unavailable, match=r"read-?only"):
        file_store.read(forget).result()


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    migration_engine(f"sqlite:///{path}").dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("door", ["read", "write"])
def test_no_door_shows_parameters_in_an_error(store: Store, door: str) -> None:
    def ask(tx: Tx) -> None:
        tx.conn.execute(text("SELECT :said, :odd"), {"said": "SECRET", "odd": object()})

    with pytest.raises(DBAPIError) as caught:
        getattr(store, door)(ask).result()
    assert "SECRET" not in str(caught.value)


def test_a_migrations_error_shows_no_parameters(store: Store) -> None:
    engine = migration_engine(store.url)
    with engine.connect() as conn, pytest.raises(DBAPIError) as caught:
        conn.execute(text("SELECT :said, :odd"), {"said": "SECRET", "odd": object()})
    engine.dispose()
    assert "SECRET" not in str(caught.value)


def test_what_cannot_be_put_on_record_does_not_happen(file_store: Store) -> None:
    """The entry and its cause are one transaction: here the log has lost its head."""

    def act(tx: Tx) -> None:
        settings.put(tx, "cause", "done")
        audit.record(tx, "thing.done", who=None)

    file_store.write(lambda tx: tx.conn.exec_driver_sql("DELETE FROM audit_tree") and None).result()
    with pytest.raises(NoResultFound):
        file_store.write(act).result()
    assert file_store.read(lambda tx: settings.get(tx, "cause")).result() is None


def test_an_exchanged_intake_key_refuses_the_start(tmp_path: Path) -> None:
    """Reports are sealed to the public half: whoever can write to the database could put in one's own."""
    root, engine = vault.Root(bytes(range(32))), migration_engine(f"sqlite:///{tmp_path / 'house.db'}")
    migrate.upgrade(engine)
    with engine.begin() as conn:
        keys.load(conn, root)
    with engine.begin() as conn:
        keys.load(conn, root)
        theirs = intake.new_intake_keypair()[0].hex()
        conn.execute(update(table).where(table.c.key == keys.INTAKE_PUBLIC).values(value=theirs))
    with engine.begin() as conn, pytest.raises(WrongKey):
        keys.load(conn, root)
    engine.dispose()


def test_the_clock_of_a_transaction_is_read_once(store: Store) -> None:
    assert store.read(lambda tx: (tx.now, tx.conn.execute(select(1)).scalar_one(), tx.now)).result() == (NOW, 1, NOW)
