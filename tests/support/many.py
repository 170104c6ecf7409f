"""More client files for the small firm, so that one person has a busy day."""

from handlers import access as files
from storage import access, clients
from storage.store import Tx
from tests.support.house import House


def more_clients(house: House, owner: str, number: int) -> list[str]:
    """`client1`, `client2`, … of this owner; the words are in `house.ids`."""
    words = [f"client{n}" for n in range(1, number + 1)]
    house.write(lambda tx: [_add(tx, house, word, owner) for word in words] and None)
    return words


def _add(tx: Tx, house: House, word: str, owner: str) -> None:
    id = clients.id_for_new()
    compartment, sealed = files.new_file(tx, id, word.title())
    clients.add(
        tx,
        id=id,
        ref=f"9-{word}",
        codename=f"Calm {word.title()}",
        compartment_id=compartment,
        name=sealed,
        owner_id=house.ids[owner],
        status="open",
    )
    access.give(tx, id, house.ids[owner], "owner")
    house.ids[word] = id
