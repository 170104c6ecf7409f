"""Small lasting facts about this installation, and every policy it ever ran under, by hash."""

from sqlalchemy import delete, insert, select

from storage.schema import policies, settings
from storage.store import Tx


def get(tx: Tx, key: str) -> str | None:
    """A fact, or None when it was never set."""
    return tx.conn.execute(select(settings.c.value).where(settings.c.key == key)).scalar_one_or_none()


def put(tx: Tx, key: str, value: str) -> None:
    """Set a fact."""
    tx.conn.execute(delete(settings).where(settings.c.key == key))
    tx.conn.execute(insert(settings).values(key=key, value=value))


def keep_policy(tx: Tx, hash: str, body: str) -> bool:
    """Store a policy under its hash; True when it was not known."""
    if tx.conn.execute(select(policies.c.hash).where(policies.c.hash == hash)).first():
        return False
    tx.conn.execute(insert(policies).values(hash=hash, body=body, first_seen_at=tx.now))
    return True


def policy(tx: Tx, hash: str) -> str | None:
    """The canonical text of a policy this installation ran under."""
    return tx.conn.execute(select(policies.c.body).where(policies.c.hash == hash)).scalar_one_or_none()
