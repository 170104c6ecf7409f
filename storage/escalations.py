"""Running ladders: a snapshot of the rungs, where it stands, who was told, and who took it.

States: climbing, acknowledged, ended. One ladder per subject; a second start finds the first.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.ids import new_id
from storage.schema import deadlines, escalations
from storage.store import Tx, add_once


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One running ladder. `rungs` is the JSON snapshot, `told` a JSON list of person ids."""

    id: str
    ladder: str
    subject: str
    about_id: str | None
    rungs: str
    rung: int | None
    round: int
    told: str
    state: str
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    started_at: datetime

    @property
    def told_ids(self) -> frozenset[str]:
        """Everybody who was told so far."""
        return frozenset(json.loads(self.told))


_columns = [escalations.c[name] for name in Escalation.__dataclass_fields__]


def start(tx: Tx, *, ladder: str, subject: str, about_id: str | None, rungs: str) -> bool:
    """Begin to climb; False when it was begun already."""
    row: dict[str, Any] = {"id": new_id("ES"), "ladder": ladder, "subject": subject, "about_id": about_id}
    row |= {"rungs": rungs, "state": "climbing", "started_at": tx.now, "round": 0, "told": "[]"}
    return add_once(tx, escalations, "subject", row)


def resume(tx: Tx, subject: str) -> None:
    """Its cause is back, and whoever took it was told that it is settled: climb again from the first rung."""
    afresh = {"state": "climbing", "rung": None, "told": "[]", "acknowledged_by": None, "acknowledged_at": None}
    tx.conn.execute(
        update(escalations)
        .where(escalations.c.subject == subject, escalations.c.state != "climbing")
        .values(**afresh, round=escalations.c.round + 1)
    )


def of(tx: Tx, subject: str) -> Escalation | None:
    """The ladder of this deadline or breach; in a writing transaction nobody else moves it meanwhile."""
    found = select(*_columns).where(escalations.c.subject == subject)
    row = tx.conn.execute(found.with_for_update() if tx.writable else found).one_or_none()
    return Escalation(**row._mapping) if row else None


def climbed(tx: Tx, subject: str, *, rung: int, round: int, told: frozenset[str]) -> None:
    """Where it stands now."""
    tx.conn.execute(
        update(escalations)
        .where(escalations.c.subject == subject)
        .values(rung=rung, round=round, told=json.dumps(sorted(told)))
    )


def acknowledge(tx: Tx, subject: str, person_id: str) -> bool:
    """Somebody takes it; False when it no longer climbs (the first one has it)."""
    rows = update(escalations).where(escalations.c.subject == subject, escalations.c.state == "climbing")
    values = {"state": "acknowledged", "acknowledged_by": person_id, "acknowledged_at": tx.now}
    return bool(tx.conn.execute(rows.values(**values)).rowcount)


def hand(tx: Tx, subject: str, person_id: str) -> None:
    """Who took it hands it to somebody else."""
    values = {"acknowledged_by": person_id, "acknowledged_at": tx.now}
    mine = escalations.c.subject == subject, escalations.c.state == "acknowledged"
    tx.conn.execute(update(escalations).where(*mine).values(**values))


def end(tx: Tx, subject: str) -> None:
    """Its cause is settled."""
    tx.conn.execute(
        update(escalations)
        .where(escalations.c.subject == subject, escalations.c.state == "climbing")
        .values(state="ended")
    )


def close(tx: Tx, subject: str) -> None:
    """It is over for good, whoever had it."""
    tx.conn.execute(update(escalations).where(escalations.c.subject == subject).values(state="ended"))


def taken_by(tx: Tx, person_id: str) -> list[str]:
    """Subjects of the ladders that this person took and that are not over."""
    mine = escalations.c.acknowledged_by == person_id, escalations.c.state == "acknowledged"
    return list(tx.conn.execute(select(escalations.c.subject).where(*mine).order_by(escalations.c.id)).scalars())


def standing_for(tx: Tx, person_id: str, limit: int) -> list[Escalation]:
    """Ladders that told this person of somebody else's reply that is still due, longest running first."""
    rows = tx.conn.execute(
        select(*_columns)
        .join(deadlines, deadlines.c.id == escalations.c.subject)
        .where(deadlines.c.state == "open", deadlines.c.responsible_id != person_id)
        .where(escalations.c.state != "ended", escalations.c.told.contains(f'"{person_id}"'))
        .order_by(escalations.c.started_at, escalations.c.id)
        .limit(limit)
    )
    return [Escalation(**row._mapping) for row in rows]
