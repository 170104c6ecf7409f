"""The outbox: everything somebody must learn, put there in the same transaction as its cause, and proof that it was
sent.

States: available, scheduled, executing, retryable, completed, cancelled, discarded. A unique key makes a notice
exist once;
a lease per send lets another sender go on after a crash; one lane per recipient: only its oldest due notice is taken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, Update, and_, or_, select, true, update

from storage import locks
from storage.ids import new_id
from storage.schema import outbox
from storage.store import Tx, add_once

LEASE = timedelta(seconds=30)


class State(StrEnum):
    AVAILABLE = "available"
    SCHEDULED = "scheduled"
    EXECUTING = "executing"
    RETRYABLE = "retryable"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


WAITING = (State.AVAILABLE, State.SCHEDULED, State.RETRYABLE)
OVER = (State.COMPLETED, State.CANCELLED, State.DISCARDED)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Who is to learn what: `kind` names its renderer, `subject` the ids it is about; `message_id` set means edit."""

    id: str
    key: str
    recipient_id: str
    kind: str
    subject: str
    urgent: bool
    message_id: str
    state: str
    due_at: datetime
    by_at: datetime | None
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    problem: str


_columns = [outbox.c[name] for name in Notice.__dataclass_fields__]


def put(
    tx: Tx,
    *,
    key: str,
    recipient_id: str,
    kind: str,
    subject: str,
    urgent: bool = False,
    message_id: str = "",
    by: datetime | None = None,
) -> bool:
    """Add a notice; False when one with this key exists already (it is told once). `by`: when it would be too late to
    tell; until then it may wait for better hours."""
    row = {
        "id": new_id("NO"),
        "key": key,
        "recipient_id": recipient_id,
        "kind": kind,
        "subject": subject,
        "urgent": urgent,
        "message_id": message_id,
        "state": State.AVAILABLE,
        "due_at": tx.now,
        "by_at": by,
        "created_at": tx.now,
    }
    tx.outgoing = True
    return add_once(tx, outbox, "key", row)


def refresh(tx: Tx, *, message_id: str, recipient_id: str, kind: str, subject: str) -> None:
    """Have a sent message painted again with what is true by then; one waiting edit per message is enough."""
    rows = select(outbox.c.id).where(outbox.c.message_id == message_id, outbox.c.state.in_(WAITING))
    waiting = tx.conn.execute(rows.limit(1).with_for_update()).first()  # nobody paints it before this is committed
    if waiting is None:
        key = f"edit:{message_id}:{new_id('E')}"
        put(tx, key=key, recipient_id=recipient_id, kind=kind, subject=subject, message_id=message_id)


def busy(tx: Tx) -> Select[tuple[str]]:
    """The lanes (people) to whom something is being sent just now."""
    return select(outbox.c.recipient_id).where(outbox.c.state == State.EXECUTING, outbox.c.lease_until >= tx.now)


def claim(
    tx: Tx,
    limit: int,
    *,
    closed: frozenset[str] = frozenset(),
    since: timedelta = timedelta(),
    of: frozenset[str] | None = None,
) -> list[Notice]:
    """Take the first due notice of each free lane, urgent ones first; `closed` lanes (people) must wait, and a new
    message that is not urgent until it has been there `since`, and if it is not one `of` these. One courier at a time,
    so that none finds a lane free into which another is just reaching."""
    locks.alone(tx.conn, locks.Turn.CLAIM)
    known = outbox.c.id.in_(of) if of is not None else true()
    quiet = and_(outbox.c.created_at <= tx.now - since, known)
    settled = or_(outbox.c.urgent.is_(True), outbox.c.message_id != "", quiet)
    due = or_(
        and_(outbox.c.state.in_(WAITING), outbox.c.due_at <= tx.now, settled),
        and_(outbox.c.state == State.EXECUTING, outbox.c.lease_until < tx.now),
    )
    rows = tx.conn.execute(
        select(outbox.c.id, outbox.c.recipient_id)
        .where(due, outbox.c.recipient_id.not_in(busy(tx)), outbox.c.recipient_id.not_in(closed))
        .order_by(outbox.c.urgent.desc(), outbox.c.due_at, outbox.c.created_at)
        .limit(limit * 8)
        .with_for_update(skip_locked=True)
    )
    lanes: dict[str, str] = {}
    for row in rows:
        lanes.setdefault(row.recipient_id, row.id)
    if not lanes:
        return []
    taken = tx.conn.execute(
        update(outbox)
        .where(outbox.c.id.in_(list(lanes.values())[:limit]), due)
        .values(state=State.EXECUTING, lease_until=tx.now + LEASE, attempts=outbox.c.attempts + 1)
        .returning(*_columns)
    )
    return [Notice(**row._mapping) for row in taken]


