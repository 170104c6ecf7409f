"""The audit log: who did what to which ids and when, as leaves of one RFC 6962 tree that an outsider can check.

Invariants: never content, only ids, words of ours and hashes; positions from 1 without gap; entries are committed with
their cause, on PostgreSQL as waiting ones that `sequence` moves into the log; the log refuses changes (guards.py).
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from storage import locks, tree
from storage.schema import audit_log, audit_pending, audit_tree

if TYPE_CHECKING:
    from storage.store import Tx

FIRST_LINK = bytes(32)
_HEAD = select(audit_tree.c.frontier, audit_tree.c.link).where(audit_tree.c.id == 1)
_ADD = insert(audit_log)
_GROWN = (
    update(audit_tree)
    .where(audit_tree.c.id == 1)
    .values({name: bindparam(f"new_{name}") for name in ("size", "frontier", "link")})
)
SLACK = timedelta(hours=1)
BATCH = 2000  # entries that one turn of the sequencer moves


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry as read back: its position and the exact stored bytes."""

    position: int
    body: bytes

    @property
    def words(self) -> dict[str, str]:
        """The entry's fields."""
        words: dict[str, str] = json.loads(self.body)
        return words


def record(tx: "Tx", what: str, *, who: str | None, **ids: str) -> None:
    """Add an entry to this transaction. `what` is a past participle (`interaction.logged`), `who` a person id, an
    operator or None for nobody named; `ids` are ids, our own words and ciphertext hashes, never content."""
    entry = {"at": tx.now.isoformat(), "what": what, **({"who": who} if who else {}), **ids}
    tx._entries.append(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode())  # noqa: SLF001


def settle(tx: "Tx") -> None:
    """Called once before the commit: SQLite's one writer sequences at once, other databases leave it to `sequence`."""
    entries = tx._entries  # noqa: SLF001
    if not entries:
        return
    if tx.conn.dialect.name == "sqlite":
        _append(tx.conn, entries)
    else:
        tx.conn.execute(insert(audit_pending), [{"body": body} for body in entries])


def sequence(tx: "Tx") -> int:
    """Move entries that wait into the log, in the order of their ids, and say how many; 0 as well while another process
    does it. Ids are given before the commit, so an entry may come to the log after a later one: the log's order is
    that of its positions. Removed are those that were read, not those up to some id: one below it may yet appear."""
    if not locks.try_alone(tx.conn, locks.Turn.SEQUENCE):
        return 0
    first = select(audit_pending.c.id).order_by(audit_pending.c.id).limit(BATCH)
    taken = (
        delete(audit_pending).where(audit_pending.c.id.in_(first)).returning(audit_pending.c.id, audit_pending.c.body)
    )
    rows = sorted(tx.conn.execute(taken), key=lambda row: row.id)
    if rows:
        _append(tx.conn, [row.body for row in rows])
    return len(rows)


def waiting(tx: "Tx") -> int:
    """Entries that have no position yet."""
    return tx.conn.execute(select(func.count()).select_from(audit_pending)).scalar_one()


def begin(conn: Connection) -> None:
    """The empty log, at the first migration."""
    empty = tree.encode(tree.Frontier(size=0, hashes=()))
    conn.execute(insert(audit_tree).values(id=1, size=0, frontier=empty, link=FIRST_LINK))


def linked(link: bytes, leaf: bytes) -> bytes:
    """The next link. The tree proves the log; the links only tell which entry is wrong."""
    return hashlib.sha256(link + leaf).digest()


def _append(conn: Connection, bodies: list[bytes]) -> None:
    row = conn.execute(_HEAD).one()
    frontier, link, rows = tree.decode(row.frontier), row.link, []
    leaves = [tree.leaf_hash(body) for body in bodies]
    for position, (body, leaf) in enumerate(zip(bodies, leaves, strict=True), frontier.size + 1):
        link = linked(link, leaf)
        rows.append({"position": position, "body": body, "link": link})
    frontier = tree.append(frontier, *leaves)
    conn.execute(_ADD, rows)
    conn.execute(_GROWN, {"new_size": frontier.size, "new_frontier": tree.encode(frontier), "new_link": link})


def head(tx: "Tx") -> tree.Frontier:
    """The tree as it stands."""
    return tree.decode(tx.conn.execute(select(audit_tree.c.frontier).where(audit_tree.c.id == 1)).scalar_one())


def entries(tx: "Tx", *, after: int = 0, limit: int = 1000) -> list[Entry]:
    """Entries behind a position, in order."""
    rows = tx.conn.execute(
        select(audit_log.c.position, audit_log.c.body)
        .where(audit_log.c.position > after)
        .order_by(audit_log.c.position)
        .limit(limit)
    )
    return [Entry(position=row.position, body=row.body) for row in rows]


def of_person(
    tx: "Tx", person_id: str, what: Collection[str], start: datetime, end: datetime, limit: int
) -> list[Entry]:
    """Entries of these kinds in which this person acted, or was acted for, from `start` until `end`, newest first."""
    needle, sqlite = f'"{person_id}"'.encode(), tx.conn.dialect.name == "sqlite"
    there = (
        func.instr(audit_log.c.body, needle) if sqlite else func.position(literal(needle).op("IN")(audit_log.c.body))
    )
    rows = select(audit_log.c.position, audit_log.c.body).where(there > 0).order_by(audit_log.c.position.desc())
    found = (Entry(position=row.position, body=row.body) for row in tx.conn.execute(rows))
    mine = (e for e in found if person_id in {e.words.get("who"), e.words.get("rights_of")} and e.words["what"] in what)
    return list(islice((e for e in mine if start <= datetime.fromisoformat(e.words["at"]) <= end), limit))


def since(tx: "Tx", what: Collection[str], start: datetime) -> list[Entry]:
    """Entries of these kinds from `start` on, newest first. Read from the end of the log, whose order is all but that
    of time: an hour's slack is looked through."""
    rows = select(audit_log.c.position, audit_log.c.body).order_by(audit_log.c.position.desc())
    found = list[Entry]()
    with tx.conn.execute(rows, execution_options={"yield_per": 500}) as read:
        for row in read:
            entry = Entry(position=row.position, body=row.body)
            at = datetime.fromisoformat(entry.words["at"])
            if at < start - SLACK:
                break
            found += [entry] if entry.words["what"] in what and at >= start else []
    return found


def newest(tx: "Tx", limit: int = 50) -> list[Entry]:
    """The last entries, newest first."""
    rows = tx.conn.execute(
        select(audit_log.c.position, audit_log.c.body).order_by(audit_log.c.position.desc()).limit(limit)
    )
    return [Entry(position=row.position, body=row.body) for row in rows]
