"""Suspected breaches: the sealed report, four plain answers, and the facts of the checklist.

A report without a name has no person anywhere: not in its row, its audit entry, its timers or notices.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.ids import new_id
from storage.schema import breach_steps, breaches
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One report. `intake` is sealed to the intake key; `reporter_id` is None when the name was left out."""

    id: str
    compartment_id: str
    intake: bytes
    reported_at: datetime
    noticed_at: datetime | None
    personal_data: str
    ongoing: str
    reporter_id: str | None
    policy_hash: str
    state: str


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """Somebody said that a step is done, or after all not."""

    step: str
    done: bool
    by: str
    at: datetime


_columns = [breaches.c[name] for name in Breach.__dataclass_fields__]
_steps = [breach_steps.c[name] for name in StepRow.__dataclass_fields__]


def reference() -> str:
    """A new reference, `BR-…`."""
    return new_id("BR")


def add(tx: Tx, **fields: Any) -> None:
    """Record a report."""
    tx.conn.execute(insert(breaches).values(**fields, reported_at=tx.now, state="reported"))


def by_id(tx: Tx, id: str) -> Breach | None:
    """One report."""
    row = tx.conn.execute(select(*_columns).where(breaches.c.id == id)).one_or_none()
    return Breach(**row._mapping) if row else None


def everything_open(tx: Tx) -> list[Breach]:
    """Reports not yet closed, newest first."""
    rows = select(*_columns).where(breaches.c.state != "closed").order_by(breaches.c.reported_at.desc())
    return [Breach(**row._mapping) for row in tx.conn.execute(rows)]


def everything(tx: Tx) -> list[Breach]:
    """All reports there ever were, newest first."""
    rows = select(*_columns).order_by(breaches.c.reported_at.desc(), breaches.c.id)
    return [Breach(**row._mapping) for row in tx.conn.execute(rows)]


def advance(tx: Tx, id: str, state: str) -> None:
    """The next named state."""
    tx.conn.execute(update(breaches).where(breaches.c.id == id).values(state=state))


def add_step(tx: Tx, breach_id: str, *, step: str, done: bool, by: str) -> None:
    """Add a fact to the checklist."""
    said = select(func.count()).where(breach_steps.c.breach_id == breach_id)
    number = tx.conn.execute(said).scalar_one() + 1
    row = {"id": new_id("BS"), "breach_id": breach_id, "number": number, "step": step, "done": done, "by": by}
    tx.conn.execute(insert(breach_steps).values(**row, at=tx.now))


def steps(tx: Tx, breach_id: str) -> list[StepRow]:
    """The checklist's facts in the order they were said."""
    rows = tx.conn.execute(select(*_steps).where(breach_steps.c.breach_id == breach_id).order_by(breach_steps.c.number))
    return [StepRow(**row._mapping) for row in rows]
