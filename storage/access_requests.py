"""Who asked for which client file, why, and what came of it.

Invariants: a request ends once; one about a file that is not there, or not there for the asker, looks like any other.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from storage.ids import new_id
from storage.schema import access_requests
from storage.store import Tx

TABLE = access_requests.name


class AccessRequest(NamedTuple):
    """`reason` is ciphertext, sealed in the file, or in quarantine where `client_id` is None; `until` is the end that
    was asked for; `state` out of open, approved, refused, lapsed."""

    id: str
    person_id: str
    client_id: str | None
    purpose: str
    reason: bytes
    until: datetime
    asked_at: datetime
    state: str
    answered_by: str | None
    answered_at: datetime | None


_columns = [access_requests.c[name] for name in AccessRequest.__annotations__]


def id_for_new() -> str:
    """Made before the insert, because the sealed reason is bound to it."""
    return new_id("AR")


def add(
    tx: Tx, *, id: str, person_id: str, client_id: str | None, purpose: str, reason: bytes, until: datetime
) -> AccessRequest:
    """Record a request."""
    made = AccessRequest(id, person_id, client_id, purpose, reason, until, tx.now, "open", None, None)
    tx.conn.execute(insert(access_requests).values(made._asdict()))
    return made


def by_id(tx: Tx, id: str) -> AccessRequest | None:
    """One request, also when it is over."""
    row = tx.conn.execute(select(*_columns).where(access_requests.c.id == id)).one_or_none()
    return AccessRequest._make(row) if row else None


def open_of_client(tx: Tx, client_id: str) -> list[AccessRequest]:
    """Those about this file that wait for an answer, oldest first."""
    mine = access_requests.c.client_id == client_id, access_requests.c.state == "open"
    rows = tx.conn.execute(select(*_columns).where(*mine).order_by(access_requests.c.asked_at, access_requests.c.id))
    return [AccessRequest._make(row) for row in rows]


def of_person(tx: Tx, person_id: str, limit: int = 20) -> list[AccessRequest]:
    """This person's own, newest first."""
    mine = select(*_columns).where(access_requests.c.person_id == person_id)
    rows = tx.conn.execute(mine.order_by(access_requests.c.asked_at.desc(), access_requests.c.id).limit(limit))
    return [AccessRequest._make(row) for row in rows]


def unbind(tx: Tx, id: str) -> None:
    """From now on it is a request about a file that is not there; the sealed reason stays with the file's key."""
    tx.conn.execute(update(access_requests).where(access_requests.c.id == id).values(client_id=None))


def end(tx: Tx, id: str, state: str, by: str | None) -> bool:
    """Answer it or let it lapse; False when it is over already."""
    mine = update(access_requests).where(access_requests.c.id == id, access_requests.c.state == "open")
    return bool(tx.conn.execute(mine.values(state=state, answered_by=by, answered_at=tx.now)).rowcount)
