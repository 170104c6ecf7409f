"""The inbox: what has been seen before, so that a retry, a replay or a second click has one effect.

Keys are hashed: an id from a platform may hold more than we want to keep. A row is written only with its effect.
"""

import hashlib
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, or_, select

from storage.schema import inbox
from storage.store import Tx

KEEP = timedelta(days=7)  # a signature is valid for five minutes, a platform retries within hours
_outcome = select(inbox.c.outcome).where(or_(inbox.c.key == bindparam("one"), inbox.c.key == bindparam("other")))
_add = insert(inbox)


def fingerprint(key: str) -> str:
    """The stored form of a delivery's or form's id."""
    return hashlib.sha256(key.encode()).hexdigest()


def outcome(tx: Tx, keys: Collection[str]) -> str | None:
    """What the first of these, one or two, came to (a reference, possibly empty), or None when none was ever seen."""
    one, *other = [fingerprint(key) for key in keys]
    found = tx.conn.execute(_outcome, {"one": one, "other": other[0] if other else one}).scalars()
    return max(found, default=None)


def consume(tx: Tx, keys: Collection[str], reference: str) -> None:
    """Take these keys, with what they came to; a second taker breaks on the primary key, and its work is undone."""
    rows = [{"key": fingerprint(key), "seen_at": tx.now, "outcome": reference} for key in keys]
    if rows:
        tx.conn.execute(_add, rows)


def prune(tx: Tx) -> int:
    """Forget what no platform will deliver again."""
    return tx.conn.execute(delete(inbox).where(inbox.c.seen_at < tx.now - KEEP)).rowcount
