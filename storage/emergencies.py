"""Emergency access: who opened which client file without a right, for how long, and what the review said.

Invariants: every one has an end from its beginning; a review is added once and never changed.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, insert, select, update

from storage.access import standing
from storage.ids import new_id
from storage.schema import emergencies
from storage.store import Tx

TABLE = emergencies.name


class Emergency(NamedTuple):
    """`reason` is ciphertext in the file; `verdict` out of needed, not_needed, or empty while it is not reviewed."""

    id: str
    client_id: str
    person_id: str
    code: str
    reason: bytes
    starts_at: datetime
    ends_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    verdict: str


_columns = [emergencies.c[name] for name in Emergency.__annotations__]


def id_for_new() -> str:
    """Made before the insert, because the sealed reason is bound to it."""
    return new_id("EA")


def add(tx: Tx, *, id: str, client_id: str, person_id: str, code: str, reason: bytes, ends_at: datetime) -> Emergency:
    """Begin one now."""
    made = Emergency(id, client_id, person_id, code, reason, tx.now, ends_at, None, None, "")
    tx.conn.execute(insert(emergencies).values(made._asdict()))
    return made


def by_id(tx: Tx, id: str) -> Emergency | None:
    """One of them, also when it is over."""
    row = tx.conn.execute(select(*_columns).where(emergencies.c.id == id)).one_or_none()
    return Emergency._make(row) if row else None


def end(tx: Tx, id: str) -> bool:
    """End a running one now; False when it is over."""
    rows = update(emergencies).where(emergencies.c.id == id, emergencies.c.ends_at > tx.now)
    return bool(tx.conn.execute(rows.values(ends_at=tx.now)).rowcount)


def running(tx: Tx, person_id: str, at: datetime | None = None) -> list[Emergency]:
    """This person's, that hold now or held `at` an instant."""
    mine = select(*_columns).where(emergencies.c.person_id == person_id, standing(emergencies))
    rows = tx.conn.execute(mine.order_by(emergencies.c.starts_at, emergencies.c.id), {"now": at or tx.now})
    return [Emergency._make(row) for row in rows]


def on(tx: Tx, client_id: str, at: datetime | None = None) -> list[Emergency]:
    """Those on this file that hold now, or held `at` an instant."""
    there = select(*_columns).where(emergencies.c.client_id == client_id, standing(emergencies))
    rows = tx.conn.execute(there.order_by(emergencies.c.starts_at, emergencies.c.id), {"now": at or tx.now})
    return [Emergency._make(row) for row in rows]


def review(tx: Tx, id: str, *, by: str, verdict: str) -> bool:
    """Record what the review said; False when somebody was first."""
    rows = update(emergencies).where(emergencies.c.id == id, emergencies.c.reviewed_at.is_(None))
    return bool(tx.conn.execute(rows.values(reviewed_by=by, reviewed_at=tx.now, verdict=verdict)).rowcount)


def unreviewed(tx: Tx) -> list[Emergency]:
    """Those nobody has reviewed yet, oldest first."""
    waiting = select(*_columns).where(emergencies.c.reviewed_at.is_(None))
    rows = tx.conn.execute(waiting.order_by(emergencies.c.starts_at, emergencies.c.id))
    return [Emergency._make(row) for row in rows]


def how_often(tx: Tx, person_id: str, within: timedelta) -> int:
    """How many this person began within that time, until now."""
    mine = emergencies.c.person_id == person_id, emergencies.c.starts_at > tx.now - within
    return tx.conn.execute(select(func.count()).select_from(emergencies).where(*mine)).scalar_one()
