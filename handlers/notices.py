"""Telling people: a notice goes to the outbox with its cause, to whoever stands in, and its cards follow what is true.

Invariants: a notice carries ids only; what it says is looked up when it is sent; an edit never tells more than the
first.
"""

from datetime import datetime
from typing import Any

from handlers import standins
from handlers.screening import client_of, kept_from_whom
from storage import chat, outbox, people
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx


def tell(
    tx: Tx,
    person: Person,
    *,
    key: str,
    kind: str,
    subject: str,
    urgent: bool = False,
    by: datetime | None = None,
) -> None:
    """Tell this person once per key; somebody who is away, or whom no road reaches, is represented by whoever stands
    in, and reads it too. What is not urgent may wait for the reader's own hours, but not beyond `by`."""
    what: dict[str, Any] = {"kind": kind, "subject": subject, "urgent": urgent, "by": by}
    _put(tx, person, f"{key}:{person.id}", what)


def hand_up(tx: Tx, missed: Notice) -> None:
    """No road has brought this to its reader: whoever stands in hears of it at once, not in the void's stead."""
    telling, _colon, _reader = missed.key.rpartition(":")
    person = people.by_id(tx, telling.rpartition(":")[2]) or people.by_id(tx, missed.recipient_id)
    what: dict[str, Any] = {"kind": missed.kind, "subject": missed.subject, "urgent": missed.urgent, "by": missed.by_at}
    if person:
        _put(tx, person, telling, what)


def _put(tx: Tx, person: Person, telling: str, what: dict[str, Any]) -> None:
    """To each who reads for this person now, once in this telling. Its key ends in whom it is meant for, and a notice's
    in who reads it; so it goes along that person's line, however many hands it passes, and comes to an end."""
    subject = what["subject"]
    for reader in standins.readers(tx, person, client_of(tx, subject), kept_from_whom(tx, subject)):
        outbox.put(tx, key=f"{telling}:{reader.id}", recipient_id=reader.id, **what)


def settle(tx: Tx, subject: str) -> None:
    """The matter is over: what was not sent is not sent, what stands is painted again."""
    outbox.cancel(tx, subject)
    refresh(tx, subject)


def refresh(tx: Tx, subject: str) -> None:
    """Have every card about this subject painted again with what is true now."""
    for message in chat.messages_about(tx, subject):
        outbox.refresh(
            tx, message_id=message.id, recipient_id=message.person_id, kind=message.kind, subject=message.subject
        )
