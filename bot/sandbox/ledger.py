"""What happened in the sandbox firm, as rows for the page: audit entries, notices and coming moments, by id and
colleague."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.stage import AuditRow, Happened, OutboxRow, TimerRow
from handlers import custody
from handlers.need_to_know import undertaking, weekly
from handlers.words import when
from storage import audit, outbox, people, timers
from storage.store import Tx

ROWS = 30
ROUNDS = frozenset({custody.FIRM, undertaking.EVERYBODY, weekly.SUBJECT})  # made by the clock for itself
GUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22}\b")
PLAIN = {"at", "what", "who", "sealed"}


def happened(tx: Tx, zone: ZoneInfo) -> Happened:
    """The newest rows of the record."""
    names = {p.id: p.name for p in people.everybody(tx)}

    def shown(at: datetime) -> str:
        return when(at, zone, tx.now)

    def named(text: str) -> str:
        return GUID.sub(r"\1…", ", ".join(names.get(part, part) for part in text.split(",")))

    coming = [timer for timer in timers.upcoming(tx, ROWS) if timer.subject not in ROUNDS]
    return Happened(
        audit=tuple(
            AuditRow(
                number=str(entry.position),
                at=shown(datetime.fromisoformat(entry.words["at"])),
                who=named(entry.words.get("who", "")),
                what=entry.words["what"],
                about=" · ".join(f"{k} {named(v)[:40]}" for k, v in entry.words.items() if k not in PLAIN and v),
            )
            for entry in audit.newest(tx, ROWS)
        ),
        outbox=tuple(
            OutboxRow(
                to=names.get(notice.recipient_id, ""),
                what=notice.kind + (" (edit)" if notice.message_id else ""),
                state=notice.state,
                at=shown(notice.ended_at or notice.due_at),
            )
            for notice in outbox.recent(tx, ROWS)
        ),
        timers=tuple(TimerRow(due=shown(t.due_at), what=t.kind, about=t.subject) for t in coming),
        next_due=coming[0].due_at if coming else None,
    )
