"""The one way to an open compartment: who may, for what purpose, on record; no right, no key, no plaintext.

Invariants: only this file, the breach intake and complaints' compartments may import the keys; opening to read is
audited and so needs a writing transaction; the codename of a file is known only to those who may open it (SOP 6.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.complaints.rights import may_read
from handlers.request import Refused
from handlers.words import _
from storage import access, audit, complaints, keys, undertakings
from storage.clients import Client
from storage.people import Person
from storage.store import Tx

QUARANTINE_READERS = frozenset({"records", "dpo"})
CLIENT_NAME = ("clients", "name")
NEAREST = ("owner", "team", "grant")
EMERGENCY, CASE = "emergency", "complaint"
LOG = "log"  # puts in and shows nothing
WRITING = frozenset({LOG, "correct", "wrong client"})  # purposes that change what is in the file


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


@dataclass(frozen=True, kw_only=True)
class Way:
    """A client file that this person may open now, and what for. `by`: the nearest reason, `emergency` the last."""

    person: Person
    standing: access.Standing
    by: str

    @property
    def client(self) -> Client:
        return self.standing.client

    @property
    def writes(self) -> bool:
        """Emergency access and work on a complaint read only."""
        return self.by not in {EMERGENCY, CASE}

    @property
    def reads(self) -> bool:
        """Access that rests because nobody reviewed it shows nothing; an entry can still be put in."""
        return not self.standing.suspended or self.standing.emergency or self.by == CASE


def way(tx: Tx, person: Person, client_id: str) -> Way | None:
    """The way into this file; None alike whether there is no such file, it is not open to this person, or an
    information barrier stands before it: a barrier beats every right (SOP 6.1)."""
    found = access.between(tx, client_id, person.id) if person.active(tx.now) else None
    if found is None or found.barred:
        return None
    nearest = next((basis for basis in NEAREST if basis in found.bases), EMERGENCY if found.emergency else None)
    return Way(person=person, standing=found, by=nearest) if nearest else None


def may_open(tx: Tx, person: Person, client_id: str) -> bool:
    """Whether this person may open this client file now."""
    found = way(tx, person, client_id)
    return found is not None and found.reads


def knows(tx: Tx, person: Person, client_id: str) -> bool:
    """Whether this person may know that there is such a file, and what it is called: also while the access rests."""
    return way(tx, person, client_id) is not None


def may_write(tx: Tx, person: Person, client_id: str) -> bool:
    """Whether this person may put something in; also while the access rests, so that no client waits for that."""
    found = way(tx, person, client_id)
    return found is not None and found.writes


def open_client(tx: Tx, person: Person, client_id: str, purpose: str) -> tuple[Client, Opened]:
    """Open a client file for `purpose` (a word of ours); refused alike whether it is another's or not there at all."""
    return through(tx, way(tx, person, client_id), client_id, purpose)


def through(tx: Tx, found: Way | None, client_id: str, purpose: str, matter: str = "") -> tuple[Client, Opened]:
    """The same, by a way that was looked for in this very transaction."""
    if not tx.writable:
        raise RuntimeError("an opening is recorded, so it needs a writing transaction")
    if found is None or found.client.id != client_id:
        raise closed(client_id)
    if purpose in WRITING and not found.writes:
        raise Refused(
            _("Emergency access only reads. To change something here, ask the owner of the file for access."),
            why="emergency access reads only",
            subject=client_id,
        )
    if purpose != LOG and not found.reads:
        words = _("Your access to this file rests, because nobody has reviewed it. Open the file to take 24 hours.")
        raise Refused(words, why="access rests", subject=client_id)
    if purpose != LOG and undertakings.due(tx, found.person.id):
        words = _("Before a client file opens, please read the confidentiality undertaking: “access” shows it.")
        raise Refused(words, why="undertaking due", subject=client_id)
    by = {"by": found.by} if found.by == EMERGENCY else {"matter": matter} if matter else {}
    audit.record(tx, "file.opened", who=found.person.id, client=client_id, purpose=purpose, **by)
    key = keys.unwrapped(tx, found.client.compartment_id, found.standing.firm_key_id, found.standing.data_key)
    return found.client, Opened(compartment_id=found.client.compartment_id, _key=key)


def for_a_case(tx: Tx, person: Person, client_id: str, matter: str) -> tuple[Client, Opened]:
    """Read a client file for an open complaint (`matter`, its reference) that this person works on now, without any
    right to the file itself; a barrier beats that too (SOP 5.5, 6.1)."""
    case, found = complaints.by_id(tx, matter), access.between(tx, client_id, person.id)
    if case is None or case.state != "open" or case.client_id != client_id or not may_read(tx, person, matter):
        raise closed(client_id)
    if not found or found.barred:
        raise closed(client_id)
    return through(tx, Way(person=person, standing=found, by=CASE), client_id, CASE, matter)


def closed(client_id: str) -> Refused:
    """The one answer for a file that is another's, is behind a barrier, or is not there."""
    words = _("This file is not open to you. If you need it for your work, ask for access by its number.")
    return Refused(words, why="access.refused", subject=client_id)


def open_quarantine(tx: Tx, person: Person, purpose: str) -> Opened:
    """Open the quarantine, for those who keep the records and the DPO."""
    if not person.roles & QUARANTINE_READERS:
        raise Refused(_("Only the people who keep the records can see this."), why="access.refused")
    audit.record(tx, "quarantine.opened", who=person.id, purpose=purpose)
    return Opened(compartment_id=keys.QUARANTINE, _key=keys.data_key(tx, keys.QUARANTINE))


def among_barriers(tx: Tx, person: Person, purpose: str) -> Opened:
    """The compartment that holds why barriers were set and lifted, for guardians."""
    if "guardian" not in person.roles:
        raise Refused(_("Only a guardian can see this."), why="access.refused")
    audit.record(tx, "barriers.opened", who=person.id, purpose=purpose)
    return Opened(compartment_id=keys.BARRIERS, _key=keys.data_key(tx, keys.BARRIERS))


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
    allowed = [client.id for client in found if knows(tx, person, client.id)]
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
