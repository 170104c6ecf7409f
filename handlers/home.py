"""Home, "my duties": what is due, what I look after, what I entered last; and the help, read from the registry."""

from handlers import access as files
from handlers.breaches import rota
from handlers.breaches.rights import REGISTER, may_respond
from handlers.chats import OWN, as_typed
from handlers.complaints import cards as complaint_cards
from handlers.deadlines import cards
from handlers.interactions.choices import DIRECTIONS, KINDS
from handlers.people import beyond_reach, zone_of
from handlers.request import Ask, Kind
from handlers.router import command, entries, home, opens
from handlers.screening import screened
from handlers.views import Button, Buttons, Divider, Does, Heading, Home, Item, Opens, Page, Text
from handlers.words import _, when
from storage import barriers, breaches, clients, deadlines, escalations, interactions, people
from storage.deadlines import Deadline
from storage.store import Tx

SHOWN = 10


@home()
def show(tx: Tx, ask: Ask) -> Home:
    """The person's own page."""
    return Home(title=_("My duties"), items=tuple(sections(tx, ask)))


@opens("home")
@command("home", help=_("My duties: what is due, what I entered last"))
def show_as_page(tx: Tx, ask: Ask) -> Page:
    """The same, where there is no home tab at hand."""
    return Page(title=_("My duties"), items=tuple(sections(tx, ask)))


def sections(tx: Tx, ask: Ask) -> list[Item]:
    """Section by section; an empty one says so, once."""
    log = Button(label=_("Log client interaction"), act=Opens(name="log-client"), primary=True)
    report = Button(label=_("Report a breach"), act=Opens(name="report-breach"))
    return [
        Buttons(buttons=(log, report)),
        *rota.line(tx, ask),
        *_due(tx, ask),
        *_handed(tx, ask),
        *_cases(tx, ask),
        *_waiting(tx, ask),
        *_out_of_reach(tx, ask),
        *_entries(tx, ask),
    ]


def _due(tx: Tx, ask: Ask) -> list[Item]:
    mine = [d for d in deadlines.open_of_person(tx, ask.person.id, limit=SHOWN) if not screened(tx, ask.person, d.id)]
    items: list[Item] = [Heading(text=_("Replies due"))]
    if not mine:
        return [*items, Text(text=_("No reply is due from you. Well done."))]
    for deadline in mine:
        items += _line(tx, ask, deadline)
        items.append(Buttons(buttons=cards.buttons(tx, ask.person, deadline)))
    more = deadlines.count_of_person(tx, ask.person.id) - SHOWN if len(mine) == SHOWN else 0
    if more > 0:
        items.append(Text(text=_("and {n} more, due later").format(n=more), quiet=True))
    return items


def _line(tx: Tx, ask: Ask, deadline: Deadline) -> list[Item]:
    title = cards.headline(tx, ask.person, deadline, ask)
    return [Text(text=f"{title} · {cards.label(tx, ask.person, deadline)}", strong=deadline.due_at <= tx.now)]


def _handed(tx: Tx, ask: Ask) -> list[Item]:
    items: list[Item] = []
    standing = escalations.standing_for(tx, ask.person.id, SHOWN + 1)
    for running in standing[:SHOWN]:
        deadline = deadlines.by_id(tx, running.subject)
        if deadline is None or screened(tx, ask.person, deadline.id):
            continue
        take = Button(label=_("I take it"), act=Does(name="deadline.take", subject=deadline.id), primary=True)
        again = Button(label=_("Reassign"), act=Opens(name="deadline.reassign", subject=deadline.id))
        why = Button(label=_("Why?"), act=Opens(name="deadline.why", subject=deadline.id))
        items += _line(tx, ask, deadline)
        if running.acknowledged_by:
            names = people.names(tx, {running.acknowledged_by})
            items.append(Text(text=_("Taken by {name}").format(name=names[running.acknowledged_by]), quiet=True))
        items.append(Buttons(buttons=(*([take] if running.state == "climbing" else []), again, why)))
    if len(standing) > SHOWN:
        items.append(Text(text=_("and more, handed to you later"), quiet=True))
    return [Heading(text=_("Handed to you")), *items] if items else []


