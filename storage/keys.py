"""The rows behind the vault: firm keys, compartments with their data keys, and the breach intake's key pair.

Invariants: only `handlers/access.py` and the breach intake may import this file or the vault (an import contract holds
it); a data key lives no longer than the transaction that opened it; the outside key is never stored.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.ids import new_id
from storage.intake import new_intake_keypair, open_intake, seal_intake
from storage.keychain import NEWEST, Keychain, ring
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
    wrapped_by,
)

QUARANTINE, BARRIERS = "quarantine", "barriers"
_BY_ID = select(compartments).where(compartments.c.id == bindparam("id"))
INTAKE_PUBLIC, INTAKE_PRIVATE = "intake.public", "intake.private"

__all__ = [
    "BARRIERS",
    "QUARANTINE",
    "Cell",
    "DataKey",
    "data_key",
    "fingerprint",
    "fits",
    "load",
    "make",
    "open_breach",
    "read",
    "seal_breach",
    "unwrapped",
]


def load(conn: Connection, root: Root) -> Keychain:
    """Unwrap every firm key with the outside key (`WrongKey` when it does not fit); the first start makes one."""
    rows = conn.execute(select(firm_keys)).all()
    if not rows:
        id, key = new_id("FK"), new_firm_key()
        first = {"id": id, "wrapped": wrap_firm_key(root, id, key), "created_at": EPOCH, "outside": root.names[0]}
        conn.execute(insert(firm_keys).values(first))
    for row in rows:
        if row.outside is None:  # made before the record kept that name
            name = wrapped_by(root, row.id, row.wrapped)
            conn.execute(update(firm_keys).where(firm_keys.c.id == row.id).values(outside=name))
    keyring = ring(conn, root)
    _prepare(conn, keyring)
    return Keychain(root, keyring)


def fits(conn: Connection, root: Root) -> None:
    """`WrongKey` unless the outside key opens this record, at whatever revision it is; nothing is written."""
    rows = conn.execute(select(firm_keys.c.id, firm_keys.c.wrapped).order_by(*NEWEST)).all()
    keyring = {row.id: unwrap_firm_key(root, row.id, row.wrapped) for row in rows}
    if keyring:
        _intake_private(conn, Keyring(keyring, current=rows[0].id))


def _prepare(conn: Connection, keyring: Keyring) -> None:
    """The compartments that are not one client's, and the intake's key pair, exist from the first start."""
    for id in (QUARANTINE, BARRIERS):
        if conn.execute(select(compartments.c.id).where(compartments.c.id == id)).first() is None:
            _insert(conn, keyring, id, id, EPOCH)
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
    _insert(tx.conn, tx._keyring.newest(tx.conn), id, kind, tx.now)  # noqa: SLF001  this file is the keyring's door
    return id


def data_key(tx: Tx, compartment_id: str) -> DataKey:
    """The compartment's data key, for this transaction only."""
    row = tx.conn.execute(_BY_ID, {"id": compartment_id}).one()
    return unwrapped(tx, row.id, row.firm_key_id, row.data_key)


def unwrapped(tx: Tx, compartment_id: str, firm_key_id: str, wrapped: bytes) -> DataKey:
    """The same, from a row that was read already."""
    key = WrappedKey(firm_key_id=firm_key_id, wrapped=wrapped)
    return tx._keyring.holding(tx.conn, firm_key_id).open(compartment_id, key)  # noqa: SLF001


def read(tx: Tx, table: str, column: str, cells: Iterable[Cell]) -> list[str]:
    """The texts of one column out of many compartments, which the caller may open."""
    found = list(cells)
    return tx._keyring.holding(tx.conn, *{cell[1] for cell in found}).read(table, column, found)  # noqa: SLF001


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
    keyring = tx._keyring.holding(tx.conn, intake_generation(tx))  # noqa: SLF001
    return open_intake(_intake_private(tx.conn, keyring), breach_id, sealed)


def intake_generation(tx: Tx) -> str:
    """The generation that wraps the intake's private half."""
    return _setting(tx.conn, INTAKE_PRIVATE).partition(":")[0]


def rewrap_intake(tx: Tx, keyring: Keyring) -> int:
    """Put the intake's private half under the keyring's current generation; 0 when it is there already."""
    id = intake_generation(tx)
    if id == keyring.current:
        return 0
    private = _intake_private(tx.conn, keyring if id in keyring else tx._keyring.anew(tx.conn))  # noqa: SLF001
    value = _written(keyring.wrap_private(private))
    tx.conn.execute(update(settings).where(settings.c.key == INTAKE_PRIVATE).values(value=value))
    return 1


def _intake_private(conn: Connection, keyring: Keyring) -> bytes:
    """The intake's private half; `WrongKey` when it does not belong to the public half that stands beside it."""
    firm_key_id, wrapped = _setting(conn, INTAKE_PRIVATE).split(":", 1)
    public = bytes.fromhex(_setting(conn, INTAKE_PUBLIC))
    return keyring.unwrap_private(public, WrappedKey(firm_key_id=firm_key_id, wrapped=bytes.fromhex(wrapped)))
