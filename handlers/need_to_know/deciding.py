"""Who decides about a client file: its owner, whoever stands in, and, when nobody of them is left, who keeps the
records."""

from handlers import standins
from handlers.request import Refused
from handlers.words import _
from storage import access, clients, people
from storage.clients import Client
from storage.people import Person
from storage.store import Tx


def may_decide(tx: Tx, person: Person, client: Client, *, alone: bool = False) -> bool:
    """Whether this person may give and end access to this file; `alone`: whoever only stands in may not. Nobody behind
    a barrier does."""
    if access.barred(tx, client.id, person.id):
        return False
    owner = people.by_id(tx, client.owner_id)
    if person.id == client.owner_id or (not alone and standins.speaks_for(tx, person, owner)):
        return True
    return (owner is None or not owner.active(tx.now)) and "records" in person.roles


def decided(tx: Tx, person: Person, client_id: str, *, alone: bool = False) -> Client:
    """The file, for somebody who decides about it. Refused alike for all others, and where there is no such file."""
    client = clients.by_id(tx, client_id)
    if client is None or not may_decide(tx, person, client, alone=alone):
        words = _("Who may open this file is decided by its owner. Please ask the owner, or your supervisor.")
        raise Refused(words, why="not the owner", subject=client_id)
    return client
