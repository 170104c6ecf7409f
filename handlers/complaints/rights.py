"""Who may open a complaint: whoever has it, whom its ladder told, and who reads for one of them now (SOP 5.5).

Invariants: to whom it is about it does not exist, whatever roles that person has; an information barrier before the
client's file is one before the complaint; everybody else is answered as if there were no such reference.
"""

from handlers import escalations, standins
from handlers.request import Ask, Refused
from handlers.screening import client_of, kept_from_whom, screened
from handlers.words import _
from storage import complaints, people
from storage import escalations as ladders
from storage.complaints import Complaint
from storage.escalations import Escalation
from storage.people import Person
from storage.store import Tx


def may_read(tx: Tx, person: Person, complaint_id: str) -> bool:
    """Whether this person works on it now."""
    running = ladders.of(tx, complaint_id)
    if running is None or not person.active(tx.now) or screened(tx, person, complaint_id):
        return False
    return has_it(tx, person, running) or escalations.may_take(running, tx, person)


def has_it(tx: Tx, person: Person, running: Escalation | None) -> bool:
    """Whether this person owns it, or reads for its owner now."""
    owner = owner_of(tx, running)
    if running is None or owner is None:
        return False
    kept = kept_from_whom(tx, running.subject)
    return person.id in {p.id for p in standins.readers(tx, owner, client_of(tx, running.subject), kept)}


def owner_of(tx: Tx, running: Escalation | None) -> Person | None:
    """Who said "I own this", while that holds."""
    if running is None or running.state != "acknowledged":
        return None
    return people.by_id(tx, running.acknowledged_by or "")


def theirs(tx: Tx, ask: Ask, complaint_id: str) -> Complaint:
    """The complaint, for somebody who works on it."""
    found = complaints.by_id(tx, complaint_id)
    if found is None or not may_read(tx, ask.person, complaint_id):
        raise Refused(
            _("Only those who work on this can open it. If you have something to add, record it as a new one."),
            why="not on this case",
            subject=complaint_id,
        )
    return found


def owned(tx: Tx, ask: Ask, complaint_id: str) -> Complaint:
    """The same, for its owner or who stands in; nobody works on what somebody else owns, or nobody does."""
    found = theirs(tx, ask, complaint_id)
    if not has_it(tx, ask.person, ladders.of(tx, complaint_id)):
        raise Refused(
            _("Somebody must own this first. Please press “I own this”, or ask its owner."),
            why="not the owner of the case",
            subject=complaint_id,
        )
    return found
