"""Who needs to know what: dated access records per client file, each with its basis, and what stands against them.

Invariants: every question can be asked as of any instant; a barrier takes somebody out of every answer, whatever else
is on record for that person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, exists, insert, or_, select, update

from storage.clients import COLUMNS, Client
from storage.ids import new_id
from storage.schema import access_records, barriers, clients, compartments, emergencies, suspensions
from storage.store import Tx

AT_A_TIME = 200
LISTED = ("owner", "team")  # what the client list says; "grant" is given by a person


def standing(table: Table) -> ColumnElement[bool]:
    """At `now`, a parameter: begun, and not ended."""
    now = bindparam("now", type_=table.c.starts_at.type)
    return and_(table.c.starts_at <= now, or_(table.c.ends_at.is_(None), table.c.ends_at > now))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A client file with its wrapped key, and all that is on record between it and one person at an instant."""

    client: Client
    firm_key_id: str
    data_key: bytes
    bases: frozenset[str]  # owner, team, grant
    barred: bool
    emergency: bool
    suspended: bool


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


class Record(NamedTuple):
    """One reason why somebody may open a file, with its dates. `reason` is ciphertext; `given_by` is empty for what the
    client list said."""

    id: str
    client_id: str
    person_id: str
    basis: str
    starts_at: datetime
    ends_at: datetime | None
    given_by: str | None
    purpose: str
    reason: bytes | None


def _between(table: Table) -> ColumnElement[bool]:
    return and_(table.c.client_id == clients.c.id, table.c.person_id == bindparam("person_id"), standing(table))


_barred = exists().where(_between(barriers))
_standing = (
    select(
        *COLUMNS,
        compartments.c.firm_key_id,
        compartments.c.data_key,
        access_records.c.basis,
        _barred.label("barred"),
        exists().where(_between(emergencies)).label("emergency"),
        exists().where(_between(suspensions)).label("suspended"),
    )
    .join(compartments, compartments.c.id == clients.c.compartment_id)
    .outerjoin(access_records, _between(access_records))
    .where(clients.c.id == bindparam("client_id"))
)
_files = select(
    *(clients.c[name] for name in ("id", "codename", "ref", "status", "compartment_id")),
    compartments.c.firm_key_id,
    compartments.c.data_key,
    clients.c.name,
).join(compartments, compartments.c.id == clients.c.compartment_id)
_mine = select(access_records.c.client_id).where(
    access_records.c.person_id == bindparam("person_id"), standing(access_records)
)
_clients = select(clients.c.id).where(clients.c.id.in_(_mine), ~_barred)
_files_of = _files.where(clients.c.id.in_(_mine), ~_barred)
_records = select(*(access_records.c[name] for name in Record.__annotations__))


def between(tx: Tx, client_id: str, person_id: str, at: datetime | None = None) -> Standing | None:
    """All that stands between this person and this file, now or `at` an instant; None when there is no such file."""
    asked = {"client_id": client_id, "person_id": person_id, "now": at or tx.now}
    rows = tx.conn.execute(_standing, asked).all()
    if not rows:
        return None
    first = rows[0]
    return Standing(
        client=Client(**dict(zip(Client.__dataclass_fields__, first, strict=False))),
        firm_key_id=first.firm_key_id,
        data_key=first.data_key,
        bases=frozenset(row.basis for row in rows if row.basis),
        barred=bool(first.barred),
        emergency=bool(first.emergency),
        suspended=bool(first.suspended),
    )


def barred(tx: Tx, client_id: str, person_id: str) -> bool:
    """Whether a barrier stands between them now."""
    found = select(barriers.c.id).where(barriers.c.client_id == client_id, barriers.c.person_id == person_id)
    return tx.conn.execute(found.where(standing(barriers)).limit(1), {"now": tx.now}).first() is not None


def clients_of(tx: Tx, person_id: str) -> list[str]:
    """Ids of the client files this person may open."""
    return list(tx.conn.execute(_clients, {"person_id": person_id, "now": tx.now}).scalars())


