"""Turns: what only one may do at a time. SQLite's one writer is alone anyhow and needs none of them.

Invariants: a lock ends with its transaction; what is looked up after it was taken is as the one before left it.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, select, text

if TYPE_CHECKING:
    from storage.store import Tx

OURS, SUBJECTS = 0x50F7, 0x50F8  # first halves of our advisory locks' names


class Turn(IntEnum):
    """What one process does at a time."""

    MIGRATE = 1
    SEQUENCE = 2
    CLAIM = 3
    MAIL = 4


def alone(conn: Connection, turn: Turn) -> None:
    """Wait for this turn and keep it until the transaction ends."""
    if conn.dialect.name != "sqlite":
        conn.execute(text("SELECT pg_advisory_xact_lock(:ours, :turn)"), {"ours": OURS, "turn": int(turn)})


def try_alone(conn: Connection, turn: Turn) -> bool:
    """Take this turn, or False at once when another has it."""
    if conn.dialect.name == "sqlite":
        return True
    taken = text("SELECT pg_try_advisory_xact_lock(:ours, :turn)")
    return bool(conn.execute(taken, {"ours": OURS, "turn": int(turn)}).scalar_one())


def subject(tx: "Tx", id: str) -> None:
    """Nobody else changes or shows this subject's cards until this transaction ends."""
    if tx.writable and tx.conn.dialect.name != "sqlite":
        tx.conn.execute(
            text("SELECT pg_advisory_xact_lock(:subjects, hashtext(:id))"), {"subjects": SUBJECTS, "id": id}
        )


def row(tx: "Tx", table: Table, id: str) -> bool:
    """Nobody else decides on what hangs from this row until this transaction ends; it may still be pointed to. True
    when that may have taken a while, so that what was read before must be read again."""
    if not tx.writable or tx.conn.dialect.name == "sqlite":
        return False
    tx.conn.execute(select(table.c.id).where(table.c.id == id).with_for_update(key_share=True))
    return True
