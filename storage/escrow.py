"""Who holds sheets of which outside key, and which of them were tried: facts, added and never changed.

Invariants: no sheet, passphrase or key is stored, only names of them; a sheet of another outside key than the record's
does not count.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from storage.ids import new_id
from storage.key_tables import escrow_checks, escrow_sheets, firm_keys
from storage.keychain import NEWEST
from storage.store import Tx
from storage.vault import Root, WrongKey, unwrap_firm_key


@dataclass(frozen=True, kw_only=True)
class Held:
    """A sheet in somebody's hands; `checked_at` is when it last opened this record, or None."""

    fingerprint: str
    officer_id: str
    made_at: datetime
    checked_at: datetime | None


def made(tx: Tx, *, fingerprint: str, officer_id: str, outside: str, audit: str, made_by: str) -> None:
    """A sheet went to an officer."""
    row = {"fingerprint": fingerprint, "officer_id": officer_id, "outside": outside, "audit": audit}
    tx.conn.execute(insert(escrow_sheets).values(**row, made_by=made_by, made_at=tx.now))


def checked(tx: Tx, *, fingerprint: str, outside: str, checked_by: str) -> None:
    """A sheet was tried and opens this record."""
    row = {"id": new_id("EC"), "fingerprint": fingerprint, "outside": outside}
    tx.conn.execute(insert(escrow_checks).values(**row, checked_by=checked_by, checked_at=tx.now))


def holder(tx: Tx, fingerprint: str) -> str | None:
    """Whose sheet this is; None when this record does not know it."""
    found = select(escrow_sheets.c.officer_id).where(escrow_sheets.c.fingerprint == fingerprint)
    return tx.conn.execute(found).scalar_one_or_none()


def held(tx: Tx) -> list[Held]:
    """The sheets of the outside key under which the record stands now, the oldest first."""
    now = select(firm_keys.c.outside).order_by(*NEWEST).limit(1).scalar_subquery()
    last = func.max(escrow_checks.c.checked_at, type_=escrow_checks.c.checked_at.type)
    same = (escrow_checks.c.fingerprint == escrow_sheets.c.fingerprint) & (escrow_checks.c.outside == now)
    columns = (escrow_sheets.c.fingerprint, escrow_sheets.c.officer_id, escrow_sheets.c.made_at)
    sheets = escrow_sheets.outerjoin(escrow_checks, same)
    asked = select(*columns, last.label("checked_at")).select_from(sheets)
    rows = tx.conn.execute(asked.where(escrow_sheets.c.outside == now).group_by(*columns).order_by(columns[-1]))
    return [Held(**row._mapping) for row in rows]


def opens(tx: Tx, master: bytes) -> tuple[int, int]:
    """How many of the record's firm keys this outside key opens, and how many there are; no key is given to anybody."""
    root, rows = Root(master), tx.conn.execute(select(firm_keys.c.id, firm_keys.c.wrapped)).all()
    return sum(_fits(root, row.id, row.wrapped) for row in rows), len(rows)


def _fits(root: Root, id: str, wrapped: bytes) -> bool:
    try:
        unwrap_firm_key(root, id, wrapped)
    except WrongKey:
        return False
    return True
