"""How a complaint looks: the card in somebody's chat, and the page for those who work on it.

Invariants: a card says reference, duty and times, never the client, whom it is about, the words or how serious it is;
each look at the page is an audited opening.
"""

from handlers.complaints import clocks
from handlers.complaints.choices import KINDS, OUTCOMES, SEVERITIES, TITLES
from handlers.complaints.compartment import unseal, unseal_notes
from handlers.complaints.rights import has_it, may_read, owner_of, theirs
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import notice, opens
from handlers.views import Button, Buttons, Card, Divider, Does, Facts, Heading, Item, Opens, Page, Text
from handlers.words import _, listing, when
from storage import audit, clients, complaints, kept_from, people
from storage import escalations as ladders
from storage.complaints import Complaint
from storage.escalations import Escalation
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

OWN = _("I own this")


@notice("complaint.raised", matter="complaint")
@notice("complaint.handed", matter="complaint")
@notice("complaint.due", matter="complaint")
@notice("complaint.late", matter="complaint")
@notice("complaint.still-open", matter="complaint")
def card(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """One living card a person, whatever it was that moved; earlier holders see who has it now."""
    complaint, running = complaints.by_id(tx, sent.subject), ladders.of(tx, sent.subject)
    if complaint is None or running is None:
        return None
    if complaint.state != "open":
        return _closed(tx, complaint, person, ask) if sent.message_id else None
    if not sent.message_id and _is_past(tx, sent, running, person):
        return None
    items: list[Item] = [Facts(facts=_facts(tx, complaint, running, person, ask))]
    if sent.kind == "complaint.still-open":
        items.append(Text(text=_("Nothing was added for a while. Are you still on it? A line of news helps.")))
    return Card(
        title=_title(complaint, running, sent.kind),
        items=tuple(items),
        buttons=_buttons(tx, complaint, running, person),
    )


def _is_past(tx: Tx, sent: Notice, running: Escalation, person: Person) -> bool:
    """Whether what was to be told has been taken care of meanwhile."""
    if sent.kind == "complaint.raised":
        return running.state != "climbing"
    if sent.kind in {"complaint.due", "complaint.late"}:
        return not clocks.running(tx, sent.subject)
    return not has_it(tx, person, running)


def _title(complaint: Complaint, running: Escalation, kind: str) -> str:
    words = _("{reference}: somebody must own this")
    if running.state == "acknowledged":
        told = {
            "complaint.handed": _("{reference} was handed to you"),
            "complaint.due": _("{reference}: something is due soon"),
            "complaint.late": _("{reference}: something is late"),
            "complaint.still-open": _("{reference}: still open"),
        }
        words = told.get(kind, "{reference}")
    return words.format(reference=complaint.id)


def _closed(tx: Tx, complaint: Complaint, person: Person, ask: Ask) -> Card:
    zone = zone_of(tx, person, ask.policy)
    at = when(complaint.ended_at or tx.now, zone, tx.now)
    read = Button(label=_("Open"), act=Opens(name="complaint.open", subject=complaint.id))
    return Card(title=complaint.id, items=(Text(text=_("Resolved {at}.").format(at=at)),), buttons=(read,))


def _facts(tx: Tx, complaint: Complaint, running: Escalation, person: Person, ask: Ask) -> tuple[tuple[str, str], ...]:
    zone, owner = zone_of(tx, person, ask.policy), owner_of(tx, running)
    facts = [(_("Received"), when(complaint.received_at, zone, tx.now))]
    if owner and running.acknowledged_at:
        facts.append((_("Owner"), f"{owner.name}, {when(running.acknowledged_at, zone, tx.now)}"))
    else:
        names = people.names(tx, running.told_ids).values()
        facts.append((_("Told so far"), listing(sorted(names))))
    for clock in clocks.running(tx, complaint.id):
        facts.append((_(clocks.NAMES.get(clock.clock, clock.clock)), when(clock.due_at, zone, tx.now)))
    return tuple(facts)


def _buttons(tx: Tx, complaint: Complaint, running: Escalation, person: Person) -> tuple[Button, ...]:
    own = Button(label=OWN, act=Does(name="complaint.own", subject=complaint.id), primary=True)
    read = Button(label=_("Open"), act=Opens(name="complaint.open", subject=complaint.id))
    add = Button(label=_("Add news"), act=Opens(name="complaint.note", subject=complaint.id), primary=True)
    still = Button(label=_("Still on it"), act=Does(name="complaint.confirm", subject=complaint.id))
    if running.state == "climbing":
        return (own, read)
    return (add, still, read) if has_it(tx, person, running) else (read,)


@notice("complaint.over")
def over(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For whoever passed it on: that it is over, and nothing else."""
    complaint = complaints.by_id(tx, sent.subject)
    if complaint is None or (complaint.state == "open" and not sent.message_id):
        return None
    return Card(title=complaint.id, items=(Text(text=_("What you passed on has been dealt with. Thank you.")),))


@opens("complaint.open", writes=True)
def read(tx: Tx, ask: Ask) -> Page:
    """All of it, for this one reader, now."""
    complaint, person = theirs(tx, ask, ask.subject), ask.person
    running = ladders.of(tx, complaint.id)
    if running is None:
        raise LookupError(complaint.id)
    told, zone = unseal(tx, complaint), zone_of(tx, person, ask.policy)
    audit.record(tx, "complaint.opened", who=person.id, complaint=complaint.id)
    client = clients.by_id(tx, complaint.client_id) if complaint.client_id else None
    about = people.names(tx, kept_from.of(tx, complaint.id)).values()
    recorder = people.names(tx, {complaint.recorded_by}).get(complaint.recorded_by, "")
    facts = [
        (_("What it is"), _(KINDS[complaint.kind])),
        (_("About"), listing(sorted(about)) or _("nobody here")),
        (_("Client"), client.codename if client else told.client or _("none")),
        (_("How serious"), _(SEVERITIES[complaint.severity])),
        (_("Recorded by"), recorder),
        *_facts(tx, complaint, running, person, ask),
    ]
    if complaint.breach_id:
        facts.append((_("Also reported as"), complaint.breach_id))
    if complaint.state != "open" and complaint.ended_at:
        outcome = _(OUTCOMES[complaint.outcome])
        facts.append((_("Resolved"), f"{outcome}, {when(complaint.ended_at, zone, tx.now)}"))
    items: list[Item] = [Facts(facts=tuple(facts)), Heading(text=_("What was said")), Text(text=told.what)]
    if told.remedy:
        items += [Heading(text=_("What would put it right")), Text(text=told.remedy)]
    items += [Buttons(buttons=_work(tx, complaint, running, person)), Divider(), *_notes(tx, complaint, person, ask)]
    return Page(title=complaint.id, items=tuple(items))


def _work(tx: Tx, complaint: Complaint, running: Escalation, person: Person) -> tuple[Button, ...]:
    """What this reader can do about it."""
    file = Button(label=_("Read the client file"), act=Opens(name="complaint.file", subject=complaint.id))
    files = (file,) if complaint.client_id else ()
    if complaint.state != "open":
        return (Button(label=_("Open it again"), act=Opens(name="complaint.reopen", subject=complaint.id)),)
    if not has_it(tx, person, running):
        own = (Button(label=OWN, act=Does(name="complaint.own", subject=complaint.id), primary=True),)
        return (*(own if running.state == "climbing" else ()), *files)
    return (
        Button(label=_("Add news"), act=Opens(name="complaint.note", subject=complaint.id), primary=True),
        Button(label=_("Resolve"), act=Opens(name="complaint.resolve", subject=complaint.id)),
        Button(label=_("Hand over"), act=Opens(name="complaint.hand", subject=complaint.id)),
        Button(label=_("Give it back"), act=Does(name="complaint.return", subject=complaint.id)),
        *files,
    )


def _notes(tx: Tx, complaint: Complaint, person: Person, ask: Ask) -> list[Item]:
    """Newest first."""
    found, zone = complaints.notes(tx, complaint.id), zone_of(tx, person, ask.policy)
    names, words = people.names(tx, {note.by for note in found}), unseal_notes(tx, complaint, found)
    items: list[Item] = [Heading(text=_("What was done"))]
    for note in reversed(found):
        title = f"{_(TITLES[note.kind])} · {names.get(note.by, '')}, {when(note.at, zone, tx.now)}"
        items += [Text(text=title, strong=True), *([Text(text=words[note.id])] if note.id in words else [])]
    return items if found else [*items, Text(text=_("Nothing yet."))]


def mine(tx: Tx, person: Person) -> list[Complaint]:
    """The open ones that this person works on."""
    return [found for found in complaints.everything_open(tx) if may_read(tx, person, found.id)]
