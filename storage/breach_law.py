"""The facts of a breach with their history, its statutory clocks as last reckoned, the notices that were sent, and how
it ended.

Invariants: all but the clocks is only added; what stands in `reason` and `words` is sealed with the breach's own key.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, func, insert, select

from storage.ids import new_id
from storage.schema import breach_clocks, breach_ends, breach_facts, breach_notices
from storage.store import Tx

FACTS, NOTICES, ENDS = "breach_facts", "breach_notices", "breach_ends"


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """Somebody said what is so, as far as is known; the last of a name counts. `value` is empty for "not known"."""

    id: str
    name: str
    value: str
    reason: bytes | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockRow:
    """A statutory clock of this breach, with its recipient, article and reasons as it was reckoned. `runs`: what is
    known now starts it; one that ran before keeps its row."""

    clock: str
    version: str
    counting: str
    zone: str
    starts_at: datetime
    due_at: datetime | None
    target_at: datetime | None
    provisional: bool
    recipient: str
    citation: str
    why: tuple[str, ...]
    runs: bool


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """What was sent, in whole or in part, or decided not to be needed; `at` is when that was put on record."""

    id: str
    clock: str
    kind: str
    channel: str
    sent_at: datetime | None
    words: bytes
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EndRow:
    """How it ended, or that it was opened again."""

    id: str
    outcome: str
    words: bytes
    by: str
    at: datetime


_facts = [breach_facts.c[name] for name in FactRow.__dataclass_fields__]
_clocks = [breach_clocks.c[name] for name in ClockRow.__dataclass_fields__]
_notices = [breach_notices.c[name] for name in NoticeRow.__dataclass_fields__]


_ends = [breach_ends.c[name] for name in EndRow.__dataclass_fields__]


def fact_id() -> str:
    """A new fact's id; its reason is sealed to it."""
    return new_id("BF")


def notice_id() -> str:
    """A new notice's id; its words are sealed to it."""
    return new_id("BN")


def _next(tx: Tx, of: Table, breach_id: str) -> int:
    return tx.conn.execute(select(func.count()).where(of.c.breach_id == breach_id)).scalar_one() + 1


def add_fact(tx: Tx, breach_id: str, *, id: str, name: str, value: str, by: str, reason: bytes | None = None) -> None:
    """What is so from now on."""
    row = {"id": id, "breach_id": breach_id, "name": name, "value": value, "reason": reason, "by": by, "at": tx.now}
    tx.conn.execute(insert(breach_facts).values(**row, number=_next(tx, breach_facts, breach_id)))


def facts(tx: Tx, breach_id: str) -> list[FactRow]:
    """Everything that was said, in order."""
    rows = select(*_facts).where(breach_facts.c.breach_id == breach_id).order_by(breach_facts.c.number)
    return [FactRow(**row._mapping) for row in tx.conn.execute(rows)]


def put_clocks(tx: Tx, breach_id: str, found: Iterable[ClockRow]) -> None:
    """The clocks as they are reckoned now, in place of those before."""
    tx.conn.execute(delete(breach_clocks).where(breach_clocks.c.breach_id == breach_id))
    rows = [
        {
            "breach_id": breach_id,
            **{n: getattr(one, n) for n in ClockRow.__dataclass_fields__},
            "why": json.dumps(one.why),
        }
        for one in found
    ]
    if rows:
        tx.conn.execute(insert(breach_clocks), rows)


def clocks(tx: Tx, breach_id: str) -> list[ClockRow]:
    """Its clocks, the next due first, those without a date last."""
    rows = select(*_clocks).where(breach_clocks.c.breach_id == breach_id)
    found = [ClockRow(**{**row._mapping, "why": tuple(json.loads(row.why))}) for row in tx.conn.execute(rows)]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.starts_at, one.clock))


def add_notice(tx: Tx, breach_id: str, row: NoticeRow) -> None:
    """What was sent, or decided."""
    fields = {name: getattr(row, name) for name in NoticeRow.__dataclass_fields__}
    number = _next(tx, breach_notices, breach_id)
    tx.conn.execute(insert(breach_notices).values(**fields, breach_id=breach_id, number=number))


def notices(tx: Tx, breach_id: str) -> list[NoticeRow]:
    """What was sent and decided, in the order it was put on record."""
    rows = select(*_notices).where(breach_notices.c.breach_id == breach_id).order_by(breach_notices.c.number)
    return [NoticeRow(**row._mapping) for row in tx.conn.execute(rows)]


def end_id() -> str:
    """A new end's id; its words are sealed to it."""
    return new_id("BE")


def add_end(tx: Tx, breach_id: str, *, id: str, outcome: str, words: bytes, by: str) -> None:
    """How it ended, or that it was opened again."""
    row = {"id": id, "breach_id": breach_id, "outcome": outcome, "words": words, "by": by, "at": tx.now}
    tx.conn.execute(insert(breach_ends).values(**row, number=_next(tx, breach_ends, breach_id)))


def ends(tx: Tx, breach_id: str) -> list[EndRow]:
    """Each end and each new beginning, in order."""
    rows = select(*_ends).where(breach_ends.c.breach_id == breach_id).order_by(breach_ends.c.number)
    return [EndRow(**row._mapping) for row in tx.conn.execute(rows)]