def companions(tx: Tx, recipient_id: str, until: datetime, limit: int) -> list[Notice]:
    """What else waits for this person, is due by `until`, and may share a message: nothing urgent, no edit."""
    rows = tx.conn.execute(
        select(*_columns)
        .where(outbox.c.recipient_id == recipient_id, outbox.c.state.in_(WAITING), outbox.c.due_at <= until)
        .where(outbox.c.urgent.is_(False), outbox.c.message_id == "")
        .order_by(outbox.c.due_at, outbox.c.created_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Notice(**row._mapping) for row in rows]


def about(tx: Tx, notice: Notice, kinds: tuple[str, ...]) -> list[Notice]:
    """What else waits for the same person under the same subject, of these kinds, however long it was to wait yet."""
    same = and_(outbox.c.recipient_id == notice.recipient_id, outbox.c.subject == notice.subject)
    rows = tx.conn.execute(
        select(*_columns)
        .where(same, outbox.c.kind.in_(kinds), outbox.c.state.in_(WAITING), outbox.c.message_id == "")
        .order_by(outbox.c.created_at, outbox.c.id)
        .with_for_update(skip_locked=True)
    )
    return [Notice(**row._mapping) for row in rows]


def take_along(tx: Tx, ids: list[str]) -> list[Notice]:
    """These travel with one that was claimed, under a lease of the same length; what is gone meanwhile stays behind."""
    lease = {"state": State.EXECUTING, "lease_until": tx.now + LEASE, "attempts": outbox.c.attempts + 1}
    rows = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state.in_(WAITING))
    taken = tx.conn.execute(rows.values(**lease).returning(*_columns))
    found = {row.id: Notice(**row._mapping) for row in taken}
    return [found[id] for id in ids if id in found]


def _in_hand(notice: Notice) -> Update:
    """What this courier is sending; not what another took when the lease ran out: that one's word counts."""
    taken = and_(outbox.c.state == State.EXECUTING, outbox.c.attempts == notice.attempts)
    return update(outbox).where(outbox.c.id == notice.id, taken)


def end(tx: Tx, notice: Notice, state: State, problem: str = "") -> None:
    """Completed, cancelled or discarded; only what is being sent can end so."""
    tx.conn.execute(_in_hand(notice).values(state=state, ended_at=tx.now, lease_until=None, problem=problem))


def retry(tx: Tx, notice: Notice, wait: timedelta, problem: str) -> None:
    """It did not arrive, or nobody knows: again after `wait`."""
    later = {"state": State.RETRYABLE, "due_at": tx.now + wait, "lease_until": None, "problem": problem}
    tx.conn.execute(_in_hand(notice).values(**later))


def hold(tx: Tx, recipient_id: str, wait: timedelta) -> None:
    """The platform asks to leave this lane alone: nothing waiting in it is tried before `wait` is over."""
    later = tx.now + wait
    rows = update(outbox).where(outbox.c.recipient_id == recipient_id, outbox.c.state.in_(WAITING))
    tx.conn.execute(rows.where(outbox.c.due_at < later).values(due_at=later))


def wake(tx: Tx, problem: str) -> None:
    """The platform is back: what failed for this reason is tried now, not when its pause is over."""
    rows = update(outbox).where(outbox.c.state == State.RETRYABLE, outbox.c.problem == problem)
    tx.conn.execute(rows.where(outbox.c.due_at > tx.now).values(due_at=tx.now))


def release(tx: Tx) -> None:
    """At the start of the only sender: what a killed one had in hand is not waited for; nobody knows whether it
    arrived, so it is sent again."""
    rows = update(outbox).where(outbox.c.state == State.EXECUTING)
    tx.conn.execute(rows.values(state=State.RETRYABLE, lease_until=None, problem="stopped in between"))


def cancel(tx: Tx, subject: str, *kinds: str) -> None:
    """What was not yet sent about this subject need not be."""
    rows = update(outbox).where(outbox.c.subject == subject, outbox.c.message_id == "", outbox.c.state.in_(WAITING))
    rows = rows.where(outbox.c.kind.in_(kinds)) if kinds else rows
    tx.conn.execute(rows.values(state=State.CANCELLED, ended_at=tx.now))


def hoped_for(tx: Tx, key_begins: str) -> bool:
    """Whether one of these notices was not given up."""
    alive = and_(outbox.c.key.startswith(key_begins, autoescape=True), outbox.c.state != State.DISCARDED)
    return tx.conn.execute(select(outbox.c.id).where(alive).limit(1)).first() is not None


def next_due(tx: Tx) -> datetime | None:
    """When the next waiting notice falls due, or a lease runs out."""
    first: datetime | None = tx.conn.execute(
        select(outbox.c.due_at).where(outbox.c.state.in_(WAITING)).order_by(outbox.c.due_at).limit(1)
    ).scalar_one_or_none()
    return first


def recent(tx: Tx, limit: int = 50) -> list[Notice]:
    """The newest notices, whatever became of them."""
    rows = tx.conn.execute(select(*_columns).order_by(outbox.c.created_at.desc(), outbox.c.id).limit(limit))
    return [Notice(**row._mapping) for row in rows]
