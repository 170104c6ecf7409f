"""Information barriers: somebody must not know of a client file, whatever rights are on record (SOP 6.1).

Invariants: only guardians set and lift them, with a reason that only guardians read; whoever is behind one is told
nothing, at no time; a guardian behind a barrier does not see it either; open work moves on before the barrier stands.
"""

from handlers import access as files
from handlers import escalations, notices
from handlers.need_to_know import choices, owners
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import notice, opens, submits
from handlers.screening import by_number
from handlers.views import Button, Buttons, Card, Form, Invalid, Item, Opens, Page, Reply, Say, SearchField, Text
from handlers.words import _, when
from storage import access, access_requests, audit, barriers, clients, deadlines, emergencies, people
from storage import escalations as ladders
from storage.barriers import TABLE, Barrier
from storage.clients import Client
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

MANY = 1000
KINDS = {
    "conflict": _("Conflict of interest"),
    "inside": _("Inside information"),
    "adverse": _("Adverse party"),
    "other": _("Another reason"),
}


@opens("barriers", roles="guardian")
def show_all(tx: Tx, ask: Ask) -> Page:
    """Every barrier that stands, but for those this guardian is behind."""
    add = Button(label=_("Set a barrier"), act=Opens(name="barrier.set"), primary=True)
    items: list[Item] = [Buttons(buttons=(add,))]
    for barrier in _seen(tx, ask.person):
        lift = Button(label=_("Lift"), act=Opens(name="barrier.lift", subject=barrier.id))
        why = Button(label=_("Why?"), act=Opens(name="barrier.why", subject=barrier.id))
        items += [Text(text=_line(tx, ask, barrier)), Buttons(buttons=(why, lift))]
    empty = Text(text=_("No barrier stands. Set one before somebody learns what must be kept from him or her."))
    return Page(title=_("Information barriers"), items=tuple(items) if len(items) > 1 else (*items, empty))


def _seen(tx: Tx, person: Person) -> list[Barrier]:
    behind = barriers.clients_behind(tx, person.id)
    return [barrier for barrier in barriers.standing_now(tx) if barrier.client_id not in behind]


def _line(tx: Tx, ask: Ask, barrier: Barrier) -> str:
    client, names = clients.by_id(tx, barrier.client_id), people.names(tx, {barrier.person_id, barrier.set_by})
    since = when(barrier.starts_at, zone_of(tx, ask.person, ask.policy), tx.now)
    file = f"{client.codename} · {client.ref}" if client else ""
    words = _("{name} must not know of {file}. {kind}, since {when}, set by {guardian}.")
    return words.format(
        name=names[barrier.person_id],
        file=file,
        kind=_(KINDS[barrier.kind]),
        when=since,
        guardian=names[barrier.set_by],
    )


@opens("barrier.set", roles="guardian")
def ask_barrier(tx: Tx, ask: Ask) -> Form:
    """Whom it is to keep from what."""
    words = _(
        "From this moment the client does not exist for this person: no list, no search, no notice, no emergency "
        "access. Nobody is told. Open replies move to the owner of the file."
    )
    return Form(
        name="barrier.set",
        title=_("Set a barrier"),
        submit=_("Set it"),
        intro=(Text(text=words),),
        fields=(
            choices.number_field(),
            SearchField(name="person", label=_("Who must not know?"), search="people"),
            choices.choice("kind", _("What kind of reason?"), KINDS),
            choices.reason_field(_("The reason"), _("Kept sealed, for guardians alone.")),
        ),
    )


@submits("barrier.set", roles="guardian")
def set_barrier(tx: Tx, ask: Ask) -> Reply:
    """Close every road there is, then let the barrier stand."""
    client, person = by_number(tx, ask.person, ask.typed("number")), people.by_id(tx, ask.typed("person"))
    errors, why = choices.reason_faults(ask)
    errors |= choices.not_chosen(ask, "kind", KINDS) | _faults(tx, ask, client, person)
    if errors or client is None or person is None:
        return Invalid(errors=errors, why=why)
    id = barriers.id_for_new()
    sealed = files.among_barriers(tx, ask.person, "set").seal(TABLE, "reason", id, ask.typed("reason"))
    me, kind = ask.person.id, ask.typed("kind")
    barriers.add(tx, id=id, client_id=client.id, person_id=person.id, kind=kind, reason=sealed, set_by=me)
    audit.record(tx, "barrier.set", who=me, barrier=id, client=client.id, person=person.id, kind=kind)
    _close(tx, ask, client, person)
    return Say(title=_("It stands"), text=_("{name} does not learn of this client any more.").format(name=person.name))


