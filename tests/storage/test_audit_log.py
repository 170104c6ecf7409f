"""The audit log attacked: whatever is done to it before the last exported checkpoint is caught, and where."""

import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy.exc import DBAPIError

from storage import audit, checkpoint, guards, migrate, tree
from storage import verify as verifying
from storage.store import Store, Tx, migration_engine
from storage.verify import Verdict, verify

SEED = bytes(range(32))
ORIGIN = "sopwith/test"


def fill(store: Store, entries: int) -> None:
    for number in range(entries):
        store.write(lambda tx, n=number: audit.record(tx, "thing.done", who="PE-1", thing=str(n))).result()
    store.write(audit.sequence).result()


def sign(store: Store) -> str:
    head = store.read(audit.head).result()
    return checkpoint.sign(SEED, ORIGIN, head.size, tree.root(head))


def check(store: Store, checkpoints: str) -> Verdict:
    engine = migration_engine(store.url)
    try:
        return verify(engine, checkpoints, checkpoint.public_key(SEED, ORIGIN))
    finally:
        engine.dispose()


def in_pieces_of(size: int, store: Store, checkpoints: str) -> Verdict:
    before, verifying.BATCH = verifying.BATCH, size
    try:
        return check(store, checkpoints)
    finally:
        verifying.BATCH = before


def attack(url: str, *statements: str) -> None:
    """Somebody with the file and a SQLite shell, who takes the guards down first."""
    conn = sqlite3.connect(url.removeprefix("sqlite:///"))
    for guard in guards.SQLITE:
        conn.execute(f"DROP TRIGGER IF EXISTS {guard}")
    for statement in statements:
        conn.execute(statement)
    conn.commit()
    conn.close()


def relink(url: str) -> None:
    """A thorough attacker makes links, tree and head agree with what he wrote."""
    conn = sqlite3.connect(url.removeprefix("sqlite:///"))
    frontier, link = tree.Frontier(size=0, hashes=()), audit.FIRST_LINK
    for position, body in conn.execute("SELECT position, body FROM audit_log ORDER BY position").fetchall():
        leaf = tree.leaf_hash(body if isinstance(body, bytes) else body.encode())
        link, frontier = audit.linked(link, leaf), tree.append(frontier, leaf)
        conn.execute("UPDATE audit_log SET link = ? WHERE position = ?", (link, position))
    conn.execute("UPDATE audit_tree SET size = ?, frontier = ?, link = ?", (frontier.size, tree.encode(frontier), link))
    conn.commit()
    conn.close()


SHIFT = "UPDATE audit_log SET position = -position - 1 WHERE position >= 4"
UNSHIFT = "UPDATE audit_log SET position = -position WHERE position < 0"
ATTACKS: dict[str, tuple[list[str], int]] = {
    "edit": (["UPDATE audit_log SET body = '{}' WHERE position = 4"], 4),
    "delete": (["DELETE FROM audit_log WHERE position = 4"], 4),
    "insert": ([SHIFT, UNSHIFT, "INSERT INTO audit_log VALUES (4, '{}', x'00')"], 4),
    "swap": (
        [
            "UPDATE audit_log SET position = -4 WHERE position = 4",
            "UPDATE audit_log SET position = 4 WHERE position = 5",
            "UPDATE audit_log SET position = 5 WHERE position = -4",
        ],
        4,
    ),
    "truncate": (["DELETE FROM audit_log WHERE position > 7"], 8),
}
LEFT_TO_THE_LINKS = {
    "a link alone": ("UPDATE audit_log SET link = zeroblob(32) WHERE position = 4", 4),
    "a link as text": ("UPDATE audit_log SET link = 'nothing' WHERE position = 4", 4),
    "an entry before the first": ("INSERT INTO audit_log VALUES (-1, '{}', x'00')", 1),
    "an entry behind the last": ("INSERT INTO audit_log VALUES (11, '{}', x'00')", 11),
}


@pytest.mark.parametrize("kind", ATTACKS)
def test_an_attack_on_the_table_is_caught_at_its_position(file_store: Store, kind: str) -> None:
    fill(file_store, 10)
    signed = sign(file_store)
    assert check(file_store, signed).ok
    statements, position = ATTACKS[kind]
    attack(file_store.url, *statements)
    verdict = check(file_store, signed)
    assert (verdict.ok, verdict.first_bad) == (False, position)


@pytest.mark.parametrize("kind", LEFT_TO_THE_LINKS)
def test_what_no_root_of_a_signed_size_would_tell_is_caught_at_its_position(file_store: Store, kind: str) -> None:
    fill(file_store, 10)
    signed = sign(file_store)
    statement, position = LEFT_TO_THE_LINKS[kind]
    attack(file_store.url, statement)
    verdict = check(file_store, signed)
    assert (verdict.ok, verdict.first_bad) == (False, position)


