"""Complaints and concerns about conduct: the sealed words, the notes in the order they were made, and the clocks.

Invariants: `told` and every note's text are sealed with the complaint's own key; who has it stands with its ladder.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.ids import new_id
from storage.schema import complaint_clocks, complaint_notes, complaints
from storage.store import Tx

TABLE, NOTES = "complaints", "complaint_notes"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """`kind`: complaint or concern. `state`: open or resolved; the last resolution's `outcome` and instant stay."""

    id: str
    kind: str
    compartment_id: str
    client_id: str | None
    entry_id: str | None
    told: bytes
    severity: str
    scheme: str
    received_at: datetime
    recorded_at: datetime
    recorded_by: str
    breach_id: str | None
    policy_hash: str
    state: str
    outcome: str
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody did about it."""

    id: str
    kind: str
    text: bytes | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Clock:
    """Something that is due by an instant; `why` says how it was reckoned."""

    clock: str
    starts_at: datetime
    due_at: datetime
    met_at: datetime | None
    why: tuple[str, ...]


_columns = [complaints.c[name] for name in Complaint.__dataclass_fields__]
_notes = [complaint_notes.c[name] for name in Note.__dataclass_fields__]
_clocks = [complaint_clocks.c[name] for name in Clock.__dataclass_fields__]


def reference() -> str:
    """A new reference, `CO-…`."""
    return new_id("CO")


def note_id() -> str:
    """A new note's id; its text is sealed to it."""
    return new_id("CN")


def add(tx: Tx, **fields: Any) -> None:
    """Put one on record."""
    tx.conn.execute(insert(complaints).values(**fields, recorded_at=tx.now, state="open", outcome=""))


def by_id(tx: Tx, id: str) -> Complaint | None:
    """One complaint; in a writing transaction nobody else moves it meanwhile."""
    found = select(*_columns).where(complaints.c.id == id)
    row = tx.conn.execute(found.with_for_update() if tx.writable else found).one_or_none()
    return Complaint(**row._mapping) if row else None


def everything_open(tx: Tx) -> list[Complaint]:
    """Those not resolved, newest first."""
    rows = select(*_columns).where(complaints.c.state == "open").order_by(complaints.c.recorded_at.desc())
    return [Complaint(**row._mapping) for row in tx.conn.execute(rows)]


def link(tx: Tx, id: str, breach_id: str) -> None:
    """It told of a suspected breach too."""
    tx.conn.execute(update(complaints).where(complaints.c.id == id).values(breach_id=breach_id))


def resolve(tx: Tx, id: str, outcome: str) -> bool:
    """It is over; False when it was already."""
    rows = update(complaints).where(complaints.c.id == id, complaints.c.state == "open")
    return bool(tx.conn.execute(rows.values(state="resolved", outcome=outcome, ended_at=tx.now)).rowcount)


def reopen(tx: Tx, id: str) -> bool:
    """It is not, after all; False when it is open."""
    rows = update(complaints).where(complaints.c.id == id, complaints.c.state == "resolved")
    return bool(tx.conn.execute(rows.values(state="open", ended_at=None)).rowcount)


def add_note(tx: Tx, complaint_id: str, *, id: str, kind: str, by: str, text: bytes | None = None) -> None:
    """Add what somebody did."""
    said = select(func.count()).where(complaint_notes.c.complaint_id == complaint_id)
    number = tx.conn.execute(said).scalar_one() + 1
    row = {"id": id, "complaint_id": complaint_id, "number": number, "kind": kind, "text": text, "by": by}
    tx.conn.execute(insert(complaint_notes).values(**row, at=tx.now))


def notes(tx: Tx, complaint_id: str) -> list[Note]:
    """In the order they were made."""
    mine = complaint_notes.c.complaint_id == complaint_id
    rows = tx.conn.execute(select(*_notes).where(mine).order_by(complaint_notes.c.number))
    return [Note(**row._mapping) for row in rows]


def start_clock(tx: Tx, complaint_id: str, clock: str, *, starts: datetime, due: datetime, why: Sequence[str]) -> None:
    """A clock begins; one of the same name that was met is begun anew."""
    mine = complaint_clocks.c.complaint_id == complaint_id, complaint_clocks.c.clock == clock
    values = {"starts_at": starts, "due_at": due, "met_at": None, "why": json.dumps(list(why))}
    if not tx.conn.execute(update(complaint_clocks).where(*mine).values(**values)).rowcount:
        tx.conn.execute(insert(complaint_clocks).values(complaint_id=complaint_id, clock=clock, **values))


def meet(tx: Tx, complaint_id: str, *names: str) -> None:
    """What these clocks ask for is done; without names, all of them."""
    running = [complaint_clocks.c.complaint_id == complaint_id, complaint_clocks.c.met_at.is_(None)]
    if names:
        running.append(complaint_clocks.c.clock.in_(names))
    tx.conn.execute(update(complaint_clocks).where(*running).values(met_at=tx.now))


def clocks(tx: Tx, complaint_id: str) -> list[Clock]:
    """All of them, the next due first."""
    mine = complaint_clocks.c.complaint_id == complaint_id
    rows = tx.conn.execute(select(*_clocks).where(mine).order_by(complaint_clocks.c.due_at, complaint_clocks.c.clock))
    return [Clock(**{**row._mapping, "why": tuple(json.loads(row.why))}) for row in rows]
