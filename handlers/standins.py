"""Who stands in for whom, while somebody is away or no road reaches that person: the deputy of an absence, else the
deputy of the people file; one step, never a chain."""

from storage import people, reach
from storage.people import Person
from storage.store import Tx


def deputy(tx: Tx, person: Person) -> Person | None:
    """The deputy for the absence that holds now: active, and not away either."""
    away = people.absence(tx, person.id)
    chosen = (away.deputy_id if away else None) or person.deputy_id
    found = people.by_id(tx, chosen) if chosen else None
    if found is None or not found.active(tx.now) or people.absence(tx, found.id):
        return None
    return found


def away(tx: Tx, person: Person) -> bool:
    """Whether this person is away now."""
    return people.absence(tx, person.id) is not None


def here(tx: Tx, person: Person) -> bool:
    """Neither away nor beyond every road."""
    return not away(tx, person) and reach.reached(tx, person.id)


def readers(tx: Tx, person: Person) -> list[Person]:
    """Who reads a notice to this person now: himself, and while he is away or no road reaches him his deputy, or for
    want of one whom a notice reaches the supervisor or the head of department; a leaver's duties are read by these
    alone."""
    if person.active(tx.now) and here(tx, person):
        return [person]
    present = [person] if person.active(tx.now) else []
    line = (deputy(tx, person), supervisor(tx, person), _active(tx, person.department_head_id))
    others = [one for one in line if one]
    other = next((one for one in others if reach.reached(tx, one.id)), others[0] if others else None)
    return [*present, other] if other else present


def speaks_for(tx: Tx, person: Person, owner: Person | None) -> bool:
    """Whether this is the owner of a duty, or reads for the owner now."""
    return owner is not None and person.id in {p.id for p in (owner, *readers(tx, owner))}


def supervisor(tx: Tx, person: Person) -> Person | None:
    """The active supervisor."""
    return _active(tx, person.supervisor_id)


def _active(tx: Tx, id: str | None) -> Person | None:
    found = people.by_id(tx, id) if id else None
    return found if found and found.active(tx.now) else None
