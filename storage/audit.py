"""The audit log: who did what to which ids and when, as leaves of one RFC 6962 tree that an outsider can check.

Invariants: never content, only ids, words of ours and hashes; positions from 1 without gap; entries are committed with
their cause; the table refuses UPDATE and DELETE by trigger, and the triggers are looked for at every start.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage import tree
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
GUARDS = {
    "audit_log_no_update": "BEFORE UPDATE ON audit_log",
    "audit_log_no_delete": "BEFORE DELETE ON audit_log",
}


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
    for body in bodies:
        leaf = tree.leaf_hash(body)
        link = linked(link, leaf)
        rows.append({"position": frontier.size + 1, "body": body, "link": link})
        frontier = tree.append(frontier, leaf)
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


def newest(tx: "Tx", limit: int = 50) -> list[Entry]:
    """The last entries, newest first."""
    rows = tx.conn.execute(
        select(audit_log.c.position, audit_log.c.body).order_by(audit_log.c.position.desc()).limit(limit)
    )
    return [Entry(position=row.position, body=row.body) for row in rows]


def raise_guards(conn: Connection) -> None:
    """(Re-)create what refuses changes; after every migration, because batch migrations drop triggers silently."""
    for name, moment in GUARDS.items():
        conn.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        conn.execute(
            text(f"CREATE TRIGGER {name} {moment} BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END")
        )


def missing_guards(conn: Connection) -> list[str]:
    """Names of guards that are not in place."""
    standing = set(conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    return sorted(set(GUARDS) - standing)
