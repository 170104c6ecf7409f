"""All of time is one table: the next instant of every series, asked by one indexed question.

Invariants: one row per kind and subject; a row is taken in the very transaction that does its work, so a restart loses
nothing and two processes never do it twice; cost follows what is due, never what is open.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.ids import new_id
from storage.schema import timers
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Something that falls due."""

    id: str
    kind: str
    subject: str
    due_at: datetime
    attempts: int


_start = {
    name: add.on_conflict_do_update(
        index_elements=["kind", "subject"], set_={"due_at": add.excluded.due_at, "attempts": 0}
    )
    for name, add in (("sqlite", sqlite.insert(timers)), ("postgresql", postgresql.insert(timers)))
}


def start(tx: Tx, kind: str, subject: str, due_at: datetime) -> None:
    """Set or move the timer of this kind for this subject."""
    row = {"id": new_id("TM"), "kind": kind, "subject": subject, "due_at": due_at, "attempts": 0}
    tx.conn.execute(_start[tx.conn.dialect.name], row)


def cancel(tx: Tx, subject: str, *kinds: str) -> None:
    """Stop this subject's timers: all of them, or those of the named kinds."""
    rows = delete(timers).where(timers.c.subject == subject)
    tx.conn.execute(rows.where(timers.c.kind.in_(kinds)) if kinds else rows)


def due(tx: Tx, limit: int = 100) -> list[Timer]:
    """What is due now, oldest first."""
    rows = tx.conn.execute(select(timers).where(timers.c.due_at <= tx.now).order_by(timers.c.due_at).limit(limit))
    return [Timer(**row._mapping) for row in rows]


def take(tx: Tx, id: str) -> Timer | None:
    """Take a due timer for this transaction; None when another took or moved it."""
    row = tx.conn.execute(
        select(timers).where(timers.c.id == id, timers.c.due_at <= tx.now).with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    tx.conn.execute(delete(timers).where(timers.c.id == id))
    return Timer(**row._mapping)


def postpone(tx: Tx, id: str, wait: timedelta) -> None:
    """After a failed attempt: later, and counted."""
    tx.conn.execute(
        update(timers).where(timers.c.id == id).values(due_at=tx.now + wait, attempts=timers.c.attempts + 1)
    )


def of(tx: Tx, subject: str) -> list[Timer]:
    """This subject's timers, next first."""
    rows = tx.conn.execute(select(timers).where(timers.c.subject == subject).order_by(timers.c.due_at))
    return [Timer(**row._mapping) for row in rows]


def oldest_due(tx: Tx) -> datetime | None:
    """The instant of the longest waiting due timer, or None when nothing waits."""
    first: datetime | None = tx.conn.execute(
        select(func.min(timers.c.due_at, type_=timers.c.due_at.type)).where(timers.c.due_at <= tx.now)
    ).scalar_one()
    return first


def upcoming(tx: Tx, limit: int = 50) -> list[Timer]:
    """What falls due next."""
    return [Timer(**row._mapping) for row in tx.conn.execute(select(timers).order_by(timers.c.due_at).limit(limit))]
