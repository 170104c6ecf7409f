"""When something about a complaint is due: the first reply, news for the client, the outcome (SOP 5.5).

Invariants: only the next moment is a timer; each clock reminds its people once before it is due and once when it is
late; what is met or resolved reminds nobody.
"""

from collections.abc import Iterator
from datetime import datetime

from handlers import notices
from handlers.complaints.rights import owner_of
from handlers.request import Ask
from handlers.router import timer
from handlers.rules.due_at import add
from handlers.rules.spans import Span, span
from handlers.standins import supervisor
from handlers.views import Done
from handlers.words import _
from storage import complaints, people, timers
from storage import escalations as ladders
from storage.complaints import Clock, Complaint
from storage.people import Person
from storage.store import Tx

MOMENT = "complaint.clock"
REPLY, NEWS, OUTCOME = "reply", "news", "outcome"
NAMES = {REPLY: _("First reply to the client"), NEWS: _("News for the client"), OUTCOME: _("Outcome")}
OURS = {REPLY: span("1 business day"), NEWS: span("5 business days"), OUTCOME: span("10 business days")}


def begin(tx: Tx, ask: Ask, complaint: Complaint) -> None:
    """The clocks that run from the receipt; nobody outside waits for a reply to a concern."""
    for name in (OUTCOME,) if complaint.kind == "concern" else (REPLY, OUTCOME):
        _start(tx, ask, complaint, name, complaint.received_at)
    set_timer(tx, complaint.id)


def again(tx: Tx, ask: Ask, complaint: Complaint) -> None:
    """It was opened again: the outcome is due anew, reckoned from now."""
    _start(tx, ask, complaint, OUTCOME, tx.now)
    set_timer(tx, complaint.id)


def told_the_client(tx: Tx, ask: Ask, complaint: Complaint, *, reply: bool) -> None:
    """The client has heard something; the next news are due from now."""
    complaints.meet(tx, complaint.id, *((REPLY, NEWS) if reply else (NEWS,)))
    _start(tx, ask, complaint, NEWS, tx.now)
    set_timer(tx, complaint.id)


def _start(tx: Tx, ask: Ask, complaint: Complaint, name: str, at: datetime) -> None:
    length: Span = OURS[name]
    due = add(length, at, ask.policy.calendar(None), ask.policy.zone)
    why = (_("The firm's own target: {length}. The client should not have to ask.").format(length=length),)
    complaints.start_clock(tx, complaint.id, name, starts=at, due=due, why=why)


def running(tx: Tx, complaint_id: str) -> list[Clock]:
    """What is still to be met, the next first."""
    return [clock for clock in complaints.clocks(tx, complaint_id) if clock.met_at is None]


def set_timer(tx: Tx, complaint_id: str) -> None:
    """Only the next moment of all its clocks."""
    coming = [at for clock in running(tx, complaint_id) for at in _moments(clock) if at > tx.now]
    timers.cancel(tx, complaint_id, MOMENT)
    if coming:
        timers.start(tx, MOMENT, complaint_id, min(coming))


def _moments(clock: Clock) -> tuple[datetime, datetime]:
    """When three quarters are over, and when it is due."""
    return clock.due_at - (clock.due_at - clock.starts_at) / 4, clock.due_at


@timer(MOMENT)
def due_now(tx: Tx, ask: Ask) -> Done:
    """Tell whoever has it, and when it is late the supervisor too; nobody has it: all whom the ladder told."""
    complaint = complaints.by_id(tx, ask.subject)
    if complaint is None or complaint.state != "open":
        return Done()
    for clock in running(tx, complaint.id):
        soon, due = _moments(clock)
        if tx.now >= soon:
            late = tx.now >= due
            key = f"{complaint.id}:{'late' if late else 'soon'}:{clock.clock}:{due.isoformat()}"
            kind = "complaint.late" if late else "complaint.due"
            for person in _told_of(tx, complaint, late=late):
                notices.tell(tx, person, key=key, kind=kind, subject=complaint.id, by=due)
    set_timer(tx, complaint.id)
    return Done()


def _told_of(tx: Tx, complaint: Complaint, *, late: bool) -> Iterator[Person]:
    ladder = ladders.of(tx, complaint.id)
    owner = owner_of(tx, ladder)
    if owner is None:
        found = (people.by_id(tx, id) for id in sorted(ladder.told_ids if ladder else ()))
        yield from (person for person in found if person and person.active(tx.now))
        return
    yield owner
    above = supervisor(tx, owner) if late else None
    if above:
        yield above
