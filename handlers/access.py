"""The one way to an open compartment: who may, for what purpose, on record; no right, no key, no plaintext.

Invariants: only this file and the breach intake may import the keys; opening to read is audited and so needs a writing
transaction; the codename of a file is known only to those who may open it (SOP 6.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.request import Refused
from handlers.words import _
from storage import access, audit, clients, keys
from storage.clients import Client
from storage.people import Person
from storage.store import Tx

QUARANTINE_READERS = frozenset({"records", "dpo"})
CLIENT_NAME = ("clients", "name")


@dataclass(frozen=True, kw_only=True)
class Sealer:
    """Can put something into a compartment and not read there."""

    compartment_id: str
    _key: keys.DataKey

    def seal(self, table: str, column: str, row: str, text: str) -> bytes:
        """Ciphertext bound to this very cell."""
        return self._key.seal(table, column, row, text)


@dataclass(frozen=True, kw_only=True)
class Opened(Sealer):
    """An open compartment, for this transaction."""

    def unseal(self, table: str, column: str, row: str, sealed: bytes) -> str:
        """What was sealed into this very cell."""
        return self._key.unseal(table, column, row, sealed)


def may_open(tx: Tx, person: Person, client_id: str) -> bool:
    """Whether this person may open this client file now."""
    return person.active(tx.now) and access.basis(tx, client_id, person.id) is not None


def open_client(tx: Tx, person: Person, client_id: str, purpose: str) -> tuple[Client, Opened]:
    """Open a client file for `purpose` (a word of ours); refused alike whether it is another's or not there at all."""
    if not tx.writable:
        raise RuntimeError("an opening is recorded, so it needs a writing transaction")
    client = clients.by_id(tx, client_id)
    if client is None or not may_open(tx, person, client_id):
        raise Refused(
            _("This file is not open to you. Ask its owner or your supervisor if you need it for your work."),
            why="access.refused",
            subject=client_id,
        )
    audit.record(tx, "file.opened", who=person.id, client=client.id, purpose=purpose)
    return client, Opened(compartment_id=client.compartment_id, _key=keys.data_key(tx, client.compartment_id))


def open_quarantine(tx: Tx, person: Person, purpose: str) -> Opened:
    """Open the quarantine, for those who keep the records and the DPO."""
    if not person.roles & QUARANTINE_READERS:
        raise Refused(_("Only the people who keep the records can see this."), why="access.refused")
    audit.record(tx, "quarantine.opened", who=person.id, purpose=purpose)
    return Opened(compartment_id=keys.QUARANTINE, _key=keys.data_key(tx, keys.QUARANTINE))


def into_quarantine(tx: Tx) -> Sealer:
    """Anybody may put something into quarantine; nobody reads it thereby."""
    return Sealer(compartment_id=keys.QUARANTINE, _key=keys.data_key(tx, keys.QUARANTINE))


def into_file(tx: Tx, client: Client) -> Sealer:
    """Put something into a file without reading it: for the records role and for imports."""
    return Sealer(compartment_id=client.compartment_id, _key=keys.data_key(tx, client.compartment_id))


def new_file(tx: Tx, client_id: str, name: str) -> tuple[str, bytes]:
    """A compartment of its own for a new client file, and its name sealed there."""
    compartment_id = keys.make(tx, "client")
    return compartment_id, keys.data_key(tx, compartment_id).seal(*CLIENT_NAME, client_id, name)


def renamed(tx: Tx, client: Client, name: str) -> bytes:
    """A client's new name, sealed into the same cell of the same compartment; nothing is read."""
    return into_file(tx, client).seal(*CLIENT_NAME, client.id, name)


def name_of(client: Client, opened: Opened) -> str:
    """The client's name, from an opened file."""
    return opened.unseal(*CLIENT_NAME, client.id, client.name)


def names(tx: Tx, person: Person, found: list[Client]) -> dict[str, str]:
    """Names of those of these files that this person may open (id -> name): for type-aheads, which are recorded when
    their form is submitted."""
    allowed = [client.id for client in found if may_open(tx, person, client.id)]
    return _read(tx, access.files(tx, allowed))


def my_names(tx: Tx, person: Person) -> Iterator[tuple[access.File, str]]:
    """All files this person may open now, each with its name: for the type-ahead among them, asked at every key and
    ended when enough are found."""
    if person.active(tx.now):
        for found in access.files_of(tx, person.id):
            yield from zip(found, _read(tx, found).values(), strict=True)


def current_names(tx: Tx, found: list[Client]) -> dict[str, str]:
    """Names of all these files, for the import of the client list alone: it brings the names itself and must see which
    of them changed. Nothing of it is shown."""
    return _read(tx, access.files(tx, [client.id for client in found]))


def _read(tx: Tx, found: list[access.File]) -> dict[str, str]:
    cells = [(file.compartment_id, file.firm_key_id, file.data_key, file.id, file.name) for file in found]
    return dict(zip([file.id for file in found], keys.read(tx, *CLIENT_NAME, cells), strict=True))


def fingerprint(sealed: bytes) -> str:
    """The hash of a ciphertext, for the audit entry."""
    return keys.fingerprint(sealed)
