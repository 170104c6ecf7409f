"""Handing a complaint to somebody else, who owns it from then on (SOP 5.5).

Invariant: nobody is offered whom it is about, or who stands behind an information barrier to its client.
"""

from handlers import notices
from handlers.complaints.checks import still_open, texts
from handlers.complaints.compartment import seal_note
from handlers.complaints.owning import spoke
from handlers.complaints.rights import owned, owner_of
from handlers.request import Ask
from handlers.router import opens, search, submits
from handlers.screening import screened
from handlers.views import Form, Invalid, Option, Options, Reply, Say, SearchField, Text, TextField
from handlers.words import _
from storage import audit, complaints, people
from storage import escalations as ladders
from storage.complaints import Complaint
from storage.people import Person
from storage.store import Tx


@opens("complaint.hand")
def ask_to_whom(tx: Tx, ask: Ask) -> Form:
    """To whom."""
    complaint = owned(tx, ask, ask.subject)
    return Form(
        name="complaint.hand",
        title=_("Hand over"),
        submit=_("Hand over"),
        subject=complaint.id,
        intro=(Text(text=_("{reference}: who owns it from now on?").format(reference=complaint.id)),),
        fields=(
            SearchField(name="person", label=_("To whom?"), search="complaint.owners"),
            TextField(name="text", label=_("What should this person know?"), optional=True, multiline=True),
        ),
    )


def candidates(tx: Tx, ask: Ask, complaint: Complaint) -> list[Person]:
    """Active people who take part, whom nothing keeps from it, and who do not own it already."""
    owner = owner_of(tx, ladders.of(tx, complaint.id))
    return [
        p
        for p in people.everybody(tx)
        if p.active(tx.now) and ask.policy.takes_part(p) and p != owner and not screened(tx, p, complaint.id)
    ]


@search("complaint.owners")
def find_owners(tx: Tx, ask: Ask) -> Options:
    """Of those, whose name contains what was typed."""
    typed = ask.request.text.strip().lower()
    found = [p for p in candidates(tx, ask, owned(tx, ask, ask.subject)) if typed in p.name.lower()]
    found.sort(key=lambda p: p.name)
    return Options(options=tuple(Option(value=p.id, label=p.name) for p in found[:20]))


@submits("complaint.hand")
def hand_over(tx: Tx, ask: Ask) -> Reply:
    """Somebody else owns it from now on, and is told."""
    complaint = still_open(owned(tx, ask, ask.subject))
    chosen = next((p for p in candidates(tx, ask, complaint) if p.id == ask.typed("person")), None)
    errors, why = texts(ask, {}, ("text",))
    if chosen is None:
        errors["person"] = _("Please choose somebody from the list.")
    if errors or chosen is None:
        return Invalid(errors=errors, why=why)
    id, text = complaints.note_id(), ask.typed("text")
    complaints.add_note(
        tx,
        complaint.id,
        id=id,
        kind="handed",
        by=ask.person.id,
        text=seal_note(tx, complaint, id, f"{chosen.name}. {text}".strip()),
    )
    ladders.hand(tx, complaint.id, chosen.id)
    audit.record(tx, "complaint.handed", who=ask.person.id, complaint=complaint.id, to=chosen.id)
    spoke(tx, ask, complaint.id)
    key = f"{complaint.id}:to:{tx.now.isoformat()}"
    notices.tell(tx, chosen, key=key, kind="complaint.handed", subject=complaint.id)
    notices.refresh(tx, complaint.id)
    return Say(title=_("Handed over"), text=_("{name} owns it now, and has been told.").format(name=chosen.name))
