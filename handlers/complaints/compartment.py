"""A complaint's own door to the keys: a compartment each; anybody can put one in, `rights` says who opens it."""

import json
from dataclasses import asdict, dataclass

from storage import keys
from storage.complaints import NOTES, TABLE, Complaint, Note
from storage.store import Tx

TOLD, TEXT = "told", "text"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was typed: what happened, what the client asks for, and the client's name when it is not listed."""

    what: str
    remedy: str = ""
    client: str = ""


def seal(tx: Tx, complaint_id: str, told: Told) -> tuple[str, bytes, str]:
    """A new compartment, the words sealed in it, and the ciphertext's hash for the log."""
    compartment_id = keys.make(tx, "complaint")
    text = json.dumps(asdict(told))
    sealed = keys.data_key(tx, compartment_id).seal(TABLE, TOLD, complaint_id, text)
    return compartment_id, sealed, keys.fingerprint(sealed)


def unseal(tx: Tx, complaint: Complaint) -> Told:
    """The words; the caller has asked who may, and records the opening."""
    key = keys.data_key(tx, complaint.compartment_id)
    return Told(**json.loads(key.unseal(TABLE, TOLD, complaint.id, complaint.told)))


def seal_note(tx: Tx, complaint: Complaint, note_id: str, text: str) -> bytes:
    """A note's words."""
    return keys.data_key(tx, complaint.compartment_id).seal(NOTES, TEXT, note_id, text)


def unseal_notes(tx: Tx, complaint: Complaint, notes: list[Note]) -> dict[str, str]:
    """Each note's words by its id; the caller has asked who may."""
    key = keys.data_key(tx, complaint.compartment_id)
    return {note.id: key.unseal(NOTES, TEXT, note.id, note.text) for note in notes if note.text}
