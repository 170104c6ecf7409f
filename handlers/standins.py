"""Who stands in for whom, while somebody is away or no road reaches that person: the deputy of an absence, else the
deputy of the people file; one step, never a chain."""

from storage import access, people, reach
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


def readers(
    tx: Tx, person: Person, client_id: str | None = None, kept_from: frozenset[str] = frozenset()
) -> list[Person]:
    """Who reads a notice to this person now: himself, and while he is away or no road reaches him his deputy, or for
    want of one whom a notice reaches the supervisor or the head of department; a leaver's duties are read by these
    alone. Of a notice about a client file, a complaint or a breach nobody reads who must not know of it."""
    knows = person.id not in kept_from and _may_know(tx, client_id, person)
    present = [person] if person.active(tx.now) and knows else []
    others = _asked(tx, person, client_id, kept_from)
    other = others[-1] if others and reach.reached(tx, others[-1].id) else next(iter(others), None)
    return [*present, other] if other else present


def speaks_for(tx: Tx, person: Person, owner: Person | None) -> bool:
    """Whether this is the owner of a duty, or may read for the owner now: who was asked to, and is himself beyond every
    road since, may still, so that what was sent to him is handed on instead of being dropped."""
    return owner is not None and person.id in {p.id for p in (owner, *_asked(tx, owner))}


def _may_know(tx: Tx, client_id: str | None, person: Person) -> bool:
    return client_id is None or not access.barred(tx, client_id, person.id)


def _asked(
    tx: Tx, person: Person, client_id: str | None = None, kept_from: frozenset[str] = frozenset()
) -> list[Person]:
    """Who is asked to stand in, in order, up to the first whom a notice reaches; nobody while the person is here."""
    if person.active(tx.now) and here(tx, person):
        return []
    line = (deputy(tx, person), supervisor(tx, person), _active(tx, person.department_head_id))
    others = [one for one in line if one and one.id not in kept_from and _may_know(tx, client_id, one)]
    reached = next((n for n, one in enumerate(others, 1) if reach.reached(tx, one.id)), len(others))
    return others[:reached]


def supervisor(tx: Tx, person: Person) -> Person | None:
    """The active supervisor."""
    return _active(tx, person.supervisor_id)


def _active(tx: Tx, id: str | None) -> Person | None:
    found = people.by_id(tx, id) if id else None
    return found if found and found.active(tx.now) else None
