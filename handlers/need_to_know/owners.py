"""A client file changes hands: the new owner decides, and the replies that the old one owed go along.

Invariant: a file has one owner at any instant, who is never behind a barrier to it.
"""

from handlers import notices
from handlers.need_to_know.deciding import decided
from handlers.request import Ask
from handlers.router import opens, submits
from handlers.views import Form, Invalid, Reply, Say, SearchField, Text
from handlers.words import _
from storage import access, audit, clients, deadlines, people
from storage.clients import Client
from storage.deadlines import Deadline
from storage.people import Person
from storage.store import Tx


@opens("access.owner")
def ask_new_owner(tx: Tx, ask: Ask) -> Form:
    """Who owns the file from now on."""
    client = decided(tx, ask.person, ask.subject, alone=True)
    words = _("The new owner decides who may open the file. The present owner keeps no access of his or her own.")
    return Form(
        name="access.owner",
        title=_("Hand to a new owner"),
        submit=_("Hand over"),
        subject=client.id,
        intro=(Text(text=f"{client.codename} · {client.ref}"), Text(text=words)),
        fields=(SearchField(name="person", label=_("New owner"), search="people"),),
    )


@submits("access.owner")
def hand_over(tx: Tx, ask: Ask) -> Reply:
    """The replies that the present owner owes go along."""
    client = decided(tx, ask.person, ask.subject, alone=True)
    person = people.by_id(tx, ask.typed("person"))
    if person is None or not person.active(tx.now) or access.barred(tx, client.id, person.id):
        return Invalid(errors={"person": _("Please choose somebody else who works here.")})
    if person.id == client.owner_id:
        return Invalid(errors={"person": _("{name} is the owner already.").format(name=person.name)})
    new_owner(tx, client, person, who=ask.person.id)
    return Say(title=_("Handed over"), text=_("{name} owns the file now, and is told.").format(name=person.name))


def new_owner(tx: Tx, client: Client, person: Person, *, who: str | None) -> None:
    """Change hands: access, open replies, and the record."""
    access.end(tx, client.id, client.owner_id, "owner")
    audit.record(tx, "access.ended", who=who, client=client.id, person=client.owner_id, basis="owner")
    access.end(tx, client.id, person.id, "team", "grant")
    id = access.id_for_new()
    access.give(tx, client.id, person.id, "owner", id=id, given_by=who)
    audit.record(tx, "access.given", who=who, record=id, client=client.id, person=person.id, basis="owner")
    clients.change(tx, client.id, owner_id=person.id)
    notices.tell(tx, person, key=f"{id}:given", kind="access.given", subject=id)
    move_duties(tx, client.id, client.owner_id, person, who=who)


def move_duties(tx: Tx, client_id: str, old_id: str, person: Person, *, who: str | None) -> int:
    """The replies of this client that the one owed are the other's now; gives how many."""
    moved = [d for d in deadlines.open_of_client(tx, client_id) if d.responsible_id == old_id]
    for duty in moved:
        hand_duty(tx, duty, person, who=who)
    return len(moved)


def hand_duty(tx: Tx, duty: Deadline, person: Person, *, who: str | None) -> None:
    """This reply is this person's now, who is told."""
    if not deadlines.hand_to(tx, duty.id, person.id):
        return
    audit.record(tx, "deadline.reassigned", who=who, deadline=duty.id, to=person.id)
    key = f"{duty.id}:to:{person.id}:{tx.now.isoformat()}"
    notices.tell(tx, person, key=key, kind="deadline.reassigned", subject=duty.id, by=duty.due_at)
    notices.refresh(tx, duty.id)
