"""What is due to be told and may have to wait, and how often somebody was told already.

Invariants: urgent notices and edits never wait; what waits for better hours waits on both roads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, distinct, func, select, update

from storage.mail_tables import mails
from storage.outbox import WAITING, State, busy
from storage.schema import messages, outbox
from storage.store import Tx

AT_ONCE = 200  # more than a courier takes in several rounds


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A notice that is due; `by_at`: when waiting would be too late, or None."""

    id: str
    recipient_id: str
    by_at: datetime | None


_due = (
    select(outbox.c.id, outbox.c.recipient_id, outbox.c.by_at)
    .where(outbox.c.state.in_(WAITING), outbox.c.urgent.is_(False), outbox.c.message_id == "")
    .order_by(outbox.c.due_at, outbox.c.created_at)
    .limit(AT_ONCE)
)


def due(tx: Tx) -> list[Waiting]:
    """The next of what is due and not urgent, in the order in which it would be sent; not of people to whom something
    is being sent just now."""
    free = outbox.c.recipient_id.not_in(busy(tx))
    rows = tx.conn.execute(_due.where(outbox.c.due_at <= tx.now, free).with_for_update(skip_locked=True))
    return [Waiting(**row._mapping) for row in rows]


def told(tx: Tx, person_id: str, since: datetime) -> int:
    """How many messages and letters this person has had since then; urgent ones do not count, nor does a letter all of
    which came in chat too."""
    posted = select(func.count(distinct(messages.c.place))).where(
        messages.c.person_id == person_id, messages.c.sent_at >= since, messages.c.urgent.is_(False)
    )
    letters = (
        select(func.count(distinct(mails.c.letter)))
        .join(outbox, outbox.c.id == mails.c.notice_id)
        .where(mails.c.recipient_id == person_id, mails.c.mailed_at >= since)
        .where(outbox.c.urgent.is_(False), outbox.c.state != State.COMPLETED)
    )
    return int(tx.conn.execute(posted).scalar_one()) + int(tx.conn.execute(letters).scalar_one())


def put_off(tx: Tx, ids: Iterable[str], until: datetime, why: str) -> None:
    """These wait until then, and no letter goes before."""
    found = list(ids)
    later = {"state": State.SCHEDULED, "due_at": until, "problem": why}
    tx.conn.execute(update(outbox).where(outbox.c.id.in_(found), outbox.c.state.in_(WAITING)).values(**later))
    unsent = and_(mails.c.mailed_at.is_(None), mails.c.letter == "")
    tx.conn.execute(delete(mails).where(mails.c.notice_id.in_(found), unsent))
