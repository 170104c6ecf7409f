"""Who has a complaint: "I own this", still on it, handed over, given back, and silence (SOP 5.5).

Invariants: the first one has it; what is resolved is nobody's any more, however late somebody presses; an owner who
says nothing is asked, and after a business day without an answer it climbs again.
"""

from datetime import datetime

from handlers import escalations, notices
from handlers.complaints.clocks import OURS
from handlers.complaints.rights import owned, owner_of, theirs
from handlers.request import Ask
from handlers.router import action, timer
from handlers.rules.due_at import add
from handlers.rules.spans import Span, span
from handlers.views import Done, Reply, Say
from handlers.words import _
from storage import audit, complaints, timers
from storage import escalations as ladders
from storage.complaints import Complaint
from storage.people import Person
from storage.store import Tx

STILL = escalations.STILL["complaint"]
SILENT = "complaint.silent"
ANSWER_WITHIN = span("1 business day")
QUIET = OURS["news"]


@action("complaint.own")
def own(tx: Tx, ask: Ask) -> Reply:
    """The first one has it; the ladder stops, and every card says who owns it."""
    complaint = theirs(tx, ask, ask.subject)
    if complaint.state != "open":
        return Say(title=complaint.id, text=_("This is resolved already. Nothing to do."))
    if escalations.take(tx, ask.policy, complaint.id, ask.person):
        noted(tx, ask, complaint, "owned")
        return Done()
    owner = owner_of(tx, ladders.of(tx, complaint.id))
    name = owner.name if owner else _("Somebody")
    return Say(title=complaint.id, text=_("{name} owns this already.").format(name=name))


@action("complaint.confirm")
def confirm(tx: Tx, ask: Ask) -> Reply:
    """Still on it, though there are no news."""
    complaint = owned(tx, ask, ask.subject)
    if complaint.state == "open":
        noted(tx, ask, complaint, "confirmed")
    return Done()


def noted(tx: Tx, ask: Ask, complaint: Complaint, kind: str, *, text: bytes | None = None, id: str = "") -> None:
    """On record; the owner has spoken, and is asked again after a while of silence."""
    complaints.add_note(tx, complaint.id, id=id or complaints.note_id(), kind=kind, by=ask.person.id, text=text)
    audit.record(tx, f"complaint.{kind}", who=ask.person.id, complaint=complaint.id)
    spoke(tx, ask, complaint.id)
    notices.refresh(tx, complaint.id)


def spoke(tx: Tx, ask: Ask, complaint_id: str) -> None:
    """Ask again when nothing has been added for a while."""
    timers.cancel(tx, complaint_id, SILENT, STILL)
    owner = owner_of(tx, ladders.of(tx, complaint_id))
    if owner:
        timers.start(tx, STILL, complaint_id, _in(ask, QUIET, tx.now, owner))


def _in(ask: Ask, wait: Span, at: datetime, owner: Person) -> datetime:
    return add(wait, at, ask.policy.calendar(owner.calendar), ask.policy.zone)


@timer(STILL)
def ask_whether_still(tx: Tx, ask: Ask) -> Done:
    """Nothing was added for a while: the owner is asked; one who has left loses it at once."""
    complaint, running = complaints.by_id(tx, ask.subject), ladders.of(tx, ask.subject)
    if complaint is None or running is None or complaint.state != "open" or running.state != "acknowledged":
        return Done()
    owner = owner_of(tx, running)
    if owner is None or not owner.active(tx.now):
        _climbs_again(tx, ask, complaint)
        return Done()
    key = f"{complaint.id}:still:{tx.now.isoformat()}"
    notices.tell(tx, owner, key=key, kind=STILL, subject=complaint.id)
    timers.start(tx, SILENT, complaint.id, _in(ask, ANSWER_WITHIN, tx.now, owner))
    return Done()


@timer(SILENT)
def silent(tx: Tx, ask: Ask) -> Done:
    """The owner was asked and has not answered: nobody owns it, and it climbs again."""
    complaint, running = complaints.by_id(tx, ask.subject), ladders.of(tx, ask.subject)
    if complaint and complaint.state == "open" and running and running.state == "acknowledged":
        _climbs_again(tx, ask, complaint)
    return Done()


def _climbs_again(tx: Tx, ask: Ask, complaint: Complaint) -> None:
    timers.cancel(tx, complaint.id, SILENT, STILL)
    audit.record(tx, "complaint.unacknowledged", who=None, complaint=complaint.id)
    escalations.resume(tx, ask.policy, complaint.id)
    notices.refresh(tx, complaint.id)


@action("complaint.return")
def give_back(tx: Tx, ask: Ask) -> Reply:
    """The owner cannot: it climbs again, at once."""
    complaint = owned(tx, ask, ask.subject)
    if complaint.state == "open":
        complaints.add_note(tx, complaint.id, id=complaints.note_id(), kind="returned", by=ask.person.id)
        _climbs_again(tx, ask, complaint)
    return Say(title=complaint.id, text=_("Thank you for saying so. The next on the list is told now."))
