"""The open clocks of every breach for whoever keeps the machine, when chat is away: ids, authorities and times only."""

from datetime import UTC, datetime

from handlers.breaches import law
from handlers.request import Ask
from handlers.router import desk
from handlers.views import Data
from storage import breaches
from storage.store import Tx


@desk("breach.clocks")
def open_clocks(tx: Tx, ask: Ask) -> Data:
    """`clocks`: what waits to be told or decided, the next due first; instants in UTC. `cases`: open breaches."""
    cases = breaches.everything_open(tx)
    found = [(case.id, one.row) for case in cases for one in law.standing(tx, case.id) if one.waiting]
    found.sort(key=lambda pair: (pair[1].due_at is None, pair[1].due_at or pair[1].starts_at, pair[0], pair[1].clock))
    rows = [
        {
            "breach": id,
            "clock": row.clock,
            "to": row.recipient,
            "due_at": z(row.due_at),
            "target_at": z(row.target_at),
            "provisional": row.provisional,
            "late": bool(row.due_at and row.due_at <= tx.now),
        }
        for id, row in found
    ]
    return Data(data={"cases": [case.id for case in cases], "clocks": rows})


def z(at: datetime | None) -> str | None:
    """`2026-11-20T16:00:00Z`."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
