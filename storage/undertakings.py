"""The confidentiality undertaking: which text is in force, and who has acknowledged it, when, where and in what words.

Invariants: what somebody acknowledged is kept with the hash of the exact text; nothing is changed or taken away; a firm
that begins has thirty days, and whoever was here before a new text has thirty days for it.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, insert, select

from storage.ids import new_id
from storage.schema import Instant, people, undertaking_texts, undertakings
from storage.store import Tx

GRACE = timedelta(days=30)


class Undertaking(NamedTuple):
    """`account` is where it was said; empty when a sponsor (`sponsor_id`) holds the signed document, by its hash."""

    id: str
    person_id: str
    leaving: bool
    text_hash: str
    sentence: str
    account: str
    sponsor_id: str | None
    document_hash: str
    at: datetime


class Wording(NamedTuple):
    """A text, and since when it is in force."""

    hash: str
    body: str
    first_seen_at: datetime


_columns = [undertakings.c[name] for name in Undertaking.__annotations__]
_newest = select(undertaking_texts).order_by(undertaking_texts.c.first_seen_at.desc()).limit(1)


def put_in_force(tx: Tx, body: str) -> bool:
    """From now on this text; False when it is the one in force already."""
    hash = hashlib.sha256(body.encode()).hexdigest()
    now = in_force(tx)
    if now and now.hash == hash:
        return False
    known = tx.conn.execute(select(undertaking_texts.c.hash).where(undertaking_texts.c.hash == hash)).first()
    if known:  # a text of old is taken up again: those who acknowledged it then have done so
        rows = undertaking_texts.update().where(undertaking_texts.c.hash == hash)
        tx.conn.execute(rows.values(first_seen_at=tx.now))
    else:
        tx.conn.execute(insert(undertaking_texts).values(hash=hash, body=body, first_seen_at=tx.now))
    return True


def in_force(tx: Tx) -> Wording | None:
    """The text that holds; None before the service was started for the first time."""
    row = tx.conn.execute(_newest).one_or_none()
    return Wording(**row._mapping) if row else None


def given(tx: Tx, person_id: str, text_hash: str, *, leaving: bool = False) -> Undertaking | None:
    """What this person acknowledged of this text."""
    mine = undertakings.c.person_id == person_id, undertakings.c.text_hash == text_hash
    found = select(*_columns).where(*mine, undertakings.c.leaving.is_(leaving)).order_by(undertakings.c.at).limit(1)
    row = tx.conn.execute(found).one_or_none()
    return Undertaking._make(row) if row else None


def of_person(tx: Tx, person_id: str) -> list[Undertaking]:
    """All that this person acknowledged, newest first."""
    mine = select(*_columns).where(undertakings.c.person_id == person_id)
    return [Undertaking._make(row) for row in tx.conn.execute(mine.order_by(undertakings.c.at.desc()))]


def owed(tx: Tx, person_id: str) -> Wording | None:
    """The text that this person has not acknowledged, whether or not there is time left for it."""
    text = in_force(tx)
    return text if text and given(tx, person_id, text.hash) is None else None


def time_for(tx: Tx, person_id: str, text: Wording) -> datetime:
    """Until when nothing is closed for want of it: thirty days from the first text of all; for whoever was here before
    a later one thirty days from that, and for whoever came after it not a moment."""
    begun: datetime = tx.conn.execute(select(func.min(undertaking_texts.c.first_seen_at, type_=Instant()))).scalar_one()
    joined: datetime = tx.conn.execute(select(people.c.created_at).where(people.c.id == person_id)).scalar_one()
    own = text.first_seen_at + GRACE if joined < text.first_seen_at else joined
    return max(begun + GRACE, own)


def due(tx: Tx, person_id: str) -> Wording | None:
    """The text that must be acknowledged before anything opens: owed, and its time is over."""
    text = owed(tx, person_id)
    return text if text and tx.now >= time_for(tx, person_id, text) else None


def add(tx: Tx, *, person_id: str, text_hash: str, sentence: str, leaving: bool = False, **more: str) -> str:
    """Record it; `more`: the account it was said in, or the sponsor's id and the document's hash. Gives its id."""
    row = {"account": "", "document_hash": "", **more, "id": new_id("UN"), "person_id": person_id, "at": tx.now}
    tx.conn.execute(insert(undertakings).values(**row, text_hash=text_hash, sentence=sentence, leaving=leaving))
    return row["id"]  # type: ignore[return-value]
