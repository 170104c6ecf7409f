"""Client files: the firm's number, a codename, an owner and a compartment; the name only sealed.

Names are never unique in the database: that would tell of a client somebody may not know of.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.ids import new_id
from storage.schema import clients
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Client:
    """One client file. `name` is ciphertext under the file's own compartment."""

    id: str
    ref: str
    codename: str
    compartment_id: str
    name: bytes
    parent_id: str | None
    owner_id: str
    regimes: str
    retention_class: str
    status: str


COLUMNS = [clients.c[name] for name in Client.__dataclass_fields__]
_by_id = select(*COLUMNS).where(clients.c.id == bindparam("id"))


def by_id(tx: Tx, id: str) -> Client | None:
    """The file of this id."""
    row = tx.conn.execute(_by_id, {"id": id}).one_or_none()
    return Client(**row._mapping) if row else None


def by_ref(tx: Tx, ref: str) -> Client | None:
    """The file of this client or matter number."""
    row = tx.conn.execute(select(*COLUMNS).where(clients.c.ref == ref)).one_or_none()
    return Client(**row._mapping) if row else None


def owned_by(tx: Tx, person_id: str) -> list[Client]:
    """The files of this owner, by number."""
    rows = tx.conn.execute(select(*COLUMNS).where(clients.c.owner_id == person_id).order_by(clients.c.ref))
    return [Client(**row._mapping) for row in rows]


def everything(tx: Tx) -> list[Client]:
    """All files, by number: for imports, which name their rows by it."""
    return [Client(**row._mapping) for row in tx.conn.execute(select(*COLUMNS).order_by(clients.c.ref))]


def codename(tx: Tx, client_id: str | None) -> str:
    """The two words a notification may carry; empty for no client."""
    if client_id is None:
        return ""
    found: str = tx.conn.execute(select(clients.c.codename).where(clients.c.id == client_id)).scalar_one()
    return found


def codenames(tx: Tx) -> set[str]:
    """Those taken."""
    return set(tx.conn.execute(select(clients.c.codename)).scalars())


def id_for_new() -> str:
    """Made before the insert, because the sealed name is bound to it."""
    return new_id("CL")


def add(tx: Tx, **fields: Any) -> None:
    """Add a file; its name already sealed."""
    tx.conn.execute(insert(clients).values(**fields, created_at=tx.now))


def change(tx: Tx, id: str, **fields: Any) -> None:
    """Bring a file up to the client list."""
    tx.conn.execute(update(clients).where(clients.c.id == id).values(**fields))
