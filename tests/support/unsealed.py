"""What stands sealed in a record, opened with its keys and without asking anybody: for tests alone."""

import json
from functools import cache

from sqlalchemy import select

from storage import breaches, interactions, keys
from storage.interactions import TABLE
from storage.schema import interactions as rows
from storage.store import Tx


def summaries(tx: Tx) -> list[tuple[str, str]]:
    """(reference, summary) of every entry as it holds."""
    opened = cache(lambda compartment_id: keys.data_key(tx, compartment_id))
    found = tx.conn.execute(select(*interactions._columns).where(rows.c.current.is_(True)).order_by(rows.c.id))
    entries = [interactions.Interaction(**row._mapping) for row in found]
    return [(e.id, opened(e.compartment_id).unseal(TABLE, "summary", e.row, e.summary)) for e in entries]


def breach_texts(tx: Tx) -> list[tuple[str, str]]:
    """(reference, what was reported) of every open case."""
    open_cases = breaches.everything_open(tx)
    return [(b.id, json.loads(keys.open_breach(tx, b.id, b.intake))["what"]) for b in open_cases]