def _faults(tx: Tx, ask: Ask, client: Client | None, person: Person | None) -> dict[str, str]:
    if client is None:
        return {"number": _("No client file has this number. Please look at the client list.")}
    if person is None:
        return {"person": _("Please choose a person.")}
    if person.id == ask.person.id:
        return {"person": _("Another guardian has to set a barrier for you.")}
    if person.id == client.owner_id:
        return {"person": _("{name} owns this file. Hand it to a new owner first.").format(name=person.name)}
    if barriers.between(tx, client.id, person.id):
        return {"person": _("This barrier stands already.")}
    return {}


def _close(tx: Tx, ask: Ask, client: Client, person: Person) -> None:
    """What still leads this person to the file: open replies, ladders, requests, emergency access, cards in chat."""
    owner = people.by_id(tx, client.owner_id)
    if owner:
        owners.move_duties(tx, client.id, person.id, owner, who=ask.person.id)
    for running in emergencies.running(tx, person.id):
        if running.client_id == client.id:
            emergencies.end(tx, running.id)
    for request in access_requests.of_person(tx, person.id, MANY):
        if request.client_id == client.id and request.state == "open":
            access_requests.unbind(tx, request.id)
        if request.client_id == client.id:
            notices.settle(tx, request.id)
    for record in access.of_person(tx, person.id):
        if record.client_id == client.id:
            notices.settle(tx, record.id)
    for duty in deadlines.open_of_client(tx, client.id):
        ladder = ladders.of(tx, duty.id)
        if ladder and ladder.acknowledged_by == person.id:
            escalations.resume(tx, ask.policy, duty.id)
        notices.refresh(tx, duty.id)


@opens("barrier.why", roles="guardian", writes=True)
def show_reason(tx: Tx, ask: Ask) -> Page:
    """What was written when it was set."""
    barrier = _found(tx, ask)
    opened = files.among_barriers(tx, ask.person, "read")
    reason = opened.unseal(TABLE, "reason", barrier.id, barrier.reason)
    return Page(title=_("Why?"), items=(Text(text=_line(tx, ask, barrier)), Text(text=reason)))


def _found(tx: Tx, ask: Ask) -> Barrier:
    found = barriers.by_id(tx, ask.subject)
    if found is None or found.id not in {barrier.id for barrier in _seen(tx, ask.person)}:
        raise Refused(_("This barrier does not stand any more. Nothing to do."), why="no barrier", subject=ask.subject)
    return found


@opens("barrier.lift", roles="guardian")
def ask_lift(tx: Tx, ask: Ask) -> Form:
    """Why it may fall."""
    barrier = _found(tx, ask)
    return Form(
        name="barrier.lift",
        title=_("Lift a barrier"),
        submit=_("Lift it"),
        subject=barrier.id,
        intro=(Text(text=_line(tx, ask, barrier)),),
        fields=(choices.reason_field(_("Why may it be lifted?"), _("Kept sealed, for guardians alone.")),),
    )


@submits("barrier.lift", roles="guardian")
def lift(tx: Tx, ask: Ask) -> Reply:
    """Rights that are still on record hold again; nothing is given thereby."""
    barrier = _found(tx, ask)
    errors, why = choices.reason_faults(ask)
    if errors:
        return Invalid(errors=errors, why=why)
    sealed = files.among_barriers(tx, ask.person, "lift").seal(TABLE, "lifted_why", barrier.id, ask.typed("reason"))
    barriers.lift(tx, barrier.id, by=ask.person.id, why=sealed)
    ids = {"client": barrier.client_id, "person": barrier.person_id}
    audit.record(tx, "barrier.lifted", who=ask.person.id, barrier=barrier.id, **ids)
    held = barrier.person_id in access.people_of(tx, barrier.client_id)
    words = _("It is lifted. The access on record holds again.") if held else _("It is lifted. It gives no access.")
    return Say(title=_("Lifted"), text=words)


@notice("barrier.owner")
def owner_held(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For guardians: the client list wants to make somebody the owner of a file from which a barrier keeps that
    person."""
    client = clients.by_id(tx, sent.subject)
    if client is None or "guardian" not in person.roles:
        return None
    words = _(
        "The client list names a new owner for {ref} who is behind an information barrier. The file stays with its "
        "present owner. Please have the list put right, without saying why."
    )
    look = Button(label=_("Information barriers"), act=Opens(name="barriers"), primary=True)
    text = Text(text=words.format(ref=client.ref))
    return Card(title=_("A file keeps its owner"), items=(text,), buttons=(look,))
