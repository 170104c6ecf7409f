"""Generations of the firm key: made, put under another outside key, retired when nothing living needs them, destroyed.

Invariants: no function here opens a value, or gives a key to its caller; each may be done again after an interruption;
a generation that wraps anything living is never destroyed (for compartments a foreign key holds that too).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from storage import keys
from storage.columns import MICROSECOND
from storage.ids import new_id
from storage.key_tables import compartments, destroyed_firm_keys, firm_keys
from storage.keychain import NEWEST
from storage.store import Tx
from storage.vault import Keyring, WrappedKey, new_firm_key, unwrap_firm_key, wrap_firm_key


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One generation, without its key. `outside` names the outside key that wraps it."""

    id: str
    created_at: datetime
    retired_at: datetime | None
    outside: str | None


def all_of(tx: Tx) -> list[Generation]:
    """Every generation of the record, the newest first."""
    columns = [firm_keys.c[name] for name in Generation.__dataclass_fields__]
    return [Generation(**row._mapping) for row in tx.conn.execute(select(*columns).order_by(*NEWEST))]


def outside(tx: Tx) -> str:
    """The name of the outside key that wraps now."""
    return tx._keyring.root.names[0]  # noqa: SLF001


def make(tx: Tx) -> str:
    """A new generation; from this transaction's commit on it wraps what is new. It is the newest even when the clock
    was put back."""
    root, id, key = tx._keyring.root, new_id("FK"), new_firm_key()  # noqa: SLF001
    last = tx.conn.execute(select(func.max(firm_keys.c.created_at, type_=firm_keys.c.created_at.type))).scalar_one()
    created_at = max(tx.now, last + MICROSECOND) if last else tx.now
    row = {"id": id, "wrapped": wrap_firm_key(root, id, key), "created_at": created_at, "outside": root.names[0]}
    tx.conn.execute(insert(firm_keys).values(row))
    return id


def rewrap_outside(tx: Tx) -> int:
    """Put every firm key under the current outside key; how many were not. `WrongKey` when neither key opens one."""
    root = tx._keyring.root  # noqa: SLF001
    other = firm_keys.c.outside.is_distinct_from(root.names[0])
    rows = tx.conn.execute(select(firm_keys.c.id, firm_keys.c.wrapped).where(other).with_for_update()).all()
    for row in rows:
        wrapped = wrap_firm_key(root, row.id, unwrap_firm_key(root, row.id, row.wrapped))
        values = {"wrapped": wrapped, "outside": root.names[0]}
        tx.conn.execute(update(firm_keys).where(firm_keys.c.id == row.id).values(values))
    return len(rows)


def rewrap(tx: Tx, limit: int) -> int:
    """Put at most `limit` data keys, and the intake's private key, under the newest generation; how many were put."""
    ring = tx._keyring.newest(tx.conn)  # noqa: SLF001
    done = keys.rewrap_intake(tx, ring)
    rows = tx.conn.execute(_elsewhere(ring).limit(limit).with_for_update(skip_locked=True)).all()
    if rows:
        place = compartments.c.id == bindparam("which")
        tx.conn.execute(update(compartments).where(place), [_rewrapped(tx, ring, row) for row in rows])
    return done + len(rows)


def _elsewhere(ring: Keyring) -> Select[Any]:
    """Compartments whose key is under another generation; asked by generation, for there is an index of those."""
    others = select(firm_keys.c.id).where(firm_keys.c.id != ring.current)
    columns = select(compartments.c.id, compartments.c.firm_key_id, compartments.c.data_key)
    return columns.where(compartments.c.firm_key_id.in_(others))


def _rewrapped(tx: Tx, ring: Keyring, row: Any) -> dict[str, object]:
    old = WrappedKey(firm_key_id=row.firm_key_id, wrapped=row.data_key)
    known = ring if row.firm_key_id in ring else tx._keyring.anew(tx.conn)  # noqa: SLF001
    new = known.rewrap(row.id, old)
    return {"which": row.id, "firm_key_id": new.firm_key_id, "data_key": new.wrapped}


def waiting(tx: Tx) -> int:
    """How many data keys are not under the newest generation."""
    ring = tx._keyring.newest(tx.conn)  # noqa: SLF001
    count: int = tx.conn.execute(select(func.count()).select_from(_elsewhere(ring).subquery())).scalar_one()
    return count


def retire(tx: Tx) -> list[str]:
    """Note since when nothing living is wrapped by an older generation; those of which this is new."""
    _newest, *older = all_of(tx)
    found = [each.id for each in older if each.retired_at is None and not _used(tx, each.id)]
    for id in found:
        tx.conn.execute(update(firm_keys).where(firm_keys.c.id == id).values(retired_at=tx.now))
    return found


def _used(tx: Tx, id: str) -> bool:
    living = select(compartments.c.id).where(compartments.c.firm_key_id == id).limit(1)
    return keys.intake_generation(tx) == id or tx.conn.execute(living).first() is not None


def destroy(tx: Tx, id: str, grace: timedelta) -> bool:
    """Destroy a generation retired since `grace` or longer; False when it is gone, not retired so long, or in use."""
    columns = (firm_keys.c.id, firm_keys.c.created_at, firm_keys.c.retired_at)
    row = tx.conn.execute(select(*columns).where(firm_keys.c.id == id).with_for_update()).one_or_none()
    if row is None or row.retired_at is None or row.retired_at + grace > tx.now or _used(tx, id):
        return False
    tx.conn.execute(delete(firm_keys).where(firm_keys.c.id == id))
    tx.conn.execute(insert(destroyed_firm_keys).values(**row._mapping, destroyed_at=tx.now))
    tx._keyring.anew(tx.conn)  # noqa: SLF001  what this process had of it is dropped
    return True


def destroyed(tx: Tx) -> dict[str, datetime]:
    """Generations that are gone, with the instant: from then on no copy of what they wrapped opens by the record."""
    rows = tx.conn.execute(select(destroyed_firm_keys.c.id, destroyed_firm_keys.c.destroyed_at))
    return {row.id: row.destroyed_at for row in rows}
