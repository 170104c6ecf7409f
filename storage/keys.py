"""The rows behind the vault: firm keys, compartments with their data keys, and the breach intake's key pair.

Invariants: only `handlers/access.py` and the breach intake may import this file or the vault (an import contract holds
it); a data key lives no longer than the transaction that opened it; the outside key is never stored.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage.ids import new_id
from storage.intake import new_intake_keypair, open_intake, seal_intake
from storage.schema import EPOCH, compartments, firm_keys, settings
from storage.store import Tx
from storage.vault import (
    Cell,
    DataKey,
    Keyring,
    Root,
    WrappedKey,
    fingerprint,
    new_firm_key,
    unwrap_firm_key,
    wrap_firm_key,
)

QUARANTINE = "quarantine"
_BY_ID = select(compartments).where(compartments.c.id == bindparam("id"))
INTAKE_PUBLIC, INTAKE_PRIVATE = "intake.public", "intake.private"

__all__ = [
    "QUARANTINE",
    "Cell",
    "DataKey",
    "data_key",
    "fingerprint",
    "load",
    "make",
    "open_breach",
    "read",
    "seal_breach",
]


def load(conn: Connection, root: Root) -> Keyring:
    """Unwrap every firm key with the outside key (`WrongKey` when it does not fit); the first start makes one."""
    rows = conn.execute(select(firm_keys).order_by(firm_keys.c.created_at)).all()
    keys = {row.id: unwrap_firm_key(root, row.id, row.wrapped) for row in rows}
    if not keys:
        id, key = new_id("FK"), new_firm_key()
        conn.execute(insert(firm_keys).values(id=id, wrapped=wrap_firm_key(root, id, key), created_at=EPOCH))
        keys = {id: key}
    keyring = Keyring(keys=keys, current=list(keys)[-1])
    _prepare(conn, keyring)
    return keyring


def _prepare(conn: Connection, keyring: Keyring) -> None:
    """The quarantine's compartment and the intake's key pair exist from the first start."""
    if conn.execute(select(compartments.c.id).where(compartments.c.id == QUARANTINE)).first() is None:
        _insert(conn, keyring, QUARANTINE, QUARANTINE, EPOCH)
    if conn.execute(select(settings.c.key).where(settings.c.key == INTAKE_PUBLIC)).first() is None:
        public, private = new_intake_keypair()
        rows = [
            {"key": INTAKE_PUBLIC, "value": public.hex()},
            {"key": INTAKE_PRIVATE, "value": _written(keyring.wrap_private(private))},
        ]
        conn.execute(insert(settings), rows)
    else:
        _intake_private(conn, keyring)  # reports are sealed to the public half: an exchanged one refuses the start


def _insert(conn: Connection, keyring: Keyring, id: str, kind: str, now: object) -> None:
    wrapped = keyring.new_data_key(id)
    row = {"id": id, "kind": kind, "firm_key_id": wrapped.firm_key_id, "data_key": wrapped.wrapped}
    conn.execute(insert(compartments).values(**row, created_at=now))


def make(tx: Tx, kind: str) -> str:
    """A new compartment with a random data key of its own; gives its id."""
    id = new_id("CP")
    _insert(tx.conn, tx._keyring, id, kind, tx.now)  # noqa: SLF001  this file is the keyring's door
    return id


def data_key(tx: Tx, compartment_id: str) -> DataKey:
    """The compartment's data key, for this transaction only."""
    row = tx.conn.execute(_BY_ID, {"id": compartment_id}).one()
    return _opened(tx, row)


def _opened(tx: Tx, row: Any) -> DataKey:
    wrapped = WrappedKey(firm_key_id=row.firm_key_id, wrapped=row.data_key)
    return tx._keyring.open(row.id, wrapped)  # noqa: SLF001


def read(tx: Tx, table: str, column: str, cells: Iterable[Cell]) -> list[str]:
    """The texts of one column out of many compartments, which the caller may open."""
    return tx._keyring.read(table, column, cells)  # noqa: SLF001


def _written(key: WrappedKey) -> str:
    return f"{key.firm_key_id}:{key.wrapped.hex()}"


def _setting(conn: Connection, key: str) -> str:
    value: str = conn.execute(select(settings.c.value).where(settings.c.key == key)).scalar_one()
    return value


def seal_breach(tx: Tx, breach_id: str, report: str) -> bytes:
    """Seal a report to the intake's public key: works for a reporter without any right to read."""
    return seal_intake(bytes.fromhex(_setting(tx.conn, INTAKE_PUBLIC)), breach_id, report)


def open_breach(tx: Tx, breach_id: str, sealed: bytes) -> str:
    """Open a report; the caller has decided that this person may."""
    return open_intake(_intake_private(tx.conn, tx._keyring), breach_id, sealed)  # noqa: SLF001


def _intake_private(conn: Connection, keyring: Keyring) -> bytes:
    """The intake's private half; `WrongKey` when it does not belong to the public half that stands beside it."""
    firm_key_id, wrapped = _setting(conn, INTAKE_PRIVATE).split(":", 1)
    public = bytes.fromhex(_setting(conn, INTAKE_PUBLIC))
    return keyring.unwrap_private(public, WrappedKey(firm_key_id=firm_key_id, wrapped=bytes.fromhex(wrapped)))