def files_of(tx: Tx, person_id: str) -> Iterator[list[File]]:
    """The client files this person may open, in no order, some at a time: who has found enough need not read on."""
    asked = {"person_id": person_id, "now": tx.now}
    with tx.conn.execute(_files_of, asked, execution_options={"yield_per": AT_A_TIME}) as rows:
        for some in rows.partitions():
            yield [File._make(row) for row in some]


def files(tx: Tx, ids: list[str]) -> list[File]:
    """These files; who may open them is not asked here."""
    return [File._make(row) for row in tx.conn.execute(_files.where(clients.c.id.in_(ids)))]


def people_of(tx: Tx, client_id: str, at: datetime | None = None) -> dict[str, Record]:
    """Who may open this file now, or could `at` an instant: person id -> the nearest reason. Nobody behind a barrier,
    and nobody whose access rests."""
    found = _against(client_id, barriers, suspensions)
    rows = [Record._make(row) for row in tx.conn.execute(found, {"now": at or tx.now})]
    return {row.person_id: row for row in sorted(rows, key=_from_the_farthest)}


def on_record(tx: Tx, client_id: str) -> dict[str, Record]:
    """The same, with those whose access rests."""
    rows = [Record._make(row) for row in tx.conn.execute(_against(client_id, barriers), {"now": tx.now})]
    return {row.person_id: row for row in sorted(rows, key=_from_the_farthest)}


def _against(client_id: str, *tables: Table) -> Select[Any]:
    """The records of this file that stand, but for people about whom something in these tables stands too."""
    found = _records.where(access_records.c.client_id == client_id, standing(access_records))
    for table in tables:
        own = and_(table.c.client_id == client_id, table.c.person_id == access_records.c.person_id)
        found = found.where(~exists().where(own, standing(table)))
    return found


def _from_the_farthest(row: Record) -> int:
    return ("grant", "team", "owner").index(row.basis)


def listed(tx: Tx, client_id: str) -> dict[str, str]:
    """What the client list said of who may open this file: person id -> owner or team."""
    found = _records.where(access_records.c.client_id == client_id, access_records.c.basis.in_(LISTED))
    rows = tx.conn.execute(found.where(standing(access_records)), {"now": tx.now})
    return {row.person_id: row.basis for row in sorted(map(Record._make, rows), key=_from_the_farthest)}


def by_id(tx: Tx, id: str) -> Record | None:
    """One record, also when it is over."""
    row = tx.conn.execute(_records.where(access_records.c.id == id)).one_or_none()
    return Record._make(row) if row else None


def of_person(tx: Tx, person_id: str, at: datetime | None = None) -> list[Record]:
    """Every record of this person that stands, the newest first."""
    found = _records.where(access_records.c.person_id == person_id, standing(access_records))
    rows = tx.conn.execute(
        found.order_by(access_records.c.starts_at.desc(), access_records.c.id), {"now": at or tx.now}
    )
    return [Record._make(row) for row in rows]


def id_for_new() -> str:
    """Made before the insert, because the sealed reason is bound to it."""
    return new_id("AC")


def give(tx: Tx, client_id: str, person_id: str, basis: str, **more: Any) -> None:
    """Add an access record from now on; `more`: its id, end, purpose, sealed reason, and who gave it."""
    row = {"id": new_id("AC"), "client_id": client_id, "person_id": person_id, "basis": basis, **more}
    tx.conn.execute(insert(access_records).values(**row, starts_at=tx.now))


def end(tx: Tx, client_id: str, person_id: str, *bases: str) -> int:
    """End what stands now, of these bases, and say how many records that were."""
    rows = update(access_records).where(
        access_records.c.client_id == client_id,
        access_records.c.person_id == person_id,
        access_records.c.basis.in_(bases),
        standing(access_records),
    )
    return tx.conn.execute(rows.values(ends_at=tx.now), {"now": tx.now}).rowcount
