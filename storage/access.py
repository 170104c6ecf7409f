"""Who needs to know what: dated access records per client file, each with its basis."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, insert, or_, select, update

from storage.ids import new_id
from storage.schema import access_records, clients, compartments
from storage.store import Tx

AT_A_TIME = 200


def _standing() -> ColumnElement[bool]:
    """At `now`, a parameter."""
    now = bindparam("now", type_=access_records.c.starts_at.type)
    lasting = or_(access_records.c.ends_at.is_(None), access_records.c.ends_at > now)
    return and_(access_records.c.starts_at <= now, lasting)


class File(NamedTuple):
    """A client file as a type-ahead needs it: what it is called in the open, its sealed name, and the wrapped key."""

    id: str
    codename: str
    ref: str
    status: str
    compartment_id: str
    firm_key_id: str
    data_key: bytes
    name: bytes


_files = select(
    *(clients.c[name] for name in ("id", "codename", "ref", "status", "compartment_id")),
    compartments.c.firm_key_id,
    compartments.c.data_key,
    clients.c.name,
).join(compartments, compartments.c.id == clients.c.compartment_id)
_basis = select(access_records.c.basis).where(
    access_records.c.person_id == bindparam("person_id"),
    access_records.c.client_id == bindparam("client_id"),
    _standing(),
)
_clients = select(access_records.c.client_id).where(access_records.c.person_id == bindparam("person_id"), _standing())
_files_of = _files.where(clients.c.id.in_(_clients))


def basis(tx: Tx, client_id: str, person_id: str) -> str | None:
    """Why this person may open this file (owner before team), or None."""
    asked = {"person_id": person_id, "client_id": client_id, "now": tx.now}
    return min(tx.conn.execute(_basis, asked).scalars(), default=None)


def clients_of(tx: Tx, person_id: str) -> list[str]:
    """Ids of the client files this person may open."""
    return list(tx.conn.execute(_clients.distinct(), {"person_id": person_id, "now": tx.now}).scalars())


def files_of(tx: Tx, person_id: str) -> Iterator[list[File]]:
    """The client files this person may open, in no order, some at a time: who has found enough need not read on."""
    asked = {"person_id": person_id, "now": tx.now}
    with tx.conn.execute(_files_of, asked, execution_options={"yield_per": AT_A_TIME}) as rows:
        for some in rows.partitions():
            yield [File._make(row) for row in some]


def files(tx: Tx, ids: list[str]) -> list[File]:
    """These files; who may open them is not asked here."""
    return [File._make(row) for row in tx.conn.execute(_files.where(clients.c.id.in_(ids)))]


def people_of(tx: Tx, client_id: str) -> dict[str, str]:
    """Who may open this file now: person id -> basis."""
    rows = tx.conn.execute(
        select(access_records.c.person_id, access_records.c.basis)
        .where(access_records.c.client_id == client_id, _standing())
        .order_by(access_records.c.basis.desc()),
        {"now": tx.now},
    )
    return {row.person_id: row.basis for row in rows}


def give(tx: Tx, client_id: str, person_id: str, basis: str) -> None:
    """Add an access record from now on."""
    row = {"id": new_id("AC"), "client_id": client_id, "person_id": person_id, "basis": basis}
    tx.conn.execute(insert(access_records).values(**row, starts_at=tx.now))


def end(tx: Tx, client_id: str, person_id: str, basis: str) -> None:
    """End a standing access record now."""
    tx.conn.execute(
        update(access_records)
        .where(
            access_records.c.client_id == client_id,
            access_records.c.person_id == person_id,
            access_records.c.basis == basis,
            _standing(),
        )
        .values(ends_at=tx.now),
        {"now": tx.now},
    )
