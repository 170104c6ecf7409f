"""Response deadlines: when an inquiry must be answered, how that was reckoned, under which policy, and how it ended.

States: open, answered, closed (no reply needed, with the reason). The due date and its reasons never change. In a
writing transaction whoever reads a client's clocks to decide on them is alone with that client until the commit: else
two entries at once would start two clocks, or one would stop the clock that the other relies on.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from storage import locks
from storage.ids import new_id
from storage.schema import clients, deadlines
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """One clock. `plan` is JSON: reading, calendar, reminders and the steps of the sum."""

    id: str
    interaction_id: str
    client_id: str | None
    sla: str
    received_at: datetime
    due_at: datetime
    plan: str
    policy_hash: str
    responsible_id: str
    state: str
    ended_at: datetime | None
    ended_by: str | None
    ended_why: str
    answer_id: str

    @property
    def reckoning(self) -> dict[str, Any]:
        """The plan, read."""
        plan: dict[str, Any] = json.loads(self.plan)
        return plan


_columns = [deadlines.c[name] for name in Deadline.__dataclass_fields__]
_by_id = select(*_columns).where(deadlines.c.id == bindparam("id"))
_open_of_client = (
    select(*_columns)
    .where(deadlines.c.client_id == bindparam("client_id"), deadlines.c.state == "open")
    .order_by(deadlines.c.due_at, deadlines.c.id)
)
_add = insert(deadlines)


def add(tx: Tx, **fields: Any) -> Deadline:
    """Start a clock (or, with `state` and `ended_at`, record one that was answered already)."""
    none = {"state": "open", "ended_at": None, "ended_by": None, "ended_why": "", "answer_id": ""}
    added = Deadline(**{**none, **fields, "id": new_id("DL")})
    tx.conn.execute(_add, vars(added))
    return added


def by_id(tx: Tx, id: str) -> Deadline | None:
    """One clock."""
    row = tx.conn.execute(_by_id, {"id": id}).one_or_none()
    if row and _alone(tx, row):
        row = tx.conn.execute(_by_id, {"id": id}).one_or_none()
    return Deadline(**row._mapping) if row else None


def known(tx: Tx, id: str) -> Deadline | None:
    """The same, for a look that decides nothing about it: nobody is waited for."""
    row = tx.conn.execute(_by_id, {"id": id}).one_or_none()
    return Deadline(**row._mapping) if row else None


def _alone(tx: Tx, row: Any) -> bool:
    return locks.row(tx, clients, row.client_id) if row.client_id else locks.row(tx, deadlines, row.id)


def _list(tx: Tx, *where: Any, limit: int | None = None) -> list[Deadline]:
    rows = select(*_columns).where(*where).order_by(deadlines.c.due_at, deadlines.c.id).limit(limit)
    return [Deadline(**row._mapping) for row in tx.conn.execute(rows)]


def open_of_client(tx: Tx, client_id: str) -> list[Deadline]:
    """The client's running clocks, next due first."""
    locks.row(tx, clients, client_id)
    return [Deadline(**row._mapping) for row in tx.conn.execute(_open_of_client, {"client_id": client_id})]


def open_of_person(tx: Tx, person_id: str, limit: int | None = None) -> list[Deadline]:
    """The person's running clocks, next due first."""
    return _list(tx, deadlines.c.responsible_id == person_id, deadlines.c.state == "open", limit=limit)


def count_of_person(tx: Tx, person_id: str) -> int:
    """How many clocks run for this person."""
    running = select(func.count()).where(deadlines.c.responsible_id == person_id, deadlines.c.state == "open")
    return tx.conn.execute(running).scalar_one()


def of_interaction(tx: Tx, interaction_id: str) -> list[Deadline]:
    """Clocks that this entry started."""
    return _decided_on(tx, deadlines.c.interaction_id == interaction_id)


def _decided_on(tx: Tx, where: Any) -> list[Deadline]:
    found = _list(tx, where)
    waited = [_alone(tx, row) for row in found]
    return _list(tx, where) if any(waited) else found


def all_open(tx: Tx) -> list[Deadline]:
    """Every running clock, for the watch."""
    return _list(tx, deadlines.c.state == "open")


def end(tx: Tx, id: str, *, state: str, by: str | None, why: str = "", answer_id: str = "") -> bool:
    """Stop an open clock; False when it was stopped already."""
    rows = update(deadlines).where(deadlines.c.id == id, deadlines.c.state == "open")
    values = {"state": state, "ended_at": tx.now, "ended_by": by, "ended_why": why, "answer_id": answer_id}
    return bool(tx.conn.execute(rows.values(**values)).rowcount)


def hand_to(tx: Tx, id: str, person_id: str) -> bool:
    """Change who replies, while it is open."""
    rows = update(deadlines).where(deadlines.c.id == id, deadlines.c.state == "open")
    return bool(tx.conn.execute(rows.values(responsible_id=person_id)).rowcount)


def move(tx: Tx, interaction_id: str, client_id: str | None) -> None:
    """The entry that started them now belongs to another file (or to quarantine)."""
    tx.conn.execute(update(deadlines).where(deadlines.c.interaction_id == interaction_id).values(client_id=client_id))


def answered_by(tx: Tx, interaction_id: str) -> list[Deadline]:
    """Clocks that this entry stopped."""
    return _decided_on(tx, deadlines.c.answer_id == interaction_id)


def reopen(tx: Tx, id: str) -> None:
    """The reply that stopped it was not this client's: it runs again, with the due date it always had."""
    values = {"state": "open", "ended_at": None, "ended_by": None, "ended_why": "", "answer_id": ""}
    tx.conn.execute(update(deadlines).where(deadlines.c.id == id, deadlines.c.state == "answered").values(**values))
