"""Interactions with clients: facts in versions, each sealed under its own row id; nothing is edited.

A correction adds a version and unmarks the older as current; one that moves to quarantine changes compartment thereby.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from storage import locks
from storage.ids import new_id
from storage.schema import clients, deadlines, interactions
from storage.store import Tx

TABLE = "interactions"


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """One version. `other_channel`, `summary` and `unlisted_name` are ciphertext; `client_id` None: in quarantine."""

    id: str
    version: int
    client_id: str | None
    compartment_id: str
    channel: str
    other_channel: bytes | None
    direction: str
    kind: str
    happened_at: datetime
    summary: bytes
    unlisted_name: bytes | None
    expects_reply: str
    answered_at: datetime | None
    replier_id: str | None
    entered_by: str
    entered_at: datetime
    late_entry: bool

    @property
    def approved(self) -> bool:
        """On a channel the firm approved."""
        return bool(self.channel)

    @property
    def row(self) -> str:
        """What the sealed values of this version are bound to."""
        return row_id(self.id, self.version)


_columns = [interactions.c[name] for name in Interaction.__dataclass_fields__]
_newest_first = (interactions.c.happened_at.desc(), interactions.c.id)
_last = (
    select(*_columns)
    .where(interactions.c.client_id == bindparam("client_id"), interactions.c.current.is_(True))
    .order_by(*_newest_first)
    .limit(1)
)
_add = insert(interactions)


def row_id(id: str, version: int) -> str:
    """`IN-7K3Q9FTMWZ.2`"""
    return f"{id}.{version}"


def reference() -> str:
    """A new reference, `IN-…`."""
    return new_id("IN")


def add(tx: Tx, version: Interaction) -> None:
    """Add a version; an older one is no longer current."""
    if version.version > 1:
        tx.conn.execute(update(interactions).where(interactions.c.id == version.id).values(current=False))
    tx.conn.execute(_add, {**vars(version), "current": True})


def current(tx: Tx, id: str) -> Interaction | None:
    """The version that holds; in a writing transaction nobody else corrects or moves it meanwhile."""
    locks.subject(tx, id)
    row = tx.conn.execute(
        select(*_columns).where(interactions.c.id == id, interactions.c.current.is_(True))
    ).one_or_none()
    return Interaction(**row._mapping) if row else None


def versions(tx: Tx, id: str) -> list[Interaction]:
    """All versions, oldest first."""
    rows = tx.conn.execute(select(*_columns).where(interactions.c.id == id).order_by(interactions.c.version))
    return [Interaction(**row._mapping) for row in rows]


def last(tx: Tx, client_id: str) -> Interaction | None:
    """The newest entry of a file."""
    row = tx.conn.execute(_last, {"client_id": client_id}).one_or_none()
    return Interaction(**row._mapping) if row else None


def of_client(
    tx: Tx, client_id: str, *, limit: int, offset: int = 0, direction: str = "", kind: str = ""
) -> list[Interaction]:
    """A file's timeline, newest first."""
    rows = select(*_columns).where(interactions.c.client_id == client_id, interactions.c.current.is_(True))
    rows = rows.where(interactions.c.direction == direction) if direction else rows
    rows = rows.where(interactions.c.kind == kind) if kind else rows
    rows = rows.order_by(*_newest_first).limit(limit).offset(offset)
    return [Interaction(**row._mapping) for row in tx.conn.execute(rows)]


def last_of(tx: Tx, person_id: str, limit: int = 5) -> list[Interaction]:
    """What this person entered last, newest first."""
    rows = (
        select(*_columns)
        .where(interactions.c.entered_by == person_id, interactions.c.current.is_(True))
        .order_by(interactions.c.entered_at.desc())
        .limit(limit)
    )
    return [Interaction(**row._mapping) for row in tx.conn.execute(rows)]


def count_of(tx: Tx, person_id: str) -> int:
    """How many entries this person has logged, each once however often it was corrected."""
    mine = interactions.c.entered_by == person_id, interactions.c.version == 1
    return tx.conn.execute(select(func.count()).select_from(interactions).where(*mine)).scalar_one()


def in_quarantine(tx: Tx, limit: int = 20) -> list[Interaction]:
    """Entries that no client file holds yet, oldest first."""
    rows = (
        select(*_columns)
        .where(interactions.c.client_id.is_(None), interactions.c.current.is_(True))
        .order_by(interactions.c.entered_at)
        .limit(limit)
    )
    return [Interaction(**row._mapping) for row in tx.conn.execute(rows)]


def count(tx: Tx, client_id: str) -> int:
    """Entries on file."""
    found = select(func.count()).where(interactions.c.client_id == client_id, interactions.c.current.is_(True))
    return tx.conn.execute(found).scalar_one()


def unanswered(tx: Tx, client_id: str) -> Interaction | None:
    """The client's oldest inquiry that expects a reply, has no clock of its own and no reply behind it."""
    locks.row(tx, clients, client_id)  # an inquiry that is being entered relies on the clock that is being stopped
    told = select(func.max(interactions.c.happened_at, type_=interactions.c.happened_at.type)).where(
        interactions.c.client_id == client_id, interactions.c.current.is_(True), interactions.c.direction == "out"
    )
    last_reply = tx.conn.execute(told).scalar_one()
    rows = select(*_columns).where(
        interactions.c.client_id == client_id,
        interactions.c.current.is_(True),
        interactions.c.direction == "in",
        interactions.c.expects_reply == "yes",
        interactions.c.id.not_in(select(deadlines.c.interaction_id)),
    )
    rows = rows.where(interactions.c.happened_at > last_reply) if last_reply else rows
    row = tx.conn.execute(rows.order_by(interactions.c.happened_at).limit(1)).one_or_none()
    return Interaction(**row._mapping) if row else None


def move(tx: Tx, version: Interaction) -> None:
    """Put one version into another compartment, sealed anew; what it says stays what it was."""
    tx.conn.execute(
        update(interactions)
        .where(interactions.c.id == version.id, interactions.c.version == version.version)
        .values(
            client_id=version.client_id,
            compartment_id=version.compartment_id,
            other_channel=version.other_channel,
            summary=version.summary,
            unlisted_name=version.unlisted_name,
        )
    )
