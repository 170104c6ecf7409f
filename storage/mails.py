"""The second road: which notices go by e-mail because chat has not brought them home, and what became of that.

Invariants: a notice is planned once; what chat has delivered needs no mail unless it is urgent; all that is due to one
person is one letter; a letter that may have arrived is sent again as the same letter, one that did not is packed anew.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, and_, case, exists, insert, literal, or_, select, update

from storage import locks, outbox, reach
from storage.mail_tables import mails
from storage.outbox import Notice, State
from storage.schema import accounts, people
from storage.schema import outbox as notices
from storage.store import Tx

LEASE = timedelta(minutes=2)
AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What goes to one person in one mail; `attempts` counts this one. `reference` is the same when it is sent again
    because nobody knows whether it arrived."""

    reference: str
    recipient_id: str
    notices: tuple[Notice, ...]
    attempts: int


_columns = [notices.c[name] for name in Notice.__dataclass_fields__]


def plan(tx: Tx, after: timedelta, platforms: Collection[str]) -> None:
    """Everything that is due in chat from now on gets its moment for a mail: `after` from now; at once for somebody
    without a living account on one of `platforms`, who is not just new, or for whom it is urgent."""
    living = exists().where(accounts.c.person_id == notices.c.recipient_id, reach.living(platforms))
    known = exists().where(accounts.c.person_id == notices.c.recipient_id)
    at_once = and_(~living, or_(notices.c.urgent, known, people.c.created_at < tx.now - reach.NEW))
    type_ = mails.c.mail_at.type
    moment = case((at_once, literal(tx.now, type_)), else_=literal(tx.now + after, type_))
    due = and_(notices.c.state.in_(outbox.WAITING), notices.c.due_at <= tx.now, notices.c.message_id == "")
    planned = exists().where(mails.c.notice_id == notices.c.id)
    rows = select(notices.c.id, notices.c.recipient_id, moment, literal(0), literal(""), literal(""))
    rows = rows.join(people, people.c.id == notices.c.recipient_id).where(due, ~planned)
    names = ["notice_id", "recipient_id", "mail_at", "attempts", "letter", "problem"]
    tx.conn.execute(insert(mails).from_select(names, rows))


def claim(tx: Tx, limit: int, both: Collection[str] = ()) -> list[Mail]:
    """The mails that are due, urgent ones first, under a lease; no other process packs at the same time. Notices of the
    kinds in `both` go by mail even when chat has brought them home."""
    locks.alone(tx.conn, locks.Turn.MAIL)
    _forget_delivered(tx, both)
    rows = tx.conn.execute(
        select(*_columns, mails.c.letter, mails.c.attempts.label("tried"))
        .join(mails, mails.c.notice_id == notices.c.id)
        .where(mails.c.mail_at <= tx.now)
        .order_by(notices.c.urgent.desc(), mails.c.mail_at, notices.c.created_at, notices.c.id)
        .limit(AT_ONCE)
    )
    packs: dict[tuple[str, str], list[tuple[Notice, int]]] = {}
    for row in rows:
        values = dict(row._mapping)
        letter, tried = values.pop("letter"), values.pop("tried")
        packs.setdefault((values["recipient_id"], letter), []).append((Notice(**values), tried))
    return [_taken(tx, person, letter, pack) for (person, letter), pack in list(packs.items())[:limit]]


def _forget_delivered(tx: Tx, both: Collection[str]) -> None:
    """What chat has done in time, or what nobody needs to learn any more."""
    enough = and_(notices.c.state == State.COMPLETED, ~notices.c.urgent, notices.c.kind.not_in(both))
    ended = or_(notices.c.state == State.CANCELLED, enough)
    done = select(notices.c.id).where(notices.c.id == mails.c.notice_id, ended)
    tx.conn.execute(update(mails).where(mails.c.mail_at <= tx.now, exists(done)).values(mail_at=None))


def _taken(tx: Tx, person: str, letter: str, pack: list[tuple[Notice, int]]) -> Mail:
    found = tuple(notice for notice, _tried in pack)
    reference = letter or _reference(found)
    attempts = max(tried for _notice, tried in pack) + 1
    tx.conn.execute(_these(found).values(mail_at=tx.now + LEASE, attempts=attempts, letter=reference))
    return Mail(reference=reference, recipient_id=person, notices=found, attempts=attempts)


def _reference(found: Iterable[Notice]) -> str:
    keys = "\n".join(sorted(notice.key for notice in found))
    return hashlib.sha256(keys.encode()).hexdigest()[:32]


def _these(found: Iterable[Notice]) -> Update:
    return update(mails).where(mails.c.notice_id.in_([notice.id for notice in found]))


def _in_hand(mail: Mail, found: Iterable[Notice]) -> Update:
    """Of this letter; not what another took when the lease ran out."""
    return _these(found).where(mails.c.letter == mail.reference, mails.c.attempts == mail.attempts)


def sent(tx: Tx, mail: Mail, found: Iterable[Notice]) -> None:
    """The server has taken it."""
    tx.conn.execute(_in_hand(mail, found).values(mailed_at=tx.now, mail_at=None, problem=""))


def again(tx: Tx, mail: Mail, wait: timedelta, problem: str, *, in_doubt: bool) -> None:
    """Once more after `wait`; the same letter when it may have arrived, else with what is due by then."""
    values = {"mail_at": tx.now + wait, "problem": problem}
    tx.conn.execute(_in_hand(mail, mail.notices).values(**values if in_doubt else {**values, "letter": ""}))


def ended(tx: Tx, mail: Mail, found: Iterable[Notice], problem: str) -> None:
    """No mail about these: nobody needs it any more, or it will not arrive."""
    tx.conn.execute(_in_hand(mail, found).values(mail_at=None, problem=problem))


def hasten(tx: Tx, notice_id: str) -> bool:
    """Chat will not bring it home: by mail, now. False when there is no mail to come and none was sent."""
    this = mails.c.notice_id == notice_id
    tx.conn.execute(update(mails).where(this, mails.c.mail_at > tx.now, mails.c.letter == "").values(mail_at=tx.now))
    row = tx.conn.execute(select(mails.c.mail_at, mails.c.mailed_at).where(this).with_for_update()).first()
    return bool(row and (row.mail_at or row.mailed_at))


def lost(tx: Tx, found: Iterable[Notice]) -> list[Notice]:
    """Of these, which no mail can help any more, those that chat has given up too. Asked behind `ended`."""
    rows = select(notices.c.id).where(notices.c.id.in_([n.id for n in found]), notices.c.state == State.DISCARDED)
    ids = set(tx.conn.execute(rows).scalars())
    return [notice for notice in found if notice.id in ids]


def release(tx: Tx) -> None:
    """At the start of the only sender: what a killed one had in hand is not waited for."""
    in_hand = and_(mails.c.letter != "", mails.c.mail_at.is_not(None))
    tx.conn.execute(update(mails).where(in_hand).values(mail_at=tx.now))


def of(tx: Tx, notice_id: str) -> tuple[datetime | None, datetime | None]:
    """When it is to go by mail, and when it went."""
    row = tx.conn.execute(select(mails.c.mail_at, mails.c.mailed_at).where(mails.c.notice_id == notice_id)).first()
    return (row.mail_at, row.mailed_at) if row else (None, None)