def _cases(tx: Tx, ask: Ask) -> list[Item]:
    zone, items = zone_of(tx, ask.person, ask.policy), list[Item]()
    for breach in breaches.everything_open(tx)[:SHOWN]:
        if may_respond(tx, ask.person, breach.id):
            at = when(breach.reported_at, zone, tx.now)
            items.append(Text(text=_("{reference}, reported {at}").format(reference=breach.id, at=at)))
            items.append(Buttons(buttons=(Button(label=_("Open"), act=Opens(name="breach.open", subject=breach.id)),)))
    for complaint in complaint_cards.mine(tx, ask.person)[:SHOWN]:
        at = when(complaint.received_at, zone, tx.now)
        items.append(Text(text=_("{reference}, received {at}").format(reference=complaint.id, at=at)))
        items.append(
            Buttons(buttons=(Button(label=_("Open"), act=Opens(name="complaint.open", subject=complaint.id)),))
        )
    if ask.person.roles & REGISTER:  # always there: it must tell nobody that there is something to find
        items.append(Buttons(buttons=(Button(label=_("Breach register"), act=Opens(name="breach.register")),)))
    return [Heading(text=_("Cases")), *items] if items else []


def _waiting(tx: Tx, ask: Ask) -> list[Item]:
    if "records" not in ask.person.roles:
        return []
    waiting = interactions.in_quarantine(tx)
    items: list[Item] = []
    for entry in waiting:
        place = Button(label=_("Put into a file"), act=Opens(name="quarantine.place", subject=entry.id))
        items += [Text(text=entry.id), Buttons(buttons=(place,))]
    return [Heading(text=_("Waiting for a client file")), *items] if items else []


def _out_of_reach(tx: Tx, ask: Ask) -> list[Item]:
    found = beyond_reach(tx) if "admin" in ask.person.roles else []
    cure = Text(text=_("Please check chat account and e-mail in the people file."), quiet=True)
    return [Heading(text=_("Out of reach")), *found, cure] if found else []


def _entries(tx: Tx, ask: Ask) -> list[Item]:
    zone, items = zone_of(tx, ask.person, ask.policy), list[Item]()
    behind = barriers.clients_behind(tx, ask.person.id)
    for entry in interactions.last_of(tx, ask.person.id):
        if entry.client_id in behind:
            continue
        known = entry.client_id and files.knows(tx, ask.person, entry.client_id)
        about = clients.codename(tx, entry.client_id) if known else _("waiting for a client file")
        what = (
            f"{_(KINDS[entry.kind])}, {_(DIRECTIONS[entry.direction]).lower()}, {when(entry.happened_at, zone, tx.now)}"
        )
        items.append(Text(text=f"{entry.id} · {about} · {what}", quiet=True))
    typed = as_typed("log-client", ask.request.account)
    empty = Text(text=_("Nothing yet. After the next call or letter, type {typed}.").format(typed=typed))
    return [Divider(), Heading(text=_("My last entries")), *(items or [empty])]


@command("help", help=_("This list"), plain=True)
def help_page(tx: Tx, ask: Ask) -> Page:
    """Every command there is, from the registry, as it is typed here; the two that matter most first."""
    found = sorted(entries(Kind.COMMAND), key=lambda e: (e.name not in OWN, e.name))
    lines = [f"{as_typed(e.name, ask.request.account)}: {_(e.help)}" for e in found]
    return Page(
        title=_("What I can do"),
        items=(
            Text(text=_("I keep client communication confidential, answered and provable.")),
            *(Text(text=line) for line in lines),
            Text(text=_("On any message: “Log client interaction”. Home shows your duties."), quiet=True),
        ),
    )
