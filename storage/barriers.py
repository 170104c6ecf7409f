"""Information barriers: who must not know of which client file, from when to when, set and lifted by whom.

Invariants: a barrier is ended, never taken away; its reasons are ciphertext in a compartment of the barriers' own.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from storage.access import standing
from storage.ids import new_id
from storage.schema import barriers
from storage.store import Tx

TABLE = barriers.name


class Barrier(NamedTuple):
    """`kind` out of conflict, inside, adverse, other; `reason` and `lifted_why` are ciphertext."""

    id: str
    client_id: str
    person_id: str
    kind: str
    reason: bytes
    set_by: str
    starts_at: datetime
    ends_at: datetime | None
    lifted_by: str | None
    lifted_why: bytes | None


_columns = [barriers.c[name] for name in Barrier.__annotations__]


def id_for_new() -> str:
    """Made before the insert, because the sealed reason is bound to it."""
    return new_id("IB")


def add(tx: Tx, *, id: str, client_id: str, person_id: str, kind: str, reason: bytes, set_by: str) -> None:
    """Set one, from now on."""
    row = {"id": id, "client_id": client_id, "person_id": person_id, "kind": kind, "reason": reason, "set_by": set_by}
    tx.conn.execute(insert(barriers).values(**row, starts_at=tx.now))


def lift(tx: Tx, id: str, *, by: str, why: bytes) -> bool:
    """End a standing one now; False when it is lifted already."""
    rows = update(barriers).where(barriers.c.id == id, barriers.c.ends_at.is_(None))
    return bool(tx.conn.execute(rows.values(ends_at=tx.now, lifted_by=by, lifted_why=why)).rowcount)


def by_id(tx: Tx, id: str) -> Barrier | None:
    """One of them, also when it was lifted."""
    row = tx.conn.execute(select(*_columns).where(barriers.c.id == id)).one_or_none()
    return Barrier._make(row) if row else None


def standing_now(tx: Tx, at: datetime | None = None) -> list[Barrier]:
    """All that stand now, or stood `at` an instant, newest first."""
    found = select(*_columns).where(standing(barriers)).order_by(barriers.c.starts_at.desc(), barriers.c.id)
    return [Barrier._make(row) for row in tx.conn.execute(found, {"now": at or tx.now})]


def between(tx: Tx, client_id: str, person_id: str) -> Barrier | None:
    """The one that stands between these two."""
    mine = barriers.c.client_id == client_id, barriers.c.person_id == person_id
    row = tx.conn.execute(select(*_columns).where(*mine, standing(barriers)).limit(1), {"now": tx.now}).one_or_none()
    return Barrier._make(row) if row else None


def clients_behind(tx: Tx, person_id: str) -> frozenset[str]:
    """Ids of the client files that this person must not know of now."""
    mine = select(barriers.c.client_id).where(barriers.c.person_id == person_id, standing(barriers))
    return frozenset(tx.conn.execute(mine, {"now": tx.now}).scalars())
