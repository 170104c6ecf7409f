"""What stands sealed in a record, opened with its keys and without asking anybody: for tests alone."""

import json

from sqlalchemy import select

from storage import breaches, interactions, keys
from storage.interactions import TABLE
from storage.schema import interactions as rows
from storage.store import Tx


def summaries(tx: Tx) -> list[tuple[str, str]]:
    """(reference, summary) of every entry as it holds."""
    found = []
    for id in tx.conn.execute(select(rows.c.id).where(rows.c.current.is_(True))).scalars():
        entry = interactions.current(tx, id)
        assert entry
        key = keys.data_key(tx, entry.compartment_id)
        found.append((id, key.unseal(TABLE, "summary", entry.row, entry.summary)))
    return found


def breach_texts(tx: Tx) -> list[tuple[str, str]]:
    """(reference, what was reported) of every open case."""
    open_cases = breaches.everything_open(tx)
    return [(b.id, json.loads(keys.open_breach(tx, b.id, b.intake))["what"]) for b in open_cases]