def test_an_entry_that_stands_twice_is_seen_though_the_table_was_built_anew_to_hold_it(file_store: Store) -> None:
    fill(file_store, 10)
    signed = sign(file_store)
    copied = "CREATE TABLE copied AS SELECT * FROM audit_log"
    doubled = "INSERT INTO copied VALUES (4, '{\"what\":\"something kinder\"}', x'00')"
    attack(file_store.url, copied, doubled, "DROP TABLE audit_log", "ALTER TABLE copied RENAME TO audit_log")
    for size in (1, 4, 2000):
        assert in_pieces_of(size, file_store, signed).first_bad in (4, 5)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 10, 11])
def test_in_whatever_pieces_the_log_is_read_the_same_is_found(file_store: Store, size: int) -> None:
    signed = ""
    for _ in range(3):
        fill(file_store, 3)
        signed += sign(file_store)  # at 3, 6 and 9
    fill(file_store, 1)
    sound = in_pieces_of(size, file_store, signed)
    assert (sound.ok, sound.size, sound.root) == (True, 10, tree.root(file_store.read(audit.head).result()).hex())
    attack(file_store.url, "UPDATE audit_log SET body = '{}' WHERE position = 8")
    assert (in_pieces_of(size, file_store, signed).first_bad, in_pieces_of(size, file_store, signed).size) == (8, 7)
    relink(file_store.url)
    assert (in_pieces_of(size, file_store, signed).first_bad, in_pieces_of(size, file_store, signed).size) == (7, 9)


@pytest.mark.parametrize("kind", ATTACKS)
def test_a_thorough_attacker_who_repairs_links_and_head_is_caught_by_the_checkpoint(
    file_store: Store, kind: str
) -> None:
    fill(file_store, 3)
    signed = sign(file_store)  # vouches for entries 1 to 3, so the stretch in doubt begins at 4
    fill(file_store, 7)
    signed += sign(file_store)
    statements, _position = ATTACKS[kind]
    gap = ["UPDATE audit_log SET position = position - 1 WHERE position > 4"] if kind == "delete" else []
    attack(file_store.url, *statements, *gap)
    relink(file_store.url)
    verdict = check(file_store, signed)
    assert not verdict.ok
    assert verdict.first_bad == (10 if kind == "delete" else 8 if kind == "truncate" else 4)


def test_a_rewritten_log_is_caught_from_its_first_entry(file_store: Store) -> None:
    fill(file_store, 10)
    signed = sign(file_store)
    attack(file_store.url, "UPDATE audit_log SET body = replace(CAST(body AS TEXT), 'PE-1', 'PE-2')")
    relink(file_store.url)
    assert check(file_store, signed).first_bad == 1


def test_a_forged_or_foreign_checkpoint_is_not_believed(store: Store) -> None:
    fill(store, 3)
    head = store.read(audit.head).result()
    forged = checkpoint.sign(bytes(32), ORIGIN, head.size, tree.root(head))
    assert not check(store, forged).ok


STATEMENTS: dict[str, Callable[[Tx], object]] = {
    "update": lambda tx: tx.conn.exec_driver_sql("UPDATE audit_log SET body = '{}'"),
    "delete": lambda tx: tx.conn.exec_driver_sql("DELETE FROM audit_log"),
    "replace": lambda tx: tx.conn.exec_driver_sql("INSERT OR REPLACE INTO audit_log VALUES (1, '{}', x'00')"),
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_the_table_refuses_changes_to_the_service_itself(file_store: Store, kind: str) -> None:
    fill(file_store, 2)
    with pytest.raises(DBAPIError, match="append-only"):
        file_store.write(STATEMENTS[kind]).result()


def test_missing_guards_are_noticed_and_raised_again(file_store: Store) -> None:
    attack(file_store.url)
    engine = migration_engine(file_store.url)
    with engine.connect() as conn:
        assert guards.missing_guards(conn) == sorted(guards.SQLITE)
    migrate.upgrade(engine)
    with engine.connect() as conn:
        assert guards.missing_guards(conn) == []
    engine.dispose()


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(store: Store) -> None:
    def fail(tx: Tx) -> None:
        audit.record(tx, "thing.done", who=None)
        raise ValueError("on purpose")

    fill(store, 2)
    with pytest.raises(ValueError, match="on purpose"):
        store.write(fail).result()
    fill(store, 1)
    assert [e.position for e in store.read(audit.entries).result()] == [1, 2, 3]
    assert check(store, "").ok
