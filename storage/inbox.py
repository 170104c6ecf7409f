"""The inbox: what has been seen before, so that a retry, a replay or a second click has one effect.

Keys are hashed: an id from a platform may hold more than we want to keep. A row is written only with its effect.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from storage.schema import inbox
from storage.store import Tx

KEEP = timedelta(days=7)  # a signature is valid for five minutes, a platform retries within hours


def fingerprint(key: str) -> str:
    """The stored form of a delivery's or form's id."""
    return hashlib.sha256(key.encode()).hexdigest()


def outcome(tx: Tx, key: str) -> str | None:
    """What the first one came to (a reference, possibly empty), or None when it was never seen."""
    return tx.conn.execute(select(inbox.c.outcome).where(inbox.c.key == fingerprint(key))).scalar_one_or_none()


def consume(tx: Tx, key: str) -> None:
    """Take a key; a second taker breaks on the primary key."""
    tx.conn.execute(insert(inbox).values(key=fingerprint(key), seen_at=tx.now, outcome=""))


def settle(tx: Tx, key: str, reference: str) -> None:
    """Remember what it came to."""
    tx.conn.execute(update(inbox).where(inbox.c.key == fingerprint(key)).values(outcome=reference))


def prune(tx: Tx) -> int:
    """Forget what no platform will deliver again."""
    return tx.conn.execute(delete(inbox).where(inbox.c.seen_at < tx.now - KEEP)).rowcount
